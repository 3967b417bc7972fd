"""A flow is handed in by a program, and its reports are read."""

from __future__ import annotations

from base64 import b64decode, b64encode
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.api.transverses.flow_states import state_of
from plainchant.portal.flows.models import Flow, State
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.models import Invoice
from tests.portal.flows.making_flows import archive, invoice

DEPOSIT = "/cpro/factures/v1/deposer/flux"
CR, DETAIL = "/cpro/transverses/v1/consulterCR", "/cpro/transverses/v1/consulterCRDetaille"


def a_deposit(world: SimpleNamespace, number: str = "F-1", **changes: Any) -> dict[str, Any]:
    content = invoice(number, seller=world.seller.identifier, buyer=world.town.identifier)
    return {
        "idUtilisateurCourant": 0,
        "fichierFlux": b64encode(content).decode(),
        "nomFichier": f"{number}.xml",
        "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
        "avecSignature": False,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "retour", "code"),
    [
        ({"fichierFlux": None}, 20001, "wire_value_missing"),
        ({"fichierFlux": "pas du base64"}, 20001, "wire_not_base64"),
        ({"nomFichier": ""}, 20001, "wire_value_missing"),
        ({"fichierFlux": b64encode(b"bonjour").decode()}, 20001, "IRR_TYPE_F"),
    ],
)
def test_what_is_no_flow_is_refused(world: SimpleNamespace, changes: dict[str, Any], retour: int, code: str):
    answer = world.program.asks(DEPOSIT, a_deposit(world, **changes))
    assert (answer["codeRetour"], answer["plainchant"]["code"]) == (retour, code)
    assert answer["plainchant"]["message"] in answer["libelle"]
    assert answer["plainchant"]["mend"]
    assert not Flow.objects.exists()


def test_a_flow_that_is_too_large_has_its_code(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("plainchant.api.factures.deposer_flux.MOST", 10)
    answer = world.program.asks(DEPOSIT, a_deposit(world))
    assert (answer["codeRetour"], answer["libelle"][:14]) == (20001, "GDP_MSG_11.022")
    assert not Flow.objects.exists()


def test_a_program_that_may_not_send_is_refused(world: SimpleNamespace):
    world.program.account.grants.all().delete()
    answer = world.program.asks(DEPOSIT, a_deposit(world))
    assert (answer["codeRetour"], answer["plainchant"]["code"]) == (20001, "not_allowed")


@pytest.mark.parametrize("path", [CR, DETAIL])
def test_the_flow_of_others_is_unknown(world: SimpleNamespace, path: str):
    number = world.program.asks(DEPOSIT, a_deposit(world))["numeroFluxDepot"]
    unknown = world.program.asks(path, {"numeroFluxDepot": "CPP0011117000000000999999"})
    assert (unknown["codeRetour"], unknown["libelle"]) == (20001, "POQ_MSG_01.003 - Flux introuvable.")
    assert world.of_others.asks(path, {"numeroFluxDepot": number}) == unknown
    assert world.of_the_town.asks(path, {"numeroFluxDepot": number}) == unknown


def test_a_flow_is_handed_in_once_and_its_report_read(world: SimpleNamespace):
    answer = world.program.asks(DEPOSIT, a_deposit(world))
    number = answer["numeroFluxDepot"]
    assert answer == {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "numeroFluxDepot": number,
        "dateDepot": "2026-11-03",
        "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
    }
    assert len(number) == 25
    assert world.program.asks(DEPOSIT, a_deposit(world))["numeroFluxDepot"] == number
    [flow] = Flow.objects.all()
    assert (flow.sender, flow.deposit_mode) == (world.program.account.account, "UPLOAD_API")
    early = world.program.asks(CR, {"numeroFluxDepot": number})
    assert early["etatCourantFlux"] == "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"
    assert "fichierCR" not in early

    process(flow=flow, at=world.at)
    late = world.program.asks(CR, {"numeroFluxDepot": number, "dateDepot": "2026-11-03", "syntaxFluxType": "x"})
    assert b64decode(late.pop("fichierCR")).startswith(b"%PDF")
    assert late == {
        "codeRetour": 0,
        "libelle": "TRA_MSG_00.000",
        "codeAppliPartenaire": "CPP001",
        "codeInterfaceFlux": "FSO1100A",
        "dateDepotFlux": "2026-11-03T10:30:00.000+01:00",
        "dateHeureEtatCourantFlux": "2026-11-03T10:30:00.000+01:00",
        "designationPartenaire": "Atelier Lumen",
        "etatCourantFlux": "IN_INTEGRE",
        "nomFichierFlux": "F-1.xml",
        "numeroFluxDepot": number,
    }
    detail = world.program.asks(DETAIL, {"numeroFluxDepot": number, "syntaxeFlux": "IN_DP_E2_UBL_INVOICE_MIN"})
    assert detail["etatCourantDepotFlux"] == "IN_INTEGRE"
    assert (detail["listeErreurDP"], detail["listeErreurTechnique"]) == ([], [])
    assert Invoice.objects.get(number="F-1").seller == world.seller


def test_all_that_is_wrong_with_an_invoice_is_in_one_line_and_each_by_itself_beside_it(world: SimpleNamespace):
    good = invoice("F-2", seller=world.seller.identifier, buyer=world.town.identifier)
    bad = invoice("F-3", seller="73282932000074", buyer="00000000000000").replace(b"2026-", b"1926-")
    content = archive({"1.xml": good, "2.xml": bad})
    given = {"fichierFlux": b64encode(content).decode(), "nomFichier": "lot.tar.gz"}
    number = world.program.asks(DEPOSIT, a_deposit(world, **given))["numeroFluxDepot"]
    process(flow=Flow.objects.get(number=number), at=world.at)
    detail = world.program.asks(DETAIL, {"numeroFluxDepot": number})
    assert detail["etatCourantDepotFlux"] == "IN_INTEGRE_PARTIEL"
    [error] = detail["listeErreurDP"]
    assert (error["numeroDP"], error["identifiantFournisseur"]) == ("F-3", "73282932000074")
    each = [row["libelleErreurDP"] for row in detail["plainchant"]["listeErreurDP"]]
    assert len(each) > 1
    assert error["libelleErreurDP"] == "|".join(each)


def test_no_state_on_the_way_passes_for_the_end():
    shown = {state_of(Flow(state=state)) for state in State}
    assert not {"IN_RECU", "IN_TRAITE_SE_CPP", "A_CONFIRMER"} & shown
