"""Whether a row's columns for lists follow from its others."""

from __future__ import annotations

from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.listed import listed_columns
from plainchant.portal.invoices.models import Invoice

LISTED = ("seller_name", "buyer_name", "service_code", "to_pay", "words")


def as_it_should(invoice: Invoice) -> Invoice:
    """The row, whose columns for lists follow from the others as they are now."""
    invoice = Invoice.objects.select_related("seller", "buyer", "buyer_service").get(pk=invoice.pk)
    wanted = listed_columns(invoice, {})
    assert {name: getattr(invoice, name) for name in LISTED} == {name: wanted[name] for name in LISTED}
    delay = delay_of(invoice=invoice, history=list(invoice.history.all()))
    assert invoice.due_on == (delay.due_on if delay.state == "running" else None)
    return invoice
