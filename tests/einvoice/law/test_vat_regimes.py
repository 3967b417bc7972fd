"""The typeTva of an invoice that comes in a file: what it states, else what its VAT and its mentions show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES, vat_regime_of
from plainchant.einvoice.model import Invoice, Note, TaxTotal, VatBreakdown, VatCategory

TAXED = VatCategory(code="S", rate=Decimal(20))


def an_invoice(*categories: VatCategory, tax: str | None = None, note: str = "", **terms: str) -> Invoice:
    return Invoice(
        vat_breakdown=tuple(VatBreakdown(category=category) for category in categories),
        tax_totals=(TaxTotal(amount=Decimal(tax), currency="EUR"),) if tax is not None else (),
        currency="EUR",
        notes=(Note(text=note),) if note else (),
        **terms,  # type: ignore[arg-type]
    )


def exempt(code: str) -> VatCategory:
    row = EXEMPTION_OF[code]
    rate = None if row.category == "O" else Decimal(0)
    return VatCategory(code=row.category, rate=rate, exemption_reason=row.mention, exemption_reason_code=row.code)


@pytest.mark.parametrize("stated", [row.code for row in VAT_REGIMES])
def test_what_a_file_states_is_what_it_is(stated: str) -> None:
    assert vat_regime_of(an_invoice(TAXED, tax="20", tax_point_date_code="432"), stated=stated) == stated


@pytest.mark.parametrize("rubbish", ["TVA12", "S", ""])
def test_a_word_that_is_no_regime_states_nothing(rubbish: str) -> None:
    assert vat_regime_of(an_invoice(TAXED, tax="20"), stated=rubbish) == "TVA_SUR_ENCAISSEMENT"


@pytest.mark.parametrize(
    ("invoice", "regime"),
    [
        (an_invoice(TAXED, tax="20", tax_point_date_code="3"), "TVA_SUR_DEBIT"),
        (an_invoice(TAXED, tax="20", tax_point_date_code="432"), "TVA_SUR_ENCAISSEMENT"),
        (an_invoice(TAXED, tax="20", note="Option pour le paiement de la taxe d'après les débits"), "TVA_SUR_DEBIT"),
        (an_invoice(TAXED, tax="20", business_process="B1"), "TVA_SUR_DEBIT"),
        (an_invoice(TAXED, tax="20", business_process="S1"), "TVA_SUR_ENCAISSEMENT"),
        (an_invoice(TAXED, tax="20", business_process="A1"), "TVA_SUR_ENCAISSEMENT"),
        (an_invoice(TAXED, exempt("VATEX-FR-CGI261-7"), tax="20"), "TVA_SUR_ENCAISSEMENT"),
        (an_invoice(TAXED, tax="-20"), "TVA_SUR_ENCAISSEMENT"),
        (an_invoice(tax="20"), "TVA_SUR_ENCAISSEMENT"),
        (an_invoice(exempt(FRANCHISE), tax="0"), "SANS_TVA"),
        (
            an_invoice(VatCategory(code="E", rate=Decimal(0)), tax="0", note="TVA non applicable, art. 293 B"),
            "SANS_TVA",
        ),
        (an_invoice(exempt("VATEX-FR-CGI261-7"), tax="0"), "EXONERATION"),
        (an_invoice(exempt("VATEX-EU-O"), tax="0"), "EXONERATION"),
        (an_invoice(VatCategory(code="AE", rate=Decimal(0)), tax="0"), "EXONERATION"),
        (an_invoice(tax="0"), "SANS_TVA"),
        (an_invoice(), ""),
    ],
)
def test_what_is_not_stated_is_shown_by_vat_and_mentions(invoice: Invoice, regime: str) -> None:
    assert vat_regime_of(invoice) == regime
