"""`plainchant histories`: every line of every invoice's history is the one that was written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO

import click

from plainchant.einvoice.wording import counted

from . import django
from .listing import as_json_option, print_list


@click.command()
@click.option("--write", "target", type=click.File("x"), help="Write the last line of every history to this new file.")
@click.option(
    "--against", type=click.File("r"), help="Compare with a file that --write made, which was kept elsewhere."
)
@as_json_option
def histories(*, target: IO[str] | None, against: IO[str] | None, as_json: bool) -> None:
    """Verify the chains of every invoice's histories. Ends with 1 if one is broken.

    What was written with --write and is kept where this machine cannot write shows, with --against, also what somebody
    changed who could write every later line anew.
    """
    django()
    from plainchant.portal.invoices.histories import Broken, Head, differing, looked_at

    def kept() -> Iterator[Head]:
        for line in against or ():
            yield Head(**json.loads(line))

    rows: list[Broken] = []
    whole = 0
    for found in looked_at():
        if isinstance(found, Broken):
            rows.append(found)
            continue
        whole += 1
        if target:
            target.write(f"{json.dumps(asdict(found))}\n")
    try:
        rows += differing(kept())
    except (ValueError, TypeError) as error:
        raise click.ClickException("Ce fichier n’est pas de ceux que « --write » écrit.") from error
    print_list(
        [asdict(row) for row in rows],
        as_json=as_json,
        none=f"{counted(whole, 'historique', 'historiques')} : rien n’y a été changé.",
    )
    sys.exit(1 if rows else 0)
