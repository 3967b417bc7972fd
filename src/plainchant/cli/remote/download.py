"""`plainchant download`: the documents of invoices, a file each."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Literal

import click

from plainchant.einvoice.command.written import unwritten, write_out

from .calling import connected, found_invoice, with_option

_ENDINGS = {"PDF": ".pdf", "PIVOT": ".xml", "ZIP": ".zip"}
_ZIP = b"PK\x03\x04"  # what a PDF with several documents is
_NOT_IN_NAMES = re.compile(r"[^\w.+-]+")  # a number may have a slash


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option(
    "--form",
    type=click.Choice(list(_ENDINGS), case_sensitive=False),
    default="PDF",
    show_default=True,
    help="The page people read; Chorus Pro's XML; or everything, in a ZIP.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder they go to; this one by default.",
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
@with_option
def download(
    numbers: tuple[str, ...], *, form: Literal["PDF", "PIVOT", "ZIP"], output: Path, force: bool, name: str | None
) -> None:
    """Download the documents of the invoices NUMBERS, sent or received. A supplier reads that they were taken."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(unwritten(output, error)) from error
    written = []
    with connected(name) as client:
        bar = click.progressbar(
            numbers, label="Téléchargement", file=sys.stderr, hidden=len(numbers) < 2 or not sys.stderr.isatty()
        )
        with bar:
            for number in bar:
                content = client.download([found_invoice(client, number).invoice], form=form)
                ending = ".zip" if content.startswith(_ZIP) else _ENDINGS[form]
                path = output / f"{_NOT_IN_NAMES.sub('-', number).lstrip('.') or 'facture'}{ending}"
                if path.exists() and not force:
                    raise click.ClickException(f"{path} existe déjà. Ajoutez --force pour le remplacer.")
                write_out(path, content)
                written.append((path, len(content)))
    for path, size in written:
        click.echo(f"{path} écrit ({size} octets).")
