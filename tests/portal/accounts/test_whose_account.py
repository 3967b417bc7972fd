"""What is done to one account touches no other."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.accounts import operations, queries
from plainchant.portal.accounts.models import User
from tests.making import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def marie(at: datetime) -> User:
    return a_person(at=at, name="Marie")


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
    assert theirs() == before
    with pytest.raises(operations.WrongAccountState):
        operations.name_operator(email=marie.email, is_one=True, at=at)
    with pytest.raises(operations.WrongAccountState):
        operations.name_operator(email=others["closed"].email, is_one=True, at=at)
    operations.name_operator(email=marie.email, is_one=False, at=at)
    assert theirs() == before


def test_notices_move_for_the_person_who_confirmed_their_address(marie: User, at: datetime) -> None:
    jeanne = a_person(at=at, name="Jeanne")
    claim = operations.ask_contact(user=marie, address="marie@ailleurs.example", at=at)
    assert operations.confirm_contact(claim=claim, at=at).contact_email == "marie@ailleurs.example"
    jeanne.refresh_from_db()
    assert jeanne.contact_email == ""


def test_a_program_s_account_is_nobody_s_to_log_in_with(at: datetime) -> None:
    program = a_person(at=at, name="Programme", is_technical=True)
    assert queries.with_login(email=program.email) is None
