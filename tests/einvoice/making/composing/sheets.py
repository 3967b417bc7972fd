"""Sheets that tests compose: the plainest, and one a kind of what people enter. All people and bodies are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.making.composing import DeductedDeposit, DepositRate, Nature, Sheet, SheetLine, SheetParty
from plainchant.einvoice.model import VatCategory

D = Decimal
NO_VAT = VatCategory(
    code="E", rate=D(0), exemption_reason=EXEMPTION_OF[FRANCHISE].mention, exemption_reason_code=FRANCHISE
)


def taxed(rate: str) -> VatCategory:
    return VatCategory(code="S", rate=D(rate))


AUTHOR = SheetParty(
    name="Camille Rivet",
    siret="90210001500012",
    is_sole_trader=True,
    address_line="1 rue des Essais",
    postcode="31000",
    city="Toulouse",
    email="camille.rivet@example.org",
)
COMPANY = replace(AUTHOR, name="Atelier du Bac", is_sole_trader=False, vat_number="FR57902100015")
TOWN = SheetParty(
    name="Ville de Fable",
    siret="21990001600011",
    address_line="1 place du Marché",
    postcode="06999",
    city="Fable",
    service_code="CULT-01",
    service_name="Service culturel",
)

VISIT = Sheet(
    number="F-2026-001",
    issue_date=date(2026, 11, 20),
    seller=AUTHOR,
    buyer=TOWN,
    lines=(SheetLine(name="Rencontre avec une classe de CM2", quantity=D(1), price=D(250), vat=NO_VAT),),
    vat_regime="SANS_TVA",
    commitment="2026-EJ-0042",
    delivery_date=date(2026, 11, 10),
    iban="FR1420041010050500013M02606",
)
SCULPTURE = replace(
    VISIT,
    seller=COMPANY,
    lines=(
        SheetLine(name="« Vague », bronze 3/8", quantity=D(1), price=D(4200), vat=taxed("5.5"), nature=Nature.GOODS),
    ),
    vat_regime="TVA_SUR_DEBIT",
)
CREDIT = replace(VISIT, type_code="381", preceding_number="F-2026-000", preceding_date=date(2026, 10, 1))
MIXED = replace(
    VISIT,
    seller=COMPANY,
    lines=tuple(
        SheetLine(
            name=f"Poste {place}",
            quantity=D("1.5"),
            price=D("33.333333"),
            vat=taxed(("5.5", "10", "20")[place % 3]),
            discount=D("0.50"),
            nature=(Nature.GOODS, Nature.SERVICES)[place % 2],
        )
        for place in range(40)
    ),
    discount=D("10.01"),
    discount_reason="Geste commercial",
    vat_regime="TVA_SUR_ENCAISSEMENT",
)
PAID = replace(VISIT, billing_framework="A2")
PAID_NOTHING = replace(
    PAID, lines=(*VISIT.lines, *(replace(line, quantity=-line.quantity) for line in VISIT.lines)), discount=D("0")
)
SUBCONTRACTED = replace(
    VISIT,
    seller=COMPANY,
    billing_framework="A9",
    validator=SheetParty(
        name="Grand Chantier SA", siret="38877766600057", address_line="2 quai", postcode="06000", city="Nice"
    ),
    lines=(SheetLine(name="Montage des cimaises", quantity=D(3), unit="DAY", price=D(400), vat=taxed("20")),),
    vat_regime="TVA_SUR_DEBIT",
)
OVER_A_WEEK = replace(VISIT, delivery_end=date(2026, 11, 14), comment="Merci de votre accueil.")

# -- An advance, what is left of the work, and a part that was paid without an invoice

DEPOSIT = replace(MIXED, type_code="386", number="F-2026-010", delivery_date=None, delivery_end=None, discount=D(0))
FINAL = replace(
    SCULPTURE,
    number="F-2026-011",
    deposits=(
        DeductedDeposit(
            number="F-2026-009",
            issue_date=date(2026, 3, 3),
            rates=(DepositRate(vat=SCULPTURE.lines[0].vat, net=D("300.10")),),
        ),
    ),
)
FINAL_OF_TWO = replace(
    MIXED,
    number="F-2026-012",
    deposits=tuple(
        DeductedDeposit(
            number=number,
            issue_date=date(2026, 3, 3),
            rates=tuple(DepositRate(vat=line.vat, net=D("10.33")) for line in MIXED.lines),
        )
        for number in ("F-2026-007", "F-2026-008")
    ),
)
FINAL_WITHOUT_VAT = replace(
    VISIT,
    number="F-2026-013",
    deposits=(
        DeductedDeposit(
            number="F-2026-006",
            issue_date=date(2026, 3, 3),
            rates=(DepositRate(vat=VISIT.lines[0].vat, net=D(100)),),
        ),
    ),
)
PARTLY_PAID = replace(VISIT, number="F-2026-014", prepaid=D("120.50"), prepaid_date=date(2026, 3, 3))

SHEETS = {
    "deposit": DEPOSIT,
    "final": FINAL,
    "final of two deposits": FINAL_OF_TWO,
    "final without VAT": FINAL_WITHOUT_VAT,
    "partly paid": PARTLY_PAID,
    "visit": VISIT,
    "sculpture": SCULPTURE,
    "credit": CREDIT,
    "mixed": MIXED,
    "paid": PAID,
    "paid nothing": PAID_NOTHING,
    "subcontracted": SUBCONTRACTED,
    "over a week": OVER_A_WEEK,
}
