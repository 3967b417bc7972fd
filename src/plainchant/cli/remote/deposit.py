"""`plainchant deposit` to a server: each file is a flow, and what became of each of its invoices."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plainchant.einvoice.command.opening import unopened

from .calling import connected

if TYPE_CHECKING:
    from plainchant.client.records import FlowReport, InvoiceFinding

Row = Mapping[str, object]
_NOTICE = "AVERTISSEMENT"
_BAR_FROM = 2  # files


def deposited(
    files: Sequence[tuple[Path, Sequence[Path]]], *, name: str | None, syntax: str, seconds: float, quiet: bool
) -> Iterator[Row]:
    """A row for each invoice, and for each thing that is wrong with a whole flow, as `plainchant deposit` prints them.

    ``files``: each that was named, and what it holds: itself, or the files of a folder. All of them are handed in
    before the first report is waited for, so many ``seconds`` at most. Raises ClickException.
    """
    contents = [(path, *_content(path, inner)) for path, inner in files]
    with connected(name) as client:
        bar = click.progressbar(
            contents,
            label="Dépôt",
            file=sys.stderr,
            hidden=quiet or len(contents) < _BAR_FROM or not sys.stderr.isatty(),
        )
        with bar:
            flows = [(path, client.deposit(content, name=called, syntax=syntax).flow) for path, content, called in bar]
        for path, flow in flows:
            yield from _rows(path, client.wait(flow, seconds=seconds))


def _content(path: Path, inner: Sequence[Path]) -> tuple[bytes, str]:
    """What is handed in, and its name. A folder is a ZIP of its files."""
    try:
        if not path.is_dir():
            return path.read_bytes(), path.name
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in inner:
                archive.write(file, file.name)
        return packed.getvalue(), f"{path.resolve().name}.zip"
    except OSError as error:
        raise click.ClickException(unopened(path, error)) from error


def _rows(path: Path, report: FlowReport) -> Iterator[Row]:
    about = {"file": str(path), "flow": report.flow, "state": report.state}
    if not report.is_ended:
        sentence = f"Le serveur n’a pas fini. Plus tard : plainchant status {report.flow}"
        yield about | {"result": "waiting", "code": "", "message": sentence}
    for finding in report.of_the_flow:
        result = "notice" if finding.kind == _NOTICE else "refused"
        yield about | {"result": result, "code": finding.code, "message": finding.message}
    for taken in report.taken:
        message = "Déjà reçue : elle n’est pas doublée." if taken.is_known else ""
        yield about | {"file": _place(path, taken.file), "number": taken.number, "result": "accepted", "findings": [],
                       "message": message}  # fmt: skip
    by_invoice: dict[tuple[str, str, str], list[InvoiceFinding]] = {}
    for wrong in report.findings:
        by_invoice.setdefault((wrong.file, wrong.seller, wrong.number), []).append(wrong)
    for (file, _, number), reasons in by_invoice.items():
        yield about | {
            "file": _place(path, file),
            "number": number,
            "result": "refused",
            "findings": [
                {"rule": each.code, "message": each.message, "mend": each.mend, "field": each.field, "line": each.line}
                for each in reasons
            ],
            "message": " ".join(f"{each.message} {each.mend}".strip() for each in reasons),
        }
    if report.is_accepted and not report.taken:  # Chorus Pro names those that are refused alone
        yield about | {"result": "accepted", "message": f"Tout est pris (flux {report.flow})."}


def _place(path: Path, inner: str) -> str:
    return f"{path}!{inner}" if inner and inner != path.name else str(path)
