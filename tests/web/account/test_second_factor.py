"""A second factor: adding and removing each, logging in with it, the locks, and what is asked of whom."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from lxml import html

from plainchant.portal.accounts.models import LogIn, User
from plainchant.portal.lib.security import SecurityEvent
from plainchant.portal.mail.models import Message
from plainchant.portal.structures.models import Membership
from plainchant.web.routes import all_routes
from tests.making import a_member, a_person, a_structure, a_town
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
STARTED = time.time()
SECURITY = "/compte/securite/"
SECOND_STEP, MAIL_STEP = "/compte/connexion/verification/", "/compte/connexion/code/"


def is_fresh_at(client: Client, address: str) -> bool:
    """Whether this page asks for no other proof."""
    return "preuve" not in client.get(address).headers.get("Location", "")


def log_in(client: Client, password: str = "trois vases bleus", **more: str) -> Any:
    return client.post("/compte/connexion/", {"login": "marie@potiers.fr", "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thirty seconds of a code do not end between its reading and its typing."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: STARTED))


def shown(secret: str, *, steps: int = 0) -> str:
    """What an application would show now, or some steps of thirty seconds later."""
    return str(format_hotp_value(hotp_value(secret, int(STARTED) // 30 + steps)))


@pytest.fixture
def visitor(client: Client, marie: User) -> Client:
    log_in(client)
    return client


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """What waits for the end of the transaction is done at the end of the block, as after a request."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def with_application(client: Client, committed: Any) -> str:
    """Set one up; its secret."""
    page = client.get(f"{SECURITY}application/").content.decode()
    secret = str(re.search(r'class="code secret">(\w+)<', page)[1])  # type: ignore[index]
    with committed():
        answer = client.post(f"{SECURITY}application/", {"code": shown(secret, steps=-1)})
    assert answer.headers["Location"] == f"{SECURITY}codes/"
    return secret


def test_an_application_is_set_up_and_asked_for_at_the_next_log_in(visitor: Client, committed: Any) -> None:
    elsewhere = Client()
    log_in(elsewhere)
    assert is_in(elsewhere)
    secret = with_application(visitor, committed)
    assert elsewhere.get("/compte/").status_code == 302  # it has not shown the new factor
    assert visitor.get("/compte/").status_code == 200
    assert "application de votre téléphone" in Message.objects.get(kind="second_factor_changed").body
    codes = re.findall(r'class="code">(\d{8})<', visitor.get(f"{SECURITY}codes/").content.decode())
    assert len(codes) == 10
    assert codes[0] not in visitor.get(f"{SECURITY}codes/").content.decode()  # shown once
    client = Client()
    assert log_in(client).headers["Location"] == SECOND_STEP
    assert not is_in(client)
    assert client.get("/compte/").status_code == 302
    assert "pas le bon code" in client.post(SECOND_STEP, {"code": "000000"}).content.decode()
    code = shown(secret)
    assert client.post(SECOND_STEP, {"code": code}).status_code == 302
    assert is_in(client)


def test_the_square_to_photograph_is_drawn_in_the_page_where_the_policy_lets_it_be_seen(visitor: Client) -> None:
    page = html.fromstring(visitor.get(f"{SECURITY}application/").content)
    [square] = page.xpath("//svg[@role='img' and contains(@aria-label, 'carré')]")
    assert square.get("viewbox")
    [path] = square.xpath(".//path")
    assert len(path.get("d")) > 1000
    assert page.xpath("//img[starts-with(@src, 'data:')]") == []


def test_a_code_of_an_application_works_once(visitor: Client, committed: Any, marie: User) -> None:
    secret = with_application(visitor, committed)
    code = shown(secret)
    first, second = Client(), Client()
    log_in(first)
    log_in(second)
    first.post(SECOND_STEP, {"code": code})
    assert is_in(first)
    cache.delete(f"allauth.mfa.totp.used?user={marie.pk}&code={code}")  # allauth remembers it for thirty seconds
    assert "a déjà servi" in second.post(SECOND_STEP, {"code": f"{code[:3]} {code[3:]}"}).content.decode()
    assert not is_in(second)


def test_a_recovery_code_logs_in_once_and_its_owner_is_told(visitor: Client, committed: Any, marie: User) -> None:
    with_application(visitor, committed)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[3]
    client, again = Client(), Client()
    for someone in (client, again):
        log_in(someone)
        someone.post(SECOND_STEP, {"code": f"{code[:4]} {code[4:]}"})
    assert (is_in(client), is_in(again)) == (True, False)
    assert Message.objects.filter(body__contains="codes de secours vient de servir").count() == 1
    assert "Il en reste 9" in visitor.get(SECURITY).content.decode().replace("\u00a0", " ")
    with committed():
        visitor.post(f"{SECURITY}codes/nouveaux/")
    assert Message.objects.filter(body__contains="nouveaux codes de secours").count() == 1
    log_in(again)
    old = [answer for answer in [again.post(SECOND_STEP, {"code": code})] if is_in(again)]
    assert old == []


def test_too_many_codes_lock_the_account_and_say_so(
    visitor: Client, committed: Any, kept: Callable[[], list[dict[str, Any]]]
) -> None:
    secret = with_application(visitor, committed)
    client = Client()
    log_in(client)
    for _ in range(10):
        client.post(SECOND_STEP, {"code": "000000"})
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")  # nor from another address
    log_in(elsewhere)
    answer = elsewhere.post(SECOND_STEP, {"code": shown(secret)}).content.decode()
    assert re.search(r"aucun n’est regardé avant \d{1,2}\u00a0h\u00a0\d\d", answer)
    assert not is_in(elsewhere)
    events = [line["event"] for line in kept()]
    assert events.count(SecurityEvent.SECOND_FACTOR_FAILED) == 10
    assert events.count(SecurityEvent.SECOND_FACTOR_LOCKED) == 1


def test_an_application_is_removed_and_its_recovery_codes_with_it(visitor: Client, committed: Any) -> None:
    with_application(visitor, committed)
    with committed():
        visitor.post(f"{SECURITY}application/retirer/")
    assert not Authenticator.objects.exists()
    assert Message.objects.filter(body__contains="ne sert plus à vous connecter").count() == 1
    assert log_in(Client()).headers["Location"] == "/"


def mailed_code() -> str:
    return str(re.search(r"^ {4}(\d{6})$", Message.objects.filter(kind="log_in_code").latest("pk").body, re.M)[1])  # type: ignore[index]


def with_mail_code(client: Client) -> None:
    client.post(f"{SECURITY}courriel/", {"wanted": "on"})


def test_a_code_by_mail_is_asked_for_at_the_next_log_in(visitor: Client, marie: User) -> None:
    elsewhere = Client()
    log_in(elsewhere)
    with_mail_code(visitor)
    assert elsewhere.get("/compte/").status_code == 302
    assert visitor.get("/compte/").status_code == 200
    assert "un code vous sera maintenant envoyé" in Message.objects.get(kind="second_factor_changed").body
    client = Client()
    assert log_in(client, next="/annuaire/").headers["Location"] == MAIL_STEP
    assert not is_in(client)
    message = Message.objects.get(kind="log_in_code")
    assert (message.recipient, message.is_secret) == ("marie@potiers.fr", True)
    assert "pas le code du dernier message" in client.post(MAIL_STEP, {"code": "1"}).content.decode()
    first = mailed_code()
    client.post(MAIL_STEP, {"action": "resend"})
    client.post(MAIL_STEP, {"code": first})
    assert not is_in(client) or first == mailed_code()
    assert client.post(MAIL_STEP, {"code": mailed_code()}).headers["Location"] == "/annuaire/"
    assert is_in(client)


def test_a_code_by_mail_works_for_the_log_in_that_asked_for_it_alone(visitor: Client) -> None:
    with_mail_code(visitor)
    mine, other = Client(), Client()
    log_in(mine)
    code = mailed_code()
    log_in(other)
    assert code != mailed_code()
    other.post(MAIL_STEP, {"code": code})
    assert not is_in(other)


def test_a_code_by_mail_is_worth_nothing_after_ten_minutes(visitor: Client) -> None:
    with_mail_code(visitor)
    client = Client()
    log_in(client)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    assert client.post(MAIL_STEP, {"code": mailed_code()}).headers["Location"] == "/compte/connexion/"
    assert not is_in(client)


def test_five_wrong_codes_by_mail_end_the_log_in_and_ten_lock_the_account(visitor: Client) -> None:
    with_mail_code(visitor)
    client = Client()
    for _ in range(2):
        assert log_in(client).headers["Location"] == MAIL_STEP
        answers = [client.post(MAIL_STEP, {"code": "x"}) for _ in range(5)]
        assert answers[-1].headers["Location"] == "/compte/connexion/"
    log_in(client)
    assert "aucun n’est regardé" in client.post(MAIL_STEP, {"code": mailed_code()}).content.decode()
    assert not is_in(client)


def test_codes_by_mail_have_a_limit_an_hour(visitor: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mail_code": "2/h/user"}
    with_mail_code(visitor)
    assert [log_in(Client()).status_code for _ in range(3)] == [302, 302, 429]
    assert Message.objects.filter(kind="log_in_code").count() == 2


def test_no_code_is_mailed_where_something_better_is_asked_for(visitor: Client, committed: Any) -> None:
    with_mail_code(visitor)
    with_application(proved(visitor, method="code"), committed)
    assert log_in(Client()).headers["Location"] == SECOND_STEP
    assert not Message.objects.filter(kind="log_in_code").exists()


def test_the_code_by_mail_is_given_up(visitor: Client) -> None:
    with_mail_code(visitor)
    proved(visitor, method="code").post(f"{SECURITY}courriel/", {"wanted": "off"})
    assert Message.objects.filter(body__contains="ne vous enverra plus de code").count() == 1
    assert log_in(Client()).headers["Location"] == "/"


def test_a_forgotten_password_does_not_pass_the_second_step(
    visitor: Client, committed: Any, path_in: Callable[[str], str]
) -> None:
    with_application(visitor, committed)
    client = Client()
    client.post("/compte/mot-de-passe/oublie/", {"email": "marie@potiers.fr"})
    page = client.get(path_in("password_reset")).headers["Location"]
    new = {"password1": "quatre pots verts", "password2": "quatre pots verts"}
    assert client.post(page, new).headers["Location"] == SECOND_STEP
    assert not is_in(client)


@pytest.mark.parametrize(
    "address", ["application/", "application/retirer/", "cle/", "codes/", "codes/nouveaux/", "courriel/"]
)
def test_some_time_after_the_log_in_a_change_asks_for_a_proof(visitor: Client, committed: Any, address: str) -> None:
    secret = with_application(visitor, committed)
    if address == "application/":
        Authenticator.objects.all().delete()
        right, wrong = {"password": "trois vases bleus"}, {"password": "faux faux faux"}
    else:  # whoever has an application shows that: a password may have been seen
        right, wrong = {"code": shown(secret)}, {"code": "000000"}
    proved(visitor, ago=301)
    if address != "codes/":
        assert visitor.post(SECURITY + address).headers["Location"].startswith(f"{SECURITY}preuve/?next=")
    answer = visitor.get(SECURITY + address)
    assert answer.headers["Location"].startswith(f"{SECURITY}preuve/?next=")
    again = answer.headers["Location"]
    refused = visitor.post(again, wrong).content.decode()
    assert "pas votre mot de passe" in refused or "pas le bon code" in refused
    assert not is_fresh_at(visitor, SECURITY + address)
    answer = visitor.post(again, right)
    assert "preuve" not in answer.headers.get("Location", "")
    assert is_fresh_at(visitor, SECURITY + address)


def test_what_is_kept_of_an_application_is_sealed_by_the_secret_key(
    visitor: Client, committed: Any, settings: Any
) -> None:
    secret = with_application(visitor, committed)
    kept = str([row.data for row in Authenticator.objects.all()])
    assert secret not in kept
    settings.SECRET_KEY = "another secret key of thirty-two characters"
    client = Client()
    log_in(client)
    assert "pas le bon code" in client.post(SECOND_STEP, {"code": shown(secret)}).content.decode()
    assert not is_in(client)


def test_what_was_typed_is_carried_through_the_second_step(visitor: Client, committed: Any, marie: User) -> None:
    secret = with_application(visitor, committed)
    client = Client()
    profile = {"first_name": "Marie-Ève", "last_name": "Lefèvre"}
    page = client.post("/compte/", profile, headers={"Origin": "http://testserver"}).content.decode()
    carried = re.search(r'name="carried" value="([^"]+)"', page)[1].replace("&quot;", '"')  # type: ignore[index]
    answer = log_in(client, carried=carried)
    assert (answer.status_code, answer.headers["Location"]) == (307, SECOND_STEP)
    step = client.post(SECOND_STEP, {"login": "x", "password": "x", "carried": carried}).content.decode()
    assert "n’est pas perdu" in step
    assert "À corriger" not in step
    assert "Marie-Ève" in client.post(SECOND_STEP, {"code": shown(secret), "carried": carried}).content.decode()
    assert is_in(client)


NO_PASSKEYS = [
    "",
    "x",
    "[" * 9000,
    "9" * 30_000,
    "[]",
    "{}",
    "7",
    '{"response": null}',
    '{"response": {"userHandle": "MQ"}}',
    '{"id": 1, "response": {}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"MQ","clientDataJSON":"e30","x":[]}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"w6k","clientDataJSON":"e30"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"attestationObject":"oA","clientDataJSON":"e30"}}',
]


def test_what_is_no_passkey_gets_a_page(visitor: Client) -> None:
    client = Client()
    client.get("/compte/connexion/cle/")
    for credential in NO_PASSKEYS:
        cache.clear()
        answer = client.post("/compte/connexion/cle/", {"credential": credential})
        assert answer.headers["Location"] == "/compte/connexion/", credential
        answer = visitor.post(f"{SECURITY}cle/", {"name": "x", "credential": credential})
        assert answer.status_code == 200, credential
        assert "data-error-summary" in answer.text
    assert not is_in(client)
    assert not Authenticator.objects.exists()


def test_a_stranger_asks_for_a_bounded_number_of_challenges(client: Client, marie: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "passkey_challenge": "2/m/ip"}
    assert [client.get("/compte/connexion/cle/").status_code for _ in range(3)] == [200, 200, 429]


def test_log_ins_are_listed_and_ended_by_their_owner_alone(visitor: Client, marie: User, at: datetime) -> None:
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; …) CriOS/120 Mobile Safari/604.1"})
    tablet = Client()
    log_in(phone)
    log_in(tablet)
    page = visitor.get(SECURITY).content.decode()
    assert "Chrome sur un iPhone" in page
    assert phone.session.session_key not in page
    name = re.findall(r'name="name" value="(\w+)"', page)
    assert len(name) == 2
    stranger = Client()
    User.objects.create_user(
        "autre@potiers.fr", "trois vases bleus", is_active=True, terms_accepted_at=at, created_at=at
    )
    stranger.post("/compte/connexion/", {"login": "autre@potiers.fr", "password": "trois vases bleus"})
    stranger.post(f"{SECURITY}appareils/", {"name": name[0]})
    stranger.post(f"{SECURITY}appareils/")
    assert LogIn.objects.filter(user=marie).count() == 3
    visitor.post(f"{SECURITY}appareils/", {"name": name[0]})
    assert LogIn.objects.filter(user=marie).count() == 2
    visitor.post(f"{SECURITY}appareils/")
    assert visitor.get("/compte/").status_code == 200
    assert [client.get("/compte/").status_code for client in (phone, tablet)] == [302, 302]
    assert stranger.get("/compte/").status_code == 200


def open_to(client: Client) -> set[str]:
    """The names of the pages without a parameter that answer, not with the way to a second factor."""
    found = set()
    for address, view in all_routes():
        if "<" not in address and "(" not in address and "GET" in view.permissions:
            cache.clear()
            answer = client.get(address)
            answer.close()  # type: ignore[attr-defined]
            if answer.headers.get("Location") != SECURITY:
                found.add(address)
    return found


WITHOUT_SECOND_FACTOR = {
    *(
        "/aide/",
        "/aide/chercher/",
        "/aide/etat/",
        "/aide/mots/",
        "/aide/questions/",
        "/aide/qui-aide/",
        "/conditions/",
        "/mentions-legales/",
        "/vos-donnees/",
        "/accessibilite/",
        "/plan/",
        "/compte/deconnexion/",
    ),
    *(f"/compte/securite/{page}" for page in ("", "application/", "cle/", "courriel/", "codes/", "preuve/")),
    *("/health", "/ready"),
}


@pytest.mark.parametrize(
    ("asked_of", "who", "is_asked"),
    [
        ("managers", "a manager", True),
        ("managers", "a town's member", False),
        ("managers", "somebody who waits", False),
        ("public-bodies", "a manager", False),
        ("public-bodies", "a town's member", True),
        ("public-bodies", "somebody who waits", False),
        ("everybody", "somebody who waits", True),
        ("", "a manager", False),
    ],
)
def test_who_must_have_a_second_factor(asked_of: str, who: str, is_asked: bool, settings: Any, at: datetime) -> None:
    settings.SECOND_FACTOR_FOR = {asked_of} - {""}
    match who:
        case "a manager":
            person = a_member(structure=a_structure(at=at), at=at, is_manager=True)
        case "a town's member":
            person = a_member(structure=a_town(at=at), at=at)
        case _:
            person = a_person(at=at)
            Membership.objects.create(
                user=person,
                structure=a_town(at=at),
                state=Membership.State.PENDING,
                is_manager=True,
                requested_at=at,
            )
    client = Client()
    client.force_login(person)
    assert client.get("/factures/").status_code == (302 if is_asked else 200)


def test_who_must_have_one_reaches_nothing_without(visitor: Client, settings: Any, marie: User) -> None:
    settings.SECOND_FACTOR_FOR = {"everybody"}
    assert open_to(visitor) == WITHOUT_SECOND_FACTOR
    assert visitor.post("/compte/", {"first_name": "M", "last_name": "L"}).headers["Location"] == SECURITY
    assert visitor.get("/factures/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == SECURITY
    page = visitor.get(SECURITY).content.decode()
    assert "avant de commencer" in page
    assert "Déposer une facture" not in page
    assert visitor.post(f"{SECURITY}courriel/", {"wanted": "on"}).headers["Location"] == "/"
    assert visitor.get("/factures/").status_code == 200
    proved(visitor, method="code").post(f"{SECURITY}courriel/", {"wanted": "off"})
    assert visitor.get("/factures/").headers["Location"] == SECURITY
