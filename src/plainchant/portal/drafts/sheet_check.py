"""What a sheet typed on screen must say besides: a mandate, who validates, an account, and the engine's own verdict."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from plainchant.einvoice.codes.cadres import CADRE_OF, VALIDATED
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import IdentifierError, clean_siret, siret_in
from plainchant.einvoice.making.composing import Sheet, compose
from plainchant.einvoice.rules import header_table
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.verdict import LayerName
from plainchant.einvoice.verdict import check as judge
from plainchant.portal.codes import make_finding
from plainchant.portal.mandates.queries import in_force
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import notice_addresses, with_identifier

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


def findings_on_sheet(
    *, understood: Understood, parties: DraftParties, validator: Structure | None
) -> Iterator[Finding]:
    """What only the supplier can mend: its validator, its account, its VAT number, its mandate."""
    seller = parties.seller
    if understood.values["billing_framework"] in VALIDATED:
        yield from _on_validator(understood, seller, validator)
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


def validator_of(understood: Understood) -> Structure | None:
    """Who must approve before the buyer, where the framework wants somebody."""
    siret = siret_in(understood.values["validator"])
    if understood.values["billing_framework"] not in VALIDATED or siret is None:
        return None
    return with_identifier(identifier=siret)


def _on_validator(understood: Understood, seller: Structure, validator: Structure | None) -> Iterator[Finding]:
    typed = understood.values["validator"]
    if not typed:
        who = CADRE_OF[understood.values["billing_framework"]].validator
        message = f"Indiquez le SIRET de qui valide cette facture avant l’acheteur : {who}."
        yield make_finding("SAISIE-VALIDEUR", message, "validator")
        return
    try:
        siret = clean_siret(typed)
    except IdentifierError as error:
        yield make_finding("SAISIE-FORME", error.sentence, "validator")
        return
    if validator is None:
        message = (
            f"Aucune structure du portail n’a le SIRET {siret}. Vérifiez-le auprès de l’entreprise qui doit valider."
        )
        yield make_finding("SAISIE-VALIDEUR-INCONNU", message, "validator")
    elif validator.pk == seller.pk:
        yield make_finding(
            "SAISIE-VALIDEUR-SOI",
            "On ne valide pas sa propre facture. Indiquez le SIRET de l’autre entreprise.",
            "validator",
        )
    elif not notice_addresses(structure=validator, right=Right.SEE):
        yield make_finding(
            "SAISIE-VALIDEUR-INJOIGNABLE",
            f"Personne de « {validator} » ne peut être averti : la structure n’a ni membre ni courriel ici. "
            "Demandez-lui de s’y inscrire, puis envoyez votre facture.",
            "validator",
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
