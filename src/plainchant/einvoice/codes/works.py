"""The pieces of a works contract: who makes which from which, and who acts next. A circuit is rows here, not code.

Sources: the cadres and the types (typeFactureTravaux) of Chorus Pro's public Swagger; the monthly and the final circuit as its
guides tell them (A4, A15, A19; A7, A17, A20, A8); CCAG Travaux 2021, art. 12.3 and 12.4. ``is_sure``: a public source
says it; else it is inferred from the name of the piece and from the CCAG. The attributes of the pivot's schema give A19,
A20 and A25 to other actors than the API does; the API is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WorksActor(StrEnum):
    """Who makes a piece, or has it next."""

    SUPPLIER = "supplier"
    MOE = "moe"  # maître d'œuvre: directs the works for the owner
    MOA = "moa"  # maître d'ouvrage: for whom they are done
    PAYER = "payer"  # to whom a piece goes as any invoice does


ACTOR_NAMES = {
    WorksActor.SUPPLIER: "le titulaire du marché",
    WorksActor.MOE: "le maître d’œuvre",
    WorksActor.MOA: "le maître d’ouvrage",
    WorksActor.PAYER: "le payeur",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksPiece:
    """One cadre of works. ``name`` is masculine, as all of them are; ``type`` is the typeFactureTravaux of the wire.

    ``answers``: the cadres that it is made from; none of a piece that begins a dossier. ``goes_to``: who has it next,
    None where this portal does not have its circuit, and ``mend`` says what to do then. ``replaces``: what it answers
    is set aside. ``after_days``: how long the others must have been silent before it can be made.
    ``delay_from_first``: the payment delay runs from when the dossier's first piece was received, not this one.
    """

    code: str
    name: str
    type: str
    made_by: WorksActor
    goes_to: WorksActor | None
    answers: tuple[str, ...] = ()
    suffix: str = ""  # proposed behind the number of the first piece
    choice: str = ""  # what a supplier answers to « qui facture ? »
    mend: str = ""
    replaces: bool = False
    after_days: int = 0
    is_tacit: bool = False
    delay_from_first: bool = False
    is_sure: bool = True
    source: str = "Swagger, guides"

    @property
    def begins(self) -> bool:
        """Whether a supplier may deposit it: it is made from no other piece."""
        return self.goes_to is not None and not self.answers

    @property
    def needs_moe(self) -> bool:
        return self.goes_to is WorksActor.MOE

    @property
    def is_paid(self) -> bool:
        """Whether the payer has it next, as any invoice."""
        return self.goes_to is WorksActor.PAYER


_A = WorksActor
_BEGINS_ELSEWHERE = "Elle commence par une pièce A4, A5 ou A7 : les suivantes se font de l’une à l’autre."
_OF_A_GROUP = "Aucune source publique ne dit par qui passe cette pièce. Le titulaire la joint à son propre projet de décompte (A4 ou A7), ou elle se dépose sur Chorus Pro."

WORKS_PIECES: tuple[WorksPiece, ...] = (
    WorksPiece(code="A4", name="Projet de décompte mensuel", type="PROJET_DECOMPTE_MENSUEL", made_by=_A.SUPPLIER, goes_to=_A.MOE, choice="Travaux : mon projet de décompte du mois"),
    WorksPiece(code="A5", name="État d’acompte", type="ETAT_ACOMPTE", made_by=_A.SUPPLIER, goes_to=_A.MOA, choice="Travaux sans maître d’œuvre : mon état d’acompte", is_sure=False, source="Swagger ; nom de la pièce"),
    WorksPiece(code="A6", name="État d’acompte validé", type="ETAT_ACOMPTE_VALIDE", made_by=_A.SUPPLIER, goes_to=None, mend=_BEGINS_ELSEWHERE, is_sure=False),
    WorksPiece(code="A7", name="Projet de décompte final", type="PROJET_DECOMPTE_FINAL", made_by=_A.SUPPLIER, goes_to=_A.MOE, choice="Travaux : mon projet de décompte final"),
    WorksPiece(code="A8", name="Décompte général et définitif", type="DECOMPTE_GENERAL_SIGNE", made_by=_A.SUPPLIER, goes_to=_A.PAYER, answers=("A20",), suffix="DGD"),
    WorksPiece(code="A10", name="Demande de paiement de sous-traitant", type="DP_DE_SOUSTRAITANT_TRAVAUX", made_by=_A.SUPPLIER, goes_to=None, mend=_OF_A_GROUP, is_sure=False),
    WorksPiece(code="A13", name="Projet de décompte mensuel de cotraitant", type="PROJET_DECOMPTE_MENSUEL", made_by=_A.SUPPLIER, goes_to=None, mend=_OF_A_GROUP, is_sure=False),
    WorksPiece(code="A14", name="Projet de décompte final de cotraitant", type="PROJET_DECOMPTE_FINAL", made_by=_A.SUPPLIER, goes_to=None, mend=_OF_A_GROUP, is_sure=False),
    WorksPiece(code="A15", name="État d’acompte", type="ETAT_ACOMPTE", made_by=_A.MOE, goes_to=_A.MOA, answers=("A4",), suffix="EA"),
    WorksPiece(code="A16", name="État d’acompte validé", type="ETAT_ACOMPTE_VALIDE", made_by=_A.MOE, goes_to=None, mend=_BEGINS_ELSEWHERE, is_sure=False),
    WorksPiece(code="A17", name="Projet de décompte général", type="PROJET_DECOMPTE_GENERAL", made_by=_A.MOE, goes_to=_A.MOA, answers=("A7",), suffix="PDG"),
    WorksPiece(code="A18", name="Décompte général", type="DECOMPTE_GENERAL", made_by=_A.MOE, goes_to=None, mend=_BEGINS_ELSEWHERE, is_sure=False),
    WorksPiece(code="A19", name="État d’acompte validé", type="ETAT_ACOMPTE_VALIDE", made_by=_A.MOA, goes_to=_A.PAYER, answers=("A15", "A5"), suffix="EAV", delay_from_first=True),
    WorksPiece(code="A20", name="Décompte général", type="DECOMPTE_GENERAL", made_by=_A.MOA, goes_to=_A.SUPPLIER, answers=("A17",), suffix="DG"),
    WorksPiece(code="A22", name="Projet de décompte général tacite", type="PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE", made_by=_A.SUPPLIER, goes_to=_A.MOA, answers=("A7", "A17"), suffix="PDGT", replaces=True, after_days=30, is_tacit=True, is_sure=False, source="CCAG Travaux 2021, 12.4.4"),
    WorksPiece(code="A23", name="Décompte général et définitif tacite", type="DECOMPTE_GENERAL_DEFINITIF_TACITE", made_by=_A.SUPPLIER, goes_to=_A.PAYER, answers=("A22",), suffix="DGDT", after_days=10, is_tacit=True, is_sure=False, source="CCAG Travaux 2021, 12.4.4"),
    WorksPiece(code="A24", name="Décompte général et définitif", type="DECOMPTE_GENERAL_DEFINITIF_TACITE", made_by=_A.MOE, goes_to=_A.PAYER, answers=("A22",), suffix="DGD", is_tacit=True, is_sure=False, source="Swagger ; CCAG Travaux 2021, 12.4.4"),
    WorksPiece(code="A25", name="Décompte général et définitif", type="DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE", made_by=_A.MOA, goes_to=_A.PAYER, answers=("A22",), suffix="DGD", is_tacit=True, is_sure=False, source="pivot V2_02 ; CCAG Travaux 2021, 12.4.4"),
)  # fmt: skip
WORKS_PIECE_OF = {row.code: row for row in WORKS_PIECES}
WORKS = frozenset(WORKS_PIECE_OF)
BEGINNINGS = tuple(row for row in WORKS_PIECES if row.begins)


def made_from(cadre: str, *, by: WorksActor) -> tuple[WorksPiece, ...]:
    """What ``by`` may make from a piece of that cadre; nothing where it is not that one's turn, or it is none of works."""
    return tuple(row for row in WORKS_PIECES if cadre in row.answers and row.made_by is by and row.goes_to is not None)
