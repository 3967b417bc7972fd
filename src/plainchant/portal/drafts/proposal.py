"""From what was read on the page to a draft's form: the directory and the supplier's own sheet have their say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plainchant.capture.confirmation import confirmed
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.portal.directory.queries import bodies_among, body
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import BankAccount, Service, Structure
from plainchant.portal.structures.queries import services_open_on
from plainchant.shapes import from_json

from .document_fields import DOCUMENT_FIELD_OF
from .values import written

NO_VAT = "SANS_TVA"
_AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
_REFERENCES = ("number", "purchase_order_reference", "contract_reference", "currency", "type_code")


def propose(*, reading: dict[str, Any], seller: Structure, buyer: Structure | None, at: datetime) -> dict[str, str]:
    """What the form shows at first, as if it had been typed.

    ``buyer`` was chosen before the deposit and wins over what the page says.
    """
    whole = from_json(FieldReading, reading)
    if buyer is None:
        whole = confirmed(whole, bodies_among=bodies_among)
    read, typed = whole.fields, as_typed(whole)
    if "payable_amount" not in typed and "tax_inclusive_amount" in typed:
        typed["payable_amount"] = typed["tax_inclusive_amount"]
    if "tax_amount" in read:
        typed["vat_regime"] = _usual_regime(seller) if Decimal(read["tax_amount"].value) else NO_VAT
    payer = buyer or (body(siret=read["buyer_siret"].value) if "buyer_siret" in read else None)
    if payer:
        typed["buyer"] = payer.identifier
        service = _service(payer, read["buyer_reference"].value if "buyer_reference" in read else "", seller, at)
        if service:
            typed["buyer_service"] = service.code
    account = _account(seller, read["iban"].value if "iban" in read else "")
    if account:
        typed["bank_account"] = str(account.uid)
    return typed


def _usual_regime(seller: Structure) -> str:
    """How VAT applied to the last invoice with VAT that the supplier sent; "" where there is none."""
    sent = Invoice.objects.filter(seller=seller, deposited_at__isnull=False).exclude(vat_regime__in=("", NO_VAT))
    return sent.order_by("-deposited_at", "-pk").values_list("vat_regime", flat=True).first() or ""


def as_typed(reading: FieldReading) -> dict[str, str]:
    """What was read, as the form's fields would hold it: references, amounts and the date."""
    read = reading.fields
    typed = {DOCUMENT_FIELD_OF[name].field: read[name].value[:100] for name in _REFERENCES if name in read}
    amounts = {name: Decimal(read[name].value) for name in _AMOUNTS if name in read}
    if (due := reading.amount_due()) is not None:
        amounts["payable_amount"] = due
    if typed.get("type_code") == CREDIT_NOTE:  # the type says the sense: a form has no minus sign (CPRO-AVOIR-NEGATIF)
        amounts = {name: abs(amount) for name, amount in amounts.items()}
    typed |= {name: written(amount, places=2) for name, amount in amounts.items()}
    if "issue_date" in read:
        typed["issue_date"] = f"{date.fromisoformat(read['issue_date'].value):%d/%m/%Y}"
    return typed


def _service(payer: Structure, code: str, seller: Structure, at: datetime) -> Service | None:
    if not code:
        return None
    services = services_open_on(structure=payer, day=day_in_paris(at), to_private_supplier=not seller.is_public)
    return services.filter(code=code).first()


def _account(seller: Structure, iban: str) -> BankAccount | None:
    accounts = list(seller.bank_accounts.filter(is_active=True))
    for account in accounts:
        if account.iban == iban:
            return account
    return accounts[0] if len(accounts) == 1 else None
