"""Where invoices and flows are: `plainchant status NUMBER…`, and `plainchant watch`, until they have ended."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .calling import as_json_option, connected, found_invoice, label_of, minute, status_named, with_option

if TYPE_CHECKING:
    from plainchant.client import Client
    from plainchant.client.records import FlowReport, InvoiceHistory, StatusLine

# After which nothing more is waited for.
FINAL = frozenset({"REJETEE", "MISE_EN_PAIEMENT", "ABANDONNEE", "SUPPRIMEE", "REFUSEE_1", "REFUSEE_2"})
_FLOW = re.compile(r"CPP[0-9A-Z]{3,}[0-9]{15}", re.IGNORECASE)
_STATES = {
    "IN_INTEGRE": "intégré : toutes ses factures sont prises",
    "IN_INTEGRE_PARTIEL": "intégré en partie",
    "IN_REJETE": "rejeté : aucune facture n’est prise",
}


def print_status(numbers: Sequence[str], *, name: str | None, as_json: bool) -> None:
    """Where each invoice or flow is, with its history. Raises ClickException."""
    with connected(name) as client:
        for place, number in enumerate(numbers):
            if place and not as_json:
                click.echo()
            if _FLOW.fullmatch(number):
                _print_flow(client.report(number.upper()), as_json=as_json)
            else:
                _print_history(client.history(found_invoice(client, number).invoice), as_json=as_json)


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--every", default=30.0, show_default=True, type=click.FloatRange(min=0.1), help="Seconds between looks.")
@click.option("--until", help="Stop at this status too, for example SERVICE_FAIT.")
@with_option
@as_json_option
def watch(numbers: tuple[str, ...], *, every: float, until: str | None, name: str | None, as_json: bool) -> None:
    """Print what happens to the invoices NUMBERS as it happens, until each is paid or rejected.

    Ends with 0 if none was rejected, with 1 if one was.
    """
    ends = FINAL | ({status_named(until)} if until else set())
    with connected(name) as client:
        keys = [found_invoice(client, number).invoice for number in numbers]
        statuses = _watched(client, keys, ends=ends, every=every, as_json=as_json)
    raise SystemExit(1 if "REJETEE" in statuses else 0)


def _watched(client: Client, keys: Sequence[int], *, ends: frozenset[str], every: float, as_json: bool) -> set[str]:
    """Print what is new, look after look; the statuses in which they end."""
    printed = dict.fromkeys(keys, 0)
    left, statuses = list(keys), set()
    while left:
        for key in list(left):
            history = client.history(key)
            for line in history.lines[printed[key] :]:
                _print_line(history, line, as_json=as_json)
            printed[key] = len(history.lines)
            if history.status in ends:
                left.remove(key)
                statuses.add(history.status)
        if left:
            time.sleep(every)
    return statuses


def _print_line(history: InvoiceHistory, line: StatusLine, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"number": history.number, **_as_row(history, line)}, ensure_ascii=False))
    else:
        click.echo(f"{history.number}  {_words(history, line)}")


def _print_history(history: InvoiceHistory, *, as_json: bool) -> None:
    if as_json:
        rows = [_as_row(history, line) for line in history.lines]
        about = {"number": history.number, "status": history.status, "day": _day(history, history.lines[-1])}
        click.echo(json.dumps(about | {"history": rows}, ensure_ascii=False))
        return
    last = history.lines[-1]
    click.echo(f"{history.number} : {label_of(history.status)}, le {last.at:%d/%m/%Y} (jour {_day(history, last)})")
    for line in history.lines:
        click.echo(f"  {_words(history, line)}")


def _words(history: InvoiceHistory, line: StatusLine) -> str:
    words = f" : {line.words}" if line.words else ""
    return f"{minute(line.at)}  jour {_day(history, line):<3} {label_of(line.status)}{words}"


def _as_row(history: InvoiceHistory, line: StatusLine) -> dict[str, object]:
    return {
        "status": line.status,
        "at": line.at.isoformat(),
        "day": _day(history, line),
        "words": line.words,
        "by": line.by,
    }


def _day(history: InvoiceHistory, line: StatusLine) -> int:
    """Whole days since the first line."""
    return (line.at - history.lines[0].at).days


def _print_flow(report: FlowReport, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.raw, ensure_ascii=False, default=str))
        return
    click.echo(f"{report.flow} : {_STATES.get(report.state, 'en cours de traitement')} ({report.name})")
    for problem in report.of_the_flow:
        click.echo(f"  {problem.message} [{problem.code}]")
    for taken in report.taken:
        click.echo(f"  {taken.number}  prise")
    for finding in report.findings:
        click.echo(f"  {finding.number}  refusée  {f'{finding.message} {finding.mend}'.strip()}")
