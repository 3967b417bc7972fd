"""go-choruspro (MIT), unmodified: a flow is deposited, reported, found, and processed by its recipient.

It stands in PLAINCHANT_TEST_CLIENTS as a GOPATH of the name `go`; Go and golang.org/x/oauth2 are Debian's (`golang-go`,
`golang-golang-x-oauth2-dev`). Without one of them the test is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from tests.conformance.processes import Client, a_world, in_folder, running
from tests.portal.flows.making_flows import invoice as xml

DRIVER = Path(__file__).with_name("go_choruspro_calls.go")
LIBRARIES = Path("/usr/share/gocode")  # where Debian has them
GO = shutil.which("go") or next((str(path) for path in Path("/usr/lib").glob("go-*/bin/go")), "")
PATH = in_folder("go")
IS_THERE = (PATH / "src/github.com/antoine2116/go-choruspro").is_dir() and (LIBRARIES / "src/golang.org/x").is_dir()

pytestmark = [
    pytest.mark.skipif(not (GO and IS_THERE), reason="no Go, or no go-choruspro in PLAINCHANT_TEST_CLIENTS"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The driver, compiled."""
    built = tmp_path_factory.mktemp("go") / "driver"
    cache = os.environ.get("GOCACHE", str(built.with_name("cache")))
    path = os.pathsep.join([str(PATH), str(LIBRARIES)])
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": path, "GOCACHE": cache, "GOFLAGS": "-p=1"}
    subprocess.run([GO, "build", "-o", built, DRIVER], check=True, env=environment)
    return built


@pytest.fixture
def world(at: datetime, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    for module in ("plainchant.api.entry", "plainchant.api.oauth"):
        monkeypatch.setattr(f"{module}.now", lambda: at)
    return a_world(at)


@pytest.fixture
def clients(live_server: Any, driver: Path) -> Iterator[Callable[[list[str]], Client]]:
    with ExitStack() as stack:
        yield lambda keys: stack.enter_context(running([driver, live_server.url, *keys]))


def test_a_flow_is_deposited_reported_found_and_processed_by_its_recipient(
    clients: Callable[[list[str]], Client], world: SimpleNamespace, at: datetime
):
    supplier, recipient = clients(world.of_seller), clients(world.of_town)
    assert supplier.call("HealthCheck")["statusCode"] == "OK"
    assert {"typeDemandePaiement": "FACTURE"} in supplier.call("RecupererTypesDemandePaiement")[
        "listeTypeDemandePaiement"
    ]
    [town] = supplier.call("RechercherStructures", structure={"identifiantStructure": world.town.identifier})[
        "listeStructures"
    ]
    assert town["idStructureCPP"] == world.town.pk
    assert supplier.call("ConsulterStructure", idStructure=world.town.pk)["codeRetour"] == 0
    [attachment] = supplier.call("RecupererRattachementsUtilisateur")["listeStructureRattachement"]
    assert attachment["designationStructure"] == "Atelier Lumen"

    content = xml("GO-1", seller=world.seller.identifier, buyer=world.town.identifier)
    flow = {"fichierFlux": b64encode(content).decode(), "nomFichier": "GO-1.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"}
    number = supplier.call("DeposerFluxFacture", **flow)["numeroFluxDepot"]
    process(flow=Flow.objects.get(number=number), at=at)
    report = supplier.call("ConsulterCompteRendu", numeroFluxDepot=number)
    assert (report["etatCourantFlux"], b64decode(report["fichierCR"])[:4]) == ("IN_INTEGRE", b"%PDF")
    assert supplier.call("ConsulterCompteRenduDetaille", numeroFluxDepot=number)["etatCourantDepotFlux"] == "IN_INTEGRE"
    # Whatever is not asked for goes out as zero, false, null or "".
    [line] = supplier.call("RechercherFactureParFournisseur", numeroFluxDepot=number)["listeFactures"]
    assert line["numeroFacture"] == "GO-1"

    row = Invoice.objects.get(number="GO-1")
    carry_lot(uids=[str(row.uid)], at=at)
    [received] = recipient.call("RechercherFactureParRecipiendaire", idDestinataire=world.town.pk)["listeFactures"]
    assert received["idFacture"] == row.pk
    done = recipient.call("TraiterFactureRecue", idFacture=row.pk, nouveauStatut="MANDATEE", numeroDPMandat="M-1")
    assert (done["codeRetour"], done["numeroFacture"]) == (0, "GO-1")
    history = supplier.call("ConsulterHistoriqueFacture", idFacture=row.pk)
    assert history["statutCourantCode"] == "MANDATEE"
    [seen] = supplier.call("RechercherFactureParFournisseur", numeroFluxDepot=number)["listeFactures"]
    assert seen["statut"] == "MANDATEE"
