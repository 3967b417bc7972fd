"""piste-gouv-fr (PHP, MIT), unmodified: a flow is deposited, reported and followed; the organisations are searched.

It stands as the folder `piste-gouv-fr` in PLAINCHANT_TEST_CLIENTS; PHP and Guzzle are Debian's (`php-cli`, `php-curl`,
`php-guzzlehttp-guzzle`). Without one of them the test is skipped.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.conformance.processes import Client, a_world, in_folder, running
from tests.portal.flows.making_flows import invoice as xml

DRIVER = Path(__file__).with_name("piste_gouv_fr_calls.php")
PHP = shutil.which("php") or ""
PACKAGE = in_folder("piste-gouv-fr")
GUZZLE = Path("/usr/share/php/GuzzleHttp/autoload.php")  # where Debian has it

pytestmark = [
    pytest.mark.skipif(
        not (PHP and GUZZLE.is_file() and PACKAGE.is_dir()),
        reason="no PHP, or no piste-gouv-fr in PLAINCHANT_TEST_CLIENTS",
    ),
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]


@pytest.fixture
def world(at: datetime, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    for module in ("plainchant.api.entry", "plainchant.api.oauth"):
        monkeypatch.setattr(f"{module}.now", lambda: at)
    return a_world(at)


@pytest.fixture
def started(live_server: Any) -> Iterator[Callable[[list[str]], Client]]:
    with ExitStack() as stack:
        yield lambda keys: stack.enter_context(running([PHP, DRIVER, PACKAGE, live_server.url, *keys]))


@pytest.fixture
def client(started: Callable[[list[str]], Client], world: SimpleNamespace) -> Client:
    return started(world.of_seller)


def test_a_flow_is_deposited_reported_and_followed(
    client: Client, world: SimpleNamespace, at: datetime, tmp_path: Path
) -> None:
    def call(name: str, *given: Any) -> Any:
        return client.call(name, *given)

    assert call("Transverses.healthCheck")["statusCode"] == "OK"
    assert call("Transverses.recupererFormatFlux")["listeFormatFlux"]
    assert call("Transverses.recupererModeDepot")
    [own] = call("Transverses.recupererStructuresPourUtilisateur")["listeStructures"]
    assert own["identifiantStructure"] == world.seller.identifier
    [supplier] = call("Transverses.recupererStructuresActivesPourFournisseur")["listeStructures"]
    assert supplier["idStructureCPP"] == own["idStructure"] == world.seller.pk
    [account] = call("Transverses.recupererCoordonneesBancairesValides", own["idStructure"])["listeCoordonneeBancaire"]
    assert account["nomCoordonneeBancaire"] == "Courant"
    wanted = {"is": "RechercherStructureInput", "of": [None, world.town.identifier]}
    [town] = call("Structures.rechercherStructure", wanted)["listeStructures"]
    assert town["idStructureCPP"] == world.town.pk
    [service] = call("Structures.rechercherServicesStructure", town["idStructureCPP"])["listeServices"]
    assert service["codeService"] == "CULTURE"
    assert call("Transverses.rechercherServiceExecutant", town["idStructureCPP"])["listeServices"]

    file = tmp_path / "PHP-1.xml"
    file.write_bytes(xml("PHP-1", seller=world.seller.identifier, buyer=world.town.identifier))
    number = call("Factures.deposerFlux", str(file), "IN_DP_E1_UBL_INVOICE")["numeroFluxDepot"]
    process(flow=Flow.objects.get(number=number), at=at)
    report = call("Transverses.consulterCRDetaille", number, None)
    assert (report["etatCourantDepotFlux"], report["listeErreurDP"]) == ("IN_INTEGRE", [])

    row = Invoice.objects.get(number="PHP-1")
    carry_lot(uids=[str(row.uid)], at=at)
    row.refresh_from_db()
    operations.process(invoice=row, action=Action.ORDER_PAYMENT, actor=Actor(world.agent), at=at, payment_order="M-1")
    history = call("Factures.consulterHistoriqueFacture", 0, row.pk)
    assert (history["idFacture"], history["statutCourantCode"]) == (row.pk, "MANDATEE")
    assert history["historiquesDesStatuts"]["histoStatut"][0]["histoStatutCode"] == "MANDATEE"


def test_an_invoice_is_typed(client: Client, world: SimpleNamespace) -> None:
    """Every class of the package, as its own example fills them: null for what is left out, 0 for no service."""
    line = {"is": "LignePosteSoumettreInput", "of": [1, "1", "10 heures", 1, "Lot", 41.67, None, None, 20]}
    tax = {"is": "LigneTvaSoumettreInput", "of": [None, 41.67, 8.33, 20]}
    answer = client.call(
        "Factures.soumettreFacture",
        *(0, "PHP-2", "SAISIE_API", "2026-11-03"),
        {"is": "SoumettreFactureDestinataire", "of": [world.town.identifier, "CULTURE"]},
        {"is": "SoumettreFactureFournisseur", "of": [world.seller.pk, 0, 0]},
        {"is": "SoumettreFactureCadreDeFacturation", "of": ["A1_FACTURE_FOURNISSEUR"]},
        {
            "is": "SoumettreFactureReferences",
            "of": ["EUR", "FACTURE", "TVA_SUR_ENCAISSEMENT", None, "", None, None, "VIREMENT"],
        },
        {"is": "Collection\\LignePosteSoumettreInputCollection", "of": [line]},
        {"is": "Collection\\LigneTvaSoumettreInputCollection", "of": [tax]},
        {"is": "SoumettreFactureMontantTotal", "of": [41.67, 8.33, 50, None, None, 50]},
        {"is": "Collection\\SoumettreFacturePieceJointePrincipaleCollection"},
        {"is": "Collection\\PieceJointeComplentaireSoumettreInputCollection"},
        "Par un logiciel en PHP",
    )
    assert (answer["numeroFacture"], answer["statutFacture"]) == ("PHP-2", "DEPOSEE")


def test_the_organisations_are_searched_read_and_refused_as_there(client: Client, world: SimpleNamespace) -> None:
    def call(name: str, *given: Any) -> Any:
        return client.call(f"ReferentielDesOrganisations.{name}", *given)

    def criterion(value: str, how: str = "=") -> dict[str, Any]:
        return {"is": "ReferentielDesOrganisations\\RechercheFieldString", "of": [how, value]}

    assert call("healthCheck") is True
    wanted = {
        "is": "ReferentielDesOrganisations\\StructureRechercheRequete",
        "then": [["filtrerParIdentifiant", [criterion(world.town.identifier)]], ["setFields", ["uuid"]]],
    }
    [found] = call("rechercherStructures", wanted)["values"]
    sheet = call("consulterStructure", found["uuid"])
    assert (sheet["identifiant"], sheet["typeOrganisation"], sheet["ville"]) == (
        world.town.identifier, "public", "Valbrume",
    )  # fmt: skip
    [service] = call("rechercherServicesStructure", found["uuid"])["values"]
    assert call("consulterService", service["uuid"])["codeService"] == "CULTURE"
    wanted = {
        "is": "ReferentielDesOrganisations\\ServiceRechercheRequete",
        "then": [["filtrerParRattachementOrganisation", [criterion(found["uuid"])]], ["setFields", ["uuid"]]],
    }
    assert call("rechercherServiceOrganisation", wanted)["values"]
    assert call("listerPiecesJointesStructure", found["uuid"])["values"] == []
    assert call("consulterStructure", world.town.identifier)["uuid"] == found["uuid"]  # a SIRET stands for it too
