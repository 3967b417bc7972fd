"""Structures, their services, the directory and the lists of codes, as programs read them."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.api.transverses.lists import LISTS
from plainchant.einvoice.codes.vat_codes import rate_of
from plainchant.einvoice.rules.recipient import commitment_key
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.directory.search import index
from plainchant.portal.structures.models import BankAccount
from tests.making import a_service, a_town

STRUCTURES = "/cpro/structures/v1"
LOOK_UPS = "/cpro/transverses/v1"
ATTACHMENTS = "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements"


@pytest.fixture(scope="module")
def library(_built: SimpleNamespace, once_a_module: Callable[[], AbstractContextManager[None]]) -> SimpleNamespace:
    with once_a_module():
        body = a_town(
            at=_built.at, name="Médiathèque de Clairbois", postcode="35000", city="Clairbois", requires_service=True
        )
        index.write([body, _built.town])
        day = _built.at.date()
        serving = a_service(structure=body, code="CULTURE", requires_commitment=True)
        ended = a_service(
            structure=body, code="ANCIEN", valid_until=day - timedelta(days=1), valid_from=day.replace(2020)
        )
        return SimpleNamespace(body=body, serving=serving, ended=ended)


def keys(answer: dict[str, Any]) -> list[int]:
    return [line["idStructureCPP"] for line in answer["listeStructures"]]


def test_private_structures_of_others_are_never_seen(world: SimpleNamespace, library: SimpleNamespace):
    asked = {"structure": {"identifiantStructure": world.seller.identifier}, "restreindreStructuresPrivees": False}
    answer = world.of_others.asks(f"{STRUCTURES}/rechercher", asked)
    assert (answer["codeRetour"], answer["listeStructures"], answer["parametresRetour"]["total"]) == (0, [], 0)
    unknown = world.of_others.asks(f"{STRUCTURES}/consulter", {"idStructureCPP": world.seller.pk})
    assert (unknown["codeRetour"], unknown["plainchant"]["code"]) == (20001, "wire_structure_unknown")
    assert world.program.asks(f"{STRUCTURES}/consulter", {})["plainchant"]["code"] == "wire_value_missing"


def test_a_supplier_is_found_by_its_identifier_by_whom_it_has_sent_an_invoice(
    world: SimpleNamespace, sent: SimpleNamespace
):
    named = {"structure": {"identifiantStructure": world.seller.identifier}, "restreindreStructuresPrivees": False}
    [line] = world.of_the_town.asks(f"{STRUCTURES}/rechercher", named)["listeStructures"]
    assert (line["idStructureCPP"], line["designationStructure"]) == (world.seller.pk, "Atelier Lumen")
    usual = {**named, "restreindreStructuresPrivees": ""}
    assert world.of_the_town.asks(f"{STRUCTURES}/rechercher", usual)["listeStructures"] == []
    all_of_them = world.of_the_town.asks(f"{STRUCTURES}/rechercher", {"restreindreStructuresPrivees": False})
    assert world.seller.pk not in keys(all_of_them)
    sheet = world.of_the_town.asks(f"{STRUCTURES}/consulter", {"idStructureCPP": world.seller.pk})
    assert sheet["informationGenerales"]["identifiantStructure"] == world.seller.identifier
    assert "emailStructure" not in sheet["informationGenerales"]
    for program, key in ((world.of_the_town, sent.firm.pk), (world.of_others, world.seller.pk)):
        answer = program.asks(f"{STRUCTURES}/consulter", {"idStructureCPP": key})
        assert answer["plainchant"]["code"] == "wire_structure_unknown"


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ({"libelleStructure": "mediatheque clairbois"}, True),
        ({"raisonSocialeStructure": "Médiathèque", "adresseCodePostal": "35000"}, True),
        ({"adresseVille": "CLAIRBOIS", "typeStructure": "PUBLIQUE", "statutStructure": "ACTIF"}, True),
        ({"adresseVille": "Clairbois", "statutStructure": "INACTIF"}, False),
        ({"libelleStructure": "zzyzx qwvkj"}, False),
        ({"estMOAUniquement": True}, False),
    ],
)
def test_public_bodies_are_found(world: SimpleNamespace, library: SimpleNamespace, asked: dict[str, Any], finds: bool):
    answer = world.program.asks(f"{STRUCTURES}/rechercher", {"structure": asked})
    assert (library.body.pk in keys(answer)) is finds


def test_a_siret_gives_one_line_and_pages_follow(world: SimpleNamespace, library: SimpleNamespace):
    asked = {"structure": {"identifiantStructure": library.body.identifier, "typeIdentifiantStructure": "SIRET"}}
    answer = world.program.asks(f"{STRUCTURES}/rechercher", asked)
    assert answer["listeStructures"] == [
        {
            "designationStructure": "Médiathèque de Clairbois",
            "idStructureCPP": library.body.pk,
            "identifiantStructure": library.body.identifier,
            "statut": "ACTIVE",
            "typeIdentifiantStructure": "SIRET",
        }
    ]
    pages = [
        world.program.asks(
            f"{STRUCTURES}/rechercher", {"parametres": {"pageResultatDemandee": number, "nbResultatsParPage": 2}}
        )
        for number in (1, 2)
    ]
    assert pages[0]["parametresRetour"] == {"pageCourante": 1, "pages": 2, "nbResultatsParPage": 2, "total": 3}
    assert set(keys(pages[0]) + keys(pages[1])) == {library.body.pk, world.town.pk, world.seller.pk}


def test_a_sheet_says_what_a_body_demands_and_no_more(world: SimpleNamespace, library: SimpleNamespace):
    answer = world.program.asks(f"{STRUCTURES}/consulter", {"idStructure": library.body.pk, "codeLangue": "fr"})
    assert answer["adressePostaleDuSiege"] == {"codePostal": "35000", "pays": "FR", "ville": "Clairbois"}
    assert answer["informationGenerales"] == {
        "idStructureCPP": library.body.pk,
        "identifiantStructure": library.body.identifier,
        "raisonSocialeStructure": "Médiathèque de Clairbois",
        "structurePriveePublique": "PUBLIQUE",
        "typeIdentifiantStructure": "SIRET",
    }
    demands = answer["parametres"]
    assert demands["codeServiceDoitEtreRenseigne"] is True
    assert demands["numeroEJDoitEtreRenseigne"] is False
    assert demands["aMoa"] is demands["getaMoa"] is False


def test_services_say_whether_they_serve(world: SimpleNamespace, library: SimpleNamespace):
    answer = world.program.asks(f"{STRUCTURES}/rechercher/services", {"idStructure": str(library.body.pk)})
    ended, serving = answer["listeServices"]
    assert serving == {
        "codeService": "CULTURE",
        "estActif": True,
        "idService": library.serving.pk,
        "libelleService": "Service Culture",
        "statutService": "ACTIF",
    }
    assert (ended["estActif"], ended["statutService"], ended["dateDbtService"]) == (
        False,
        "INACTIF",
        "2020-11-03 00:00",
    )
    named = {"idStructure": library.body.pk, "idService": library.serving.pk}
    detail = world.program.asks(f"{STRUCTURES}/consulter/service", named)
    assert detail["parametres"] == {"miseEnPaiement": True, "numeroEngagement": True}
    elsewhere = world.program.asks(f"{STRUCTURES}/consulter/service", {**named, "idStructure": world.town.pk})
    assert elsewhere["plainchant"]["code"] == "wire_structure_unknown"
    asked = {"idDestinataireCPP": library.body.pk, "nomServiceExecutant": "culture", "actif": True}
    found = world.program.asks(f"{LOOK_UPS}/rechercher/serviceexecutant", asked)
    assert [line["idServicesCPP"] for line in found["listeServices"]] == [library.serving.pk]


def test_recipients_are_searched_and_taken_away_as_a_file(world: SimpleNamespace, library: SimpleNamespace):
    for asked in ({"identifiant": library.body.identifier}, {"nomVilleCodePostal": "médiathèque clairbois"}):
        [line] = world.program.asks(f"{LOOK_UPS}/rechercher/destinataire", asked)["listeDestinataires"]
        assert (line["idStructureCPP"], line["adresseVille"]) == (library.body.pk, "Clairbois")
    answer = world.program.asks(f"{LOOK_UPS}/telecharger/annuaire/destinataire", [])
    with zipfile.ZipFile(io.BytesIO(b64decode(answer["fichierResultat"]))) as archive:
        text = archive.read("annuaire.csv").decode("utf-8-sig")
    assert f"{library.body.identifier};Médiathèque de Clairbois;35000;Clairbois;true;true;false;false;false" in text
    assert world.seller.identifier not in text


def test_a_siret_that_nobody_knows_is_unknown(world: SimpleNamespace, library: SimpleNamespace):
    known = world.program.asks(f"{LOOK_UPS}/consulter/information/siret", {"siretStructure": library.body.identifier})
    assert (known["estActif"], known["raisonSociale"]) == (True, "Médiathèque de Clairbois")
    private = world.of_others.asks(
        f"{LOOK_UPS}/consulter/information/siret", {"siretStructure": world.seller.identifier}
    )
    assert private["plainchant"]["code"] == "wire_structure_unknown"


def test_a_program_knows_its_own_structures_and_accounts(world: SimpleNamespace):
    account = BankAccount.objects.create(
        structure=world.seller, label="Courant", iban="FR1420041010050500013M02606", created_at=world.at,
        created_by=world.manager,
    )  # fmt: skip
    own = {
        "idStructureCPP": world.seller.pk,
        "identifiant": world.seller.identifier,
        "designationStructure": "Atelier Lumen",
    }
    for space in ("fournisseur", "destinataire"):
        answer = world.program.asks(f"{LOOK_UPS}/recuperer/structures/actives/{space}")
        assert answer["listeStructures"] == [own]
    [line] = world.program.asks(f"{LOOK_UPS}/recuperer/structuresPourUtilisateur")["listeStructures"]
    assert line["idStructure"] == world.seller.pk
    asked = {"idStructure": world.seller.pk}
    accounts = world.program.asks(f"{LOOK_UPS}/recuperer/coordbanc/valides", asked)["listeCoordonneeBancaire"]
    assert accounts == [{"idCoordonneeBancaire": account.pk, "nomCoordonneeBancaire": "Courant"}]
    refused = world.of_others.asks(f"{LOOK_UPS}/recuperer/coordbanc/valides", asked)
    assert refused["plainchant"]["code"] == "wire_structure_unknown"


def test_an_account_is_attached_to_its_structure_and_its_services(world: SimpleNamespace):
    service = a_service(structure=world.town, code="VOIRIE")
    answer = world.of_the_town.asks(ATTACHMENTS, {"parametresRecherche": None})
    [line] = answer["listeStructureRattachement"]
    assert (line["idStructure"], line["statutRattachementStructure"]) == (world.town.pk, "VALIDEE")
    assert [each["idService"] for each in line["listeServicesRattache"]] == [service.pk]
    assert answer["parametresRetour"]["total"] == 1


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.path)
def test_a_list_has_lines_of_its_keys(world: SimpleNamespace, row: Any):
    answer = world.program.asks(f"{LOOK_UPS}/{row.path}", {"codeLangue": "FR", "statutCourant": "MISE_A_DISPOSITION"})
    assert (answer["codeRetour"], answer["libelle"]) == (0, "TRA_MSG_00.000")
    assert answer[row.name]
    assert all(set(line) == set(row.keys) for line in answer[row.name])
    assert ("pageCourante" in answer) is row.has_pages


def test_a_recipient_may_bring_an_invoice_where_the_lifecycle_says(world: SimpleNamespace):
    def targets(status: str) -> set[str]:
        answer = world.program.asks(f"{LOOK_UPS}/recuperer/etats/traitement", {"statutCourant": status})
        return {line["statutPossiblePourTraitement"] for line in answer["listeStatutsPossiblesPourTraitement"]}

    assert {"SUSPENDUE", "REJETEE", "MANDATEE", "MISE_EN_PAIEMENT", "A_RECYCLER"} <= targets("MISE_A_DISPOSITION")
    assert targets("REJETEE") == targets("rien") == set()


@pytest.mark.parametrize(
    ("written", "rate"), [("TVA5", "20"), ("TVA1", "0"), ("TVA20", "20"), ("tva5,5", "5.5"), ("TVA", None)]
)
def test_a_code_of_vat_says_a_rate(written: str, rate: str | None):
    found = rate_of(written)
    assert (None if found is None else str(found)) == rate


def test_organisations_are_read_and_searched_in_their_own_style(world: SimpleNamespace, library: SimpleNamespace):
    base, uid = "/cpro/organisations/v1", library.body.uid.hex
    alive = world.program.reads(f"{base}/healthcheck")
    assert (alive.status_code, alive.content) == (200, b"")
    sheet = json.loads(world.program.reads(f"{base}/structures/{uid}").content)
    assert (sheet["uuid"], sheet["codeServiceDoitEtreRenseigne"], sheet["status"]) == (uid, True, "active")
    services = json.loads(world.program.reads(f"{base}/structures/{uid}/services").content)
    assert {row["codeService"]: row["etatService"] for row in services} == {"ANCIEN": "INACTIF", "CULTURE": "ACTIF"}
    assert json.loads(world.program.reads(f"{base}/services/{services[0]['uuid']}").content) == services[0]
    for wrong, error in (
        (f"structures/{world.seller.uid.hex}", "ParamsInvalidUuidStructures"),
        (f"structures/{world.seller.identifier}", "ParamsInvalidUuidStructures"),
        ("structures/rien", "ParamsInvalidUuidStructures"),
        ("services/rien", "NotFoundReference"),
        (f"services/{'f' * 32}", "NotFoundReference"),
        (f"services/{0:032x}", "NotFoundReference"),
    ):
        answer = world.of_others.reads(f"{base}/{wrong}")
        assert (answer.status_code, json.loads(answer.content)[0]["error"]) == (400, error)
    assert json.loads(world.program.reads(f"{base}/structures/{library.body.identifier}").content) == sheet
    own = json.loads(world.program.reads(f"{base}/structures/{world.seller.identifier}").content)
    assert own["uuid"] == world.seller.uid.hex
    asked = {"raisonSociale": {"op": "like", "val": "diath"}, "_fields": ["identifiant"], "_desc": ["ville"]}
    found = world.program.asks(f"{base}/structures/recherche", asked)
    assert found == [{"identifiant": library.body.identifier}]
    named = {"rattachementOrganisation": {"op": "=", "val": uid}, "codeService": {"op": "=", "val": "culture"}}
    [service] = world.program.asks(f"{base}/services/recherche", named)
    assert (service["numeroEj"], service["rattachementOrganisation"]) == (True, uid)


def test_a_body_finds_its_commitments_and_nobody_elses(world: SimpleNamespace):
    path = "/cpro/engagementsJuridiques/v1/rechercher"
    kept = Commitment.objects.create(
        structure=world.town, number="EJ-2026 7", key=commitment_key("EJ-2026 7"), amount=Decimal(500),
        imported_at=world.at,
    )  # fmt: skip
    asked = {"structureReceptriceEngagementJuridique": str(world.town.pk), "numeroEngagementJuridique": "EJ2026-7"}
    [line] = world.of_the_town.asks(path, asked)["listeEngagementJuridique"]
    assert (line["idEngagementJuridique"], line["montantTotalTtc"]) == (kept.pk, 500)
    assert line["dateNotificationEJ"] == "2026-11-03T10:30:00.000+01:00"
    for changes in ({"numeroEngagementJuridique": "EJ2026-8"}, {"etatCourantEngagementJuridique": "ANNULE"},
                    {"montantTTCMin": 501}):  # fmt: skip
        assert world.of_the_town.asks(path, {**asked, **changes})["parametresRetour"]["total"] == 0
    assert world.program.asks(path, asked)["listeEngagementJuridique"] == []
