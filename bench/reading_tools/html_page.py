"""What the layouts in HTML share: the page, addresses, rows of two cells."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .invoice import Invoice, Party
from .pen import Pen

Rows = list[tuple[str, str]]  # HTML of two cells


def page(css: str, body: str) -> str:
    """A whole A4 document."""
    return (
        "<!doctype html><html lang=fr><meta charset=utf-8><style>@page{size:A4;margin:14mm} *{box-sizing:border-box}"
        f" body{{margin:0}} table{{border-collapse:collapse}} {css}</style><body>{body}</body></html>"
    )


def address(party: Party) -> str:
    """Name and address, a line each."""
    return "<br>".join(escape(part) for part in party.address if part)


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Rows of a table, the second cell to the right."""
    return "".join(f"<tr><td>{name}</td><td class=r>{value}</td></tr>" for name, value in pairs)


def paid(invoice: Invoice, pen: Pen, negative: str = "-") -> Rows:
    """What was already paid, as it lessens what is to pay."""
    return [(escape(label), pen.amount(-amount, negative=negative)) for label, amount in invoice.prepaid]
