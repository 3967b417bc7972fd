"""A pivot back into the model, so that a conversion can say what it does not hold. Nobody deposits one.

The pivot is the mixed form's sister: it has a bank account, dates of its own and lines besides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plainchant.einvoice.model import (
    CreditTransfer,
    Delivery,
    Invoice,
    Item,
    Line,
    PaymentMeans,
    PrecedingInvoice,
    Price,
    VatCategory,
)
from plainchant.einvoice.syntaxes.binding import Element, Lead, TermGroup, Values, amount, filler, iso_date, text
from plainchant.einvoice.syntaxes.grammar import Grammar
from plainchant.einvoice.syntaxes.mixed.binding import UNIT as MIXED
from plainchant.einvoice.syntaxes.reading import Reading, made

INVOICE = "CPPFacturePivotUnitaire"
_ACCOUNT = {"_account": "account", "_bank": "service_provider", "_holder": "account_name"}


def _bank(element: Element, values: Values, above: Values, reading: Reading) -> None:
    transfer = {name: values.pop(own) for own, name in _ACCOUNT.items() if own in values}
    if transfer:
        values["_transfer"] = CreditTransfer(**transfer, is_proprietary=element.get("Type") == "RIB")


def _seller(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_transfer" in values:
        above["_transfer"] = values.pop("_transfer")
    MIXED["Fournisseur"].finish(element, values, above, reading)


def _data(element: Element, values: Values, above: Values, reading: Reading) -> None:
    if "_origin" in values:
        values["preceding_invoices"] = [PrecedingInvoice(number=values.pop("_origin"))]
    if "_delivered" in values:
        values["delivery"] = Delivery(actual_date=values.pop("_delivered"))


def _line(element: Element, values: Values, above: Values, reading: Reading) -> None:
    for name, model, field in (("item", Item, "name"), ("price", Price, "net"), ("vat", VatCategory, "rate")):
        if f"_{field}" in values:
            values[name] = model(**{field: values.pop(f"_{field}")})
    above.setdefault("lines", []).append(made(Line, values, element))


def _invoice(element: Element, values: Values, above: Values, reading: Reading) -> None:
    transfer, means = values.pop("_transfer", None), values.get("payment_means")
    if transfer is not None:
        values["payment_means"] = [replace(means[0] if means else PaymentMeans(), credit_transfer=transfer)]


_MIXED_DATA = {name: bound for name, bound in MIXED["DonneesFacture"].items() if name != "TVAS"}
UNIT: dict[str, Any] = {
    **MIXED,
    "Fournisseur": TermGroup(
        "seller",
        None,
        {
            **MIXED["Fournisseur"].children,
            "ReferenceBancaire": Lead(
                {
                    "Compte": text("_account"),
                    "Etablissement": text("_bank"),
                    "RaisonSocialeEncaisseur": text("_holder"),
                },
                finish=_bank,
            ),
            "ModeEmission": filler("flux"),
        },
        finish=_seller,
    ),
    "DonneesFacture": Lead(
        {
            **_MIXED_DATA,
            "IdFactureOrigine": text("_origin"),
            "DateLivraison": iso_date("_delivered"),
            "TVAs": MIXED["DonneesFacture"]["TVAS"],
            "Lignes": {
                "Ligne": TermGroup(
                    "lines",
                    None,
                    {
                        "ReferenceProduit": text("_name"),
                        "PrixUnitaire": amount("_net"),
                        "Quantite": amount("quantity"),
                        "MontantHT": amount("net_amount"),
                        "TauxTVA": amount("_rate"),
                    },
                    finish=_line,
                )
            },
        },
        finish=_data,
    ),
}
GRAMMAR = Grammar(namespaces={}, root=INVOICE, binding=TermGroup("", Invoice, UNIT, finish=_invoice))


def read(root: Element) -> Reading:
    """The first invoice of a pivot. ValueError for one without any."""
    unit = root.find(f"CPPFactures/{INVOICE}")
    if unit is None:
        raise ValueError(f"{root.tag!r} holds no {INVOICE}")
    return GRAMMAR.read(unit)
