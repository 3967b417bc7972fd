"""Cadres de facturation (BT-23): who invoices, and in which procedure.

Sources: Chorus Pro's pivot schema V2_02, which has no A11; XP Z12-012 and BR-FR-CPRO-24 for what the reform writes
instead. The reform's own codes are in `france.CADRES`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cadre:
    """``choice``: what a supplier answers to « qui facture ? »; ``deposit_choice``, where a document is handed in.

    ``validator``: who checks the invoice before the buyer. ``reform``: the code the reform has for it, where what is
    sold does not decide.
    """

    code: str
    label: str
    choice: str = ""
    deposit_choice: str = ""
    is_paid: bool = False
    validator: str = ""
    reform: str = ""


ORDINARY, PAID = "A1", "A2"
_PAID = "La facture est déjà payée, par carte d’achat par exemple"

CADRES: tuple[Cadre, ...] = (
    Cadre(ORDINARY, "Facture d’un fournisseur", "Je facture mon travail à l’acheteur", "La facture reste à payer"),
    Cadre(PAID, "Facture déjà payée", _PAID, _PAID, is_paid=True),
    Cadre("A3", "Mémoire de frais de justice"),
    Cadre("A4", "Projet de décompte mensuel"),
    Cadre("A5", "État d’acompte"),
    Cadre("A6", "État d’acompte validé"),
    Cadre("A7", "Projet de décompte final"),
    Cadre("A8", "Décompte général et définitif"),
    Cadre("A9", "Facture d’un sous-traitant", "Je suis sous-traitant, payé directement par l’acheteur", validator="le titulaire du marché", reform="S3"),
    Cadre("A10", "Demande de paiement d’un sous-traitant"),
    Cadre("A12", "Facture d’un cotraitant", "Je suis cotraitant d’un groupement", validator="le mandataire du groupement", reform="S6"),
    Cadre("A13", "Projet de décompte mensuel d’un cotraitant"),
    Cadre("A14", "Projet de décompte final d’un cotraitant"),
    Cadre("A15", "État d’acompte du maître d’œuvre"),
    Cadre("A16", "État d’acompte validé du maître d’œuvre"),
    Cadre("A17", "Projet de décompte général du maître d’œuvre"),
    Cadre("A18", "Décompte général du maître d’œuvre"),
    Cadre("A19", "État d’acompte validé du maître d’ouvrage"),
    Cadre("A20", "Décompte général du maître d’ouvrage"),
    Cadre("A21", "Demande de remboursement de taxe intérieure de consommation"),
    Cadre("A22", "Projet de décompte général tacite"),
    Cadre("A23", "Décompte général et définitif tacite"),
    Cadre("A24", "Décompte général et définitif du maître d’œuvre"),
    Cadre("A25", "Décompte général et définitif du maître d’ouvrage"),
)  # fmt: skip
CADRE_OF = {row.code: row for row in CADRES}
# What a form offers, as pairs of a code and what one reads: for an invoice made on screen, and for one handed in.
ENTERED = tuple((row.code, f"{row.choice} (cadre {row.code})") for row in CADRES if row.choice)
DEPOSITED = tuple((row.code, f"{row.deposit_choice} (cadre {row.code})") for row in CADRES if row.deposit_choice)
VALIDATED = frozenset(row.code for row in CADRES if row.validator)


def is_paid(cadre: str) -> bool:
    """Whether an invoice of that cadre was settled before it is sent: nothing is due, no delay runs."""
    row = CADRE_OF.get(cadre)
    return row is not None and row.is_paid
