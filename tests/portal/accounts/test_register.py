"""Asking for an account: what goes into the outbox, and that nothing else can be learnt."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts import operations, queries
from plainchant.portal.accounts.models import Activation, User
from plainchant.portal.mail.models import Message

pytestmark = pytest.mark.django_db

TYPED = {
    "first_name": "Marie",
    "last_name": "Lefèvre",
    "contact_email": "",
    "phone": "",
    "siret": "73282932000074",
}


def register(email: str = "marie@potiers.fr", *, at: datetime, **changes: str) -> None:
    operations.register(email=email, **{**TYPED, **changes}, at=at)


def test_a_registered_address_gets_no_second_account_but_is_told_how_to_log_in(at: datetime) -> None:
    operations.enrol(email="marie@potiers.fr", first_name="M", last_name="L", password="trois vases bleus", at=at)
    register(at=at, first_name="Quelqu’un d’autre")
    message = Message.objects.get()
    assert message.kind == "account_exists"
    assert "/compte/connexion/" in message.body
    assert "/compte/mot-de-passe/oublie/" in message.body
    assert User.objects.get().first_name == "M"
    assert not Activation.objects.exists()


def test_an_operator_too_gives_nobody_a_weak_password(at: datetime) -> None:
    with pytest.raises(operations.WeakPassword):
        operations.enrol(email="marie@potiers.fr", first_name="M", last_name="L", password="1234", at=at)
    assert not User.objects.exists()


def test_a_closed_account_is_not_opened_again_by_registering(at: datetime) -> None:
    user = operations.enrol(
        email="marie@potiers.fr", first_name="M", last_name="L", password="trois vases bleus", at=at
    )
    User.objects.filter(pk=user.pk).update(is_active=False)
    register(at=at)
    assert Message.objects.get().kind == "account_exists"
    assert not Activation.objects.exists()


def test_nothing_that_was_typed_is_repeated_to_the_owner_of_the_address(at: datetime) -> None:
    register(at=at, first_name="Gagnez un voyage", last_name="maintenant")
    message = Message.objects.get()
    assert "voyage" not in message.subject + message.body
    assert "maintenant" not in message.body


def test_a_new_address_gets_an_inactive_account_without_password_and_a_link(at: datetime) -> None:
    register(at=at)
    user = User.objects.get()
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert (user.siret_at_registration, user.terms_version) == ("73282932000074", "2026-11-01")
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("activation", "marie@potiers.fr")
    assert "60 minutes" in message.body


def test_only_the_sha_256_of_a_long_random_token_is_kept(at: datetime) -> None:
    register(at=at)
    token = re.search(r"/compte/activer/([\w-]+)/", Message.objects.get().body)[1]  # type: ignore[index]
    assert len(token) >= 43  # 256 bits
    activation = Activation.objects.get()
    assert activation.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert activation.expires_at == at + timedelta(minutes=60)


def test_registering_again_before_activation_changes_nothing_until_the_owner_has_seen_it(at: datetime) -> None:
    register(at=at)
    register(at=at + timedelta(minutes=5), first_name="Eve", siret="35600000000048", contact_email="eve@example.org")
    user = User.objects.get()
    assert (user.first_name, user.siret_at_registration, user.contact_email) == ("Marie", "73282932000074", "")
    assert [activation.typed["first_name"] for activation in Activation.objects.order_by("pk")] == ["Marie", "Eve"]
    assert [message.kind for message in Message.objects.order_by("pk")] == ["activation", "activation"]


def test_an_account_that_opens_while_it_is_asked_for_again_keeps_when_its_owner_accepted_the_terms(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(at=at)
    awaits = queries.awaits_activation

    def meanwhile(user: User) -> bool:
        awaited = awaits(user)
        User.objects.update(is_active=True)
        return awaited

    monkeypatch.setattr(queries, "awaits_activation", meanwhile)
    register(at=at + timedelta(minutes=5))
    assert User.objects.get().terms_accepted_at == at


def test_every_link_in_a_message_starts_with_the_public_address(at: datetime, settings: object) -> None:
    settings.PUBLIC_URL = "https://factures.exemple.fr"  # type: ignore[attr-defined]
    register(at=at)
    operations.resend_activation(email="inconnue@exemple.fr", at=at)
    messages = Message.objects.all()
    assert len(messages) == 2
    for message in messages:
        found = re.findall(r"https?://[^\s/]+", message.body)
        assert found
        assert set(found) == {"https://factures.exemple.fr"}


def test_asking_for_a_new_link_tells_each_owner_what_is_true(at: datetime) -> None:
    operations.enrol(email="ouvert@potiers.fr", first_name="M", last_name="L", password="trois vases bleus", at=at)
    register("attend@potiers.fr", at=at)
    Message.objects.all().delete()
    for email in ("ouvert@potiers.fr", "attend@potiers.fr", "inconnu@potiers.fr"):
        operations.resend_activation(email=email, at=at)
    kinds = dict(Message.objects.values_list("recipient", "kind"))
    assert kinds == {
        "ouvert@potiers.fr": "account_exists",
        "attend@potiers.fr": "activation",
        "inconnu@potiers.fr": "no_account",
    }
    assert queries.with_login(email="inconnu@potiers.fr") is None
