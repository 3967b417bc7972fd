"""Cadres de facturation (BT-23): who invoices, and in which procedure.

Sources: Chorus Pro's pivot schema V2_02, which has no A11; XP Z12-012 and BR-FR-CPRO-24 for what the reform writes
instead. The reform's own codes are in `france.CADRES`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .france import CADRES as REFORM_CADRES
from .france import PAID_CADRES
from .works import BEGINNINGS, WORKS_PIECE_OF


@dataclass(frozen=True, slots=True)
class Circuit:
    """The way of an invoice to who pays it. ``through``: who has his say before the buyer.

    ``is_carried``: the portal takes it that whole way. A cadre of another circuit is refused, however it comes.
    """

    through: str = ""
    is_carried: bool = False


DIRECT = Circuit(is_carried=True)
VALIDATION = Circuit("un valideur", is_carried=True)
WORKS = Circuit("le maître d’œuvre et le maître d’ouvrage", is_carried=True)
WORKS_ELSEWHERE = Circuit("le maître d’œuvre et le maître d’ouvrage")  # `works` does not know its way


@dataclass(frozen=True, slots=True)
class Cadre:
    """``choice``: what a supplier answers to « qui facture ? »; ``deposit_choice``, where a document is handed in.

    ``validators``: who has his say before the buyer, in order; the supplier names the first of them, and the first the
    second where there is one. ``reform``: the code the reform has for it, where what is sold does not decide.
    """

    code: str
    label: str
    circuit: Circuit
    choice: str = ""
    deposit_choice: str = ""
    is_paid: bool = False
    validators: tuple[str, ...] = ()
    reform: str = ""


ORDINARY, PAID = "A1", "A2"
_PAID = "La facture est déjà payée, par carte d’achat par exemple"
_SUB, _CO = "Je suis sous-traitant, payé directement par l’acheteur", "Je suis cotraitant d’un groupement"


def _works(code: str, label: str) -> Cadre:
    return Cadre(code, label, WORKS if WORKS_PIECE_OF[code].goes_to else WORKS_ELSEWHERE)


CADRES: tuple[Cadre, ...] = (
    Cadre(ORDINARY, "Facture d’un fournisseur", DIRECT, "Je facture mon travail à l’acheteur", "La facture reste à payer"),
    Cadre(PAID, "Facture déjà payée", DIRECT, _PAID, _PAID, is_paid=True),
    Cadre("A3", "Mémoire de frais de justice", DIRECT),
    _works("A4", "Projet de décompte mensuel"),
    _works("A5", "État d’acompte"),
    _works("A6", "État d’acompte validé"),
    _works("A7", "Projet de décompte final"),
    _works("A8", "Décompte général et définitif"),
    Cadre("A9", "Facture d’un sous-traitant", VALIDATION, _SUB, _SUB, validators=("le titulaire du marché", "le mandataire du groupement"), reform="S3"),
    _works("A10", "Demande de paiement d’un sous-traitant"),
    Cadre("A12", "Facture d’un cotraitant", VALIDATION, _CO, _CO, validators=("le mandataire du groupement",), reform="S6"),
    _works("A13", "Projet de décompte mensuel d’un cotraitant"),
    _works("A14", "Projet de décompte final d’un cotraitant"),
    _works("A15", "État d’acompte du maître d’œuvre"),
    _works("A16", "État d’acompte validé du maître d’œuvre"),
    _works("A17", "Projet de décompte général du maître d’œuvre"),
    _works("A18", "Décompte général du maître d’œuvre"),
    _works("A19", "État d’acompte validé du maître d’ouvrage"),
    _works("A20", "Décompte général du maître d’ouvrage"),
    Cadre("A21", "Demande de remboursement de taxe intérieure de consommation", DIRECT),
    _works("A22", "Projet de décompte général tacite"),
    _works("A23", "Décompte général et définitif tacite"),
    _works("A24", "Décompte général et définitif du maître d’œuvre"),
    _works("A25", "Décompte général et définitif du maître d’ouvrage"),
)  # fmt: skip
CADRE_OF = {row.code: row for row in CADRES}
OF_SUBCONTRACTOR = "A9"  # who is paid directly, once the main contractor agrees
# What the API calls them (codeCadreFacturation): the code, then words of its own.
API_NAMES = (
    "A1_FACTURE_FOURNISSEUR",
    "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE",
    "A3_MEMOIRE_JUSTICE",
    "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR",
    "A5_ETAT_ACOMPTE_FOURNISSEUR",
    "A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR",
    "A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR",
    "A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR",
    "A9_FACTURE_SOUSTRAITANT",
    "A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT",
    "A11_PROJET_DECOMPTE_FINAL_SOUSTRAITANT",
    "A12_FACTURE_COTRAITANT",
    "A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT",
    "A14_PROJET_DECOMPTE_FINAL_COTRAITANT",
    "A15_ETAT_ACOMPTE_MOE",
    "A16_ETAT_ACOMPTE_VALIDE_MOE",
    "A17_PROJET_DECOMPTE_GENERAL_MOE",
    "A18_DECOMPTE_GENERAL_MOE",
    "A19_ETAT_ACOMPTE_VALIDE_MOA",
    "A20_DECOMPTE_GENERAL_MOA",
    "A21_DEMANDE_REMBOURSEMENT_TIC",
    "A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE",
    "A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR",
    "A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE",
    "A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE",
)
API_NAME_OF = {name.partition("_")[0]: name for name in API_NAMES}
WITHOUT_CADRE = "SANS_CADRE_DE_FACTURATION"  # the API's name for an invoice in a cadre that it does not have
# What a form offers, as pairs of a code and what one reads: for an invoice made on screen, and for one handed in.
_WORKS_CHOICES = tuple((row.code, f"{row.choice} (cadre {row.code})") for row in BEGINNINGS)
ENTERED = (*((row.code, f"{row.choice} (cadre {row.code})") for row in CADRES if row.choice), *_WORKS_CHOICES)
DEPOSITED = (
    *((row.code, f"{row.deposit_choice} (cadre {row.code})") for row in CADRES if row.deposit_choice),
    *_WORKS_CHOICES,
)
VALIDATED = frozenset(row.code for row in CADRES if row.validators)

# The reform's codes (XP Z12-012, BT-23) are two signs: what is sold, then what kind of invoice it is.
_SOLD = {"B": "biens", "S": "services", "M": "biens et services"}
_REFORM = {
    "1": "Facture d’un fournisseur",
    "2": "Facture déjà payée",
    "3": "Facture d’un sous-traitant",
    "4": "Facture définitive, après acompte",
    "5": "Facture d’un sous-traitant",
    "6": "Facture d’un cotraitant",
    "7": "Facture dont la TVA a déjà été déclarée",
    "8": "Facture de plusieurs vendeurs",
    "9": "Facture de plusieurs vendeurs, dans les deux sens",
}


def api_name(cadre: str) -> str:
    """What the API calls a cadre of either coding; WITHOUT_CADRE where it has none for it."""
    if cadre in REFORM_CADRES:
        usual = {"1": ORDINARY, "2": PAID}.get(cadre[1], "")
        cadre = next((row.code for row in CADRES if row.reform == cadre), usual)
    return API_NAME_OF.get(cadre, WITHOUT_CADRE)


def code_of_api_name(name: str) -> str:
    """« A1_FACTURE_FOURNISSEUR » → A1; "" for a name that the API does not have."""
    return name.partition("_")[0] if name in API_NAMES else ""


def label_of(cadre: str) -> str:
    """What an invoice of that cadre, of either coding, is called; "" for a code that neither has."""
    if cadre in CADRE_OF:
        return CADRE_OF[cadre].label
    return f"{_REFORM[cadre[1]]} ({_SOLD[cadre[0]]})" if cadre in REFORM_CADRES else ""


def is_paid(cadre: str) -> bool:
    """Whether an invoice of that cadre, of either coding, was settled before it is sent: no delay runs."""
    row = CADRE_OF.get(cadre)
    return row.is_paid if row is not None else cadre in PAID_CADRES
