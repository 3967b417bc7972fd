"""`plainchant structures`: find a structure, correct its name, close it, give it to somebody else."""

from __future__ import annotations

import click

from . import django
from .listing import as_json_option, print_list, refusals

SHOWN = 50


@click.group()
def structures() -> None:
    """Find structures, correct a name, close one, hand one over."""


@structures.command()
@click.argument("text")
@as_json_option
def find(text: str, *, as_json: bool) -> None:
    """List the structures whose name, town or identifier is TEXT, with who manages them."""
    django()
    from plainchant.portal.structures.queries import manager_of, structures_like

    found = list(structures_like(text=text)[: SHOWN + 1])
    rows = []
    for structure in found[:SHOWN]:
        manager = manager_of(structure=structure)
        rows.append(
            {
                "identifier": structure.identifier,
                "name": structure.name,
                "city": structure.city,
                "nature": structure.get_nature_display(),
                "is_active": structure.is_active,
                "manager": manager.email if manager else None,
            }
        )
    print_list(rows, as_json=as_json, none=f"Aucune structure ne correspond à « {text} ».")
    if len(found) > SHOWN:
        click.echo(f"Plus de {SHOWN} structures correspondent. Précisez.", err=True)


@structures.command("correct-name")
@click.argument("siret")
@click.argument("name")
def correct_name(siret: str, name: str) -> None:
    """Write NAME as the legal name of the structure with SIRET. Invoices already sent keep the former one.

    In place of SIRET, any other identifier that a structure has. Of a person, the first word of NAME is the first name.
    """
    django()
    from plainchant.portal.directory import operations
    from plainchant.portal.lib.time import now

    with refusals():
        former = operations.correct_name_as_operator(siret=siret, name=name, at=now())
    click.echo(f"« {former} » s’appelle désormais « {name.strip()} ». Les personnes rattachées sont prévenues.")


@structures.command()
@click.argument("siret")
def close(siret: str) -> None:
    """Close the structure with SIRET to new invoices, on both sides. What is under way goes on. The people are told."""
    django()
    from plainchant.portal.directory import operations
    from plainchant.portal.lib.time import now

    with refusals():
        structure = operations.close_as_operator(siret=siret, at=now())
    click.echo(f"{structure} est fermée aux nouvelles factures. Les personnes rattachées sont prévenues.")


@structures.command()
@click.argument("siret")
def reopen(siret: str) -> None:
    """Open the structure with SIRET again, whoever has closed it. The people attached are told."""
    django()
    from plainchant.portal.directory import operations
    from plainchant.portal.lib.time import now

    with refusals():
        structure = operations.reopen_as_operator(siret=siret, at=now())
    click.echo(f"{structure} est rouverte. Les personnes rattachées sont prévenues.")


@structures.command("new-siret")
@click.argument("siret")
@click.argument("new")
def new_siret(siret: str, new: str) -> None:
    """The structure with SIRET has the SIRET NEW from now on: a new sheet goes on for it, with everything it has.

    Where the directory already has NEW, and nobody is attached to it, that sheet goes on.
    """
    django()
    from plainchant.einvoice.identifiers import IdentifierError, clean_siret
    from plainchant.portal import succession
    from plainchant.portal.lib.time import now

    try:
        clean = clean_siret(new)
    except IdentifierError as error:
        raise click.ClickException(error.sentence) from error
    with refusals():
        heir = succession.change_siret_as_operator(siret=siret, new=clean, at=now())
    click.echo(f"{heir} continue sous le SIRET {heir.identifier}. Les personnes rattachées sont prévenues.")


@structures.command("hand-over")
@click.argument("siret")
@click.argument("email")
def hand_over(siret: str, email: str) -> None:
    """Give the structure with SIRET to EMAIL, who manages it from now on. Its former manager is detached, and told."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.structures import managers

    with refusals():
        membership = managers.appoint_manager(email=email, siret=siret, at=now(), keeps_former=False)
    click.echo(f"{membership.user} est gestionnaire de {membership.structure}.")
