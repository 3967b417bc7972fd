"""From a draft to the sheet the engine composes: parties as the portal knows them, frozen as JSON once sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from plainchant import shapes
from plainchant.einvoice.law.payment import payment_limit
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.making.composing import Sheet, SheetParty
from plainchant.portal.structures.models import Service, Structure

from .models import InvoiceSettings
from .parties import DraftParties
from .typed import Understood


def sheet_of(
    *, understood: Understood, parties: DraftParties, validator: Structure | None, settings: InvoiceSettings | None
) -> Sheet:
    """The sheet of what was wholly understood; ``parties`` have a buyer."""
    values = understood.values
    buyer, account = parties.buyer, parties.account
    assert buyer is not None  # noqa: S101 - promised by the caller
    regime = VAT_REGIME_OF[values["vat_regime"]]
    return Sheet(
        number=values["number"],
        issue_date=values["issue_date"],
        type_code=values["type_code"],
        currency=values["currency"],
        billing_framework=values["billing_framework"],
        seller=seller_party(parties.seller, settings, bears_tax=regime.bears_tax),
        buyer=party(buyer, parties.service),
        validator=party(validator) if validator else None,
        lines=understood.whole_lines,
        vat_regime=regime.code,
        commitment=values["commitment"],
        contract=values["contract"],
        preceding_number=values["preceding_number"],
        preceding_date=values["preceding_date"],
        delivery_date=values["delivery_date"],
        delivery_end=values["delivery_end"],
        discount=values["discount"],
        discount_reason=values["discount_reason"],
        payment_mode=values["payment_mode"],
        iban=account.iban if account else "",
        bic=account.bic if account else "",
        payment_days=payment_limit(category=buyer.payer_category, at=values["issue_date"]).days,
        comment=values["comment"],
        deposits=understood.deposits,
        prepaid=values["prepaid_amount"],
        prepaid_date=values["prepaid_date"],
    )


def party(structure: Structure, service: Service | None = None) -> SheetParty:
    """A structure of the portal as a side of an invoice."""
    return SheetParty(
        name=structure.name,
        siret=structure.identifier,
        identifier_type=structure.identifier_type,
        vat_number=structure.vat_number,
        address_line=structure.address_line,
        address_extra_1=structure.address_extra_1,
        address_extra_2=structure.address_extra_2,
        postcode=structure.postcode,
        city=structure.city,
        country=structure.country,
        service_code=service.code if service else "",
        service_name=service.name if service else "",
    )


def seller_party(structure: Structure, settings: InvoiceSettings | None, *, bears_tax: bool) -> SheetParty:
    """The supplier, with what its invoices always say. Where no VAT is due its number would mislead: left out."""
    base = asdict(party(structure))
    base |= {"telephone": structure.phone, "email": structure.email}
    if not bears_tax:
        base["vat_number"] = ""
    written = settings.legal_information if settings is not None else ""
    if structure.rcs_number and structure.rcs_number not in written:
        written = ", ".join(filter(None, [structure.rcs_number, written]))
    base["legal_information"] = written
    if settings is not None:
        base["is_sole_trader"] = settings.is_sole_trader
    return SheetParty(**base)


def to_json(sheet: Sheet) -> dict[str, Any]:
    """A JSON object: dates in ISO form, amounts as strings (never floats)."""
    plain: dict[str, Any] = shapes.to_json(sheet)
    for line in plain["lines"]:
        del line["vat"]["source"]  # where a file said it: a sheet is typed
    for rate in (rate for deposit in plain["deposits"] for rate in deposit["rates"]):
        del rate["vat"]["source"]
    return plain


def from_json(data: dict[str, Any]) -> Sheet:
    """The inverse of ``to_json``. ValueError on anything it did not write."""
    return shapes.from_json(Sheet, data)
