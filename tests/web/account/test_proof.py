"""A fresh proof before bank details change: asked in the way that the account has, with nothing typed lost."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_member, a_structure
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PROOF = "/compte/securite/preuve/"
TYPED = {"label": "Crédit agricole", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": ""}
PASSWORD = {"password": "un mot de passe de test"}


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Structure:
    with once_a_module():
        structure = a_structure(at=at)
        a_member(structure=structure, at=at, is_manager=True)
        return structure


@pytest.fixture
def structure(built: Structure) -> Structure:
    return deepcopy(built)


@pytest.fixture
def ada(structure: Structure) -> User:
    return structure.memberships.get().user


@pytest.fixture
def visitor(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def add(client: Client, structure: Structure, **changes: str) -> Any:
    return client.post(f"/structures/{structure.uid}/comptes/ajouter/", {**TYPED, **changes})


def carried_in(page: Any) -> dict[str, str]:
    """The hidden field of the form that waits."""
    return {"carried": html.unescape(re.search(r'name="carried" value="([^"]+)"', page.text)[1])}  # type: ignore[index]


def test_the_password_is_asked_for_and_what_was_typed_is_done_after_it(visitor: Client, structure: Structure) -> None:
    asked = add(visitor, structure)
    assert (asked.status_code, asked.headers["Cache-Control"]) == (403, "no-store, private")
    assert "Est-ce bien vous" in asked.text
    assert not BankAccount.objects.exists()
    wrong = visitor.post(PROOF, {**carried_in(asked), "password": "faux faux faux"})
    assert "pas votre mot de passe" in wrong.text
    assert not BankAccount.objects.exists()
    answer = visitor.post(PROOF, {**carried_in(wrong), **PASSWORD})
    assert answer.headers["Location"] == f"/structures/{structure.uid}/"
    account = BankAccount.objects.get()
    assert (account.label, account.iban) == ("Crédit agricole", "FR7630006000011234567890189")
    page = f"/structures/comptes/{account.uid}/"
    assert visitor.post(page, {"label": "Courant"}).headers["Location"] == f"/structures/{structure.uid}/"
    proved(visitor, ago=299)
    visitor.post(page, {"label": "Encore"})
    proved(visitor, ago=301)
    assert visitor.post(page, {"label": "Trop tard"}).status_code == 403
    assert visitor.post(page, {"close": "yes"}).status_code == 403
    account.refresh_from_db()
    assert (account.label, account.is_active) == ("Encore", True)


def test_a_mistake_in_the_form_comes_back_filled_and_leads_where_it_should(
    visitor: Client, structure: Structure
) -> None:
    answer = visitor.post(PROOF, {**carried_in(add(visitor, structure, bic="AGRI")), **PASSWORD})
    assert "8 ou 11 caractères" in answer.text.replace("\u00a0", " ")
    assert 'value="FR76 3000 6000 0112 3456 7890 189"' in answer.text
    assert f'action="/structures/{structure.uid}/comptes/ajouter/"' in answer.text


def test_whoever_has_an_application_shows_a_code_and_not_the_password(
    visitor: Client, structure: Structure, ada: User
) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(ada, secret)
    for method in ("password", "code"):
        proved(visitor, method=method)
        asked = add(visitor, structure)
        assert asked.status_code == 403
        assert 'name="password"' not in asked.text
    refused = visitor.post(PROOF, {**carried_in(asked), **PASSWORD})
    assert "Écrivez le code" in refused.text
    wrong = visitor.post(PROOF, {**carried_in(asked), "code": "000000"})
    assert "pas le bon code" in wrong.text
    assert not BankAccount.objects.exists()
    code = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    assert visitor.post(PROOF, {**carried_in(wrong), "code": code}).status_code == 302
    assert BankAccount.objects.exists()
    proved(visitor, ago=301)
    assert "n’a pas été reconnue" in visitor.post(PROOF, {"credential": "[]"}).text
    assert add(visitor, structure).status_code == 403


def test_a_code_by_mail_is_asked_of_whoever_has_chosen_that(
    visitor: Client, structure: Structure, ada: User, at: datetime
) -> None:
    User.objects.filter(pk=ada.pk).update(mail_codes_since=at)
    asked = add(proved(visitor), structure)  # the password alone proves too little
    message = Message.objects.get(kind="proof_code")
    code = re.search(r"\n    (\d{6})\n", message.body)[1]  # type: ignore[index]
    assert (message.recipient, message.is_secret) == (ada.email, True)
    assert code not in str(dict(visitor.session))
    add(visitor, structure)
    assert Message.objects.filter(kind="proof_code").count() == 1  # the first is still good
    other = f"{(int(code) + 1) % 10**6:06}"
    assert "pas le code du dernier message" in visitor.post(PROOF, {**carried_in(asked), "code": other}).text
    again = visitor.post(PROOF, {**carried_in(asked), "action": "resend"})
    newer = re.search(r"\n    (\d{6})\n", Message.objects.filter(kind="proof_code").latest("pk").body)[1]  # type: ignore[index]
    assert newer == code or "pas le code" in visitor.post(PROOF, {**carried_in(again), "code": code}).text
    session = visitor.session
    kept = session["proof_code"]
    session["proof_code"] = {**kept, "until": time.time() - 1}
    session.save()
    assert "pas le code" in visitor.post(PROOF, {**carried_in(again), "code": newer}).text
    session = visitor.session
    session["proof_code"] = kept
    session.save()
    assert visitor.post(PROOF, {**carried_in(again), "code": f"{newer[:3]} {newer[3:]}"}).status_code == 302
    assert BankAccount.objects.exists()
    assert "proof_code" not in visitor.session


def test_too_many_codes_by_mail_are_not_sent(
    visitor: Client, structure: Structure, ada: User, at: datetime, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mail_code": "2/h/user"}
    User.objects.filter(pk=ada.pk).update(mail_codes_since=at)
    asked = add(visitor, structure)
    answers = [visitor.post(PROOF, {**carried_in(asked), "action": "resend"}).status_code for _ in range(2)]
    assert answers == [200, 429]
    assert Message.objects.filter(kind="proof_code").count() == 2


def test_only_what_asks_for_a_proof_is_done_after_one(visitor: Client, structure: Structure, settings: Any) -> None:
    elsewhere = '{"address": "/structures/invitations/", "pairs": [["answer", "accept"]], "files": []}'
    answer = visitor.post(PROOF, {"carried": elsewhere, **PASSWORD})
    assert "Reprendre où vous en étiez" in answer.text
    asked = add(proved(visitor, ago=301), structure)
    settings.SECOND_FACTOR_FOR = {"everybody"}
    answer = visitor.post(PROOF, {**carried_in(asked), **PASSWORD})
    assert answer.headers["Location"] == "/compte/securite/"
    assert not BankAccount.objects.exists()
