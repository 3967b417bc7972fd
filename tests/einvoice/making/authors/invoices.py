"""Invoices that tests make of an author's situations, through the composer. All people and bodies are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from plainchant.einvoice.law.french_vat import Regime, type_tva
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.einvoice.making.authors import SITUATION_OF, lines_for
from plainchant.einvoice.making.composing import Coding, Sheet, SheetLine, compose
from plainchant.einvoice.model import Invoice
from tests.einvoice.making.composing.sheets import AUTHOR, VISIT

D = Decimal
AT = date(2026, 11, 24)
MAINLAND = Territory.MAINLAND
_OF_A_SHEET = ("name", "description", "quantity", "unit", "price", "vat", "nature")

WORK = {
    "title": "Vague",
    "work_kind": "ceramic",
    "technique": "grès émaillé",
    "size": "40 × 30 × 12 cm",
    "year": "2026",
    "copies": "1",
    "price": "1 000,00",
}
RIGHTS = {
    "title": "Marées",
    "rights": ("reproduction", "representation"),
    "extent": "une affiche tirée à 500 exemplaires et le site de la ville",
    "purpose": "annoncer le festival 2027, sans vente",
    "place": "la France",
    "duration": "2 ans à partir du 1er janvier 2027",
    "price": "1000",
}
SHOW = {
    "exhibition": "Marées",
    "venue": "Médiathèque, Fable",
    "first_day": "2026-11-03",
    "last_day": "30/11/2026",
    "solo": "solo",
    "price": "1000",
}
SCHOOL = {
    "act": "WORKSHOP",
    "topic": "le grès",
    "place": "École des Tilleuls, Fable",
    "audience": "deux classes de CM2",
    "dates": "les 3 et 4 novembre 2026",
    "unit": "half-day",
    "sessions": "2",
    "price": "500",
}
COMMISSION = {
    **{name: value for name, value in RIGHTS.items() if name != "price"},
    "technique": "gravure sur bois",
    "work_price": "600",
    "rights_price": "300",
    "technical": "maquette et suivi d’impression",
    "technical_price": "100",
}
ANSWERS: dict[str, dict] = {
    "SALE": WORK,
    "RIGHTS": RIGHTS,
    "EXHIBITION": SHOW,
    "VISIT": SCHOOL,
    "COMMISSION": COMMISSION,
}


def sheet(
    code: str,
    *,
    regime: Regime = Regime.FRANCHISE,
    territory: Territory = MAINLAND,
    at: date = AT,
    **answers: object,
) -> Sheet:
    """A sheet of the situation's lines, for a seller whose numbers agree with the regime."""
    lines = lines_for(
        situation=SITUATION_OF[code],
        answers=ANSWERS[code] | answers,
        regime=regime,
        territory=territory,
        at=at,
    )
    is_taxed = any(line.vat.code == "S" for line in lines)
    return replace(
        VISIT,
        seller=replace(AUTHOR, vat_number="FR57902100015" if is_taxed else ""),
        lines=tuple(SheetLine(**{name: getattr(line, name) for name in _OF_A_SHEET}) for line in lines),
        vat_regime=type_tva((line.vat, line.nature) for line in lines),
        issue_date=at,
        delivery_date=at,
    )


def invoice(code: str, *, coding: Coding = Coding.CLASSIC, **changes: object) -> Invoice:
    return compose(sheet(code, **changes), coding=coding)  # type: ignore[arg-type]
