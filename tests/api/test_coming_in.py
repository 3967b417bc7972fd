"""Tokens, technical accounts, addresses: who is let in, and what everybody else is answered."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from plainchant.api import callers, tokens
from plainchant.api.tokens import application_of, token_for
from plainchant.portal.lib.sending import ASKS_TO_SEND, MAY_SEND
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import applications, technical_accounts
from plainchant.portal.structures.models import ApplicationSecret, TechnicalSecret

CR = "/cpro/transverses/v1/consulterCR"
HEALTH = "/cpro/transverses/v1/health-check"


def asked(world: SimpleNamespace, *, is_basic: bool = False, **form: str) -> Any:
    given = {
        "grant_type": "client_credentials",
        "client_id": world.program.application.client_id,
        "client_secret": world.client_secret,
        **form,
    }
    headers = {}
    if is_basic:
        pair = f"{given.pop('client_id')}:{given.pop('client_secret')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    kind = "application/x-www-form-urlencoded"
    return Client().post("/api/oauth/token", urlencode(given), content_type=kind, headers=headers)


def test_an_unknown_client_and_a_wrong_secret_read_the_same(world: SimpleNamespace):
    answers = [
        asked(world, client_secret="faux"),
        asked(world, client_id="inconnu"),
        asked(world, client_id="", client_secret=""),
        asked(world, client_secret="faux", is_basic=True),
    ]
    assert {(each.status_code, each.content) for each in answers} == {(400, answers[0].content)}
    assert answers[0].json()["error"] == "invalid_client"


def test_another_grant_is_refused_by_its_name(world: SimpleNamespace):
    assert asked(world, grant_type="password").json()["error"] == "unsupported_grant_type"
    assert asked(world, grant_type="").json()["error"] == "invalid_request"


def test_a_form_too_long_is_not_read(world: SimpleNamespace):
    assert asked(world, scope="x" * 20_000).status_code == 413


@pytest.mark.parametrize("form", [{}, {"scope": "openid"}, {"is_basic": True}])
def test_a_token_is_given_for_an_hour(world: SimpleNamespace, form: dict[str, Any]):
    answer = asked(world, **form)
    token = answer.json()["access_token"]
    assert answer.json() == {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "openid"}
    assert b'"expires_in":3600' in answer.content
    assert application_of(token, at=world.at) == world.program.application
    assert application_of(token, at=world.at + timedelta(seconds=3599)) == world.program.application
    assert application_of(token, at=world.at + timedelta(seconds=3600)) is None
    assert application_of(token, at=world.at - timedelta(seconds=1)) is None
    assert application_of(token[:-1] + ("A" if token[-1] != "A" else "B"), at=world.at) is None
    assert application_of(asked(world, **form).json()["access_token"], at=world.at) == world.program.application


def test_too_many_wrong_secrets_and_nothing_is_looked_at_for_an_hour(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(applications, "WRONG_TRIES", 2)
    given = {"client_id": world.program.application.client_id, "secret": "faux"}
    right = given | {"secret": world.client_secret}
    monkeypatch.setattr(applications, "_RECALLED", applications.Recalled("empty"))
    assert [applications.authenticate(**given, at=world.at) for _ in range(2)] == [None, None]
    assert applications.authenticate(**right, at=world.at) is None
    assert applications.authenticate(**right, at=world.at + applications.WRONG_TRIES_WITHIN) is not None


def test_an_address_that_tries_too_often_costs_no_more_hashes(
    world: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "api_token_failed": "2/m/ip"}
    assert [asked(world, client_id=f"inconnu-{n}").status_code for n in range(3)] == [400, 400, 429]
    monkeypatch.setattr(applications, "check_password", lambda *_: pytest.fail("a hash was computed"))
    refused = asked(world, client_id="un autre")
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert refused["Content-Type"].startswith("application/json")


def test_a_secret_that_was_right_a_moment_ago_ends_at_once(world: SimpleNamespace):
    given = {"client_id": world.program.application.client_id, "secret": world.client_secret, "at": world.at}
    assert applications.authenticate(**given) is not None
    [kept] = applications.kept_secrets(application=world.program.application)
    second = applications.add_secret(application=world.program.application, actor=Actor(world.manager), at=world.at)
    assert applications.authenticate(**given | {"secret": second}) is not None
    with pytest.raises(applications.TooManyApplicationSecrets):
        applications.add_secret(application=world.program.application, actor=Actor(world.manager), at=world.at)
    applications.withdraw_secret(secret=kept, actor=Actor(world.manager), at=world.at)
    assert applications.authenticate(**given) is None
    assert applications.authenticate(**given | {"secret": second}) is not None
    assert ApplicationSecret.objects.get(pk=kept.pk).hashed == ""


def test_what_is_recalled_costs_no_hash(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    world.program.call(CR)
    asked(world)

    def fail(*_: object) -> bool:
        raise AssertionError("a hash was computed")

    for module in (applications, technical_accounts):
        monkeypatch.setattr(module, "check_password", fail)
    assert world.program.call(CR).status_code == 200
    assert asked(world).status_code == 200


# -- Tokens on calls ---------------------------------------------------------------------------------------------


def test_a_call_without_token_is_answered_as_on_piste(world: SimpleNamespace):
    answer = world.program.call(CR, Authorization="")
    assert answer.status_code == 400
    assert answer["WWW-Authenticate"] == callers.NO_TOKEN
    assert answer["Content-Type"].startswith("application/json")


def test_a_token_of_nobody_is_refused(world: SimpleNamespace):
    assert world.program.call(CR, Authorization="Bearer x.y.z").status_code == 401
    forged = tokens.Signer(salt="other", sep=".").sign(f"{world.program.application.client_id}.1.0.0")
    assert world.program.call(CR, Authorization=f"Bearer {forged}").status_code == 401


def test_tokens_can_be_refused_all_at_once(world: SimpleNamespace):
    token = token_for(world.program.application, at=world.at)
    later = world.at + timedelta(seconds=1)
    assert application_of(token, at=later) is not None
    applications.revoke_tokens(application=world.program.application, actor=Actor(world.manager), at=later)
    assert application_of(token, at=later) is None
    assert application_of(token_for(world.program.application, at=later), at=later) is not None


def test_an_application_that_was_ended_is_let_in_no_more(world: SimpleNamespace):
    assert world.program.call(CR).status_code == 200
    applications.end(application=world.program.application, actor=Actor(world.manager), at=world.at)
    assert world.program.call(CR).status_code == 401
    assert asked(world).status_code == 400


def test_more_calls_than_may_be_are_answered_429(world: SimpleNamespace, settings: Any):
    settings.API_RATE = 3
    callers._RATE.__init__()  # type: ignore[misc]
    assert [world.program.call(CR).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    callers._RATE.__init__()  # type: ignore[misc]


# -- Technical accounts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "%%%", "TECH", b64encode(b"\xff:x").decode(), b64encode(b"a:b").decode()])
def test_an_account_that_is_none_is_refused_in_the_words_programs_know(world: SimpleNamespace, given: str):
    answer = world.program.call(CR, cpro_account=given)
    assert answer.status_code == 401
    assert answer.json() == {"codeRetour": 401, "libelle": callers.UNKNOWN_ACCOUNT}


def test_a_password_that_was_withdrawn_or_has_ended_stops_at_once(world: SimpleNamespace):
    given = {"identifier": world.program.account.identifier, "secret": world.program.secret}
    assert technical_accounts.recognise(**given, at=world.at) is not None
    secret = TechnicalSecret.objects.get(technical_account=world.program.account)
    TechnicalSecret.objects.filter(pk=secret.pk).update(ends_at=world.at)
    assert world.program.call(CR).status_code == 401
    TechnicalSecret.objects.filter(pk=secret.pk).update(ends_at=world.at + timedelta(days=1))
    assert world.program.call(CR).status_code == 200
    technical_accounts.withdraw_secret(secret=secret, actor=Actor(world.manager), at=world.at)
    assert world.program.call(CR).status_code == 401


def test_an_account_that_was_ended_stops_at_once(world: SimpleNamespace):
    assert world.program.call(CR).status_code == 200
    technical_accounts.end(account=world.program.account, actor=Actor(world.manager), at=world.at)
    assert world.program.call(CR).status_code == 401


# -- Addresses and bodies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/cpro/factures/v1/consulter/cr",
        "/cpro/transverses/v1/consulterCR/",
        "/CPRO/transverses/v1/consulterCR",
        "/cpro",
        "/api/",
        "/cpro/../metrics",
    ],
)
def test_an_unknown_address_is_answered_403_and_an_empty_object(world: SimpleNamespace, path: str):
    answer = world.program.call(path)
    assert (answer.status_code, answer.content) == (403, b"{}")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-CorrelationId"].startswith("Id-")
    assert Client().get(CR).status_code == 403


def test_without_the_setting_there_is_no_interface(world: SimpleNamespace, settings: Any):
    settings.API = False
    assert world.program.call(CR).status_code == 404
    assert asked(world).status_code == 404


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content_type": "text/plain"}, "{}", 415),
        ({"content_type": "application/x-www-form-urlencoded"}, "a=b", 415),
        ({}, "{", 400),
        ({}, '{"dateDepot": "hier"}', 400),
        ({}, " " * (5 << 20), 413),
    ],
)
def test_a_body_that_is_no_request_is_refused(world: SimpleNamespace, headers: dict[str, str], body: str, status: int):
    answer = world.program.call(CR, body, **headers)
    assert answer.status_code == status
    assert answer.json()["codeRetour"] == status
    assert answer.json()["libelle"]


@pytest.mark.parametrize("body", ["", "null", "[]", "{}"])
def test_an_empty_request_is_one_that_says_nothing(world: SimpleNamespace, body: str):
    assert world.program.asks(CR, body)["plainchant"]["code"] == "wire_value_missing"


def test_a_long_body_is_asked_for_only_of_those_who_may_send_it(world: SimpleNamespace):
    flow = "/cpro/factures/v1/deposer/flux"
    headers = {"Authorization": f"Bearer {token_for(world.program.application, at=world.at)}"}
    answer = Client().post(flow, content_type="application/json", headers=headers, **{ASKS_TO_SEND: True})
    assert answer.status_code == 401
    account = b64encode(f"{world.program.account.identifier}:{world.program.secret}".encode()).decode()
    headers["cpro-account"] = account
    asked = Client().post(flow, content_type="application/json", headers=headers, **{ASKS_TO_SEND: True})
    assert int(asked[MAY_SEND.decode()]) > 120 << 20


def test_an_answer_sets_no_cookie_and_is_kept_nowhere(world: SimpleNamespace):
    answer = world.program.call(CR)
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert json.loads(answer.content)


@pytest.mark.parametrize("body", [b"", b"null", b"[]"])
def test_health_is_told_with_a_token_alone(world: SimpleNamespace, body: bytes):
    token = f"Bearer {token_for(world.program.application, at=world.at)}"
    answer = Client().generic("GET", HEALTH, body, headers={"Authorization": token})
    assert answer.json() == {
        "body": "L'API CPRO est actuellement disponible et fonctionnel.", "statusCodeValue": 200, "statusCode": "OK"
    }  # fmt: skip
    wrong = {"Authorization": token, "cpro-account": "x"}
    assert Client().get(HEALTH, headers=wrong).status_code == 401
    assert Client().get(HEALTH).status_code == 400
