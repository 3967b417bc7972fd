"""Everything that would be refused of an entry, each finding beside the field that mends it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from plainchant.einvoice.codes.cadres import CADRE_OF, VALIDATED
from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.making.composing import Sheet, compose
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.verdict import LayerName
from plainchant.einvoice.verdict import check as judge
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mandates.queries import in_force
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import with_siret

from .models import Entry
from .preflight import preflight
from .queries import settings_of
from .sheets import sheet_of
from .typed import Understood, understand

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
_LAYERS: tuple[LayerName, ...] = ("wellformed", "schema", "chorus", "en16931")
# The document is drawn at sending: that it is not there yet is nobody's fault.
_NOT_YET = "CPRO-DOCUMENT-ABSENT"
# Chorus Pro wants the validator where EN 16931 has no place for one: said by the engine, mended by nobody.
# A transfer without an account, VAT without a number: said in the form's own words.
_KNOWN = frozenset({"BR-S-02", "CII-SR-351", "CII-SR-470", "XSD-PROFIL"})


@dataclass(frozen=True)
class Checked:
    """``sheet`` is there when the form could be wholly understood, whatever the findings."""

    told: Understood
    findings: list[Finding]
    sheet: Sheet | None

    @property
    def stops(self) -> list[Finding]:
        return refusals(self.findings)


def check(*, entry: Entry, at: datetime) -> Checked:
    """Every finding on an entry as it was last saved: what was typed, the portal's own, the engine's."""
    invoice = entry.invoice
    told = understand(entry.typed)
    findings = list(told.findings)
    seen = {finding.field for finding in findings}
    validator = _validator(told, invoice.seller, findings)
    if told.values["payment_mode"] == "VIREMENT" and invoice.bank_account is None:
        findings.append(
            Finding(
                "SAISIE-COMPTE",
                "Choisissez le compte sur lequel être payé. S’il n’y en a pas encore, le gestionnaire de la structure "
                "l’ajoute dans sa fiche.",
                "bank_account",
            )
        )
    if any(line.vat.code == "S" for line in told.whole_lines) and not invoice.seller.vat_number:
        findings.append(
            Finding(
                "SAISIE-NUMERO-TVA",
                f"Vous facturez la TVA, mais la fiche de « {invoice.seller} » n’a pas de numéro de TVA. "
                "Son gestionnaire l’ajoute dans « Modifier la fiche ».",
                "vat_regime",
            )
        )
    if in_force(structure=invoice.seller) is None:
        findings.append(
            Finding(
                "SAISIE-SANS-MANDAT",
                f"« {invoice.seller} » n’a pas de mandat de facturation en cours. Son gestionnaire doit en souscrire "
                "un ; votre brouillon vous attend.",
            )
        )
    for finding in preflight(invoice=invoice, at=at):
        # What could not be understood is empty in the row: its own sentence says it better.
        if finding.rule != _NOT_YET and (finding.field is None or finding.field not in seen):
            findings.append(finding)
    sheet = None
    if not refusals(told.findings) and invoice.buyer and told.values["number"] and told.values["issue_date"]:
        sheet = sheet_of(
            told=told,
            seller=invoice.seller,
            buyer=invoice.buyer,
            service=invoice.buyer_service,
            account=invoice.bank_account,
            validator=validator,
            settings=settings_of(structure=invoice.seller),
        )
        findings += _engine(sheet, at, {finding.field for finding in refusals(findings)})
    return Checked(told, findings, sheet)


def _validator(told: Understood, seller: Structure, findings: list[Finding]) -> Structure | None:
    if told.values["billing_framework"] not in VALIDATED:
        return None
    siret = re.sub(r"\D", "", told.values["validator"])
    found = with_siret(siret=siret) if siret else None
    if found is None:
        who = CADRE_OF[told.values["billing_framework"]].validator
        message = (
            f"Aucune structure du portail n’a le SIRET {siret}. Vérifiez-le auprès de l’entreprise qui doit valider."
            if siret
            else f"Indiquez le SIRET de qui valide cette facture avant l’acheteur : {who}."
        )
        findings.append(Finding("SAISIE-VALIDEUR", message, "validator"))
    elif found.pk == seller.pk:
        findings.append(
            Finding(
                "SAISIE-VALIDEUR",
                "On ne valide pas sa propre facture. Indiquez le SIRET de l’autre entreprise.",
                "validator",
            )
        )
        return None
    return found


def _engine(sheet: Sheet, at: datetime, seen: set[str | None]) -> list[Finding]:
    verdict = judge(write_cii(compose(sheet)), at=day_in_paris(at), layers=_LAYERS)
    found = []
    for layer in verdict.layers:
        for finding in layer.findings:
            if layer.name not in _LAYERS or finding.rule in _KNOWN:
                continue
            field = _field_of(finding)
            if field is None or field not in seen:
                found.append(replace(finding, field=field))
    return found


def _field_of(finding: Finding) -> str | None:
    line = _LINE.search(finding.path)
    if line:
        name = next((_FIELD_OF_LINE_TERM[term] for term in finding.terms if term in _FIELD_OF_LINE_TERM), "name")
        return f"lines-{int(line[1] or 1) - 1}-{name}"
    return next((FIELD_OF_TERM[term] for term in finding.terms if term in FIELD_OF_TERM), None)
