"""The statuses of an invoice that Chorus Pro has, of whatever circuit, and the numbers of its EDI: one registry.

Codes: the public Swagger of Chorus Pro (a demande de paiement's `statut`). Numbers: the schema of statuses V1_19 names 01 to
12 and 90 to 96 and allows 13 to 41; what is known of those comes from integrators. A number that no public source gives
to one code is None, with `note` for what is known. What this portal does with a status: `portal.invoices.lifecycle`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusCode:
    """``code`` on the wire, ``label`` on the screen, ``edi`` the number of the EDI, None where no source gives one."""

    code: str
    label: str
    edi: str | None = None
    note: str = ""


_NEVER = "ne quitte pas le portail"
_ONE_OF = "un de 13 à 18 ou de 23 à 26 : aucune source publique ne dit lequel"
_NOT_SAID = "aucune source publique"

STATUS_CODES: tuple[StatusCode, ...] = (
    StatusCode("BROUILLON", "Brouillon", note=_NEVER),
    StatusCode("SUPPRIMEE", "Supprimée", note=_NEVER),
    StatusCode("INTERPRETEE_OCR", "Document lu, en attente d’envoi", note=_NEVER),
    StatusCode("DEPOSEE", "Déposée", "01"),
    StatusCode("EN_COURS_ACHEMINEMENT", "En cours d’acheminement", "02"),
    StatusCode("MISE_A_DISPOSITION", "Mise à disposition", "03"),
    StatusCode("A_RECYCLER", "À recycler", "04"),
    StatusCode("REJETEE", "Rejetée", "05"),
    StatusCode("SUSPENDUE", "Suspendue", "06"),
    StatusCode("SERVICE_FAIT", "Service fait", "07"),
    StatusCode("MANDATEE", "Mandatée", "08"),
    StatusCode("MISE_A_DISPOSITION_COMPTABLE", "Mise à disposition du comptable", "09"),
    StatusCode("COMPTABILISEE", "Comptabilisée", "10"),
    StatusCode("MISE_EN_PAIEMENT", "Mise en paiement", "11"),
    StatusCode("COMPLETEE", "Complétée", "12"),
    StatusCode("PRISE_EN_COMPTE_DESTINATAIRE", "Prise en compte par le destinataire", "36"),
    StatusCode("A_VALIDER_1", "À valider", note=_ONE_OF),
    StatusCode("VALIDEE_1", "Validée", note=_ONE_OF),
    StatusCode("REFUSEE_1", "Refusée par le valideur", note=_ONE_OF),
    StatusCode("ERREUR_FOURNISSEUR_SUR_VALIDEUR", "Erreur du fournisseur sur le valideur", note=_ONE_OF),
    StatusCode("ABSENCE_VALIDATION_1_HORS_DELAI", "Absence de validation dans le délai", note=_ONE_OF),
    StatusCode("A_VALIDER_2", "À valider par le second valideur", note=_ONE_OF),
    StatusCode("VALIDEE_2", "Validée par le second valideur", note=_ONE_OF),
    StatusCode("REFUSEE_2", "Refusée par le second valideur", note=_ONE_OF),
    StatusCode("ERREUR_COTRAITANT_SUR_VALIDEUR", "Erreur du cotraitant sur le valideur", note=_ONE_OF),
    StatusCode("ABSENCE_VALIDATION_2_HORS_DELAI", "Absence de validation du second valideur dans le délai", note=_ONE_OF),
    StatusCode("A_VALIDER_MOE", "À valider par le maître d’œuvre", note=_NOT_SAID),
    StatusCode("REFUSEE_MOE", "Refusée par le maître d’œuvre", "19"),
    StatusCode("REFUSEE_FOURNISSEUR", "Refusée par le fournisseur", "20"),
    StatusCode("ASSOCIEE", "Associée", "21"),
    StatusCode("MISE_A_DISPOSITION_MOE", "Mise à disposition du maître d’œuvre", "27"),
    StatusCode("ERREUR_DE_MOE", "Erreur d’acheminement au maître d’œuvre", "28"),
    StatusCode("PRISE_EN_COMPTE_MOE", "Prise en compte par le maître d’œuvre", "29"),
    StatusCode("MISE_A_DISPOSITION_MOA", "Mise à disposition du maître d’ouvrage", "30"),
    StatusCode("ERREUR_DE_MOA", "Erreur d’acheminement au maître d’ouvrage", "31"),
    StatusCode("REFUSEE_MOA", "Refusée par le maître d’ouvrage", "32"),
    StatusCode("A_ASSOCIER_FOURNISSEUR", "À associer par le fournisseur", "33"),
    StatusCode("A_COMPLETER", "À compléter", "34"),
    StatusCode("TRANSMISE_MOA", "Transmise au maître d’ouvrage", "35"),
    StatusCode("NON_CONFORME", "Non conforme, non intégrée", "37"),
    StatusCode("PRISE_EN_COMPTE_MOA", "Prise en compte par le maître d’ouvrage", "38"),
    StatusCode("A_ASSOCIER_MOA", "À associer par le maître d’ouvrage", note=_NOT_SAID),
    StatusCode("A_ASSOCIER_MOE", "À associer par le maître d’œuvre", note=_NOT_SAID),
    StatusCode("ERREUR_FOURNISSEUR_SUR_MOE", "Erreur du fournisseur sur le maître d’œuvre", note=_NOT_SAID),
    StatusCode("ERREUR_FOURNISSEUR_SUR_MOA", "Erreur du fournisseur sur le maître d’ouvrage", note=_NOT_SAID),
    StatusCode("ERREUR_MOE_SUR_FOURNISSEUR", "Erreur du maître d’œuvre sur le fournisseur", note=_NOT_SAID),
    StatusCode("ERREUR_MOE_SUR_MOA", "Erreur du maître d’œuvre sur le maître d’ouvrage", note=_NOT_SAID),
    StatusCode("ERREUR_MOA_SUR_FOURNISSEUR", "Erreur du maître d’ouvrage sur le fournisseur", note=_NOT_SAID),
    StatusCode("ERREUR_DESTINATAIRE_PD", "Erreur sur le destinataire d’un projet de décompte", note=_NOT_SAID),
    StatusCode("ERREUR_DESTINATAIRE_EA", "Erreur sur le destinataire d’un état d’acompte", note=_NOT_SAID),
    StatusCode("EN_ATTENTE_RECYCLAGE_FOURNISSEUR", "En attente de recyclage par le fournisseur", note=_NOT_SAID),
    StatusCode("EN_COURS_TRAITEMENT_PIVOT_S", "En cours de traitement", note=_NEVER),
    StatusCode("REMPLACEE_PAR_A22", "Remplacée par un projet de décompte général tacite", note=_NOT_SAID),
    StatusCode("DUPLIQUE_APRES_REFUS", "Dupliquée après un refus", note=_NOT_SAID),
    StatusCode("ABANDONNEE", "Abandonnée", note=_NEVER),
    StatusCode("TECHNIQUE_INCONNU", "Statut inconnu", note=_NEVER),
)  # fmt: skip
STATUS_CODE_OF = {row.code: row for row in STATUS_CODES}


@dataclass(frozen=True, slots=True)
class EdiNumber:
    """A number of the EDI (CPPStatut): of an invoice to 41, of a flow from 90. ``code``: None where none is known."""

    number: str
    label: str
    code: str | None = None


def _of_invoices() -> tuple[EdiNumber, ...]:
    by_number = {row.edi: row for row in STATUS_CODES if row.edi}
    numbers = [f"{number:02}" for number in range(1, 42)]
    return tuple(
        EdiNumber(number, by_number[number].label, by_number[number].code)
        if number in by_number
        else EdiNumber(number, _ALONE.get(number, _VALIDATION))
        for number in numbers
    )


_VALIDATION = "Un statut d’un valideur ; aucune source publique ne dit lequel"
_ALONE = {
    "22": "Conforme, non intégrée",
    "39": "Acheminée au maître d’ouvrage",
    "40": "Acheminée au maître d’œuvre",
    "41": "Autorisé par le schéma, inconnu",
}
EDI_NUMBERS: tuple[EdiNumber, ...] = (
    *_of_invoices(),
    EdiNumber("90", "Flux reçu"),
    EdiNumber("91", "Flux en cours de transmission"),
    EdiNumber("92", "Flux reçu par le destinataire final"),
    EdiNumber("93", "Erreur de réception du flux"),
    EdiNumber("94", "Erreur de réception par le destinataire final"),
    EdiNumber("95", "Erreur de transmission au destinataire final"),
    EdiNumber("96", "Flux reçu, intégré en partie"),
)
