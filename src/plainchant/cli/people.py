"""`plainchant people`: find an account, log it out, close it, open it again, let its owner in, name an operator."""

from __future__ import annotations

import click

from plainchant.einvoice.wording import counted

from . import django
from .listing import as_json_option, print_list, refusals

SHOWN = 50


@click.group()
def people() -> None:
    """Find people, log them out, close or reopen their accounts, reset a second factor."""


@people.command()
@click.argument("text")
@as_json_option
def find(text: str, *, as_json: bool) -> None:
    """List the accounts whose name or address contains TEXT, or that are attached to the SIRET TEXT."""
    django()
    from plainchant.portal.structures.queries import people_like

    found = list(people_like(text=text)[: SHOWN + 1])
    rows = [
        {
            "email": person.email,
            "name": person.get_full_name(),
            "state": person.state,
            "created_at": person.created_at,
            "last_login": person.last_login,
            "structures": [
                f"{membership.structure.identifier} ({'gestionnaire' if membership.is_manager else 'membre'})"
                for membership in person.memberships.all()
            ],
        }
        for person in found[:SHOWN]
    ]
    print_list(rows, as_json=as_json, none=f"Aucun compte ne correspond à « {text} ».")
    if len(found) > SHOWN:
        click.echo(f"Plus de {SHOWN} comptes correspondent. Précisez.", err=True)


@people.command()
@click.argument("email")
def close(email: str) -> None:
    """Close the account of EMAIL: its owner is logged out at once and can no longer come in. Nothing is deleted."""
    django()
    from plainchant.portal.accounts import operations
    from plainchant.portal.lib.time import now
    from plainchant.portal.structures.queries import structures_left_alone_by

    with refusals():
        user = operations.close(email=email, at=now())
    click.echo(f"Le compte de {user} est fermé.")
    for structure in structures_left_alone_by(user=user):
        click.echo(
            f"{structure} ({structure.identifier}) n’a plus de gestionnaire. Nommez quelqu’un : "
            f"plainchant appoint-manager ADRESSE {structure.identifier}"
        )


@people.command("log-out")
@click.argument("email")
def log_out(email: str) -> None:
    """End every log-in of EMAIL, on whatever device. The account stays open, its password stays good."""
    django()
    from plainchant.portal.accounts import operations
    from plainchant.portal.lib.time import now

    with refusals():
        ended = operations.log_out(email=email, at=now())
    click.echo(f"{counted(ended, 'connexion terminée', 'connexions terminées')}.")


@people.command()
@click.argument("email")
def reopen(email: str) -> None:
    """Open the closed account of EMAIL again, with the password and the attachments that it had."""
    django()
    from plainchant.portal.accounts import operations
    from plainchant.portal.lib.time import now

    with refusals():
        user = operations.reopen(email=email, at=now())
    click.echo(f"Le compte de {user} est de nouveau ouvert.")


@people.command()
@click.argument("email")
def unlock(email: str) -> None:
    """Let EMAIL try again at once after too many wrong passwords or codes. Left alone, the lock ends by itself."""
    django()
    from plainchant.portal.accounts import operations

    with refusals():
        user = operations.unlock(email=email)
    click.echo(f"{user} peut de nouveau essayer de se connecter.")


@people.command()
@click.argument("email")
@click.option("--grant/--withdraw", "is_one", required=True, default=None)
def operator(email: str, *, is_one: bool) -> None:
    """Let EMAIL see how the portal goes, on the page /exploitation/, with a second factor; or no longer."""
    django()
    from plainchant.portal.accounts import operations
    from plainchant.portal.lib.time import now

    with refusals():
        user = operations.name_operator(email=email, is_one=is_one, at=now())
    click.echo(f"{user} voit la page /exploitation/, avec un second facteur." if is_one else f"{user} ne la voit plus.")


@people.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Remove the second factor of EMAIL, who has lost it. Check by other means who asks."""
    django()
    from plainchant.portal.accounts import operations
    from plainchant.portal.lib.time import now

    with refusals():
        removed = operations.reset_second_factor(email=email, at=now())
    click.echo(
        f"{counted(removed, 'moyen de connexion retiré', 'moyens de connexion retirés')} : la personne est prévenue."
    )
