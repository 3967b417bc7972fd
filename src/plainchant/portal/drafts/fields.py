"""The fields of a draft, as one table: what is typed in them, for which sources, and how much of a text is kept.

Plain: no database. What is typed has one shape, `{"fields": {name: text}, "lines": [{name: text}], "answers": {…}}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.invoice_types import INVOICE
from plainchant.reader.text import storable

MAX_LINES = 500  # of an invoice
KEPT_LINES = 600  # of a draft: what is typed beyond is kept, and refused in words
UNREADABLE = "\ufffd"  # stands for a character that no database can hold: shown, so that it is not lost in silence


class DraftSource(StrEnum):
    """What an invoice is prepared from."""

    DOCUMENT = "document"  # a document that somebody else made: what it says is copied into a form
    SHEET = "sheet"  # a sheet that is typed on screen: the portal makes the document
    ROW = "row"  # a row of a table of invoices, typed in a spreadsheet

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    DraftSource.DOCUMENT: "Document déposé",
    DraftSource.SHEET: "Saisie à l’écran",
    DraftSource.ROW: "Ligne d’un tableau de factures",
}
EVERY = frozenset(DraftSource)
MADE_HERE = frozenset({DraftSource.SHEET, DraftSource.ROW})  # the portal computes the totals and draws the page
SHEET = frozenset({DraftSource.SHEET})
DOCUMENT = frozenset({DraftSource.DOCUMENT})


class TextKind(Enum):
    """How a text is understood."""

    TEXT = "text"  # one line, spaces brought together
    WORDS = "words"  # several lines, kept as they are
    CODE = "code"  # one of a list, in capitals
    DAY = "day"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Field:
    """One field. ``kept``: the longest text that is stored; ``default``: what an empty one stands for."""

    name: str
    sources: frozenset[DraftSource] = EVERY
    kind: TextKind = TextKind.TEXT
    kept: int = 100
    default: str = ""
    places: int = 2  # decimals of an amount


# In the order of the forms.
FIELDS: tuple[Field, ...] = (
    Field("buyer", kept=30),
    Field("buyer_service"),
    Field("commitment"),
    Field("number"),
    Field("issue_date", kind=TextKind.DAY, kept=30),
    Field("delivery_date", SHEET, TextKind.DAY, kept=30),
    Field("delivery_end", SHEET, TextKind.DAY, kept=30),
    Field("type_code", kind=TextKind.CODE, kept=20, default=INVOICE),
    Field("preceding_number"),
    Field("preceding_date", SHEET, TextKind.DAY, kept=30),
    Field("tax_exclusive_amount", DOCUMENT, TextKind.AMOUNT, kept=30, places=6),
    Field("tax_amount", DOCUMENT, TextKind.AMOUNT, kept=30, places=6),
    Field("tax_inclusive_amount", DOCUMENT, TextKind.AMOUNT, kept=30, places=6),
    Field("payable_amount", DOCUMENT, TextKind.AMOUNT, kept=30, places=6),
    Field("vat_regime", kind=TextKind.CODE, kept=20),
    Field("exemption", MADE_HERE, kept=30),
    Field("exemption_text", SHEET, kept=300),
    Field("discount", SHEET, TextKind.AMOUNT, kept=30),
    Field("discount_reason", SHEET, kept=200),
    Field("deducts", SHEET | DOCUMENT, kept=1_000),  # uids of the deposit invoices that this one takes off
    Field("prepaid_amount", SHEET, TextKind.AMOUNT, kept=30),
    Field("prepaid_date", SHEET, TextKind.DAY, kept=30),
    Field("payment_mode", MADE_HERE, TextKind.CODE, kept=12),
    Field("bank_account", kept=40),
    Field("contract"),
    Field("currency", kind=TextKind.CODE, kept=10, default="EUR"),
    Field("billing_framework", kind=TextKind.CODE, kept=20, default=ORDINARY),
    Field("validator", kept=30),
    Field("moe", kept=30),
    Field("moa", kept=30),
    Field("comment", kind=TextKind.WORDS, kept=4000),
    Field("situation", SHEET, kept=40),
)
FIELD_OF = {field.name: field for field in FIELDS}
LINE_FIELDS: dict[str, int] = {
    "name": 300,
    "description": 2000,
    "reference": 60,
    "quantity": 30,
    "unit": 5,
    "price": 30,
    "discount": 30,
    "rate": 12,
    "nature": 10,
}


def fields_of(source: DraftSource) -> tuple[Field, ...]:
    """What is typed for a source."""
    return tuple(field for field in FIELDS if source in field.sources)


def cleaned(typed: Mapping[str, Any], *, source: DraftSource) -> dict[str, Any]:
    """What was typed in its agreed shape, whatever came: known names, texts, bounded."""
    given = typed.get("fields")
    fields = given if isinstance(given, Mapping) else {}
    rows = typed.get("lines")
    lines = rows if isinstance(rows, list) and source in MADE_HERE else []
    return {
        "fields": {field.name: _text(fields.get(field.name, ""), field.kept) for field in fields_of(source)},
        "lines": [
            {name: _text(line.get(name, ""), kept) for name, kept in LINE_FIELDS.items()}
            for line in lines[:KEPT_LINES]
            if isinstance(line, Mapping)
        ],
        "answers": _answers(typed.get("answers")),
    }


def _text(value: object, kept: int) -> str:
    return storable(str(value).replace("\x00", UNREADABLE))[:kept]


def _answers(given: object) -> dict[str, str]:
    """What was answered about the situation of an artist-author: kept to be shown again."""
    if not isinstance(given, Mapping):
        return {}
    return {storable(str(name))[:60]: storable(str(value))[:1000] for name, value in list(given.items())[:60]}


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Where two versions of what was typed differ: the field (`lines-0-price` for a line's), and both texts."""
    found = [
        (name, mine["fields"].get(name, ""), theirs["fields"].get(name, ""))
        for name in FIELD_OF
        if mine["fields"].get(name, "") != theirs["fields"].get(name, "")
    ]
    for place in range(max(len(mine["lines"]), len(theirs["lines"]))):
        here, there = (typed["lines"][place] if place < len(typed["lines"]) else {} for typed in (mine, theirs))
        found += [
            (f"lines-{place}-{name}", here.get(name, ""), there.get(name, ""))
            for name in LINE_FIELDS
            if here.get(name, "") != there.get(name, "")
        ]
    return found
