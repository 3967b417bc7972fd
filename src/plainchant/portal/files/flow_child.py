"""In the disposable child: the invoices of a flow, one after the other, each with its verdict and its documents.

The file comes as an open descriptor and is read as a stream, so that a flow of a gigabyte is never in memory. Every
invoice has a time limit of its own: one that exceeds it kills the child, and the server starts another behind it.
"""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import BinaryIO

from plainchant.einvoice.check import DECIDING, LayerName, Verdict, check, chorus_data_of
from plainchant.einvoice.chorus import header
from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.formats.archive import BadArchive, members
from plainchant.einvoice.formats.attached import BadAttachment, decoded, unzipped
from plainchant.einvoice.formats.recognize import ROOTS, UBL_MINIMAL, recognize
from plainchant.einvoice.formats.reduced import READABLE
from plainchant.einvoice.formats.xml import MEBIBYTE, Limits

LIMITS = Limits(max_bytes=120 * MEBIBYTE)  # of one invoice with its attachments
MAX_INVOICES = 500  # of one flow
MAX_FINDINGS = 100  # of one invoice in a report
FACTURX = ("FSO1117A", "IN_DP_E2_CII_FACTURX")
_READ: tuple[LayerName, ...] = ("wellformed",)
_ARCHIVES = {"zip": "flux.zip", "gzip": "flux.tar.gz", "tar": "flux.tar"}

Send = Callable[[dict[str, object], list[bytes]], None]


def read_flow(stream: BinaryIO, send: Send, *, at: str, start: int, seconds_each: float) -> None:
    """Send each invoice from the member ``start`` on, then the end, with what is wrong with the flow as a whole."""
    day = date.fromisoformat(at)
    count = 0
    trouble = ""
    try:
        for position, (name, data) in enumerate(_members(stream)):
            if position < start:
                continue
            if position >= MAX_INVOICES:
                raise BadArchive(
                    f"Ce flux contient plus de {MAX_INVOICES} factures. Répartissez les suivantes dans un autre flux."
                )
            signal.setitimer(signal.ITIMER_REAL, seconds_each)
            for part, (told, documents) in enumerate(_invoices(name, data, day)):
                send({"position": position, "part": part, **told}, documents)
            count += 1
    except BadArchive as error:
        trouble = str(error)
    send({"end": True, "trouble": trouble}, [])


def first_kind(stream: BinaryIO) -> dict[str, str]:
    """What the flow holds, by its first invoice that can be recognised: interface and syntax, "" when there is none."""
    try:
        for number, (_, data) in enumerate(_members(stream)):
            if number >= 20:
                break
            found = check(data, at=date(2026, 1, 1), limits=LIMITS, layers=_READ)
            interface, syntax = _codes(data, found)
            if interface:
                return {"interface": interface, "syntax": syntax, "trouble": ""}
    except BadArchive as error:
        return {"interface": "", "syntax": "", "trouble": str(error)}
    return {"interface": "", "syntax": "", "trouble": ""}


def _members(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    kind = recognize(stream.read(1024))
    stream.seek(0)
    if kind.container not in _ARCHIVES:
        yield "", stream.read(LIMITS.max_bytes + 1)
        return
    for name, data in members(stream, name=_ARCHIVES[kind.container]):
        last = name.replace("\\", "/").rpartition("/")[2]
        if not last.startswith(".") and "__MACOSX/" not in name:  # what file managers leave behind
            yield name, data


def _codes(data: bytes, verdict: Verdict) -> tuple[str, str]:
    if verdict.kind.startswith("Factur-X"):
        return FACTURX
    for kind in (*ROOTS.values(), UBL_MINIMAL):
        if kind.interface and (verdict.kind == kind.name or verdict.kind.startswith(f"{kind.name},")):
            return kind.interface, kind.flow_syntax
    return ("FSO1116A", "IN_DP_E2_CII_MIN_16B") if verdict.kind == "CII minimal" else ("", "")


def _invoices(name: str, data: bytes, day: date) -> Iterator[tuple[dict[str, object], list[bytes]]]:
    verdict = check(data, name=name, at=day, limits=LIMITS, layers=DECIDING)
    interface, syntax = _codes(data, verdict)
    for part in verdict.parts or (verdict,):
        findings = [
            _told(finding)
            for layer in part.layers
            if layer.name in DECIDING
            for finding in layer.findings
            if finding.severity == "fatal"
        ]
        told: dict[str, object] = {
            "name": name,
            "kind": part.kind,
            "interface": interface,
            "syntax": syntax,
            "sha256": hashlib.sha256(data).hexdigest(),
            "findings": findings[:MAX_FINDINGS],
            "more": max(0, len(findings) - MAX_FINDINGS),
            "header": None,
            "documents": [],
        }
        documents: list[bytes] = []
        if part.reading is not None:
            told["header"] = header(part.reading.invoice, chorus_data_of(part)).to_json()
            if part.accepted:
                rows = list(_documents(part, data, is_pdf=verdict.kind.startswith("Factur-X")))
                told["documents"] = [{"name": row[0], "role": row[1], "media_type": row[2]} for row in rows]
                documents = [row[3] for row in rows]
        yield told, documents


def _told(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "message": finding.message,
        "field": finding.field,
        "line": finding.line,
        "path": finding.path[:500],
    }


def _documents(part: Verdict, data: bytes, *, is_pdf: bool) -> Iterator[tuple[str, str, str, bytes]]:
    """Name, role (01 the invoice, 02 an annex), media type, bytes: what people read first, then the data as sent."""
    assert part.reading is not None  # noqa: S101 - the caller looked
    invoice = part.reading.invoice
    stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in invoice.number or "facture")[:40]
    enclosed = []
    for document in invoice.supporting_documents:
        if not document.content:
            continue
        shown = (document.filename or document.reference or "piece-jointe").replace("\\", "/").rpartition("/")[2]
        try:
            content = decoded(document.content)
            try:
                inner, content = unzipped(content)
                shown = inner or shown
            except BadAttachment:
                pass  # not zipped: as it is
        except BadAttachment:
            continue  # told as a finding of the acceptance
        enclosed.append((document.description == READABLE, shown[:200], content))
    readable = next((one for one in enclosed if one[0] and one[2].startswith(b"%PDF-")), None)
    if is_pdf:
        yield f"{stem}.pdf", "01", "application/pdf", data
    else:
        if readable is not None:
            yield readable[1], "01", "application/pdf", readable[2]
        else:
            issued = invoice.issue_date or date(2000, 1, 1)
            page = draw(invoice, at=datetime(issued.year, issued.month, issued.day, tzinfo=UTC))
            yield f"{stem}.pdf", "01", "application/pdf", page
        yield f"{stem}.xml", "02", "application/xml", data
    for one in enclosed:
        if one is not readable:
            yield one[1], "02", "application/octet-stream", one[2]


def encoded(told: dict[str, object]) -> bytes:
    return json.dumps(told).encode()
