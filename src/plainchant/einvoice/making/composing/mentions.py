"""What the law wants written on an invoice to a public body, one row a mention.

Sources: code de commerce L441-9 and D441-5 (mentions, 40 €), code de la commande publique L2192-10 ff., R2192-10 and
R2192-11 (limits), R2192-31 (rate: ECB + 8 points, not the + 10 of private contracts), D2192-35 (40 €), L2192-13.
BR-FR-05 wants each of the three as a note of its own, under the subject codes of UNTDID 4451.
"""

from __future__ import annotations

from plainchant.einvoice.codes.france import EARLY_PAYMENT, LATE_PENALTY, RECOVERY_FEE
from plainchant.einvoice.model import Note

LATE_INTEREST = Note(
    subject_code=LATE_PENALTY,
    text=(
        "En cas de retard de paiement, intérêts moratoires dus de plein droit : taux directeur de la Banque centrale "
        "européenne majoré de 8 points (articles L2192-13 et R2192-31 du code de la commande publique)."
    ),
)
FLAT_FEE = Note(
    subject_code=RECOVERY_FEE,
    text=(
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 € "
        "(article D2192-35 du code de la commande publique)."
    ),
)
NO_DISCOUNT = Note(subject_code=EARLY_PAYMENT, text="Pas d’escompte pour paiement anticipé.")
MENTIONS = (LATE_INTEREST, FLAT_FEE, NO_DISCOUNT)

_UNDERTAKINGS = 60  # days
SOLE_TRADER = "EI"  # after the name of an individual entrepreneur (code de commerce R526-27)


def payment_terms(days: int) -> str:
    """BT-20: the legal limit of a public buyer (CCP R2192-10: 30 days, 50 in health; R2192-11: 60, undertakings)."""
    article = "R2192-11" if days == _UNDERTAKINGS else "R2192-10"
    return (
        f"Paiement à {days} jours à compter de la réception de la demande de paiement "
        f"(article {article} du code de la commande publique)."
    )


def already_paid() -> str:
    """BT-20 of an invoice that is settled (cadre A2)."""
    return "Facture déjà payée : rien ne reste dû."
