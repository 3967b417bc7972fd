"""What is sent after which answer: tokens, other tries, and which class each failure has. No server is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from plainchant.client import (
    CHORUS_PRO,
    AccessDenied,
    CallRefused,
    ClientError,
    ContractBroken,
    Credentials,
    LimitReached,
    NotAuthenticated,
    Server,
    ServerUnavailable,
    calls,
)
from plainchant.client.conversation import Call, Conversation, NoAnswer, Pause, Retries, Send, ServerAnswer
from plainchant.client.servers import AddressNotSafe

TOKEN = ServerAnswer(200, {}, b'{"access_token": "T", "token_type": "Bearer", "expires_in": 3600}')
GOOD = ServerAnswer(200, {}, b'{"codeRetour": 0, "libelle": "", "numeroFluxDepot": "CPP1", "dateDepot": "2026-11-30"}')
SECRETS = Credentials("application", "secret", "TECH@cpro.fr", "mot:de passe")
DEPOSIT = calls.deposit(b"<Invoice/>", name="F-1.xml", syntax="")
PROCESS = calls.process(7, status="SUSPENDUE", reason="", payment_order="")


class Played:
    """A conversation whose answers are given; what was sent and how long was paused."""

    def __init__(self, server: Server | None = None) -> None:
        self.seconds = 0.0
        self.sent: list[Send] = []
        self.pauses: list[float] = []
        self.conversation = Conversation(
            server or Server.at("https://portal.example"),
            SECRETS,
            retries=Retries(tries=3, first=1, chance=lambda: 1.0),
            clock=lambda: self.seconds,
        )

    def play(self, call: Call[Any], *answers: ServerAnswer | NoAnswer) -> Any:
        steps, left, outcome = self.conversation.steps(call), list(answers), None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                assert not left
                return end.value
            if isinstance(step, Pause):
                self.pauses.append(step.seconds)
                outcome = None
            else:
                self.sent.append(step)
                outcome = left.pop(0)


def status(number: int, body: str = "{}", **headers: str) -> ServerAnswer:
    return ServerAnswer(number, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode())


def test_a_token_serves_until_a_minute_before_its_end_and_is_asked_for_again_when_it_is_not_taken() -> None:
    played = Played()
    assert played.play(DEPOSIT, TOKEN, GOOD).flow == "CPP1"
    played.seconds = 3539
    played.play(DEPOSIT, GOOD)
    played.seconds = 3540
    played.play(DEPOSIT, TOKEN, GOOD)
    played.play(DEPOSIT, status(401), TOKEN, GOOD)
    assert [send.url.rsplit("/", 1)[-1] for send in played.sent] == [
        "token", "flux", "flux", "token", "flux", "flux", "token", "flux",
    ]  # fmt: skip
    with pytest.raises(NotAuthenticated, match="compte technique"):  # with a new token, it is the account
        played.play(DEPOSIT, status(401), TOKEN, status(401))


def test_the_account_goes_with_each_call_and_no_secret_is_shown() -> None:
    played = Played()
    played.play(DEPOSIT, TOKEN, GOOD)
    assert played.sent[1].headers["cpro-account"] == "VEVDSEBjcHJvLmZyOm1vdDpkZSBwYXNzZQ=="
    assert b"client_secret=secret" in played.sent[0].content
    assert not any(secret in f"{played.sent} {SECRETS}" for secret in ("client_secret=secret", "mot:de", "VEVDSE"))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status(400, '{"codeRetour": 400, "libelle": "mal formé"}'), ContractBroken),
        (status(200, "<html>"), ContractBroken),
        (status(200, "[]"), ContractBroken),
        (status(200, '{"codeRetour": "0"}'), ContractBroken),
        (status(200, '{"codeRetour": 0}'), ContractBroken),  # no number of a flow
        (status(302), ContractBroken),
        (status(403), AccessDenied),
        (status(413), LimitReached),
        (status(200, '{"codeRetour": 20001, "libelle": "GDP_MSG_11.022"}'), CallRefused),
    ],
)
def test_each_failure_that_another_try_does_not_mend_has_its_class(
    answer: ServerAnswer, kind: type[ClientError]
) -> None:
    played = Played()
    with pytest.raises(kind) as raised:
        played.play(DEPOSIT, TOKEN, answer)
    assert type(raised.value) is kind
    assert not played.pauses


def test_an_application_that_is_not_known_is_told_from_the_account() -> None:
    with pytest.raises(NotAuthenticated, match="client_secret"):
        Played().play(DEPOSIT, status(400, '{"error": "invalid_client"}'))
    with pytest.raises(ContractBroken):
        Played().play(DEPOSIT, status(200, '{"access_token": null, "expires_in": 3600}'))


def test_what_a_plainchant_says_of_a_refusal_is_there_whole() -> None:
    ours = {
        "code": "draft_refused",
        "message": "Deux choses.",
        "mend": "Corrigez-les.",
        "findings": [{"code": "BR-1", "message": "Un.", "field": "number"}, {"code": "BR-2", "message": "Deux."}],
    }
    answer = status(200, json.dumps({"codeRetour": 20003, "libelle": "coupé", "plainchant": ours}))
    with pytest.raises(CallRefused) as raised:
        Played().play(PROCESS, TOKEN, answer)
    refused = raised.value
    assert (refused.number, refused.code, refused.sentence) == (20003, "draft_refused", "Deux choses.")
    assert [(each.code, each.field) for each in refused.reasons] == [("BR-1", "number"), ("BR-2", "")]


LOST = NoAnswer("ReadTimeout", was_sent=True)
NOT_SENT = NoAnswer("ConnectError", was_sent=False)


@pytest.mark.parametrize("answer", [LOST, status(500), status(502), status(504), status(408)])
@pytest.mark.parametrize(
    ("call", "server", "is_repeated"),
    [
        (calls.report("CPP1"), CHORUS_PRO, True),
        (DEPOSIT, Server.at("https://portal.example"), True),
        (DEPOSIT, CHORUS_PRO, False),
        (PROCESS, Server.at("https://portal.example"), True),
        (PROCESS, CHORUS_PRO, False),
    ],
)
def test_what_may_have_been_done_is_repeated_only_where_it_is_not_done_twice(
    answer: ServerAnswer | NoAnswer, call: Call[Any], server: Server, is_repeated: bool
) -> None:
    played = Played(server)
    with pytest.raises(ServerUnavailable) as raised:
        played.play(call, TOKEN, *[answer] * (3 if is_repeated else 1))
    assert raised.value.may_be_done is call.path.endswith(("flux", "recue"))
    assert played.pauses == ([1, 2] if is_repeated else [])


@pytest.mark.parametrize(("answer", "kind"), [(NOT_SENT, ServerUnavailable), (status(503), ServerUnavailable),
                                               (status(429), LimitReached)])  # fmt: skip
def test_what_was_not_done_is_tried_again(answer: ServerAnswer | NoAnswer, kind: type[ClientError]) -> None:
    played = Played(CHORUS_PRO)
    with pytest.raises(kind) as raised:
        played.play(PROCESS, TOKEN, answer, answer, answer)
    assert not getattr(raised.value, "may_be_done", False)
    played.play(DEPOSIT, answer, GOOD)


def test_a_try_is_made_when_the_server_says_so_and_with_the_same_key() -> None:
    played = Played()
    played.play(DEPOSIT, TOKEN, status(429, retry_after="7"), status(503, retry_after="900"), GOOD)
    assert played.pauses == [7, 30]
    keys = {send.headers.get("Idempotency-Key") for send in played.sent[1:]}
    assert len(keys) == 1
    assert keys != {None}


def test_a_time_to_wait_that_is_no_number_is_as_none() -> None:
    played = Played()
    played.play(DEPOSIT, TOKEN, status(429, retry_after="²"), GOOD)
    assert len(played.pauses) == 1


def test_pauses_are_shortened_by_chance() -> None:
    retries = Retries(first=1, longest=5, chance=lambda: 0.0)
    assert [retries.pause(failures, wanted=None) for failures in (1, 2, 3, 4)] == [0.5, 1, 2, 2.5]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Server.at("http://portal.example"),
        lambda: Server.at("portal.example"),
        lambda: Server.at("ftp://portal.example"),
        lambda: Server("https://portal.example/token", "http://portal.example/cpro"),
        lambda: Server.at("http://127.0.0.1.portal.example"),
    ],
)
def test_secrets_leave_this_machine_over_https_alone(make: Callable[[], Server]) -> None:
    with pytest.raises(AddressNotSafe):
        make()


def test_chorus_pro_is_not_asked_for_what_it_does_not_have() -> None:
    played = Played(CHORUS_PRO)
    with pytest.raises(AccessDenied):
        played.play(calls.check(b"<Invoice/>"))
    assert not played.sent


def test_this_machine_may_be_called_as_it_is() -> None:
    assert Server.at("http://127.0.0.1:8100/").token_url == "http://127.0.0.1:8100/api/oauth/token"
    assert Server.at("http://[::1]:8100").origin == "http://[::1]:8100"
    assert Server.at("http://localhost:8100").is_plainchant


def test_what_chorus_pro_says_of_a_flow_is_cut_into_its_findings() -> None:
    given = {
        "codeRetour": 0,
        "numeroFluxDepot": "CPP1",
        "etatCourantDepotFlux": "IN_REJETE",
        "dateDepotFlux": "2026-11-30T10:00:00.000+01:00",
        "dateHeureEtatCourantFlux": "2026-11-30T10:00:01.000+0100",
        "listeErreurDP": [{"numeroDP": "F-1", "libelleErreurDP": "Le numéro est pris. | Le SIRET est inconnu."}],
    }
    report = Played(CHORUS_PRO).play(calls.report("CPP1"), TOKEN, status(200, json.dumps(given)))
    assert [finding.message for finding in report.findings] == ["Le numéro est pris.", "Le SIRET est inconnu."]
    assert report.is_ended
    assert not report.is_accepted


def test_a_recipient_that_has_received_nothing_finds_an_empty_page() -> None:
    search = calls.search_received(
        number="F-1", statuses=(), deposited_from=None, deposited_until=None, page=1, per_page=50
    )
    empty = status(200, '{"codeRetour": 20000, "libelle": "rien"}')
    page = Played().play(search, TOKEN, empty)
    assert (page.rows, page.total) == ((), 0)
