"""What was understood of a draft → the columns of its invoice's row, and the canonical document frozen with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.codes.invoice_types import INVOICE
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.model import Header, HeaderParty
from plainchant.einvoice.rules import header as header_rules
from plainchant.einvoice.rules.header_table import MAX_COMMENT
from plainchant.portal.invoices.operations import party_of
from plainchant.portal.invoices.works_actors import NOBODY, WorksActors
from plainchant.portal.structures.models import Structure

from .parties import DraftParties
from .typed import CADRES, TYPES, Understood, amounts_of

# Attribute of a header → field of a form, where the two names differ.
_FIELDS = {
    "preceding_invoice": "preceding_number",
    "contract_reference": "contract",
    "purchase_order_reference": "commitment",
    "note": "comment",
}


def findings_on_header(header: Header, *, day: date) -> list[Finding]:
    """What the engine says of a header that was typed, each finding beside the field of the form."""
    return [
        replace(finding, field=_FIELDS.get(finding.field or "", finding.field))
        for finding in header_rules.check(header, today=day)
    ]


def columns_of(understood: Understood, parties: DraftParties) -> dict[str, Any]:
    """What the row holds, to be listed and searched by; empty where nothing could be understood."""
    values = understood.values
    cadre = values["billing_framework"]
    return {
        "buyer": parties.buyer,
        "buyer_service": parties.service,
        "bank_account": parties.account,
        "number": values["number"],
        "type_code": values["type_code"] if values["type_code"] in TYPES[understood.source] else INVOICE,
        "issue_date": values["issue_date"],
        "currency": values["currency"] if values["currency"] in CURRENCIES else "EUR",
        "billing_framework": cadre if cadre in CADRES[understood.source] else ORDINARY,
        "vat_regime": values["vat_regime"] if values["vat_regime"] in VAT_REGIME_OF else "",
        "commitment": values["commitment"],
        "contract": values["contract"],
        "preceding_number": values["preceding_number"],
        "comment": values["comment"][:MAX_COMMENT],
        **amounts_of(understood),
    }


def header_of(
    understood: Understood,
    parties: DraftParties,
    *,
    validator: Structure | None = None,
    works: WorksActors = NOBODY,
) -> Header:
    """The canonical document, its bank account as it is now. ``validator`` and ``works``: who acts before the buyer."""
    values = understood.values
    account = parties.account
    code = parties.service.code if parties.service else ""
    return Header(
        number=values["number"],
        issue_date=values["issue_date"],
        delivery_date=None if values["delivery_end"] else values["delivery_date"],
        type_code=values["type_code"],
        currency=values["currency"],
        billing_framework=values["billing_framework"],
        vat_regime=values["vat_regime"],
        purchase_order_reference=values["commitment"],
        contract_reference=values["contract"],
        preceding_invoice=values["preceding_number"] or _only_deposit(understood),
        note=values["comment"],
        seller=party_of(structure=parties.seller),
        buyer=party_of(structure=parties.buyer, service_code=code) if parties.buyer else HeaderParty(),
        validator=party_of(structure=validator) if validator else None,
        moe=party_of(structure=works.moe) if works.moe else None,
        moa=party_of(structure=works.moa) if works.moa else None,
        payment_account=account.iban if account else "",
        payment_bic=account.bic if account else "",
        prepaid_amount=values["prepaid_amount"] or None,
        **amounts_of(understood),
    )


def _only_deposit(understood: Understood) -> str:
    """The deposit invoice that a final one names; of several, its lines name each (BR-FR-CPRO-20)."""
    return understood.deposits[0].number if len(understood.deposits) == 1 else ""
