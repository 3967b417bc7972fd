"""The invoice of what is owed for a late payment, as a draft ready to be read and sent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from plainchant.einvoice import wording
from plainchant.einvoice.law.exemptions import OUTSIDE
from plainchant.portal.invoices.errors import NothingOwed
from plainchant.portal.invoices.late_payment import AmountDue
from plainchant.portal.invoices.lifecycle import REFUSED, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from .models import Draft
from .operations import begin_from
from .values import written

_OUTSIDE_VAT = "Intérêts et indemnité pour paiement tardif : hors du champ de la TVA (CGI, art. 256)"


@transaction.atomic
def invoice_interest(*, invoice: Invoice, due: AmountDue | None, actor: Actor, at: datetime) -> Draft:
    """A draft for interest and lump sum, to the same recipient under the same references. Asked twice, it is the same.

    Only once the principal is paid: before, interest grows each day. Raises NotAllowed, NothingOwed, MandateMissing.
    """
    require(actor, PREPARE_INVOICE, invoice)
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    if due is None or not due.is_late:
        raise NothingOwed()
    if due.paid_on is None:
        raise NothingOwed(
            "La facture n’est pas encore payée\u00a0: les intérêts grandissent chaque jour. Demandez-les par la "
            "lettre, et facturez-les une fois le paiement arrivé."
        )
    if not due.is_whole:
        raise NothingOwed(
            "Un taux d’intérêt de cette période n’est pas encore connu\u00a0: le montant ne peut pas être facturé."
        )
    known = (
        Draft.objects.filter(origin=invoice, origin_kind=Draft.Origin.INTEREST)
        .exclude(invoice__status__in=[Status.DELETED, *REFUSED])
        .select_related("invoice")
        .first()
    )
    if known is not None:
        return known
    assert invoice.buyer is not None  # noqa: S101 - it was sent
    fields = {
        "buyer": invoice.buyer.identifier,
        "buyer_service": invoice.buyer_service.code if invoice.buyer_service else "",
        "commitment": invoice.commitment,
        "contract": invoice.contract,
        "vat_regime": "EXONERATION",
        "exemption": OUTSIDE,
        "exemption_text": _OUTSIDE_VAT,
        "comment": f"Intérêts et indemnité dus pour le paiement tardif de la facture {invoice.number}.",
    }
    typed = {"fields": fields, "lines": _lines(invoice, due)}
    return begin_from(origin=invoice, kind=Draft.Origin.INTEREST, typed=typed, actor=actor, at=at)


def _lines(invoice: Invoice, due: AmountDue) -> list[dict[str, str]]:
    assert due.period is not None  # noqa: S101 - it is late
    span = f"du {wording.day(due.period.first_day)} au {wording.day(due.period.last_day)}"
    percent = f"{due.period.percent:f}".replace(".", ",")
    sums = [
        (
            f"Intérêts de retard, facture {invoice.number}",
            f"{written(due.base, places=2)} € × {percent} % × {due.days_late} / 365, {span} (CCP, art. R2192-31)",
            due.interest,
        ),
        ("Indemnité forfaitaire pour frais de recouvrement", "CCP, art. D2192-35", due.lump_sum),
        ("Intérêts au taux légal sur ces sommes", "CCP, art. R2192-36", due.legal_interest),
    ]
    return [
        {"name": name, "description": description, "quantity": "1", "price": written(amount, places=2)}
        for name, description, amount in sums
        if amount is not None and amount > Decimal(0)
    ]
