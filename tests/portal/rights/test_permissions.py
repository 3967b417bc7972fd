"""What a permission answers, and what is raised without it."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import NotAllowed, Permission, may, require
from plainchant.portal.rights.rights import RIGHT_ROW, Denial, Right
from plainchant.portal.structures.reach import reached
from tests.making import a_member, a_person, a_structure

pytestmark = pytest.mark.django_db

ACCOUNT = Permission(name="ACCOUNT", sentence="Anyone with an open account.")
ANYONE = Permission(name="ANYONE", sentence="Anyone.", anonymous=True)
MANAGE = Permission(name="MANAGE", sentence="The manager.", right=Right.MANAGE, scope=reached)


def test_without_a_scope_an_open_account_is_needed(at: datetime) -> None:
    person = a_person(at=at)
    assert may(Actor(person), ACCOUNT)
    assert not may(SYSTEM, ACCOUNT)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not may(Actor(person), ACCOUNT)


def test_a_permission_about_the_actor_alone_reaches_no_objects() -> None:
    with pytest.raises(TypeError, match="ACCOUNT is about no object"):
        ACCOUNT.reached_by(SYSTEM)
    with pytest.raises(TypeError, match="ACCOUNT needs no right over a structure"):
        _ = ACCOUNT.needed_right


def test_what_is_for_anyone_needs_no_account() -> None:
    assert may(SYSTEM, ANYONE)


def test_a_condition_on_the_site_goes_before_all_else() -> None:
    assert not may(SYSTEM, Permission(name="NEVER", sentence="Nobody.", anonymous=True, allowed=lambda: False))


def test_with_a_scope_the_object_has_to_be_in_it(at: datetime) -> None:
    own, other = a_structure(at=at), a_structure(at=at)
    manager = Actor(a_member(structure=own, at=at, is_manager=True))
    assert may(manager, MANAGE, own)
    assert not may(manager, MANAGE, other)


@pytest.mark.parametrize("wrong", ["another kind of object", "no object"])
def test_a_question_about_another_kind_of_object_is_an_error_of_the_program(at: datetime, wrong: str) -> None:
    person = a_person(at=at)
    with pytest.raises(TypeError, match="MANAGE is about Structure"):
        may(Actor(person), MANAGE, person if wrong == "another kind of object" else None)


def test_what_is_required_and_missing_is_refused_in_the_words_of_the_right(at: datetime) -> None:
    own = a_structure(at=at)
    require(Actor(a_member(structure=own, at=at, is_manager=True)), MANAGE, own)
    with pytest.raises(NotAllowed) as refused:
        require(Actor(a_member(structure=own, at=at)), MANAGE, own)
    assert Denial(refused.value.code, refused.value.sentence) == RIGHT_ROW[Right.MANAGE].denial


def test_a_permission_may_have_words_of_its_own(at: datetime) -> None:
    own = Denial("piece_of_others", "Elle n’est pas à vous.")
    with pytest.raises(NotAllowed, match=own.sentence) as refused:
        require(SYSTEM, Permission(name="OWN", sentence="One's own.", denial=own))
    assert refused.value.code == own.code


def test_without_an_account_the_way_to_one_is_said() -> None:
    with pytest.raises(NotAllowed, match="Connectez-vous"):
        require(SYSTEM, ACCOUNT)
