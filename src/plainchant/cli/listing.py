"""What an operator's commands have in common: a list for people or for programs, and a refusal as a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import click

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import PARIS

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_list(rows: Sequence[Mapping[str, object]], *, as_json: bool, none: str) -> None:
    """The rows in columns as wide as they need, or as JSON with the same keys. ``none``: what to say of no row."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2, default=_as_json))
        return
    if not rows:
        click.echo(none)
        return
    cells = [[_as_text(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _as_text(value: object) -> str:
    match value:
        case None:
            return "–"
        case datetime():
            return f"{value.astimezone(PARIS):%Y-%m-%d %H:%M}"
        case list() | tuple():
            return ", ".join(map(_as_text, value)) or "–"
    return " ".join(str(value).split()) or "–"


@contextmanager
def refusals() -> Iterator[None]:
    """What an operation refuses is said on the error output, and the command ends with 1."""
    try:
        yield
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
