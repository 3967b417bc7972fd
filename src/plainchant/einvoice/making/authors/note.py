"""The note for the payer: one page in plain words that goes with an artist's invoice, so that it is paid.

It tells what the invoice is, why it has VAT or none, what the payer may owe besides and to whom; sources at the bottom.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import typst

from plainchant.einvoice.drawing.glyphs import with_holes
from plainchant.einvoice.law import charges
from plainchant.einvoice.law.dated import LAST_READ, NotKnown, in_force
from plainchant.einvoice.law.exemptions import FRANCHISE, NON_PROFIT
from plainchant.einvoice.law.franchise import threshold
from plainchant.einvoice.law.french_vat import Activity
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.wording import amount, day, grouped, money

from .dispense import dispense_on
from .note_point_table import POINT_OF, POINTS
from .situation_table import SITUATION_OF

_TEMPLATE = Path(__file__).with_name("note.typ")
_LONGEST_NAME = 99  # what the portal takes of a name
_READINGS = "{readings}"  # where a point shows the two readings of the law


@dataclass(frozen=True, slots=True)
class Answer:
    """A point as it is told: its question, the short answer, the reason, with the invoice's own figures in them.

    ``readings``: who reads the law how, each a holder and what he holds; ``after`` follows them.
    """

    question: str
    short: str
    text: str
    readings: tuple[tuple[str, str], ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class PayerNote:
    """What the page says, in its order; ``sources`` are those of the answers, each once."""

    answers: tuple[Answer, ...]
    sources: tuple[str, ...]


def note_for(*, invoice: Invoice, situations: Sequence[str], dispense_year: int | None = None, at: date) -> PayerNote:
    """What there is to tell the payer of ``invoice``, made in these situations (codes, most important first).

    ``dispense_year``: the year of the dispense that is joined, None if none is. ``at``: today, in Paris.
    """
    codes = _codes(invoice, situations, dispense_year, at)
    points = [point for point in in_force(POINTS, at=at) if point.code in codes]
    if not points:
        raise ValueError(f"no note goes with {', '.join(situations)}")
    values = _values(invoice, at, is_mixed=len(situations) > 1 or "COMMISSION" in situations)
    answered: dict[str, Answer] = {}
    for point in points:
        start, _, end = point.text.partition(_READINGS)
        question, short, text, after = (part.format(**values) for part in (point.question, point.short, start, end))
        readings = tuple((reading.holder, reading.text) for reading in in_force(charges.READINGS, at=at)) if end else ()
        if question in answered:
            before = answered[question]
            answered[question] = replace(before, text=f"{before.text} {text}")
        else:
            answered[question] = Answer(question, short, text.strip(), readings, after.strip())
    sources = dict.fromkeys(part for point in points for source in point.sources for part in source.text.split(" ; "))
    return PayerNote(tuple(answered.values()), tuple(sources))


def draw_note(*, invoice: Invoice, situations: Sequence[str], dispense_year: int | None = None, at: datetime) -> bytes:
    """The note as a PDF/A of one page of A4. The same invoice at the same instant gives the same bytes.

    ``at`` is an instant in Paris: its day is printed, and chooses the law that is told.
    """
    note = note_for(invoice=invoice, situations=situations, dispense_year=dispense_year, at=at.date())
    sheet = {
        "invoice": {
            "number": invoice.number or "",
            "date": day(invoice.issue_date) if invoice.issue_date else "",
            "author": _name(invoice.seller.name if invoice.seller else None),
            "payer": _name(invoice.buyer.name if invoice.buyer else None),
            "payable": _payable(invoice),
        },
        "answers": [asdict(answer) for answer in note.answers],
        "sources": list(note.sources),
        "read": LAST_READ,
        "today": day(at.date()),
        "year": at.year,
        "month": at.month,
        "day": at.day,
    }

    def compiled(data: str, _has_holes: bool) -> bytes:
        made = typst.compile(
            str(_TEMPLATE),
            format="pdf",
            sys_inputs={"sheet": data},
            pdf_standards=["a-2b", "ua-1"],
            ignore_system_fonts=True,
        )
        return made if isinstance(made, bytes) else b""  # a PDF is one file: only pictures come as a list

    return with_holes(compiled, json.dumps(sheet, ensure_ascii=False))[0]


def _codes(invoice: Invoice, situations: Sequence[str], dispense_year: int | None, at: date) -> set[str]:
    """The points wanted, those that depend on the invoice or the dispense replaced by the one that applies."""
    wanted = {code for situation in situations for code in SITUATION_OF[situation].note_points}
    if "VAT" in wanted:
        wanted.add(_vat_point(invoice))
        if "VAT_LIABLE" not in wanted:
            wanted.discard("WITHHOLDING_VAT")
    if "WITHHOLDING" in wanted:
        is_valid = dispense_on(year=dispense_year, at=at).is_valid
        wanted.add("WITHHOLDING_DISPENSED" if is_valid else "WITHHOLDING_UNDISPENSED")
        wanted -= {"NO_WITHHOLDING_WORK", "NO_WITHHOLDING_VISIT"}  # one clear answer for the whole invoice
    if "CONTRIBUTION" in wanted:
        wanted.discard("CONTRIBUTION_VISIT")
    if "NO_WITHHOLDING_VISIT" in wanted and "NO_WITHHOLDING_WORK" in wanted:
        wanted.discard("NO_WITHHOLDING_WORK")
    return wanted & set(POINT_OF)


_POINT_OF_REASON = {FRANCHISE: "VAT_FRANCHISE", NON_PROFIT: "VAT_NON_PROFIT"}


def _vat_point(invoice: Invoice) -> str:
    categories = [row.category for row in invoice.vat_breakdown if row.category is not None]
    if any(category.code == "S" for category in categories):
        return "VAT_LIABLE"
    if any(category.code == "O" for category in categories):
        return "VAT_NOT_APPLICABLE"
    reasons = (category.exemption_reason_code or "" for category in categories)
    return next((_POINT_OF_REASON[reason] for reason in reasons if reason in _POINT_OF_REASON), "")


def _values(invoice: Invoice, at: date, *, is_mixed: bool) -> dict[str, str]:
    """What fills the braces of the points. ``is_mixed``: charges may bear on a part of the invoice only."""
    net = _net(invoice)
    currency = invoice.currency or "EUR"
    seller = invoice.seller
    siret = (
        next((identifier.value for identifier in seller.identifiers if identifier.scheme == "0009"), "")
        if seller
        else ""
    )
    registered = seller.legal_registration.value if seller and seller.legal_registration else ""
    return {
        "author": _name(seller.name if seller else None).removesuffix(" EI") or "L’auteur de la facture",
        "siret": grouped(siret or registered, 3, 3, 3, 5) or "sur la facture",
        "payable": _payable(invoice) or "la somme entière",
        "tax": money(invoice.tax_amount or Decimal(0), currency),
        "rates": _rates(invoice),
        "thresholds": _thresholds(at),
        "rate": amount(charges.contribution_rate(at=at), least=0),
        "contribution": ("au plus " if is_mixed else "") + money(charges.contribution(gross=net, at=at), currency),
        "year": str(at.year),
        "withheld": _withheld(net, currency, at, is_mixed=is_mixed),
    }


def _rates(invoice: Invoice) -> str:
    rows = [row for row in invoice.vat_breakdown if row.category is not None and row.category.rate is not None]
    currency = invoice.currency or "EUR"
    rates = [
        f"{amount(row.category.rate or Decimal(0), least=0)} % sur {money(row.taxable_amount or Decimal(0), currency)}"
        for row in rows
        if row.category is not None
    ]
    return ", ".join(rates)


def _thresholds(at: date) -> str:
    """The year's thresholds, or nothing if the tables do not go so far."""
    try:
        works, others = (
            threshold(activity=activity, at=at).base for activity in (Activity.AUTHOR_WORKS, Activity.AUTHOR_OTHER)
        )
    except NotKnown:
        return ""
    return f" ({_euros(works)} pour ses œuvres et ses droits, {_euros(others)} pour ses autres activités)"


def _withheld(net: Decimal, currency: str, at: date, *, is_mixed: bool) -> str:
    """An order of size, when the tables know the year."""
    worked = charges.withholding(gross=net, at=at)
    if worked is None or not net:
        return ""
    about = "au plus" if is_mixed else "environ"
    return f" ({about} {money(worked.total, currency)} sur {money(net, currency)}, aux taux de 2024)"


def _net(invoice: Invoice) -> Decimal:
    totals = invoice.totals
    return (totals.tax_exclusive_amount if totals else None) or Decimal(0)


def _payable(invoice: Invoice) -> str:
    due = invoice.totals.payable_amount if invoice.totals else None
    return money(due, invoice.currency or "EUR") if due is not None else ""


def _euros(value: Decimal) -> str:
    return f"{amount(value, least=0)} €"


def _name(name: str | None) -> str:
    name = " ".join((name or "").split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
