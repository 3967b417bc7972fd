"""`plainchant directory search`: public bodies, and what one of them wants on invoices."""

from __future__ import annotations

import json

import click

from plainchant.cli.listing import print_list
from plainchant.einvoice.wording import counted

from .calling import as_json_option, connected, with_option

_SIRET_DIGITS = 14


@click.command()
@click.argument("text")
@click.option("--most", default=20, show_default=True, type=click.IntRange(min=1, max=1_000), help="Rows at most.")
@with_option
@as_json_option
def search(text: str, *, most: int, name: str | None, as_json: bool) -> None:
    """Find public bodies by name, town, postcode or SIRET, on the server of a login.

    Of a single one: what it demands, and its services.
    """
    digits = text.replace(" ", "")
    is_siret = digits.isdigit() and len(digits) == _SIRET_DIGITS
    with connected(name) as client:
        page = client.search_directory("" if is_siret else text, siret=digits if is_siret else "", per_page=most)
        rows: list[dict[str, object]] = [
            {"siret": row.siret, "name": row.name, "postcode": row.postcode, "city": row.city} for row in page.rows
        ]
        if len(page.rows) != 1:
            print_list(rows, as_json=as_json, none=f"Aucun organisme public ne répond à « {text} ».")
            if page.total > len(rows) and not as_json:
                rest = counted(page.total - len(rows), "autre")
                click.echo(f"… et {rest} : précisez la ville, ou --most.", err=True)
            return
        key = page.rows[0].body
        demands = client.demands_of(key)
        services = [service for service in client.services_of(key) if service.is_open]
    wanted = [
        sentence
        for is_wanted, sentence in (
            (demands.service, "le code du service"),
            (demands.commitment, "le numéro d’engagement"),
            (demands.service_or_commitment, "le code du service ou le numéro d’engagement"),
        )
        if is_wanted
    ]
    if as_json:
        about = {
            "requires_service": demands.service,
            "requires_commitment": demands.commitment,
            "requires_service_or_commitment": demands.service_or_commitment,
            "services": [{"code": service.code, "name": service.name} for service in services],
        }
        click.echo(json.dumps([rows[0] | about], ensure_ascii=False, indent=2))
        return
    print_list(rows, as_json=False, none="")
    click.echo(f"  Demande sur chaque facture : {' et '.join(wanted) or 'rien de plus'}.")
    for service in services:
        click.echo(f"  service {service.code}  {service.name}")
