"""How an entered invoice is to be paid (modePaiement of the Chorus Pro API), with its code in EN 16931 (BT-81)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentMode:
    """``code``: UNTDID 4461, among those Chorus Pro takes (S2.05)."""

    name: str
    code: str
    label: str


PAYMENT_MODES: tuple[PaymentMode, ...] = (
    PaymentMode("VIREMENT", "30", "Virement sur mon compte bancaire"),
    PaymentMode("CHEQUE", "20", "Chèque"),
    PaymentMode("PRELEVEMENT", "49", "Prélèvement"),
    PaymentMode("ESPECE", "10", "Espèces"),
    PaymentMode("REPORT", "97", "Report ou compensation avec une autre facture"),
    PaymentMode("AUTRE", "1", "Autre moyen, convenu avec l’acheteur"),
)
PAYMENT_MODE_OF = {row.name: row for row in PAYMENT_MODES}
