"""What a sandbox keeps of each call, shows on its pages and says of it; what faults do to a deposit."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import clear_url_caches

from plainchant.api.tokens import token_for
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.models import Invoice
from plainchant.sandbox import middleware
from plainchant.sandbox.ending import SECRETS
from plainchant.sandbox.exchanges import EXCHANGES, MASK
from plainchant.sandbox.faults import DEPOSIT, FAULTS, HEADER, ShownFault
from plainchant.sandbox.middleware import SandboxMiddleware
from plainchant.sandbox.pytest_plugin import fail_on_breaches
from tests.api.calling import Program
from tests.making import a_member, a_program, a_structure, a_town, an_application
from tests.portal.flows.making_flows import archive
from tests.portal.flows.making_flows import invoice as xml

REPORT = "/cpro/transverses/v1/consulterCRDetaille"
SEARCH = "/cpro/factures/v1/rechercher/fournisseur"
HEALTH = "/cpro/transverses/v1/health-check"
_NAME = "plainchant.sandbox.middleware.SandboxMiddleware"


@pytest.fixture(scope="module")
def _built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> SimpleNamespace:
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        a_member(structure=seller, at=at, is_manager=True)
        application, client_secret = an_application(structure=seller, at=at)
        program = Program(application, *a_program(structure=seller, at=at))
        return SimpleNamespace(seller=seller, town=town, program=program, client_secret=client_secret)


@pytest.fixture
def world(_built: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch, at: datetime, db: None) -> Iterator:
    settings.API_RATE = 0
    place = settings.MIDDLEWARE.index("plainchant.api.entry.WireMiddleware")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], _NAME, *settings.MIDDLEWARE[place:]]
    settings.ROOT_URLCONF = "tests.sandbox.site"
    settings.MAILBOX_IS_VISIBLE = True
    for module in ("api.entry", "api.oauth", "sandbox.middleware", "sandbox.deposits"):
        monkeypatch.setattr(f"plainchant.{module}.now", lambda: at)
    monkeypatch.setattr("tests.api.calling.now", lambda: at)
    EXCHANGES.clear()
    FAULTS.write([])
    clear_url_caches()
    yield _built
    EXCHANGES.clear()
    FAULTS.write([])
    clear_url_caches()
    cache.clear()


def deposit(world: SimpleNamespace, *numbers: str, **headers: str) -> Any:
    seller, buyer = world.seller.identifier, world.town.identifier
    files = {f"{number}.xml": xml(number, seller=seller, buyer=buyer) for number in numbers}
    content = archive(files) if len(files) > 1 else next(iter(files.values()))
    name = "lot.tar.gz" if len(files) > 1 else f"{numbers[0]}.xml"
    body = {"fichierFlux": b64encode(content).decode(), "nomFichier": name, "Numero": "1"}
    return json.loads(world.program.call(DEPOSIT, body, **headers).content)


def newest() -> Any:
    return next(iter(EXCHANGES))


def test_secrets_are_not_kept_and_the_account_is_named(world: SimpleNamespace) -> None:
    client_id = world.program.application.client_id
    form = f"grant_type=client_credentials&client_id={client_id}&client_secret={world.client_secret}"
    token = Client().post("/api/oauth/token", form, content_type="application/x-www-form-urlencoded").json()
    assert token["access_token"]
    kept = newest()
    assert f"client_secret={MASK}" in kept.request
    assert f'"access_token":"{MASK}"' in kept.response
    world.program.asks(SEARCH, {})
    kept = newest()
    assert kept.account == world.program.account.identifier
    everything = json.dumps([each.shown() for each in EXCHANGES])
    for secret in (world.client_secret, world.program.secret, token["access_token"]):
        assert secret not in everything


def test_each_answer_is_compared_with_the_contract(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.program.asks(SEARCH, {})
    assert (newest().is_checked, newest().breaches, newest().operation) == (True, (), SEARCH)
    monkeypatch.setattr(middleware, "breaches_of", lambda *_, **__: ["« x » manque."])
    world.program.asks(SEARCH, {})
    assert newest().breaches == ("« x » manque.",)
    assert "answered against the contract: « x » manque." in caplog.text
    page = Client().get("/sandbox/echanges/?ecart=on").content.decode()
    assert "Des réponses ne suivent pas le contrat" in page
    assert page.count("data-row-link") == 1
    asked = json.loads(SandboxMiddleware(None).__call__(_get("/sandbox/exchanges/breaches")).content)  # type: ignore[arg-type]
    assert len(asked["exchanges"]) == 1
    with pytest.raises(pytest.fail.Exception, match="« x » manque"):
        fail_on_breaches(SimpleNamespace(breaches=lambda: ["« x » manque."]))  # type: ignore[arg-type]
    fail_on_breaches(SimpleNamespace(breaches=list))  # type: ignore[arg-type]


def _get(path: str) -> Any:
    from django.test import RequestFactory

    return RequestFactory().get(path)


def test_an_incident_stops_a_flow_before_anything_of_it_is_taken(world: SimpleNamespace, at: datetime) -> None:
    given = deposit(world, "SB-1", "SB-2", **{HEADER: "incident"})
    assert given["codeRetour"] == 0
    flow = Flow.objects.get(number=given["numeroFluxDepot"])
    assert process(flow=flow, at=at)
    report = world.program.asks(REPORT, {"numeroFluxDepot": flow.number})
    assert report["etatCourantDepotFlux"] == "IN_INCIDENTE"
    assert [row["codeErreur"] for row in report["listeErreurTechnique"]] == ["FLUX-INCIDENT"]
    assert not Invoice.objects.filter(seller=world.seller).exists()
    number = newest().number
    page = Client().get(f"/sandbox/echanges/{number}/").content.decode()
    assert "Cet incident a été demandé au bac à sable" in page
    again = deposit(world, "SB-1", "SB-2")  # the same bytes: another flow, which goes its way
    flow = Flow.objects.get(number=again["numeroFluxDepot"])
    assert process(flow=flow, at=at)
    assert Invoice.objects.filter(seller=world.seller).count() == 2


def test_a_flow_that_is_taken_in_part(world: SimpleNamespace, at: datetime) -> None:
    FAULTS.write([ShownFault("partial", times=2)])
    deposit(world, "SB-0")
    assert newest().fault == ""  # of a single invoice there is no part
    flow = Flow.objects.get(number=deposit(world, "SB-1", "SB-2", "SB-3")["numeroFluxDepot"])
    assert process(flow=flow, at=at)
    report = world.program.asks(REPORT, {"numeroFluxDepot": flow.number})
    assert report["etatCourantDepotFlux"] == "IN_INTEGRE_PARTIEL"
    assert [(row["numeroDP"], row["identifiantFournisseur"]) for row in report["listeErreurDP"]] == [
        ("SB-1", world.seller.identifier)
    ]
    taken = Invoice.objects.filter(seller=world.seller).order_by("number").values_list("number", flat=True)
    assert list(taken) == ["SB-2", "SB-3"]


def test_an_answer_of_before(world: SimpleNamespace, at: datetime) -> None:
    flow = Flow.objects.get(number=deposit(world, "SB-1")["numeroFluxDepot"])
    asked = {"numeroFluxDepot": flow.number}
    stale = {HEADER: "stale"}
    early = json.loads(world.program.call(REPORT, asked, **stale).content)  # there is none before it
    process(flow=flow, at=at)
    done = world.program.asks(REPORT, asked)
    assert early != done
    assert json.loads(world.program.call(REPORT, asked, **stale).content) == early
    assert world.program.asks(REPORT, asked) == done


def test_what_chorus_pro_would_have_said_and_how_sure_that_is(world: SimpleNamespace) -> None:
    world.program.asks(REPORT, {"numeroFluxDepot": "CPP0000"})
    known = _page(newest().number)
    assert "codeRetour 20001, et un texte qui commence par « POQ_MSG_01.003 »" in known
    assert "wire_flow_unknown" in known
    assert "numeroFluxDepot" in known
    assert "Vu :" in known
    deposit(world, "SB-1")
    assert "Personne ne lit ces clés de votre requête : Numero" in _page(newest().number)
    world.program.call("/cpro/factures/v1/consulter/cr", {})
    assert "Cette adresse n’existe pas" in _page(newest().number)
    world.program.asks(DEPOSIT, {"nomFichier": "x"})
    assert "Personne ne le sait" in _page(newest().number)
    assert Client().get("/sandbox/echanges/999999/").status_code == 404


def _page(number: int) -> str:
    page = Client().get(f"/sandbox/echanges/{number}/").content.decode()
    return page.replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_list_is_filtered(world: SimpleNamespace) -> None:
    world.program.asks(SEARCH, {"numeroFacture": "SB-77"})
    world.program.asks(SEARCH, {"numeroFacture": "SB-78"})
    world.program.call(HEALTH, method="get", **{"cpro-account": "x"})
    for query, count in (
        ("", 3), ("texte=sb-77", 1), ("echec=on", 1), (f"operation={SEARCH}", 2), ("compte=nobody", 3), ("ecart=on", 0),
        (f"compte={world.program.account.identifier}", 2),
    ):  # fmt: skip
        page = Client().get(f"/sandbox/echanges/?{query}").content.decode()
        assert page.count("data-row-link") == count, query


@pytest.mark.parametrize("what", SECRETS)
def test_secrets_end_on_demand(
    world: SimpleNamespace, at: datetime, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    application = world.program.application
    before = token_for(application, at=at - timedelta(minutes=1))
    assert SECRETS[what](world.seller, at=at) == 1
    status = world.program.call(SEARCH, {}, Authorization=f"Bearer {before}").status_code
    assert status == (200 if what == "client_secret" else 401)
    form = f"grant_type=client_credentials&client_id={application.client_id}&client_secret={world.client_secret}"
    given = Client().post("/api/oauth/token", form, content_type="application/x-www-form-urlencoded").status_code
    assert given == (400 if what == "client_secret" else 200)
    assert SECRETS[what](world.seller, at=at) == (1 if what == "token" else 0)
