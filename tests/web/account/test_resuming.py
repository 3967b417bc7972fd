"""An expired log-in loses nothing that was typed, opens nothing to other sites, and keeps nothing for a stranger."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.accounts.models import LogIn, User
from plainchant.portal.invoices.models import Invoice
from plainchant.web.account import forms as account_forms
from plainchant.web.account.resuming import MOST_CHARACTERS
from plainchant.web.routes import declared_routes
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LOGIN = "/compte/connexion/"
HERE = "http://testserver"
LONG = 'Une explication\nsur deux lignes, avec « guillemets », <b>balises</b> et "apostrophes" d’ici.'
PASSWORD = "un mot de passe de test"
BEHIND_A_LOG_IN = sorted({address for address, _, permission in declared_routes() if not permission.anonymous})


@pytest.fixture
def author(at: datetime) -> User:
    return a_member(structure=a_structure(at=at), at=at)


@pytest.fixture
def draft(author: User, at: datetime) -> Invoice:
    seller = author.memberships.get().structure
    return a_draft(seller=seller, user=author, at=at, buyer=a_town(at=at))


class Form:
    """The form of a page that holds a hidden field, as a browser would send it."""

    def __init__(self, page: str, *, holding: str) -> None:
        (form,) = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="{holding}"' in form]
        self.action = html.unescape(re.findall(r'<form[^>]* action="([^"]*)"', form)[0])
        self.fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form):
            self.fields.setdefault(html.unescape(name), []).append(html.unescape(value))


def carried(page: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Form(page, holding="carried").fields["carried"][0])
    return told


def logged_in(client: Client, page: str, user: User, **typed: str) -> Any:
    form = Form(page, holding="carried")
    return client.post(form.action, {**form.fields, "login": user.email, "password": PASSWORD, **typed})


@pytest.mark.parametrize("address", BEHIND_A_LOG_IN)
def test_any_form_of_somebody_who_is_no_longer_logged_in_is_carried(client: Client, address: str) -> None:
    concrete = re.sub(
        r"\^(ajouter/)\(.*", r"\g<1>12345678900017/", address
    )  # the one address with a pattern of its own
    concrete = re.sub(r"<uuid:\w+>", "7d0b7d3e-5f2f-4b5c-9a55-000000000001", concrete)
    concrete = re.sub(r"<int:\w+>", "1", re.sub(r"<(?:str|slug):\w+>", "x", concrete))
    answer = client.post(f"{concrete}?a=b", {"comment": LONG, "many": ["1", "2"]})
    assert answer.status_code == 403
    assert "Vous n’êtes plus connecté" in answer.text
    told = carried(answer.text)
    assert told["address"] == f"{concrete}?a=b"
    assert told["pairs"] == [["comment", LONG], ["many", "1"], ["many", "2"]]
    assert "<b>" not in answer.text


def test_after_the_log_in_the_same_form_goes_to_the_same_address(client: Client, author: User, draft: Invoice) -> None:
    address = f"/deposer/{draft.uid}/"
    asked = client.post(address, {"number": "F-77", "comment": LONG, "go": "save"})
    assert Form(asked.text, holding="carried").action == LOGIN
    wrong = logged_in(client, asked.text, author, password="pas le bon")
    assert carried(wrong.text) == carried(asked.text)
    resumed = logged_in(client, wrong.text, author)
    assert resumed.status_code == 200
    assert "no-store" in resumed["Cache-Control"]
    assert "Reprendre" in resumed.text
    assert "sur deux lignes" in resumed.text
    assert "<li>F-77</li>" not in resumed.text  # what its author would not know it by
    assert "<b>" not in resumed.text
    assert Invoice.objects.get(pk=draft.pk).comment == ""
    form = Form(resumed.text, holding="comment")
    assert form.action == address
    assert client.post(form.action, form.fields).status_code == 302
    assert Invoice.objects.get(pk=draft.pk).comment == LONG


def test_the_log_in_page_loaded_again_or_sent_after_another_tab_still_offers_it(
    client: Client, author: User, draft: Invoice
) -> None:
    asked = client.post(f"/deposer/{draft.uid}/", {"comment": LONG})
    client.force_login(author)
    assert Form(logged_in(client, asked.text, author).text, holding="comment").fields["comment"] == [LONG]


def test_too_many_tries_lose_nothing_either(client: Client, author: User, draft: Invoice, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    asked = client.post(f"/deposer/{draft.uid}/", {"comment": LONG})
    logged_in(client, asked.text, author, password="faux")
    held = logged_in(client, asked.text, author)
    assert "Trop d’essais" in held.text
    assert carried(held.text) == carried(asked.text)


def test_nothing_is_kept_for_a_stranger(client: Client, draft: Invoice) -> None:
    client.post(f"/deposer/{draft.uid}/", {"comment": LONG})
    assert not LogIn.objects.exists()
    assert "sessionid" not in client.cookies


def test_passwords_are_never_carried(client: Client) -> None:
    typed = {"oldpassword": "secret un", "password1": "secret deux", "password2": "secret trois", "kept": "oui"}
    answer = client.post("/compte/mot-de-passe/", typed)
    assert carried(answer.text)["pairs"] == [["kept", "oui"]]
    assert "secret" not in answer.text


def test_every_field_of_a_password_has_it_in_its_name() -> None:
    seen = 0
    for form in vars(account_forms).values():
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field.widget, forms.PasswordInput):
                seen += 1
                assert "password" in name
    assert seen > 4


def test_a_file_cannot_be_carried_and_the_page_says_which(client: Client, author: User, draft: Invoice) -> None:
    file = SimpleUploadedFile("devis <1>.pdf", b"%PDF-")
    asked = client.post(f"/deposer/{draft.uid}/", {"comment": LONG, "attachments": [file]})
    assert "fichiers seront à choisir de nouveau" in asked.text
    resumed = logged_in(client, asked.text, author)
    assert "devis &lt;1&gt;.pdf" in resumed.text


def test_what_is_too_long_to_carry_is_told_and_the_page_it_was_on_comes_after(client: Client, draft: Invoice) -> None:
    address = f"/deposer/{draft.uid}/"
    answer = client.post(address, {"comment": "x" * MOST_CHARACTERS}, headers={"Referer": HERE + address})
    assert answer.status_code == 403
    assert "trop long pour être gardé" in answer.text
    assert Form(answer.text, holding="next").fields["next"] == [address]
    assert len(answer.text) < 100_000


def test_the_longest_form_that_is_carried_arrives_whole(client: Client, author: User, draft: Invoice) -> None:
    address = f"/deposer/{draft.uid}/"
    around = len(json.dumps({"address": address, "pairs": [["comment", ""]], "files": []}))
    longest = "x" * (MOST_CHARACTERS - around)
    asked = client.post(address, {"comment": longest})
    assert Form(logged_in(client, asked.text, author).text, holding="comment").fields["comment"] == [longest]
    assert "trop long pour être gardé" in Client().post(address, {"comment": longest + "x"}).text


def test_more_than_is_ever_carried_is_nothing_of_ours(client: Client, author: User) -> None:
    told = json.dumps({"address": "/", "pairs": [["a", "x" * MOST_CHARACTERS]], "files": []})
    answer = client.post(LOGIN, {"login": author.email, "password": PASSWORD, "carried": told})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "https://evil.example/",
        "http://[",
        "deposer/",
        "?a=b",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/nulle-part/",
    ],
)
def test_an_address_elsewhere_is_never_offered(client: Client, author: User, address: str) -> None:
    told = json.dumps({"address": address, "pairs": [["a", "b"]], "files": []})
    answer = client.post(LOGIN, {"login": author.email, "password": PASSWORD, "carried": told})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "referer", ["https://evil.example/deposer/", f"{HERE}/nulle-part/", f"{HERE}//evil.example/", "http://[", ""]
)
def test_after_the_log_in_one_is_not_led_to_where_a_stranger_says(client: Client, referer: str) -> None:
    answer = client.post("/deposer/", {"comment": "x" * MOST_CHARACTERS}, headers={"Referer": referer})
    assert answer.status_code == 403
    assert 'name="next"' not in answer.text


@pytest.mark.parametrize(
    "told",
    ["", "x", "[]", "{}", "null", '{"address": "/", "pairs": 3, "files": []}', "[" * 100_000, '{"address": "/"}'],
)
def test_a_senseless_field_carries_nothing(client: Client, author: User, told: str) -> None:
    answer = client.post(LOGIN, {"login": author.email, "password": PASSWORD, "carried": told})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_of_a_page_gets_no_log_in_page_to_show(client: Client, draft: Invoice, method: str) -> None:
    answer = getattr(client, method)(f"/deposer/{draft.uid}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_page_that_is_looked_at_leads_to_the_log_in_as_ever(client: Client, draft: Invoice) -> None:
    address = f"/deposer/{draft.uid}/"
    assert client.get(address)["Location"] == f"{LOGIN}?next={address}"


# -- A token that is no longer the right one ---------------------------------------------------------------------


@pytest.fixture
def strict(author: User) -> Client:
    """A browser that is logged in, and whose page is from before that."""
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    client.force_login(author)
    return client


OLD = "a" * 64


@pytest.mark.parametrize("headers", [{"Origin": HERE}, {"Referer": f"{HERE}/deposer/"}])
def test_a_form_from_before_a_log_in_elsewhere_is_offered_again(
    strict: Client, draft: Invoice, headers: dict[str, str]
) -> None:
    typed = {"number": "F-77", "comment": LONG, "go": "save", "csrfmiddlewaretoken": OLD}
    refused = strict.post(f"/deposer/{draft.uid}/", typed, headers=headers)
    assert refused.status_code == 403
    form = Form(refused.text, holding="comment")
    assert form.fields["csrfmiddlewaretoken"] != [OLD]
    assert Invoice.objects.get(pk=draft.pk).comment == ""
    assert strict.post(form.action, form.fields, headers=headers).status_code == 302
    assert Invoice.objects.get(pk=draft.pk).comment == LONG


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Referer": HERE},
        {"Referer": "https://evil.example/testserver"},
        {"Referer": "http://testserver.evil.example/"},
        {"Referer": "/deposer/"},
        {"Referer": "http://["},
        {},
    ],
)
@pytest.mark.parametrize("is_logged_in", [True, False])
def test_a_form_from_elsewhere_is_never_offered(
    strict: Client, draft: Invoice, headers: dict[str, str], is_logged_in: bool
) -> None:
    if not is_logged_in:
        strict.logout()
    refused = strict.post(f"/deposer/{draft.uid}/", {"comment": "piège", "go": "save"}, headers=headers)
    assert refused.status_code == 403
    assert "piège" not in refused.text
    assert "restée ouverte trop longtemps" in refused.text


def test_without_log_in_and_without_token_the_form_is_carried_through_the_log_in(author: User, draft: Invoice) -> None:
    client = Client(enforce_csrf_checks=True)
    asked = client.post(f"/deposer/{draft.uid}/", {"comment": LONG}, headers={"Origin": HERE})
    assert asked.status_code == 403
    form = Form(asked.text, holding="carried")
    answer = client.post(
        form.action, {**form.fields, "login": author.email, "password": PASSWORD}, headers={"Origin": HERE}
    )
    assert Form(answer.text, holding="comment").fields["comment"] == [LONG]


def test_a_log_in_page_from_before_a_log_in_elsewhere_goes_on(strict: Client, author: User, draft: Invoice) -> None:
    told = json.dumps({"address": f"/deposer/{draft.uid}/", "pairs": [["comment", LONG]], "files": []})
    typed = {"login": author.email, "password": PASSWORD, "csrfmiddlewaretoken": OLD}
    answer = strict.post(LOGIN, {**typed, "carried": told}, headers={"Origin": HERE})
    assert Form(answer.text, holding="comment").fields["comment"] == [LONG]
    assert strict.post(LOGIN, typed, headers={"Origin": HERE})["Location"] == "/"
    strict.logout()
    again = strict.post(LOGIN, typed, headers={"Origin": HERE})
    assert again.status_code == 403
    assert "restée ouverte trop longtemps" in again.text
    assert author.email not in again.text
    assert PASSWORD not in again.text


def test_a_form_that_needs_no_log_in_is_offered_again_to_anyone() -> None:
    typed = {"email": "marie@potiers.fr", "first_name": "Marie Anne"}
    refused = Client(enforce_csrf_checks=True).post("/compte/creer/", typed, headers={"Origin": HERE})
    assert refused.status_code == 403
    form = Form(refused.text, holding="first_name")
    assert (form.action, form.fields["first_name"]) == ("/compte/creer/", ["Marie Anne"])
    part = Client(enforce_csrf_checks=True).post("/verifier/", {}, headers={"Origin": HERE, "HX-Request": "true"})
    assert part.status_code == 403


def test_a_form_too_long_and_from_before_is_told_so_where_it_is_not_carried(strict: Client, draft: Invoice) -> None:
    long, here = {"comment": "x" * MOST_CHARACTERS}, {"Origin": HERE}
    assert "restée ouverte trop longtemps" in strict.post(f"/deposer/{draft.uid}/", long, headers=here).text
    strict.logout()
    assert "trop long pour être gardé" in strict.post(f"/deposer/{draft.uid}/", long, headers=here).text
    assert strict.post("/nulle-part/", long, headers=here).status_code in (403, 404)


@pytest.mark.parametrize(("is_logged_in", "status"), [(True, 403), (False, 401)])
def test_a_part_of_a_page_with_an_old_token_gets_a_new_one(
    strict: Client, draft: Invoice, is_logged_in: bool, status: int
) -> None:
    if not is_logged_in:
        strict.logout()
    answer = strict.post(f"/deposer/{draft.uid}/", {}, headers={"HX-Request": "true", "Origin": HERE})
    assert answer.status_code == status
    assert "csrftoken" in answer.cookies
