"""From one syntax to the other: what comes out follows its schema, and what does not come out is named.

The comparison knows nothing of the reader: every leaf of the file that was read must stand somewhere in the file that
was written, or be among what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from plainchant.einvoice.losses import differing, labelled
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.cii.binding import PROJECT_NAME, TAX_POINT_CODES
from plainchant.einvoice.syntaxes.completing import completed
from plainchant.einvoice.syntaxes.reading import Reading
from plainchant.einvoice.syntaxes.recognize import recognize
from plainchant.einvoice.syntaxes.table import SYNTAXES, Syntax
from plainchant.einvoice.syntaxes.ubl.binding import NETWORK
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.syntaxes.xml import parse
from tests.einvoice.conformance.corpora import documents

NUMBER = re.compile(r"[-+]?\d+(\.\d*)?")
DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[Z+].*|T.*)?")
# Elements whose content another syntax says by other means: indicators, types and schemes that only direct a reader.
SAID_OTHERWISE = re.compile(
    r"(TaxScheme/cbc:ID|ChargeIndicator|/udt:Indicator|UBLVersionID|DocumentTypeCode|ram:TypeCode"
    r"|ReferenceTypeCode|CardholderName|InvoiceTypeCode|CreditNoteTypeCode)$"
)


def valid(shared) -> Iterator[tuple[str, etree._Element, Syntax]]:
    """The whole UBL and CII of the corpora that follow their schema."""
    for document in documents(shared):
        root = parse(document.data)
        syntax = recognize(document.data, root).syntax
        if syntax is None or syntax.name not in ("ubl", "cii") or schema.validate(root, form(root, syntax)):
            continue
        yield document.name, root, syntax


def form(root: etree._Element, syntax: Syntax) -> str:
    local = etree.QName(root).localname
    return next(xsd for name, xsd in syntax.schemas.items() if xsd and name.endswith(f":{local}"))


def other(syntax: Syntax) -> Syntax:
    return SYNTAXES["ubl" if syntax.name == "cii" else "cii"]


def written(text: str) -> str:
    """A value in one writing: days as eight digits, numbers without zeros that say nothing."""
    text = " ".join(text.split())
    if day := DAY.fullmatch(text):
        return "".join(day.groups())
    return str(Decimal(text).normalize() + 0) if NUMBER.fullmatch(text) else text


def test_what_is_written_follows_its_schema(shared):
    count = refused = 0
    for name, root, syntax in valid(shared):
        target = other(syntax)
        try:
            made = completed(syntax.read(root).invoice, vocabulary=target.name)
        except FormError:
            refused += 1
            continue
        out = parse(target.write(made.invoice))
        broken = schema.validate(out, form(out, target))
        assert not broken, f"{name}: {broken[0].message}"
        count += 1
    assert count > 140
    assert refused <= 5  # of the profile MINIMUM, without a line


def test_nothing_is_lost_without_a_word(shared):
    count = 0
    for name, root, syntax in valid(shared):
        reading, target = syntax.read(root), other(syntax)
        try:
            made = completed(reading.invoice, vocabulary=target.name)
        except FormError:
            continue
        count += 1
        data = target.write(made.invoice)
        again = target.read(parse(data)).invoice
        told = said(reading, made.invoice, differing(made.invoice, again))
        out = set(kept(parse(data)))
        for element in root.iter(etree.Element):
            if len(element) or not (element.text or "").strip():
                continue
            value = written(element.text or "")
            path = root.getroottree().getelementpath(element)
            shown = etree_path(element)
            if SAID_OTHERWISE.search(shown) or value in (PROJECT_NAME, NETWORK) or value in out or value in told:
                continue
            assert any(value in text for text in out | told if len(value) > 1), f"{name}: {value} of {path} is lost"
    assert count > 140


def kept(root: etree._Element) -> Iterator[str]:
    for element in root.iter(etree.Element):
        if element.text and element.text.strip():
            text = written(element.text)
            yield text
            if note := re.fullmatch(r"#([A-Z]{3})#(.*)", text):
                yield from note.groups()
        yield from (written(str(value)) for value in element.attrib.values())
        yield from (code for code, in_ubl in TAX_POINT_CODES.items() if in_ubl == element.text)


def said(reading: Reading, invoice: Invoice, paths: list[str]) -> set[str]:
    """The values of what is named: elements without a term, and terms without a place."""
    told = {written(text) for element in reading.left for text in element.itertext() if text.strip()}
    for path in paths:
        told |= {written(str(value)) for value in leaves(at(invoice, path))}
    assert len(list(labelled(paths))) <= len(paths)
    for note in invoice.notes:  # UBL writes a note's subject into its text
        told |= {note.subject_code or "", written(f"#{note.subject_code}#{note.text}")}
    return told


def at(invoice: Any, path: str) -> Any:
    for name, number in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        invoice = getattr(invoice, name)
        if number:
            invoice = invoice[int(number) - 1]
    return invoice


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for part in value:
            yield from leaves(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name != "source":
                yield from leaves(getattr(value, name))
    elif value is not None:
        yield value


def etree_path(element: etree._Element) -> str:
    names = [element, *element.iterancestors()]
    prefixed = [f"{one.prefix}:{etree.QName(one).localname}" for one in reversed(names)]
    return "/" + "/".join(prefixed)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lines[2].delivery.actual_date", "Ligne 2, livraison, date de livraison"),
        ("seller_service_code", "Service du fournisseur"),
        ("payee.contact.email", "Bénéficiaire du paiement, contact, courriel"),
    ],
)
def test_a_term_is_called_by_its_french_name(path, words):
    assert list(labelled([path, path])) == [words]
