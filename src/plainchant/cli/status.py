"""`plainchant status`: where invoices are on a server; or what waits in the portal here, and who should look at it."""

from __future__ import annotations

import json
import sys

import click

from . import django
from .listing import as_json_option
from .remote.calling import with_option
from .remote.following import print_status


@click.command()
@click.argument("numbers", nargs=-1)
@with_option
@as_json_option
def status(numbers: tuple[str, ...], *, name: str | None, as_json: bool) -> None:
    """Say where the invoices NUMBERS are, with their history, or the flows of these numbers, on the server of a login.

    Without any: what waits, has failed or was given up in the portal of this machine, as `/metrics` says it; ends with
    1 if somebody should look at it.
    """
    if numbers:
        print_status(numbers, name=name, as_json=as_json)
        return
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.overview import facts

    found = facts(at=now())
    worrying = [fact for fact, value in found if fact.worrying is not None and value >= fact.worrying]
    if as_json:
        click.echo(json.dumps({fact.name: value for fact, value in found}, indent=2))
    else:
        for fact, value in found:
            click.echo(f"{'!' if fact in worrying else ' '} {round(value):>14}  {fact.label}")
    sys.exit(1 if worrying else 0)
