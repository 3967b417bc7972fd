"""A public body's commands: `plainchant received` lists what it was sent, `plainchant process` moves one on."""

from __future__ import annotations

from datetime import datetime

import click

from plainchant.cli.listing import print_list

from .calling import as_json_option, connected, found_invoice, label_of, status_named, with_option

_AT_ONCE = 100  # rows a call


@click.command()
@click.option("--status", "statuses", multiple=True, help="In this status alone; may be repeated.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Deposited on this day or later.")
@click.option("--most", default=1_000, show_default=True, type=click.IntRange(min=1), help="Rows at most.")
@with_option
@as_json_option
def received(*, statuses: tuple[str, ...], since: datetime | None, most: int, name: str | None, as_json: bool) -> None:
    """List the invoices that the structure has received."""
    wanted = [status_named(each) for each in statuses]
    rows: list[dict[str, object]] = []
    with connected(name) as client:
        page, pages = 1, 1
        while page <= pages and len(rows) < most:
            listed = client.search_received(
                statuses=wanted, deposited_from=since.date() if since else None, page=page, per_page=_AT_ONCE
            )
            rows += [
                {
                    "number": row.number,
                    "status": row.status if as_json else label_of(row.status),
                    "seller": row.seller_name,
                    "siret": row.seller,
                    "deposited": str(row.deposit_date or ""),
                    "to_pay": f"{row.to_pay or ''} {row.currency}".strip(),
                }
                for row in listed.rows
            ]
            page, pages = page + 1, listed.pages
    print_list(rows[:most], as_json=as_json, none="Aucune facture reçue.")


@click.command()
@click.argument("number")
@click.argument("status")
@click.option("--reason", default="", help="Why: a code, its French name, or words of your own.")
@click.option("--payment-order", default="", help="The number of the payment order (MANDATEE).")
@with_option
def process(number: str, status: str, *, reason: str, payment_order: str, name: str | None) -> None:
    """Bring the received invoice NUMBER to STATUS: SUSPENDUE, REJETEE, SERVICE_FAIT, MANDATEE, MISE_EN_PAIEMENT…"""
    wanted = status_named(status)
    with connected(name) as client:
        row = found_invoice(client, number, is_received=True)
        done = client.process(row.invoice, status=wanted, reason=reason, payment_order=payment_order)
    click.echo(f"{done.number} : {label_of(done.status)}, le {done.day:%d/%m/%Y}.")
