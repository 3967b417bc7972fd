"""Every status that Chorus Pro's interface has, and every number of its EDI, once; written out here a second time."""

from __future__ import annotations

from plainchant.einvoice.codes.statuses import EDI_NUMBERS, STATUS_CODE_OF, STATUS_CODES
from plainchant.portal.invoices.lifecycle import STATUSES, Status

CODES = """
BROUILLON A_VALIDER_1 ERREUR_FOURNISSEUR_SUR_VALIDEUR REFUSEE_1 VALIDEE_1 ABSENCE_VALIDATION_1_HORS_DELAI A_VALIDER_2
ERREUR_COTRAITANT_SUR_VALIDEUR REFUSEE_2 VALIDEE_2 ABSENCE_VALIDATION_2_HORS_DELAI DEPOSEE ERREUR_FOURNISSEUR_SUR_MOE
EN_COURS_ACHEMINEMENT MISE_A_DISPOSITION A_RECYCLER SUSPENDUE REJETEE MANDATEE MISE_EN_PAIEMENT COMPTABILISEE
MISE_A_DISPOSITION_COMPTABLE ABANDONNEE SUPPRIMEE ASSOCIEE EN_COURS_TRAITEMENT_PIVOT_S A_VALIDER_MOE REFUSEE_MOE
EN_ATTENTE_RECYCLAGE_FOURNISSEUR ERREUR_MOE_SUR_FOURNISSEUR ERREUR_MOA_SUR_FOURNISSEUR INTERPRETEE_OCR COMPLETEE
ERREUR_FOURNISSEUR_SUR_MOA ERREUR_MOE_SUR_MOA ERREUR_DESTINATAIRE_PD ERREUR_DESTINATAIRE_EA SERVICE_FAIT NON_CONFORME
A_ASSOCIER_MOE ERREUR_DE_MOE MISE_A_DISPOSITION_MOE PRISE_EN_COMPTE_MOE A_ASSOCIER_MOA ERREUR_DE_MOA REFUSEE_MOA
A_ASSOCIER_FOURNISSEUR REFUSEE_FOURNISSEUR A_COMPLETER TRANSMISE_MOA PRISE_EN_COMPTE_DESTINATAIRE REMPLACEE_PAR_A22
DUPLIQUE_APRES_REFUS MISE_A_DISPOSITION_MOA PRISE_EN_COMPTE_MOA TECHNIQUE_INCONNU
""".split()
NUMBERS = {
    "DEPOSEE": "01", "EN_COURS_ACHEMINEMENT": "02", "MISE_A_DISPOSITION": "03", "A_RECYCLER": "04", "REJETEE": "05",
    "SUSPENDUE": "06", "SERVICE_FAIT": "07", "MANDATEE": "08", "MISE_A_DISPOSITION_COMPTABLE": "09",
    "COMPTABILISEE": "10", "MISE_EN_PAIEMENT": "11", "COMPLETEE": "12", "REFUSEE_MOE": "19",
    "REFUSEE_FOURNISSEUR": "20", "ASSOCIEE": "21", "MISE_A_DISPOSITION_MOE": "27", "ERREUR_DE_MOE": "28",
    "PRISE_EN_COMPTE_MOE": "29",
    "MISE_A_DISPOSITION_MOA": "30", "ERREUR_DE_MOA": "31", "REFUSEE_MOA": "32", "A_ASSOCIER_FOURNISSEUR": "33",
    "A_COMPLETER": "34", "TRANSMISE_MOA": "35", "PRISE_EN_COMPTE_DESTINATAIRE": "36", "NON_CONFORME": "37",
    "PRISE_EN_COMPTE_MOA": "38",
}  # fmt: skip


def test_the_registry_has_the_fifty_six_codes_of_the_interface_each_once() -> None:
    assert len(CODES) == 56
    assert sorted(row.code for row in STATUS_CODES) == sorted(CODES)
    assert set(STATUS_CODE_OF) == set(CODES)


def test_a_number_is_given_where_a_source_gives_it_and_elsewhere_a_word() -> None:
    assert {row.code: row.edi for row in STATUS_CODES if row.edi} == NUMBERS
    assert [row.code for row in STATUS_CODES if not row.edi and not row.note] == []


def test_every_number_of_the_edi_is_there_with_a_word() -> None:
    assert [row.number for row in EDI_NUMBERS] == [f"{number:02}" for number in (*range(1, 42), *range(90, 97))]
    assert all(row.label for row in EDI_NUMBERS)
    unknown = {row.number for row in EDI_NUMBERS if row.code is None and row.number < "90"}
    assert unknown == {*map(str, range(13, 19)), "22", *map(str, range(23, 27)), "39", "40", "41"}


def test_what_the_portal_does_has_the_codes_numbers_and_labels_of_the_registry() -> None:
    assert {status.value for status in Status} <= set(CODES)
    for row in STATUSES:
        assert (row.edi, row.label) == (STATUS_CODE_OF[row.status].edi, STATUS_CODE_OF[row.status].label)
