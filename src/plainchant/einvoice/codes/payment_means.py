"""Means of payment (BT-81, UNTDID 4461): how one calls them, and what Chorus Pro's API and pivot make of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentMeansRow:
    """``mode``: modePaiement of the API, with the ``choice`` a supplier reads; "" for what only files say.

    ``pivot``: the code in the pivot, which knows eight (G1.14).
    """

    code: str
    label: str
    pivot: str
    mode: str = ""
    choice: str = ""


TRANSFER, MUTUALLY_AGREED = "30", "1"
# Those of the API first, in the order in which they are offered.
PAYMENT_MEANS: tuple[PaymentMeansRow, ...] = (
    PaymentMeansRow(TRANSFER, "Virement", TRANSFER, "VIREMENT", "Virement sur mon compte bancaire"),
    PaymentMeansRow("20", "Chèque", "20", "CHEQUE", "Chèque"),
    PaymentMeansRow("49", "Prélèvement", "49", "PRELEVEMENT", "Prélèvement"),
    PaymentMeansRow("10", "Espèces", "10", "ESPECE", "Espèces"),
    PaymentMeansRow("97", "Compensation", "97", "REPORT", "Report ou compensation avec une autre facture"),
    PaymentMeansRow(MUTUALLY_AGREED, "Autre moyen", "97", "AUTRE", "Autre moyen, convenu avec l’acheteur"),
    PaymentMeansRow("31", "Virement", "31"),
    PaymentMeansRow("42", "Virement", "42"),
    PaymentMeansRow("48", "Carte bancaire", "48"),
    PaymentMeansRow("57", "Accord permanent", TRANSFER),
    PaymentMeansRow("58", "Virement SEPA", TRANSFER),
    PaymentMeansRow("59", "Prélèvement SEPA", "49"),
)
PAYMENT_MEANS_OF = {row.code: row for row in PAYMENT_MEANS}
PAYMENT_MODES = tuple(row for row in PAYMENT_MEANS if row.mode)
PAYMENT_MODE_OF = {row.mode: row for row in PAYMENT_MODES}
