"""The fields of a body's own texts, filled in for an invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.reason_texts import CommentTooLong, filled

INVOICE = Invoice(
    number="F-1", issue_date=date(2026, 11, 3), payable_amount=Decimal("1234.5"), currency="EUR", commitment="[montant]"
)


def test_each_field_is_filled_and_the_rest_stays() -> None:
    read = filled("Facture [numéro] du [date], [ville]", invoice=INVOICE)
    assert read == "Facture F-1 du 03/11/2026, [ville]"


def test_what_a_supplier_wrote_is_no_field() -> None:
    assert filled("Engagement [engagement]", invoice=INVOICE) == "Engagement [montant]"


def test_a_text_too_long_once_filled_is_refused() -> None:
    with pytest.raises(CommentTooLong):
        filled("[numéro] " * 120, invoice=INVOICE)
