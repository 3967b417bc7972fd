"""What the commands that speak to a server share: which login, a client of it, and its failures as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from plainchant.cli.listing import as_json_option
from plainchant.einvoice.codes.statuses import STATUS_CODE_OF, STATUS_CODES

if TYPE_CHECKING:
    from plainchant.client import Client
    from plainchant.client.errors import CallRefused
    from plainchant.client.records import FoundInvoice

__all__ = ["as_json_option", "connected", "found_invoice", "label_of", "minute", "status_named", "with_option"]

with_option = click.option("--with", "name", help="Which login; the one made last by default.")


@contextmanager
def connected(name: str | None) -> Iterator[Client]:
    """A client of a kept login. What goes wrong with a call is said on the error output, and ends with 1."""
    from plainchant.client import Client, ClientError
    from plainchant.client.errors import CallRefused

    from .logins import login_named

    login = login_named(name)
    try:
        with Client(login.server, login.credentials) as client:
            yield client
    except CallRefused as refused:
        raise click.ClickException(_sentences_of(refused)) from refused
    except ClientError as error:
        raise click.ClickException(error.sentence) from error


def _sentences_of(refused: CallRefused) -> str:
    """What is wrong and what to do, each sentence once: a single reason is the sentence itself, as a rule."""
    lines = [refused.sentence]
    for message, mend in [(each.message, each.mend) for each in refused.reasons] or [("", refused.mend)]:
        new = [text for text in (message, mend) if text and text not in "\n".join(lines)]
        lines += [f"  {' '.join(new)}"] if new else []
    return "\n".join(lines)


def found_invoice(client: Client, number: str, *, is_received: bool = False) -> FoundInvoice:
    """The invoice of this number: one that the structure has sent, else one that it has received.

    Raises ClickException.
    """
    pages = [] if is_received else [client.search_issued(number=number)]
    if not pages or not pages[0].rows:
        pages.append(client.search_received(number=number))
    rows = pages[-1].rows
    if not rows:
        raise click.ClickException(
            f"Aucune facture ne porte le numéro {number}. Vérifiez-le, ou le compte rendu de son dépôt."
        )
    if len(rows) > 1:
        sellers = ", ".join(f"{row.seller_name} ({row.seller})" for row in rows)
        raise click.ClickException(
            f"{len(rows)} factures portent le numéro {number} : {sellers}. Ouvrez celle que vous cherchez sur le site."
        )
    return rows[0]


def label_of(status: str) -> str:
    """The name of a status in French; its code where a server has one that is not known here."""
    row = STATUS_CODE_OF.get(status)
    return row.label if row else status


def status_named(text: str) -> str:
    """The code of a status that was typed as its code or its name. Raises BadParameter."""
    for row in STATUS_CODES:
        if text.strip().casefold() in (row.code.casefold(), row.label.casefold()):
            return row.code
    raise click.BadParameter(
        f"« {text} » n’est pas un statut. Par exemple : SUSPENDUE, REJETEE, SERVICE_FAIT, MANDATEE, MISE_EN_PAIEMENT."
    )


def minute(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M}"
