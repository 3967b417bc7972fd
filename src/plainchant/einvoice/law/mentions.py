"""Sentences that an invoice to a public body must bear, by the subject code of their note (BT-21).

BR-FR-05 wants each of the three as a note of its own, under the subject codes of UNTDID 4451. Private buyers owe ten
points (code de commerce, art. L441-10); these sentences are for public ones.
"""

from __future__ import annotations

from plainchant.einvoice.codes.france import EARLY_PAYMENT, LATE_PENALTY, RECOVERY_FEE
from plainchant.einvoice.law.payment import LIMITS, POINTS, lump_sum

TO_PUBLIC_BUYERS = {
    LATE_PENALTY: "En cas de retard de paiement, intérêts moratoires dus de plein droit : taux directeur de la Banque "
    f"centrale européenne majoré de {POINTS[-1].amount} points (articles L2192-13 et R2192-31 du code de la commande "
    "publique).",
    RECOVERY_FEE: f"Indemnité forfaitaire pour frais de recouvrement en cas de retard : {lump_sum()} € "
    "(article D2192-35 du code de la commande publique).",
    EARLY_PAYMENT: "Pas d’escompte pour paiement anticipé.",
}
SOLE_TRADER = "EI"  # after the name of an individual entrepreneur (C. com., art. R526-27)
_ARTICLES = {row.days: row.article for row in LIMITS}


def payment_terms(days: int) -> str:
    """BT-20: the limit of a public buyer, a number of days of `payment.LIMITS`."""
    return (
        f"Paiement à {days} jours à compter de la réception de la demande de paiement "
        f"(article {_ARTICLES.get(days, 'R2192-10')} du code de la commande publique)."
    )


def already_paid() -> str:
    """BT-20 of an invoice that is settled (cadre A2)."""
    return "Facture déjà payée : rien ne reste dû."
