"""`plainchant status`: what waits in the whole portal, and what somebody should look at."""

from __future__ import annotations

import json
import sys

import click

from . import django
from .listing import as_json_option


@click.command()
@as_json_option
def status(*, as_json: bool) -> None:
    """Say what waits, has failed or was given up: what `/metrics` says. Ends with 1 if somebody should look at it."""
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
