"""`plainchant retention`: what is kept longer than it is needed."""

from __future__ import annotations

import click

from . import django
from .listing import as_json_option, print_list


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Delete; else say what would go.")
@as_json_option
def retention(*, is_applied: bool, as_json: bool) -> None:
    """Say what is kept longer than it is needed, and delete it with --apply. Invoices are never touched."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.tasks.retention import RETENTIONS

    at = now()
    rows = []
    for row in RETENTIONS:
        before = row.before(at)
        number = row.forget(before) if is_applied else row.counted(before)
        rows.append({"number": number, "what": row.what, "older_than_days": row.days})
    print_list(rows, as_json=as_json, none="")
    if not is_applied and not as_json:
        click.echo("\nRien n’a été supprimé. Pour le faire : plainchant retention --apply")
