"""The API class of facture_electronique 0.7 (MIT), unmodified but for its addresses: an invoice is typed and followed.

The package stands as a folder in PLAINCHANT_TEST_CLIENTS; without it the test is skipped.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.api.test_submitting import an_invoice
from tests.conformance.processes import FOLDER, Client, a_world, in_folder, running

DRIVER = Path(__file__).with_name("facture_electronique_calls.py")
CLASS = in_folder("facture_electronique/api/chorus_pro.py")

pytestmark = [
    pytest.mark.skipif(not CLASS.is_file(), reason="no facture_electronique in PLAINCHANT_TEST_CLIENTS"),
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
    with running([sys.executable, DRIVER, FOLDER, live_server.url, *world.of_seller]) as client:
        yield client


def test_an_invoice_is_typed_sent_and_seen_processed(client: Client, world: SimpleNamespace, at: datetime):
    town, seller = world.town, world.seller
    key = client.call("obtenir_identifiant_cpro_depuis_siret", siret=town.identifier)
    assert key == town.pk
    assert client.call("obtenir_identifiant_cpro_depuis_siret", siret=seller.identifier) == seller.pk
    assert client.call("consulter_structure", id_structure=key)["parametres"]["codeServiceDoitEtreRenseigne"] is False
    [service] = client.call("rechercher_services_structure", id_structure=key)["listeServices"]
    sheet = client.call("consulter_service_structure", id_structure=key, id_service=service["idService"])
    assert sheet["informationsGenerales"]["codeService"] == "CULTURE"
    asked = {"identifiant": {"op": "=", "val": town.identifier}, "_fields": ["identifiant"]}
    assert client.call("rechercher_structure_via_organisation", payload=asked) == [{"identifiant": town.identifier}]

    file = {"fichier": b64encode(b"bon").decode(), "nom": "bon.txt", "type_mime": "text/plain", "extension": "TXT"}
    piece = client.call("ajouter_fichier_dans_systeme", **file)["pieceJointeId"]
    complement = [{"pieceJointeComplementaireDesignation": "Bon", "pieceJointeComplementaireId": piece}]
    invoice = an_invoice(world, pieceJointeComplementaire=complement)
    sent = client.call("envoyer_facture", facture=invoice)
    assert sent["codeRetour"] == 0, sent
    assert sent["statutFacture"] == "DEPOSEE"

    row = Invoice.objects.get(pk=sent["identifiantFactureCPP"])
    carry_lot(uids=[str(row.uid)], at=at)
    row.refresh_from_db()
    operations.process(invoice=row, action=Action.ORDER_PAYMENT, actor=Actor(world.agent), at=at, payment_order="M-1")
    seen = client.call("obtenir_statut_facture", facture_id=str(row.pk))["facture"]
    assert (seen["numeroFacture"], seen["statutFacture"]) == ("API-1", "MANDATEE")
