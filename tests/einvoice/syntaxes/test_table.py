"""The table of syntaxes: every row can do what it says, with the one signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plainchant.einvoice.drawing import draw
from plainchant.einvoice.syntaxes.opening import NotAnInvoice, read
from plainchant.einvoice.syntaxes.recognize import recognize
from plainchant.einvoice.syntaxes.table import SYNTAXES, Syntax
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.einvoice.verdict import DECIDING, check
from tests.einvoice.rules import smallest_chorus as smallest

AT = datetime(2026, 11, 3, tzinfo=UTC)
ROWS = list(SYNTAXES.values())
READ = [row for row in ROWS if row.vocabulary]


def written(syntax: Syntax) -> bytes:
    invoice = smallest.valid(specification=None)
    if syntax.is_reduced:  # with lines, a reduced CII is a whole one
        invoice = replace(invoice, lines=())
    return syntax.write(invoice, readable=draw(invoice, at=AT) if syntax.wants_page else None, at=AT)


@pytest.mark.parametrize("syntax", READ, ids=lambda row: row.name)
def test_what_a_row_writes_is_recognised_as_that_row_and_accepted(syntax: Syntax) -> None:
    verdict = check(written(syntax), at=AT.date(), layers=DECIDING)
    assert verdict.syntax is syntax
    assert [
        finding.message for layer in verdict.layers for finding in layer.findings if finding.severity == "fatal"
    ] == []
    assert verdict.accepted


@pytest.mark.parametrize("syntax", READ, ids=lambda row: row.name)
def test_what_a_row_writes_is_read_again(syntax: Syntax) -> None:
    (reading,) = read(written(syntax))
    assert reading.invoice.number == smallest.valid().number


@pytest.mark.parametrize("syntax", ROWS, ids=lambda row: row.name)
def test_the_same_invoice_gives_the_same_file_without_an_instant(syntax: Syntax) -> None:
    invoice = smallest.valid()
    page = draw(invoice, at=AT) if syntax.wants_page else None
    assert syntax.write(invoice, readable=page) == syntax.write(invoice, readable=page)


def test_the_official_names_are_each_row_s_own() -> None:
    for name in ("interface", "flow_syntax"):
        names = [getattr(row, name) for row in READ]
        assert all(names)
        assert len(set(names)) == len(names)


def test_a_page_of_others_becomes_a_facturx() -> None:
    page = draw(smallest.valid(), at=AT)
    made = SYNTAXES["facturx"].write(smallest.valid(), readable=page, at=AT)
    assert check(made, at=AT.date(), layers=DECIDING).syntax is SYNTAXES["facturx"]


def test_a_pivot_is_refused_with_a_sentence_of_its_own() -> None:
    with pytest.raises(NotAnInvoice, match="pivot") as caught:
        read(written(SYNTAXES["pivot"]))
    assert caught.value.code == "XML-INCONNU"


@pytest.mark.parametrize("root", ["CPPFactureMixte", "Invoice", "CrossIndustryInvoice"])
def test_a_known_name_in_an_unknown_namespace_is_no_invoice(root: str) -> None:
    data = f'<{root} xmlns="urn:example:other"/>'.encode()
    assert recognize(data, parse(data)).syntax is None
    assert not check(data, at=AT.date()).accepted
