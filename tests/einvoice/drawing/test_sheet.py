"""No term of an invoice is missing on its page: every field is filled with a mark of its own, and looked for."""

import json
import types
import typing
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from plainchant.einvoice.drawing import draw
from plainchant.einvoice.drawing.sheet import Sheet, shown
from plainchant.einvoice.formats.cii.write import write
from plainchant.einvoice.formats.facturx.extract import extract
from plainchant.einvoice.model import Classification, Group, Identifier, Invoice
from plainchant.einvoice.profiles import PROFILE_OF

AT = datetime(2026, 11, 24, tzinfo=UTC)
HIDDEN = {"source", "content", "rows", "tax_type", "is_proprietary"}


def filled(model: type, numbers: typing.Iterator[int], marks: list[str]):
    """A group with every field filled; what each should be shown as goes to ``marks``."""
    values = {}
    hints = typing.get_type_hints(model)
    for row in fields(model):
        if row.name in HIDDEN:
            continue
        kinds = [part for part in typing.get_args(hints[row.name]) if part not in (type(None), Ellipsis)]
        kind = kinds[0] if kinds else hints[row.name]
        several = typing.get_origin(hints[row.name]) is tuple
        value = one(kind, numbers, marks)
        values[row.name] = (value,) if several else value
    return model(**values)


def one(kind: type, numbers: typing.Iterator[int], marks: list[str]):
    number = next(numbers)
    if isinstance(kind, types.GenericAlias):
        kind = typing.get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Group):
        return filled(kind, numbers, marks)
    if kind is Decimal:
        value = Decimal(f"{number}.07")
    elif kind is date:
        value = date(2000, 1, 1) + timedelta(days=number)
    elif kind is Identifier:
        value = Identifier(f"id{number}", f"s{number}")
    elif kind is Classification:
        value = Classification(f"c{number}", f"l{number}", f"v{number}")
    else:
        value = f"mark{number}"
    marks.append(shown(value))
    return value


def compact(text: str) -> str:
    """Without the spaces that group an IBAN by four and an amount by three."""
    return text.replace("\u202f", "").replace("\u00a0", "")


def test_every_term_of_the_model_is_on_the_page():
    marks: list[str] = []
    invoice = filled(Invoice, count(1001), marks)
    page = compact(json.dumps(Sheet(invoice).data(), ensure_ascii=False))
    missing = [mark for mark in marks if compact(mark) not in page]
    assert len(marks) > 300
    assert missing == []


def test_the_page_carries_the_invoice_that_programs_read():
    marks: list[str] = []
    invoice = filled(Invoice, count(1001), marks)
    profile = PROFILE_OF["EN 16931"]
    xml = write(invoice, profile=profile)
    made = draw(invoice, at=AT, xml=xml, profile=profile)
    found = extract(made)
    assert found.xml == xml
    assert (found.name, found.level, found.relationship) == ("factur-x.xml", "EN 16931", "Alternative")
    assert found.findings == ()
    assert draw(invoice, at=AT, xml=xml, profile=profile) == made


def test_an_empty_invoice_is_drawn_too():
    assert draw(Invoice(), at=AT).startswith(b"%PDF-")
