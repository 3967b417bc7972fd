"""Changing a password."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.accounts import operations, queries
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


def test_what_the_operator_does_to_an_account_touches_no_other(marie: User, at: datetime) -> None:
    others = {name: a_person(at=at, name=name) for name in ("open", "closed")}
    User.objects.filter(pk=others["closed"].pk).update(is_active=False)

    def theirs() -> list[tuple[bool, datetime | None, str]]:
        rows = User.objects.filter(pk__in=[other.pk for other in others.values()]).order_by("pk")
        return list(rows.values_list("is_active", "operator_since", "contact_email"))

    before = theirs()
    operations.close(email=marie.email, at=at)
    with pytest.raises(operations.WrongAccountState):
        operations.close(email=marie.email, at=at)
    operations.reopen(email=marie.email, at=at)
    with pytest.raises(operations.WrongAccountState):
        operations.reopen(email=marie.email, at=at)
    operations.name_operator(email=marie.email, is_one=True, at=at)
    with pytest.raises(operations.WrongAccountState):
        operations.name_operator(email=marie.email, is_one=True, at=at)
    with pytest.raises(operations.WrongAccountState):
        operations.name_operator(email=others["closed"].email, is_one=True, at=at)
    operations.name_operator(email=marie.email, is_one=False, at=at)
    assert theirs() == before


def test_a_program_s_account_is_nobody_s_to_log_in_with(at: datetime) -> None:
    program = a_person(at=at, name="Programme", is_technical=True)
    assert queries.with_login(email=program.email) is None


def test_the_owner_is_told_by_mail(marie: User, at: datetime) -> None:
    operations.change_password(user=marie, password="quatre pots verts", at=at)
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("password_changed", "marie@potiers.fr")
    assert "10\u00a0h\u00a030" in message.body


def test_an_operator_cannot_enrol_an_address_twice(marie: User, at: datetime) -> None:
    with pytest.raises(operations.AddressTaken):
        operations.enrol(email="marie@potiers.fr", first_name="X", last_name="Y", password="quatre pots verts", at=at)
