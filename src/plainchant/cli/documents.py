"""`plainchant documents`: every hash verified; files that no row names, found and cleaned."""

from __future__ import annotations

import sys

import click

from plainchant.einvoice.wording import counted

from . import django
from .listing import as_json_option, print_list, refusals

_EVERY = 1000  # documents between two signs of life


@click.group()
def documents() -> None:
    """Verify every stored document, find and clean files that nothing names."""


@documents.command()
@as_json_option
def verify(*, as_json: bool) -> None:
    """Read every document and compare its SHA-256 with the one kept at deposit. Ends with 1 if one differs."""
    django()
    from plainchant.portal.store.inventory import damaged
    from plainchant.portal.store.models import StoredFile

    def progress(number: int) -> None:
        if number % _EVERY == 0 and sys.stderr.isatty():
            click.echo(f"\r{number} documents lus…", nl=False, err=True)

    rows = [
        {
            "path": found.document.path,
            "uid": str(found.document.uid),
            "name": found.document.name,
            "damage": found.damage.value,
            "reason": found.reason,
        }
        for found in damaged(progress=progress)
    ]
    read = StoredFile.objects.count()
    print_list(
        rows, as_json=as_json, none=f"{counted(read, 'document', 'documents')} : tous sont ceux qui ont été déposés."
    )
    if rows:
        click.echo(
            f"{counted(len(rows), 'document abîmé', 'documents abîmés')} sur {read}. Reprenez-les d’une sauvegarde.",
            err=True,
        )
    sys.exit(1 if rows else 0)


@documents.command()
@click.option("--remove", "is_removing", is_flag=True, help="Delete them; else they are only listed.")
@click.option("--even-if-many", is_flag=True, help="Delete them even where they are more than the documents.")
@as_json_option
def orphans(*, is_removing: bool, even_if_many: bool, as_json: bool) -> None:
    """List the files of the store that no row names and that are older than a day."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.store import inventory

    found = inventory.orphans(at=now())
    rows = [{"path": item.path, "modified_at": item.modified_at} for item in found]
    print_list(rows, as_json=as_json, none="Aucun fichier n’est orphelin.")
    if is_removing and found:
        with refusals():
            removed = inventory.remove(found=found, even_if_many=even_if_many)
        click.echo(f"{counted(removed, 'fichier supprimé', 'fichiers supprimés')}.", err=True)
