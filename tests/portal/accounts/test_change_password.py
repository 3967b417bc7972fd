"""Changing a password."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.accounts import operations
from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from tests.making import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def marie(at: datetime) -> User:
    return operations.enrol(
        email="marie@potiers.fr", first_name="Marie", last_name="Lefèvre", password="trois vases bleus", at=at
    )


def test_two_pages_opened_on_the_same_password_cannot_both_change_it(marie: User, at: datetime) -> None:
    other_page = User.objects.get()
    operations.change_password(user=marie, password="quatre pots verts", at=at)
    with pytest.raises(operations.PasswordChangedMeanwhile):
        operations.change_password(user=other_page, password="cinq bols jaunes", at=at)
    assert User.objects.get().check_password("quatre pots verts")


def test_a_weak_password_is_refused(marie: User, at: datetime) -> None:
    with pytest.raises(operations.WeakPassword):
        operations.change_password(user=marie, password="motdepasse2026", at=at)
    assert User.objects.get().check_password("trois vases bleus")


def test_a_closed_account_keeps_its_password(marie: User, at: datetime) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(operations.PasswordChangedMeanwhile):
        operations.change_password(user=marie, password="quatre pots verts", at=at)


def test_nobody_else_s_password_changes(marie: User, at: datetime) -> None:
    jeanne = a_person(at=at, name="Jeanne")
    User.objects.filter(pk=jeanne.pk).update(password=marie.password)
    operations.change_password(user=marie, password="quatre pots verts", at=at)
    jeanne.refresh_from_db()
    assert jeanne.check_password("trois vases bleus")


def test_the_owner_is_told_by_mail(marie: User, at: datetime) -> None:
    operations.change_password(user=marie, password="quatre pots verts", at=at)
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("password_changed", "marie@potiers.fr")
    assert "10\u00a0h\u00a030" in message.body


def test_an_operator_cannot_enrol_an_address_twice(marie: User, at: datetime) -> None:
    with pytest.raises(operations.AddressTaken):
        operations.enrol(email="marie@potiers.fr", first_name="X", last_name="Y", password="quatre pots verts", at=at)
