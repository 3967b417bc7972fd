"""`chorus-api` 1.0.6 from PyPI, unmodified but for its addresses, from deposit to a status that it sees change.

It is no dependency: without it the test is skipped. `PLAINCHANT_TEST_CLIENTS` names a folder where it is unpacked
(`pip install --target FOLDER chorus-api==1.0.6`).
"""

from __future__ import annotations

import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import distributions
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
from tests.conformance.processes import FOLDER, Client, a_world, running
from tests.portal.flows.making_flows import invoice as xml

DRIVER = Path(__file__).with_name("chorus_api_calls.py")
VERSION = "1.0.6"
FOUND = {row.version for row in distributions(name="chorus-api", path=[FOLDER, *sys.path] if FOLDER else sys.path)}

pytestmark = [
    pytest.mark.skipif(VERSION not in FOUND, reason=f"no chorus-api {VERSION} (or PLAINCHANT_TEST_CLIENTS)"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]


@pytest.fixture
def world(at: datetime, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    for module in ("plainchant.api.entry", "plainchant.api.oauth"):
        monkeypatch.setattr(f"{module}.now", lambda: at)
    return a_world(at)


@pytest.fixture
def client(live_server: Any, world: SimpleNamespace) -> Iterator[Client]:
    path = os.pathsep.join(filter(None, [FOLDER, os.environ.get("PYTHONPATH", "")]))
    with running([sys.executable, DRIVER, live_server.url, *world.of_seller], PYTHONPATH=path) as client:
        yield client


def test_an_invoice_is_deposited_reported_found_and_seen_processed(
    client: Client, world: SimpleNamespace, at: datetime
):
    town, agent = world.town, world.agent
    assert client.call("health_check")
    [found] = client.call("rechercher_structure", siret=town.identifier)["liste_structures"]
    assert found["designation_structure"] == "Commune de Valbrume"
    sheet = client.call("consulter_structure", id_structure_cpp=found["id_structure_cpp"])
    assert sheet["information_generales"]["identifiant_structure"] == town.identifier
    assert sheet["adresse_postale_du_siege"]["ville"] == "Valbrume"
    assert sheet["parametres"]["get_amoa"] is False
    [service] = client.call("rechercher_services", id_structure=found["id_structure_cpp"])["liste_structures"]
    assert (service["code_service"], service["est_actif"]) == ("CULTURE", True)
    assert client.call("information_siret", siret_structure=town.identifier)["estActif"] is True
    assert client.call("annuaire_destinataire")["code_retour"] == 0
    assert {"code_devise": "EUR", "libelle_devise": "euro"} in client.call("devises")["liste_devises"]

    own = client.call("rechercher_structure", siret="")["liste_structures"]  # no criterion: all that it sees
    supplier = next(row for row in own if row["designation_structure"] == "Atelier Lumen")
    content = xml("CA-1", seller=supplier["identifiant_structure"], buyer=town.identifier)
    given = {"fichier_flux": b64encode(content).decode(), "file_name": "CA-1.xml"}
    deposit = client.call("deposer_flux", **given, syntaxe_flux="IN_DP_E1_UBL_INVOICE")
    number = deposit["numero_flux_depot"]
    assert (deposit["code_retour"], deposit["date_depot"]) == (0, "2026-11-03")
    early = client.call("consulter_cr", numero_flux_depot=number)
    assert early["etat_courant_flux"] == "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"

    process(flow=Flow.objects.get(number=number), at=at)
    report = client.call("consulter_cr", numero_flux_depot=number)
    assert report["etat_courant_flux"] == "IN_INTEGRE"
    assert b64decode(report["fichier_cr"]).startswith(b"%PDF")
    detail = client.call("consulter_cr_detaille", numero_flux_depot=number)
    assert (detail["etat_courant_depot_flux"], detail["liste_erreur_dp"]) == ("IN_INTEGRE", [])
    [line] = client.call("rechercher_facture", numero_flux_depot=number)["liste_factures"]
    assert (line["numero_facture"], line["rejet_traite"]) == ("CA-1", False)

    invoice = Invoice.objects.get(number="CA-1")
    carry_lot(uids=[str(invoice.uid)], at=at)
    invoice.refresh_from_db()
    operations.process(invoice=invoice, action=Action.ORDER_PAYMENT, actor=Actor(agent), at=at, payment_order="M-1")
    [line] = client.call("rechercher_facture", numero_flux_depot=number)["liste_factures"]
    assert line["statut"] == "MANDATEE"
