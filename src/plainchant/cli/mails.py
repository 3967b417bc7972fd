"""`plainchant mails`: messages that have not left."""

from __future__ import annotations

import click

from plainchant.einvoice.wording import counted

from . import django
from .listing import as_json_option, print_list, refusals


@click.group()
def mails() -> None:
    """List messages that have not left, and send them again."""


@mails.command()
@as_json_option
def unsent(*, as_json: bool) -> None:
    """List the messages that have not left, the oldest first, with the mail server's last answer."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.mail import queries

    at = now()
    rows = [
        {
            "number": message.pk,
            "created_at": message.created_at,
            "kind": message.kind,
            "recipient": message.recipient,
            "attempts": message.attempts,
            "retry_at": message.retry_at,
            "is_given_up": queries.is_given_up(message, at=at),
            "last_error": message.last_error,
        }
        for message in queries.unsent()
    ]
    print_list(rows, as_json=as_json, none="Tous les messages sont partis.")
    given_up = sum(bool(row["is_given_up"]) for row in rows)
    if given_up and not as_json:
        click.echo(
            f"\n{counted(given_up, 'message abandonné', 'messages abandonnés')} après quinze jours. "
            "Pour les renvoyer : plainchant mails again --all"
        )


@mails.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="All messages that have not left.")
def again(numbers: tuple[int, ...], *, every: bool) -> None:
    """Try the messages NUMBERS again now, and for fifteen more days. None leaves twice."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.mail import operations, queries

    if bool(numbers) == every:
        raise click.UsageError("Donnez les numéros des messages (plainchant mails unsent), ou --all.")
    chosen = list(queries.unsent().values_list("pk", flat=True)) if every else list(numbers)
    with refusals():
        asked = operations.send_again(numbers=chosen, at=now())
    click.echo(f"{counted(asked, 'message repart', 'messages repartent')}.")
