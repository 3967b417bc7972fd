"""Programs of every side search invoices: what each finds, in which order, by pages, and what it never finds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.api.factures.searching import MOST_COMPARED, MOST_EITHER
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.rights.actor import Actor

ISSUED = "/cpro/factures/v1/rechercher/fournisseur"
RECEIVED = "/cpro/factures/v1/rechercher/recipiendaire"
VALIDATED = "/cpro/factures/v1/rechercher/valideur"
TO_ANSWER = "/cpro/factures/v1/rechercher/atraiter/fournisseur"
TO_PROCESS = "/cpro/factures/v1/rechercher/atraiter/recipiendaire"
TO_VALIDATE = "/cpro/factures/v1/rechercher/aTraiter/valideur"


def numbers(answer: dict[str, Any]) -> list[str]:
    return [line["numeroFacture"] for line in answer["listeFactures"]]


def test_others_find_nothing_of_it(world: SimpleNamespace, sent: SimpleNamespace):
    key = sent.invoices[0].seller_id
    for asked in ({}, {"idFournisseur": key}, {"numeroFluxDepot": sent.flow.number}):
        answer = world.of_others.asks(ISSUED, asked)
        assert (answer["codeRetour"], answer["listeFactures"], answer["parametresRetour"]["total"]) == (0, [], 0)
    assert numbers(world.of_others.asks(TO_ANSWER)) == []
    assert numbers(world.of_others.asks(TO_PROCESS)) == []
    assert numbers(world.of_others.asks(VALIDATED)) == []
    nothing = world.of_others.asks(RECEIVED, {"listeFournisseurs": [{"idFournisseur": key}]})
    assert (nothing["codeRetour"], nothing["plainchant"]["code"]) == (20000, "wire_nothing_found")
    assert nothing["libelle"].startswith("TRA_MSG_00.015")


def test_a_recipient_finds_nothing_before_it_is_made_available(world: SimpleNamespace, sent: SimpleNamespace):
    assert numbers(world.of_the_town.asks(RECEIVED)) == ["F-3", "F-2", "F-1"]
    nothing = world.of_the_town.asks(RECEIVED, {"numeroFacture": "F-4"})
    assert nothing["codeRetour"] == 20000


def test_a_supplier_finds_the_invoices_of_a_flow_with_all_that_a_line_says(
    world: SimpleNamespace, sent: SimpleNamespace
):
    answer = world.program.asks(ISSUED, {"numeroFluxDepot": sent.flow.number, "typeFacture": "FACTURE"})
    assert (answer["codeRetour"], answer["libelle"]) == (0, "TRA_MSG_00.000")
    assert answer["parametresRetour"] == {"pageCourante": 1, "pages": 1, "nbResultatsParPage": 10, "total": 3}
    line = next(line for line in answer["listeFactures"] if line["numeroFacture"] == "F-2")
    invoice = sent.invoices[1]
    invoice.refresh_from_db()
    assert line == {
        "typeDemandePaiement": "FACTURE",
        "typeIdentifiantFournisseur": "SIRET",
        "designationFournisseur": "Atelier Lumen",
        "idDestinataire": world.town.pk,
        "designationDestinataire": "Commune de Valbrume",
        "typeFacture": "FACTURE",
        "numeroFacture": "F-2",
        "dateFacture": "2026-11-02",
        "dateDepot": "2026-11-03",
        "montantHT": 100,
        "montantTTC": 120,
        "montantAPayer": 120,
        "devise": "EUR",
        "statut": "SUSPENDUE",
        "identifiantFactureCPP": invoice.pk,
        "codeFournisseur": world.seller.identifier,
        "codeDestinataire": world.town.identifier,
        "taille": line["taille"],
        "numeroFluxDepot": sent.flow.number,
        "modeDepot": "UPLOAD_PORTAIL",
        "nomPrenomUtilisateurCreateur": "Essai Ada",
        "dateHeureEtatCourant": "2026-11-03T11:30:00.000+01:00",
        "commentaireEtatCourant": "Il manque un justificatif : Le bon de commande.",
        "rejetTraite": False,
    }
    assert line["taille"] > 0


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["F-4", "F-1", "F-2", "F-3", "F-5"]),
        ({"statutCourant": ["SUSPENDUE"]}, ["F-2"]),
        ({"statutCourant": "BROUILLON"}, ["F-5"]),
        ({"statutCourant": ["PAYEE"]}, []),
        ({"numeroFacture": "F-1"}, ["F-1"]),
        ({"numeroFacture": "F"}, []),
        ({"typeFacture": "AVOIR"}, []),
        ({"cadreFacturation": "A9_FACTURE_SOUSTRAITANT"}, ["F-4"]),
        ({"cadreFacturation": "A0"}, []),
        ({"montantTTCMin": "120", "montantTTCMax": 120.0}, ["F-1", "F-2", "F-3"]),
        ({"montantAPayerMin": 1200}, ["F-4", "F-5"]),
        ({"periodeDateDepotDu": "2026-11-04"}, []),
        ({"periodeDateHeureEtatCourantDu": "2026-11-03T11:00:00+01:00"}, ["F-2"]),
        ({"periodeDateHeureEtatCourantAu": "2026-11-02"}, []),
        ({"periodeDateHeureEtatCourantDu": "2026-11-03", "periodeDateHeureEtatCourantAu": "2026-11-03",
          "statutCourant": ["SUSPENDUE"]}, ["F-2"]),
        ({"modeDepot": "UPLOAD_PORTAIL"}, ["F-1", "F-2", "F-3"]),
        ({"idFournisseur": 2**62}, []),
        ({"listeDestinataire": {"idDestinataire": 2**62}}, []),
        ({"rejetTraite": True}, []),
        # All that a program has not set goes out as zero.
        ({"rejetTraite": False, "idFournisseur": 0, "idStructureValideur": 0, "coordonneeBancaire": 0,
          "idUtilisateurCreateur": [0], "listeDestinataire": [{"idDestinataire": 0, "listeIdServiceExecutant": [0]}],
          "montantHTMin": 0, "montantHTMax": 0, "montantApayerMin": 0, "montantApayerMax": 0, "numeroFacture": ""},
         ["F-1", "F-2", "F-3", "F-4", "F-5"]),
        ({"montantHTMax": 10**17, "montantHTMin": "-99999999999999"}, ["F-1", "F-2", "F-3", "F-4", "F-5"]),
        ({"montantTTCMin": "0.000000001"}, ["F-1", "F-2", "F-3", "F-4", "F-5"]),
        ({"periodeDateDepotDu": "1900-01-01", "periodeDateDepotAu": "9000-12-31"}, ["F-1", "F-2", "F-3", "F-4"]),
    ],
)  # fmt: skip
def test_each_criterion_narrows(world: SimpleNamespace, sent: SimpleNamespace, asked: dict[str, Any], found: list[str]):
    answer = world.program.asks(ISSUED, {**asked, "rechercheFactureParFournisseur": {"triSens": "Descendant"}})
    assert sorted(numbers(answer)) == sorted(found)
    assert answer["parametresRetour"]["total"] == len(found)


def test_the_other_party_is_named_by_its_key_or_with_its_whole_siren(world: SimpleNamespace, sent: SimpleNamespace):
    named = {"listeDestinataire": [{"idDestinataire": str(world.town.pk)}]}
    assert len(numbers(world.program.asks(ISSUED, named))) == 5
    assert len(numbers(world.program.asks(ISSUED, {**named, "rechercheSirenDestinataire": True}))) == 5
    seller = {"listeFournisseurs": [{"idFournisseur": world.seller.pk}]}
    assert len(numbers(world.of_the_town.asks(RECEIVED, seller))) == 3
    assert numbers(world.of_the_town.asks(RECEIVED, {**seller, "numeroFacture": "F-1"})) == ["F-1"]


def test_pages_follow_each_other_and_stop_at_the_most_that_is_asked(world: SimpleNamespace, sent: SimpleNamespace):
    def page(number: int, **more: Any) -> dict[str, Any]:
        paging = {"pageResultatDemandee": number, "nbResultatsParPage": 2, "triColonne": "NumeroFacture", **more}
        return world.program.asks(ISSUED, {"rechercheFactureParFournisseur": {"triSens": "Ascendant ", **paging}})

    assert [numbers(page(number)) for number in (1, 2, 3, 4)] == [["F-1", "F-2"], ["F-3", "F-4"], ["F-5"], []]
    assert page(2)["parametresRetour"] == {"pageCourante": 2, "pages": 3, "nbResultatsParPage": 2, "total": 5}
    cut = page(2, nbResultatsMaximum=3)
    assert (numbers(cut), cut["parametresRetour"]["pages"]) == (["F-3"], 2)
    assert numbers(page(1, triSens="Descendant")) == ["F-5", "F-4"]
    assert numbers(page(0, nbResultatsParPage=-1)) == ["F-1"]


def test_what_was_deposited_last_comes_first_and_a_draft_last(world: SimpleNamespace, sent: SimpleNamespace):
    found = numbers(world.program.asks(ISSUED))
    assert (found[0], found[-1], set(found[1:4])) == ("F-4", "F-5", {"F-1", "F-2", "F-3"})


def test_each_side_finds_what_waits_for_it(world: SimpleNamespace, sent: SimpleNamespace):
    assert sorted(numbers(world.program.asks(TO_ANSWER))) == ["F-1", "F-2", "F-3", "F-4", "F-5"]
    answer = world.of_the_town.asks(TO_PROCESS, {"idStructure": world.town.pk})
    assert sorted(numbers(answer)) == ["F-1", "F-3"]
    assert (answer["total"], answer["parametresRetour"]["total"]) == (2, 2)
    assert numbers(world.of_the_town.asks(TO_PROCESS, {"idStructure": 2**62})) == []
    for path in (VALIDATED, TO_VALIDATE):
        [line] = sent.of_firm.asks(path)["listeFactures"]
        assert (line["numeroFacture"], line["statut"], line["idValideur"]) == ("F-4", "A_VALIDER_1", sent.firm.pk)


def test_a_rejection_is_to_answer_only_where_it_is_asked_for(world: SimpleNamespace, sent: SimpleNamespace):
    invoice = sent.invoices[0]
    actor = Actor(world.agent)
    operations.process(invoice=invoice, action=Action.REJECT, actor=actor, at=world.at, reason_code="DOUBLON")
    assert "F-1" not in numbers(world.program.asks(TO_ANSWER))
    assert "F-1" in numbers(world.program.asks(TO_ANSWER, {"masquerRejetee": False}))


def test_works_are_not_found_among_invoices(world: SimpleNamespace, sent: SimpleNamespace):
    assert len(numbers(world.of_the_town.asks(RECEIVED, {"typeDemandePaiement": "FACTURE"}))) == 3
    for asked in ({"typeDemandePaiement": "FACTURE_TRAVAUX"}, {"listeTypeFactureTravaux": ["DECOMPTE_GENERAL"]}):
        assert world.of_the_town.asks(RECEIVED, asked)["codeRetour"] == 20000


def test_a_search_of_many_asks_the_database_as_often_as_of_one(
    world: SimpleNamespace, sent: SimpleNamespace, django_assert_max_num_queries: Any
):
    world.program.asks(ISSUED)  # who calls is recalled from here on
    for program, path in ((world.program, ISSUED), (world.of_the_town, RECEIVED), (sent.of_firm, VALIDATED)):
        program.asks(path)
        with django_assert_max_num_queries(9):  # none for each line
            program.asks(path)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-13-01"])
def test_a_day_that_no_database_compares_is_no_day(world: SimpleNamespace, day: str):
    assert world.program.call(ISSUED, {"periodeDateDepotDu": day}).status_code == 400


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"statutCourant": ["SUSPENDUE", "SUSPENDUE"]}, ["F-2"]),
        ({"statutCourant": ["", "suspendue "]}, ["F-2"]),
        ({"statutCourant": [""], "typeFacture": " ", "cadreFacturation": " ", "numeroMarche": " ", "modeDepot": " ",
          "numeroFluxDepot": " "}, ["F-1", "F-2", "F-3", "F-4", "F-5"]),
        ({"typeFacture": "facture ", "cadreFacturation": " A9_Facture_Soustraitant"}, ["F-4"]),
    ],
)  # fmt: skip
def test_words_are_known_whatever_stands_around_them(
    world: SimpleNamespace, sent: SimpleNamespace, asked: dict[str, Any], found: list[str]
):
    answer = world.program.asks(ISSUED, asked)
    assert sorted(numbers(answer)) == sorted(found)
    assert answer["parametresRetour"]["total"] == len(found)


def test_many_others_are_named_at_once(world: SimpleNamespace, sent: SimpleNamespace):
    suppliers = [{"idFournisseur": key} for key in (*range(2**40, 2**40 + MOST_COMPARED - 1), world.seller.pk)]
    assert len(numbers(world.of_the_town.asks(RECEIVED, {"listeFournisseurs": suppliers}))) == 3
    recipients = [{"idDestinataire": 2**40}, {"idDestinataire": world.town.pk}]
    assert len(numbers(world.program.asks(ISSUED, {"listeDestinataire": recipients}))) == 5
    named = {"raisonSocialeStuctDmd": "commune de valbrume "}
    assert len(numbers(world.program.asks(ISSUED, {"listeDestinataire": [{"idDestinataire": 2**40}, named]}))) == 5
    nobody = [{"idDestinataire": world.town.pk, "raisonSocialeStuctDmd": "Commune de Lune"}]
    assert numbers(world.program.asks(ISSUED, {"listeDestinataire": nobody})) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"listeDestinataire": [{"idDestinataire": key} for key in range(1, MOST_COMPARED + 2)]},
        {"listeDestinataire": [{"raisonSocialeStuctDmd": f"Commune {place}"} for place in range(MOST_EITHER + 1)]},
        {"listeDestinataire": [{"listeIdServiceExecutant": list(range(1, 500))}] * 2},
        {"idUtilisateurCreateur": list(range(1, MOST_COMPARED + 2))},
    ],
    ids=["keys", "names", "services", "people"],
)
def test_a_search_that_no_database_takes_is_refused(
    world: SimpleNamespace, sent: SimpleNamespace, asked: dict[str, Any]
):
    answer = world.program.asks(ISSUED, asked)
    assert (answer["codeRetour"], answer["plainchant"]["code"]) == (20001, "wire_search_too_wide")


def test_of_what_is_archived_nothing_is_found(world: SimpleNamespace, sent: SimpleNamespace):
    path = "/cpro/factures/v1/rechercher/demandePaiement"
    asked = {"roleUtilisateur": "FOURNISSEUR", "dpOuDpArchive": "DEMANDE_PAIEMENT"}
    assert world.program.asks(path, asked)["total"] == 5
    assert world.program.asks(path, {**asked, "dpOuDpArchive": "DP_ARCHIVE"})["total"] == 0
