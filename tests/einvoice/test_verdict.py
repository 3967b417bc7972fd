"""The verdict: whatever comes in, six layers go out, and never an exception."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.verdict import LAYERS, check

AT = date(2026, 11, 24)
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SMALL = f"""<Invoice xmlns="{_UBL}Invoice-2" xmlns:cac="{_UBL}CommonAggregateComponents-2"
 xmlns:cbc="{_UBL}CommonBasicComponents-2"><cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:InvoicePeriod><cbc:StartDate>2026-11-01</cbc:StartDate><cbc:EndDate>2026-11-30</cbc:EndDate></cac:InvoicePeriod>
<cac:AccountingSupplierParty/><cac:AccountingCustomerParty/>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100
</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">20</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20
</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">100</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">120</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">120
</cbc:PayableAmount></cac:LegalMonetaryTotal><cac:InvoiceLine><cbc:ID>1</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">100
</cbc:LineExtensionAmount><cac:Item><cbc:Name>Lecture</cbc:Name></cac:Item></cac:InvoiceLine></Invoice>""".encode()
ODD = (b"1e400", b"NaN", b"-", b"", b"9" * 60, b"<", b"&amp;", "é".encode(), b"20260231", b"1.2.3", b"+.", b" ")


def layers_of(data: bytes) -> dict[str, str]:
    return {layer.name: layer.status for layer in check(data, at=AT).layers}


def test_every_layer_that_can_run_runs():
    found = layers_of(SMALL)
    assert tuple(found) == LAYERS
    assert found["wellformed"] == found["schema"] == "valid"
    assert found["chorus"] == found["en16931"] == "invalid"


def test_a_finding_says_where_and_what_to_do():
    verdict = check(SMALL.replace(b">120<", b">121<", 1), at=AT)
    finding = next(one for one in verdict.layer("chorus").findings if one.rule == "CPRO-TOTAUX")
    assert finding.path.endswith("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")
    assert finding.line
    assert finding.value == "121"
    assert "Corrigez" in finding.message


def test_a_finding_on_a_line_says_which():
    line = SMALL[SMALL.index(b"<cac:InvoiceLine>") : SMALL.index(b"</Invoice>")]
    verdict = check(SMALL.replace(line, line + line.replace(b"Lecture", b"")), at=AT)
    finding = next(one for one in verdict.layer("en16931").findings if one.rule == "BR-25")
    assert finding.message.startswith("Ligne 2 — ")


@pytest.mark.parametrize(
    ("written", "broken", "rule", "words"),
    [
        (b">120<", b">120,00<", "CPRO-TTC", "ne se lit pas comme un nombre"),  # it is there
        (b">20\n</cbc:Percent>", b">20 %</cbc:Percent>", "BR-FR-16_BT-119", "(20 %)"),  # and not « 20 % % »
        (b">2026-11-02<", b">20261102<", "BR-FR-03_BT-2", "et la forme"),  # a day of the calendar, in CII's form
    ],
)
def test_what_is_there_and_cannot_be_read_is_not_called_absent_or_false(written, broken, rule, words):
    assert words in finding(SMALL.replace(written, broken, 1), rule).message


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 40), st.one_of(st.sampled_from(ODD), st.binary(max_size=20)))
def test_no_broken_file_is_without_an_answer(at, length, put):
    assert tuple(layers_of(SMALL[:at] + put + SMALL[at + length :])) == LAYERS


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("value", [b">120<", b">2026-11-02<", b">S<", b">EUR<", b">380<", b'"C62"'])
def test_no_odd_value_is_without_an_answer(value, odd):
    quote = value[-1:]
    data = SMALL.replace(value, value[:1] + odd + quote)
    assert tuple(layers_of(data)) == LAYERS


@pytest.mark.parametrize("cut", range(0, 4000, 397))
def test_a_cut_pdf_is_without_an_invoice_or_has_it(shared: Path, cut):
    pdf = next((shared / "corpora/aife/aife-fso1117a-facturx").glob("*.pdf")).read_bytes()
    assert tuple(layers_of(pdf[: len(pdf) - cut * 10])) == LAYERS


def finding(data: bytes, rule: str) -> Finding:
    (found,) = (found for layer in check(data, at=AT).layers for found in layer.findings if found.rule == rule)
    return found


def test_a_number_that_is_none_is_told_with_its_line():
    found = finding(SMALL.replace(b'"C62">1<', b'"C62">un<'), "PLC-NOMBRE")
    assert found.message.startswith("Ligne 1 — «\u00a0un\u00a0» n’est pas un nombre")
    assert found.value == "un"


def test_of_several_identifiers_the_wrong_one_is_named():
    names = "".join(
        f'<cac:PartyIdentification><cbc:ID schemeID="0009">{siret}</cbc:ID></cac:PartyIdentification>'
        for siret in ("73282932000074", "73282932000075")
    )
    seller = (
        b"<cac:AccountingSupplierParty><cac:Party>" + names.encode() + b"</cac:Party></cac:AccountingSupplierParty>"
    )
    found = finding(SMALL.replace(b"<cac:AccountingSupplierParty/>", seller), "PLC-SIRET")
    assert found.value == "73282932000075"
    assert "73282932000075" in found.message
