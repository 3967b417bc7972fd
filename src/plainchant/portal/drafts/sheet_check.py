"""What a sheet typed on screen must say besides: a mandate, an account, and the engine's own verdict."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.making.composing import Sheet, compose
from plainchant.einvoice.rules import header_table
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.verdict import LayerName
from plainchant.einvoice.verdict import check as judge
from plainchant.portal.codes import make_finding
from plainchant.portal.mandates.queries import in_force

from .parties import DraftParties
from .typed import Understood

# Term of EN 16931 → field of the form, where the engine's own findings are shown.
FIELD_OF_TERM = {
    "BT-1": "number",
    "BT-2": "issue_date",
    "BT-3": "type_code",
    "BT-5": "currency",
    "BT-8": "vat_regime",
    "BT-9": "issue_date",
    "BT-10": "buyer_service",
    "BT-12": "contract",
    "BT-13": "commitment",
    "BT-22": "comment",
    "BT-23": "billing_framework",
    "BT-25": "preceding_number",
    "BT-26": "preceding_date",
    "BT-46": "buyer",
    "BT-47": "buyer",
    "BT-72": "delivery_date",
    "BT-73": "delivery_date",
    "BT-74": "delivery_end",
    "BT-81": "payment_mode",
    "BT-84": "bank_account",
    "BT-97": "discount_reason",
    "BT-92": "discount",
    "BT-120": "exemption",
    "BT-121": "exemption",
}
_FIELD_OF_LINE_TERM = {
    "BT-129": "quantity",
    "BT-130": "unit",
    "BT-136": "discount",
    "BT-146": "price",
    "BT-151": "rate",
    "BT-152": "rate",
    "BT-153": "name",
    "BT-154": "description",
    "BT-155": "reference",
}
_LINE = re.compile(r"IncludedSupplyChainTradeLineItem(?:\[(\d+)\])?")
LAYERS: tuple[LayerName, ...] = ("wellformed", "schema", "chorus", "en16931")
# Chorus Pro wants the validator where EN 16931 has no place for one: said by the engine, mended by nobody.
# A transfer without an account, VAT without a number: said in the form's own words.
_KNOWN = frozenset({"BR-S-02", "CII-SR-351", "CII-SR-470", "XSD-PROFIL"})


def findings_on_sheet(*, understood: Understood, parties: DraftParties) -> Iterator[Finding]:
    """What only the supplier can mend: its account, its VAT number, its mandate."""
    seller = parties.seller
    if understood.values["payment_mode"] == "VIREMENT" and parties.account is None:
        yield make_finding(
            "SAISIE-COMPTE",
            "Choisissez le compte sur lequel être payé. S’il n’y en a pas encore, le gestionnaire de la structure "
            "l’ajoute dans sa fiche.",
            "bank_account",
        )
    if any(line.vat.code == "S" for line in understood.whole_lines) and not seller.vat_number:
        yield make_finding(
            "SAISIE-NUMERO-TVA",
            f"Vous facturez la TVA, mais la fiche de « {seller} » n’a pas de numéro de TVA. "
            "Son gestionnaire l’ajoute dans « Modifier la fiche ».",
            "vat_regime",
        )
    if in_force(structure=seller) is None:
        yield make_finding(
            "SAISIE-SANS-MANDAT",
            f"« {seller} » n’a pas de mandat de facturation en cours. Son gestionnaire doit en souscrire "
            "un ; votre brouillon vous attend.",
        )


def findings_of_engine(*, sheet: Sheet, day: date, layers: Collection[LayerName] = LAYERS) -> Iterator[Finding]:
    """The engine's verdict on the composed invoice, each finding beside the field of the form that mends it.

    Less what it says of the header: that is said of what was typed (`headers.findings_on_header`).
    """
    verdict = judge(write_cii(compose(sheet)), at=day, layers=layers)
    for layer in verdict.layers:
        for finding in layer.findings:
            if layer.name in layers and finding.rule not in _KNOWN and finding.rule not in header_table.RULES:
                yield replace(finding, field=_field_of(finding))


def _field_of(finding: Finding) -> str | None:
    line = _LINE.search(finding.path)
    if line:
        name = next((_FIELD_OF_LINE_TERM[term] for term in finding.terms if term in _FIELD_OF_LINE_TERM), "name")
        return f"lines-{int(line[1] or 1) - 1}-{name}"
    return next((FIELD_OF_TERM[term] for term in finding.terms if term in FIELD_OF_TERM), None)
