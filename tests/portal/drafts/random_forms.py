"""Forms that people might fill in, seeded: any lines, rates, discounts, regimes and frameworks that make an invoice."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from plainchant.einvoice.codes.units import OFFERED
from plainchant.einvoice.law.exemptions import EXEMPTIONS

RATES = ("20", "10", "5,5", "2,1", "8,5", "1,05")
WORDS = (
    "atelier rencontre affiche livret bronze dessin lecture pose cadre photographie édition maquette œuvre n°3".split()
)
EXEMPT = tuple(row.code for row in EXEMPTIONS if row.category == "E")


def form(seed: int) -> dict[str, Any]:
    """What somebody typed. The same seed gives the same form."""
    dice = random.Random(seed)
    regime = dice.choice(("SANS_TVA", "EXONERATION", "TVA_SUR_DEBIT", "TVA_SUR_ENCAISSEMENT", "TVA_SUR_DEBIT"))
    lines = [_line(dice, regime) for _ in range(dice.choice((1, 1, 2, 3, 5, 8, 40)))]
    is_credit = dice.random() < 0.15
    is_paid = not is_credit and dice.random() < 0.1
    fields = {
        "number": f"R-{seed}",
        "issue_date": dice.choice(("02/11/2026", "2 novembre 2026", "2026-11-02")),
        "delivery_date": dice.choice(("", "15/10/2026")),
        "type_code": "381" if is_credit else "380",
        "preceding_number": "R-0" if is_credit else "",
        "preceding_date": "01/10/2026" if is_credit else "",
        "billing_framework": "A2" if is_paid else "A1",
        "vat_regime": regime,
        "exemption": dice.choice(EXEMPT) if regime == "EXONERATION" else "",
        "payment_mode": dice.choice(("VIREMENT", "VIREMENT", "CHEQUE", "ESPECE", "REPORT")),
        "commitment": dice.choice(("", "EJ-2026-0042")),
        "comment": dice.choice(("", "Merci & à bientôt <3", "« Voir convention »")),
    }
    if dice.random() < 0.3:
        fields |= {"discount": _amount(dice, dice.randint(1, 300)), "discount_reason": "Geste commercial"}
    return {"fields": fields, "lines": lines}


def _line(dice: random.Random, regime: str) -> dict[str, str]:
    bears_tax = regime.startswith("TVA")
    quantity = dice.choice((Decimal(1), Decimal(dice.randint(1, 500)), Decimal(dice.randint(1, 99_999)) / 10_000))
    price = Decimal(dice.randint(0, 10 ** dice.randint(2, 9))) / 10 ** dice.choice((2, 2, 2, 3, 6))
    if dice.random() < 0.05:
        quantity = -quantity
    gross = abs(quantity * price)
    discount = _amount(dice, int(gross * 10)) if dice.random() < 0.2 and gross >= 10 else ""
    return {
        "name": " ".join(dice.choices(WORDS, k=dice.randint(1, 8))),
        "description": dice.choice(("", "Le 15 octobre, à l’école <des> Tilleuls & ailleurs")),
        "quantity": _written(dice, quantity),
        "unit": dice.choice(OFFERED).code,
        "price": _written(dice, price),
        "discount": discount if quantity > 0 else "",
        "rate": dice.choice(RATES) if bears_tax else "",
        "nature": dice.choice(("S", "B")),
    }


def _amount(dice: random.Random, most_cents: int) -> str:
    return _written(dice, Decimal(dice.randint(1, max(most_cents, 1))) / 100)


def _written(dice: random.Random, value: Decimal) -> str:
    """As people write it: with a comma or a point, thousands apart or not."""
    text = f"{value:f}"
    if dice.random() < 0.3 and abs(value) >= 1000:
        text = f"{value:,f}".replace(",", "\u202f")
    return text.replace(".", ",") if dice.random() < 0.8 else text
