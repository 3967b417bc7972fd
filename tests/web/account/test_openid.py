"""Logging in by another service: a real one, on the loopback. Whom it lets in, and what of it is not believed."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from joserfc.jwk import RSAKey

from plainchant.portal.accounts import departures, identities, login_address, operations
from plainchant.portal.accounts.models import AddressClaim, LinkedIdentity, User
from plainchant.portal.lib.outages import AWAY, Dependency
from plainchant.portal.lib.security import SecurityEvent
from plainchant.portal.mail.models import Message
from plainchant.portal.personal_data import export
from plainchant.portal.structures.models import Membership
from plainchant.web.account import openid
from tests.making import a_member, a_person, a_town
from tests.web import identity_provider
from tests.web.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, agreed
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BEGIN = "/compte/connexion/externe/"
BACK, ARRIVE = f"{BEGIN}retour/", f"{BEGIN}nouveau/"
LINK, SECURITY = "/compte/securite/externe/", "/compte/securite/"
SIRET = "21350238800019"
AGENT = {"email": "Agent@Mairie.example", "given_name": "Anne", "usual_name": "Leroy", "siret": SIRET}
OPENED = {"first_name": "Anne", "last_name": "Leroy", "terms": "on"}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with identity_provider.running(comes_back_to="http://127.0.0.1:8000/compte/connexion/externe/retour/") as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Iterator[Provider]:
    settings.OIDC_ISSUER, settings.OIDC_NAME = running.issuer, "ProConnect"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.OIDC_SCOPE = "openid given_name usual_name email siret"
    running.usual()
    running.people = {"anne": dict(AGENT), "marie": {**AGENT, "email": "marie@potiers.fr", "email_verified": True}}
    running.asked.clear()
    yield running
    openid.forget_provider()


def sent_back(client: Client, *, subject: str = "anne", begin: str = BEGIN, **changed: str) -> str:
    """Go there and log in: the address that the browser is sent back to. ``changed``: of what we asked."""
    address = client.get(begin).headers["Location"]
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    back = agreed(f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(asked)}", subject=subject)
    assert back.startswith("http://127.0.0.1:8000" + BACK)
    return back.removeprefix("http://127.0.0.1:8000")


def came(client: Client, **there: str) -> Any:
    return client.get(sent_back(client, **there))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def mailed_code() -> str:
    return str(re.search(r"^ {4}(\d{6})$", Message.objects.filter(kind="arrival_code").latest("pk").body, re.M)[1])  # type: ignore[index]


def linked(user: User, at: datetime, provider: Provider, subject: str = "anne") -> User:
    identities.link(user=user, issuer=provider.issuer, subject=subject, service="ProConnect", at=at)
    return user


def is_refused(answer: Any, sentence: str = "n’a pas abouti") -> bool:
    return answer.status_code == 403 and sentence in answer.text and not is_in(answer.client)


# Who comes in


def test_an_agent_arrives_shows_that_the_address_is_theirs_and_has_no_right(
    client: Client, provider: Provider, kept: Callable[[], list[dict[str, Any]]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert "Se connecter avec ProConnect" in client.get("/compte/connexion/").text
    back = sent_back(client)
    assert client.get(back).headers["Location"] == ARRIVE
    page = client.get(ARRIVE)
    assert "agent@mairie.example" in page.text
    assert page.context["form"]["last_name"].value() == "Leroy"
    code = mailed_code()
    for typed in ("000000" if code != "000000" else "111111", ""):
        assert client.post(ARRIVE, {**OPENED, "code": typed}).context["form"].errors["code"]
    assert client.post(ARRIVE, {**OPENED, "code": code, "terms": ""}).context["form"].errors["terms"]
    assert not is_in(client)
    answer = client.post(ARRIVE, {**OPENED, "code": f"{code[:3]} {code[3:]}"})
    assert answer.headers["Location"] == f"/structures/ajouter/{SIRET}/"
    assert is_in(client)
    agent = User.objects.get()
    assert (agent.email, agent.get_full_name(), agent.siret_at_registration) == (
        "agent@mairie.example", "Anne Leroy", SIRET,
    )  # fmt: skip
    assert (agent.has_own_password, agent.has_usable_password(), agent.is_active) == (False, True, True)
    assert not Membership.objects.exists()
    assert client.get(ARRIVE).headers["Location"] == "/compte/connexion/"
    again = Client()
    assert came(again, begin=f"{BEGIN}?next=/annuaire/").headers["Location"] == "/annuaire/"
    assert is_in(again)
    assert again.session.get_expire_at_browser_close()
    assert [line["event"] for line in kept()] == [
        SecurityEvent.ACCOUNT_OPENED, SecurityEvent.IDENTITY_LINKED, SecurityEvent.LOGGED_IN, SecurityEvent.LOGGED_IN,
    ]  # fmt: skip
    token = again.session["openid_id_token"]
    secret = [CLIENT_SECRET, token, *parse_qs(urlsplit(back).query)["code"]]
    assert not [line for line in caplog.messages for text in secret if text in line]
    assert "comptes_relies" in "".join(export(user=agent))


def test_whoever_comes_in_by_the_service_proves_it_is_them_by_a_code_and_may_choose_a_password(
    client: Client, provider: Provider, marie: User, at: datetime
) -> None:
    User.objects.update(has_own_password=False)
    linked(marie, at, provider)
    assert came(client).headers["Location"] == "/"
    assert "pas encore de mot de passe" in client.get(SECURITY).text
    assert "marie@potiers.fr" in client.get(LINK, follow=True).text  # a code was mailed there
    proved(client, method="code")
    removing = {"identity": LinkedIdentity.objects.get().pk}
    assert "pas encore de mot de passe" in client.post(LINK, removing, follow=True).text
    operations.change_password(user=marie, password="quatre pots verts", at=at)
    assert User.objects.get().has_own_password
    client.force_login(User.objects.get())  # another password ends the log-ins
    proved(client)
    client.post(LINK, removing)
    assert not LinkedIdentity.objects.exists()
    assert came(Client()).headers["Location"] == ARRIVE
    assert Message.objects.filter(kind="identity_unlinked", recipient="marie@potiers.fr").exists()


def test_the_address_of_an_account_opens_nothing_even_if_the_service_calls_it_verified(
    client: Client, provider: Provider, marie: User, bare: Callable[[Any, str], bytes]
) -> None:
    came(client, subject="marie")
    known = client.get(ARRIVE)
    stranger = Client()
    came(stranger)
    assert bare(known, "marie@potiers.fr") == bare(stranger.get(ARRIVE), "agent@mairie.example")
    assert not Message.objects.filter(kind="arrival_code", recipient=marie.email).exists()
    assert "Relier votre compte" in Message.objects.get(kind="account_to_link", recipient=marie.email).subject
    for code in ("", "000000", mailed_code()):
        assert client.post(ARRIVE, {**OPENED, "code": code}).context["form"].errors["code"]
    assert not is_in(client)
    assert not LinkedIdentity.objects.exists()


def test_an_account_that_nobody_opened_is_whoevers_reads_its_address(
    client: Client, provider: Provider, signup: Callable[..., Any], path_in: Callable[[str], str]
) -> None:
    signup(email="agent@mairie.example", email2="agent@mairie.example", first_name="Mallory")
    link = path_in("activation")
    came(client)
    client.post(ARRIVE, {**OPENED, "code": mailed_code()})
    assert is_in(client)
    assert User.objects.get().get_full_name() == "Anne Leroy"
    assert Client().get(link).status_code == 410


def test_an_address_that_got_an_account_meanwhile_is_not_taken_over(
    client: Client, provider: Provider, at: datetime
) -> None:
    came(client)
    code = mailed_code()
    operations.enrol(email="agent@mairie.example", first_name="A", last_name="L", password="trois vases bleus", at=at)
    answer = client.post(ARRIVE, {**OPENED, "code": code})
    assert (answer.status_code, is_in(client)) == (409, False)
    assert not LinkedIdentity.objects.exists()


def test_a_code_lasts_ten_minutes_and_ten_tries(client: Client, provider: Provider) -> None:
    came(client)
    code = mailed_code()
    session = client.session
    session["openid_arrival"] = {**session["openid_arrival"], "until": session["openid_arrival"]["until"] - 601}
    session.save()
    assert client.post(ARRIVE, {**OPENED, "code": code}).context["form"].errors["code"]
    client.post(ARRIVE, {"action": "resend"})
    assert [client.post(ARRIVE, {**OPENED, "code": "1"}).status_code for _ in range(10)][-1] == 429
    assert client.post(ARRIVE, {**OPENED, "code": mailed_code()}).status_code == 429
    cache.clear()


# An account that one has


def test_an_account_is_linked_from_inside_after_a_proof_and_by_one_person(
    client: Client, provider: Provider, marie: User, at: datetime
) -> None:
    client.force_login(marie)
    assert client.get(BEGIN).headers["Location"] == LINK
    assert "preuve" in client.get(LINK).headers["Location"]
    proved(client)
    assert "Relier à ProConnect" in client.get(LINK).text
    assert came(client).headers["Location"] == SECURITY
    assert LinkedIdentity.objects.get().user == marie
    assert Message.objects.filter(kind="identity_linked", recipient=marie.email).count() == 1
    assert came(client).headers["Location"] == SECURITY  # again: nothing more
    assert Message.objects.filter(kind="identity_linked").count() == 1
    assert came(Client()).headers["Location"] == "/"
    other = Client()
    other.force_login(a_person(at=at))
    taken = came(proved(other))
    assert (taken.status_code, "ouvre déjà un autre compte" in taken.text) == (409, True)
    assert LinkedIdentity.objects.get().user == marie
    proved(client, ago=301)
    assert "Est-ce bien vous" in client.post(LINK, {"identity": LinkedIdentity.objects.get().pk}).text


def test_a_link_that_somebody_else_began_is_not_finished_here(client: Client, provider: Provider, marie: User) -> None:
    client.force_login(marie)
    back = sent_back(proved(client))
    assert is_refused(Client().get(back), "pas été commencée ici")
    client.logout()
    assert not LinkedIdentity.objects.exists()
    client.force_login(marie)
    back = sent_back(proved(client))
    session = client.session
    session["openid_asked"] = {
        state: {**asked, "person": marie.pk + 1} for state, asked in session["openid_asked"].items()
    }
    session.save()
    assert client.get(back).status_code == 403
    assert not LinkedIdentity.objects.exists()


def test_no_other_site_begins_a_log_in(client: Client, provider: Provider) -> None:
    answer = client.get(BEGIN, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.headers["Location"], provider.asked) == ("/compte/connexion/", [])


def test_a_closed_account_stays_closed(client: Client, provider: Provider, marie: User, at: datetime) -> None:
    linked(marie, at, provider)
    departures.close(user=marie, at=at)
    Message.objects.all().delete()
    own = came(client)
    assert (own.status_code, "fermé vous-même" in own.text, is_in(client)) == (403, True, False)
    assert Message.objects.get().kind == "closed_by_owner"
    User.objects.update(closed_by_owner_at=None)
    operators = came(client)
    assert (operators.status_code, "écrivez à la personne" in operators.text, is_in(client)) == (403, True, False)
    assert Message.objects.count() == 1


def test_the_former_address_takes_back_what_a_thief_has_linked(marie: User, provider: Provider, at: datetime) -> None:
    linked(marie, at, provider, subject="before")
    AddressClaim.objects.all().delete()
    later = at.replace(hour=at.hour + 1)
    claim = login_address.ask(user=marie, address="voleur@ailleurs.example", at=later)
    login_address.confirm(claim=claim, at=later)
    linked(marie, later, provider, subject="thief")
    claim.refresh_from_db()
    login_address.stop(claim=claim, at=later)
    assert [row.subject for row in LinkedIdentity.objects.all()] == ["before"]


# The second factor


def test_a_second_factor_is_asked_for_unless_the_service_has_seen_to_it(
    client: Client, provider: Provider, marie: User, at: datetime, settings: Any
) -> None:
    linked(marie, at, provider)
    User.objects.update(mail_codes_since=at)
    provider.people["anne"]["amr"] = ["pwd", "mfa"]
    assert came(client).headers["Location"] == "/compte/connexion/code/"
    assert not is_in(client)
    settings.OIDC_SECOND_FACTOR = frozenset({"mfa", "https://proconnect.gouv.fr/assurance/self-asserted-2fa"})
    assert (came(client).headers["Location"], is_in(client)) == ("/", True)
    provider.people["anne"] |= {"amr": ["pwd"], "acr": "https://proconnect.gouv.fr/assurance/self-asserted-2fa"}
    client = Client()
    assert (came(client).headers["Location"], is_in(client)) == ("/", True)
    provider.people["anne"]["acr"] = "eidas1"
    client = Client()
    assert came(client).headers["Location"] == "/compte/connexion/code/"


def test_who_must_have_a_second_factor_may_have_it_there(
    client: Client, provider: Provider, at: datetime, settings: Any
) -> None:
    settings.SECOND_FACTOR_FOR = frozenset({"public-bodies"})
    settings.OIDC_SECOND_FACTOR = frozenset({"mfa"})
    linked(a_member(structure=a_town(at=at), at=at), at, provider)
    came(client)
    assert client.get("/compte/").headers["Location"] == SECURITY
    provider.people["anne"]["amr"] = ["mfa"]
    strong = Client()
    came(strong)
    assert strong.get("/compte/").status_code == 200


# What is not believed


def test_what_proconnect_signs_of_a_person_is_read(client: Client, provider: Provider) -> None:
    provider.signs_userinfo = True
    assert came(client).headers["Location"] == ARRIVE
    provider.userinfo_of = "somebody-else"
    assert is_refused(came(Client()))


def test_an_answer_belongs_to_the_browser_that_asked_and_serves_once(client: Client, provider: Provider) -> None:
    back = sent_back(client)
    assert is_refused(Client().get(back), "pas été commencée ici")
    assert is_refused(client.get(f"{BACK}?code=x&state=y"), "pas été commencée ici")
    assert client.get(back).headers["Location"] == ARRIVE
    assert is_refused(client.get(back), "pas été commencée ici")
    back = sent_back(client)
    session = client.session
    session["openid_asked"] = {state: {**asked, "begun_at": 0} for state, asked in session["openid_asked"].items()}
    session.save()
    assert is_refused(client.get(back), "pas été commencée ici")


@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "https://ailleurs.example"},
        {"aud": ["un-autre"]},
        {"aud": [CLIENT_ID, "un-autre"], "azp": "un-autre"},
        {"exp": 1},
        {"iat": 9_999_999_999},
        {"nonce": "autre"},
        {"nonce": None},
        {"sub": ""},
        {"sub": "x" * 256},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_not_believed(
    provider: Provider, kept: Callable[[], list[dict[str, Any]]], bent: dict[str, Any]
) -> None:
    provider.bent = lambda claims: {**claims, **bent}
    assert is_refused(came(Client()))
    assert [line["event"] for line in kept()] == [SecurityEvent.IDENTITY_REFUSED]


def test_a_token_of_another_request_of_another_key_or_of_none_is_not_believed(provider: Provider) -> None:
    assert is_refused(came(Client(), nonce="a" * 43))  # asked with another nonce on the way
    assert is_refused(came(Client(), code_challenge="a" * 43))  # refused by the service
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert is_refused(came(Client()))
    provider.usual()
    client = Client()
    back = sent_back(client)
    assert is_refused(client.get(f"{back}&iss=https%3A%2F%2Failleurs.example"))
    client = Client()
    back = sent_back(client)
    assert is_refused(client.get(re.sub("code=[^&]+", "error=server_error", back)))


def test_an_unsigned_token_and_one_signed_with_a_shared_secret_are_not_believed(provider: Provider) -> None:
    from joserfc import jwt
    from joserfc.jwk import OctKey

    with pytest.raises(openid.BadAnswer):
        openid._verified("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5lIn0.")
    shared = OctKey.import_key(CLIENT_SECRET.encode())
    with pytest.raises(openid.BadAnswer):
        openid._verified(jwt.encode({"alg": "HS256", "kid": "one"}, {"sub": "anne"}, shared))


def test_without_an_address_nobody_opens_an_account(client: Client, provider: Provider) -> None:
    provider.people["anne"]["email"] = "pas une adresse"
    assert is_refused(came(client), "ne nous a pas donné votre adresse")


def test_whoever_gives_up_over_there_is_told_so(client: Client, provider: Provider) -> None:
    answer = client.get(sent_back(client, subject=""), follow=True)
    assert "Vous avez renoncé à passer par ProConnect" in answer.text


# The service itself


def test_a_service_that_is_away_is_said_and_is_asked_again(client: Client, provider: Provider, settings: Any) -> None:
    client.raise_request_exception = False
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = client.get(BEGIN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert AWAY[Dependency.ISSUER].sentence in answer.text
    assert client.get("/compte/connexion/").status_code == 200
    settings.OIDC_ISSUER = f"{provider.issuer}/"  # which it does not call itself
    assert client.get(BEGIN).status_code == 503
    settings.OIDC_ISSUER = provider.issuer
    provider.trouble = 502
    assert came(client).status_code == 503
    provider.trouble = 400
    assert is_refused(came(client))
    provider.usual()
    assert came(client).headers["Location"] == ARRIVE


def test_what_is_published_is_kept_for_an_hour_and_a_new_key_is_asked_for(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    came(client)
    came(client)
    assert provider.asked.count("/jwks") == 1
    former, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    provider.usual()
    assert came(client).headers["Location"] == ARRIVE
    assert provider.asked.count("/jwks") == 2
    monkeypatch.setattr(openid, "KEPT_SECONDS", 0.0)
    client.get(BEGIN)
    assert provider.asked.count("/jwks") == 3
    provider.key = former


def test_whoever_came_by_the_service_logs_out_of_it_too(
    client: Client, provider: Provider, marie: User, at: datetime
) -> None:
    linked(marie, at, provider)
    came(client)
    token = client.session["openid_id_token"]
    answer = client.post("/compte/deconnexion/")
    assert not is_in(client)
    address = answer.headers["Refresh"].removeprefix("0; url=")
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{provider.issuer}/session/end?")
    assert (asked["id_token_hint"], asked["post_logout_redirect_uri"]) == ([token], ["http://127.0.0.1:8000/"])
    client.force_login(marie)
    assert "Refresh" not in client.post("/compte/deconnexion/").headers


def test_where_there_is_no_service_there_is_no_page_and_nothing_of_it_is_loaded(client: Client, marie: User) -> None:
    client.force_login(marie)
    for path in (BEGIN, BACK, ARRIVE, LINK):
        assert client.get(path).status_code == 404
    assert "externe" not in client.get(SECURITY).text
    assert "externe" not in Client().get("/compte/connexion/").text
    tree = ast.parse(Path(openid.__file__).read_text())
    loaded = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    loaded |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert not [name for name in loaded if name.startswith("joserfc")]
