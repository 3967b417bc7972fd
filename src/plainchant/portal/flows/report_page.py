"""The report of a flow as a PDF/A that can be printed, kept, or handed to whoever made the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import F

from plainchant.portal.lib.time import PARIS, instant_in_words
from plainchant.reader.drawings import draw_page

from .codes import Row, mend_for
from .models import Flow, FlowInvoice, State
from .report import antivirus_of, flow_errors

_TEMPLATE = Path(__file__).with_name("report.typ")
# A page holds some fifteen: beyond two hundred pages nobody reads, and the CSV has them all; the last line says so.
MAX_PRINTED = 3_000
# Where there is too much to print, remarks are what is left out.
_REFUSED_FIRST = F("invoice").asc(nulls_first=True)


def draw(*, flow: Flow) -> bytes:
    """The report as it stands. The same rows always give the same page. Raises ReaderFailed."""
    return draw_page(template=_TEMPLATE, sheet=_sheet(flow))


def _sheet(flow: Flow) -> dict[str, Any]:
    received, ended = flow.received_at.astimezone(PARIS), flow.state_at.astimezone(PARIS)
    refused: list[dict[str, Any]] = []
    noted: list[dict[str, Any]] = []
    taken: list[str] = []
    printed = left = 0
    for result in FlowInvoice.objects.filter(flow=flow).order_by(_REFUSED_FIRST, "position", "part"):
        shown = result.findings[: max(0, MAX_PRINTED - printed)]
        printed += len(shown)
        left += len(result.findings) - len(shown)
        if result.invoice_id is not None:
            taken.append(result.number)
        if shown:
            (refused if result.invoice_id is None else noted).append(_told(result, shown))
    return {
        "number": flow.number,
        "name": flow.name,
        "state": State(flow.state).label,
        "state_code": flow.state,
        "syntax": flow.syntax,
        "declared": flow.declared,
        "interface": flow.interface,
        "structure": f"{flow.structure} ({flow.structure.identifier})",
        "sender": flow.sender.get_full_name() or flow.sender.email,
        "received": instant_in_words(received),
        "ended": instant_in_words(ended),
        "antivirus": antivirus_of(flow),
        "sha256": flow.content,
        "errors": [{"code": error.code, "what": error.sentence} for error in flow_errors(flow)],
        "refused": refused,
        "refused_count": flow.refused,
        "noted": noted,
        "taken": taken,
        "left": left,
        "date": {"year": ended.year, "month": ended.month, "day": ended.day},
    }


def _told(result: FlowInvoice, findings: list[Row]) -> dict[str, Any]:
    return {
        "title": result.title,
        "file": result.name,
        "seller": result.seller_identifier,
        "buyer": result.buyer_identifier,
        "findings": [
            {
                "what": finding["message"],
                "mend": mend_for(finding),
                "code": finding["rule"],
                "where": finding["path"] or (f"ligne {finding['line']}" if finding["line"] else ""),
            }
            for finding in findings
        ],
    }
