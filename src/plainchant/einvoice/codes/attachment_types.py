"""What a document that goes with an invoice is: everyday words, Chorus Pro's role, the reform's kind (BT-123).

Chorus Pro gives its list of types at run time (`recuperer/typespj`); of its codes only the pivot's two are published,
01 for the invoice and 02 for what accompanies it. The kinds are the closed list of BR-FR-17 (XP Z12-012).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COMPLEMENT = "02"  # Chorus Pro: pièce complémentaire


class Validity(StrEnum):
    """How long a document of a type holds."""

    FOR_EVER = "for_ever"
    CIVIL_YEAR = "civil_year"  # from 1 January to 31 December
    DATED = "dated"  # as it says itself


@dataclass(frozen=True, slots=True)
class AttachmentType:
    code: str
    label: str
    hint: str  # what it is for, and for how long
    kind: str  # BT-123
    validity: Validity = Validity.FOR_EVER
    role: str = COMPLEMENT


ATTACHMENT_TYPES: tuple[AttachmentType, ...] = (
    AttachmentType("RIB", "RIB", "Vos coordonnées bancaires, données par votre banque.", "RIB"),
    AttachmentType(
        "DISPENSE_PRECOMPTE",
        "Dispense de précompte",
        "Donnée chaque année par l’Urssaf aux artistes-auteurs ; elle vaut pour une année civile.",
        "DOCUMENT_ANNEXE",
        Validity.CIVIL_YEAR,
    ),
    AttachmentType("BON_COMMANDE", "Bon de commande", "Celui que l’acheteur vous a donné.", "BON_COMMANDE"),
    AttachmentType("BON_LIVRAISON", "Bon de livraison", "Signé à la remise.", "BON_LIVRAISON"),
    AttachmentType("CONTRAT", "Contrat ou convention", "Avec la cession de droits s’il y en a une.", "DOCUMENT_ANNEXE"),
    AttachmentType("DEVIS", "Devis accepté", "Daté et signé par l’acheteur.", "DOCUMENT_ANNEXE"),
    AttachmentType(
        "ATTESTATION_VIGILANCE",
        "Attestation de vigilance",
        "Donnée par l’Urssaf ; elle vaut six mois.",
        "DOCUMENT_ANNEXE",
        Validity.DATED,
    ),
    AttachmentType(
        "ATTESTATION_FISCALE",
        "Attestation de régularité fiscale",
        "Donnée par le service des impôts.",
        "DOCUMENT_ANNEXE",
        Validity.DATED,
    ),
    AttachmentType(
        "ATTESTATION_ASSURANCE",
        "Attestation d’assurance",
        "Responsabilité civile ou décennale, pour la durée qu’elle indique.",
        "DOCUMENT_ANNEXE",
        Validity.DATED,
    ),
    AttachmentType(
        "IMMATRICULATION",
        "Extrait Kbis ou avis de situation Sirene",
        "Souvent demandé de moins de trois mois.",
        "DOCUMENT_ANNEXE",
        Validity.DATED,
    ),
    AttachmentType("AUTRE", "Autre document", "", "DOCUMENT_ANNEXE"),
)
ATTACHMENT_TYPE_OF = {kind.code: kind for kind in ATTACHMENT_TYPES}
