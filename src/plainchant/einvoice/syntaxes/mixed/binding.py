"""Which element of a CPPFactureMixte is which term of the invoice. No namespace; an envelope may hold several."""

from __future__ import annotations

from typing import Any

from plainchant.einvoice.model import (
    Address,
    Contact,
    Identifier,
    Invoice,
    Party,
    PaymentMeans,
    SupportingDocument,
    Totals,
    VatBreakdown,
    VatCategory,
)
from plainchant.einvoice.model import Group as ModelGroup
from plainchant.einvoice.syntaxes.binding import (
    SUPPORTING,
    Element,
    Lead,
    TermGroup,
    Values,
    amount,
    group,
    iso_date,
    text,
)
from plainchant.einvoice.syntaxes.reading import Reading, made
from plainchant.einvoice.syntaxes.reduced import READABLE, THE_INVOICE

MAX_ROWS = 1_000  # of documents, of rates: an invoice has a few, a hostile file as many as it has bytes


def _identifier(values: Values) -> None:
    value, kind = values.pop("legal_registration", None), values.pop("_type", None)
    if value is not None or kind is not None:
        values["legal_registration"] = Identifier(value or "", kind)


def _seller(element: Element, values: Values, above: Values, reading: Reading) -> None:
    _identifier(values)
    if "_country" in values:
        values["address"] = Address(country=values.pop("_country"), source=element)
    above.setdefault("seller", made(Party, values, element))


def _buyer(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """Its service belongs to the invoice (BT-10): this element only leads to its values, which are taken out here."""
    own: Values = {name: values.pop(name) for name in ("legal_registration", "_type", "name") if name in values}
    _identifier(own)
    if "_service_name" in values:
        own["contact"] = Contact(department=values.pop("_service_name"), source=element)
    above.setdefault("buyer", made(Party, own, element))


def _keep(above: Values, name: str, model: type[ModelGroup], values: Values, element: Element) -> None:
    rows: list[object] = above.setdefault(name, [])
    if len(rows) < MAX_ROWS:
        rows.append(made(model, values, element))


def _means(element: Element, values: Values, above: Values, reading: Reading) -> None:
    _keep(above, "payment_means", PaymentMeans, values, element)


def _vat_row(element: Element, values: Values, above: Values, reading: Reading) -> None:
    values["category"] = VatCategory(rate=values.pop("rate", None), source=element)
    _keep(above, "vat_breakdown", VatBreakdown, values, element)


def _document(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if values.pop("_kind", None) in (THE_INVOICE, THE_INVOICE[1:]):
        values["description"] = READABLE
    values["type_code"] = SUPPORTING
    _keep(above, "supporting_documents", SupportingDocument, values, element)


UNIT: dict[str, Any] = {
    "Fournisseur": TermGroup(
        "seller",
        None,
        {
            "TypeIdentifiant": text("_type"),
            "Identifiant": text("legal_registration"),
            "RaisonSociale": text("name"),
            "CodePays": text("_country"),
        },
        finish=_seller,
    ),
    "Debiteur": Lead(
        {
            "TypeIdentifiant": text("_type"),
            "Identifiant": text("legal_registration"),
            "Nom": text("name"),
            "CodeService": text("buyer_reference"),
            "NomService": text("_service_name"),
        },
        finish=_buyer,
    ),
    "DonneesFacture": {
        "Id": text("number"),
        "Type": text("type_code"),
        "Cadre": text("business_process"),
        "DateEmissionFacture": iso_date("issue_date"),
        "ModePaiement": TermGroup(
            "payment_means", None, {"Code": text("code"), "Libelle": text("text")}, finish=_means
        ),
        "Devise": text("currency"),
        "Montants": group(
            "totals",
            Totals,
            {
                "MontantHT": amount("tax_exclusive_amount"),
                "MontantTTC": amount("tax_inclusive_amount"),
                "MontantNetAPayer": amount("payable_amount"),
            },
        ),
        "TVAS": {
            "TVA": TermGroup(
                "vat_breakdown",
                None,
                {"Taux": amount("rate"), "BaseHt": amount("taxable_amount"), "MontantTVA": amount("tax_amount")},
                finish=_vat_row,
            )
        },
        "Engagement": {
            "NumeroMarche": text("contract_reference"),
            "NumeroEngagement": text("purchase_order_reference"),
        },
    },
    "PJ": TermGroup(
        "supporting_documents",
        None,
        {
            "Contenu": text("content"),
            "NomPJ": text("reference"),
            "TypePJ": text("_kind"),
            "MimeTypePJ": text("mime_code"),
        },
        finish=_document,
    ),
}
UNIT_BINDING = TermGroup("", Invoice, UNIT)
# The same from the document's root: for whoever asks where a value stands.
BINDING = TermGroup("", Invoice, {"CPPFactures": {"CPPFactureMixteUnitaire": UNIT}})
