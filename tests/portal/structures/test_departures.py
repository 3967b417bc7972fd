"""Closing one's own account, and coming back to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts import departures as accounts
from plainchant.portal.accounts import operations
from plainchant.portal.accounts.models import LogIn, User
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import departures, managers
from plainchant.portal.structures.memberships import ManagerStays
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.reach import reached
from tests.making import a_member, a_person, a_structure, an_attachment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class Places:
    """Ada manages an atelier alone and a firm with Grace; she is a member of a club, and asked to join a guild."""

    ada: User
    grace: User
    atelier: Structure
    firm: Structure
    club: Structure
    guild: Structure


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Places:
    with once_a_module():
        atelier, firm, club, guild = (a_structure(at=at, name=name) for name in ("Atelier", "Firme", "Club", "Guilde"))
        ada = a_person(at=at)
        for structure in (atelier, firm):
            an_attachment(person=ada, structure=structure, at=at, is_manager=True)
        an_attachment(person=ada, structure=club, at=at)
        Membership.objects.create(user=ada, structure=guild, state=Membership.State.PENDING, requested_at=at)
        grace = a_member(structure=firm, at=at, name="Grace")
        a_member(structure=club, at=at, name="Chef", is_manager=True)
        return Places(ada, grace, atelier, firm, club, guild)


@pytest.fixture
def places(built: Places) -> Places:
    return deepcopy(built)


def back_link() -> str:
    body = Message.objects.filter(kind="closed_by_owner").latest("pk").body
    return str(re.search(r"/revenir/(\S+)/", body)[1])  # type: ignore[index]


def test_a_structure_with_other_people_is_handed_over_first(places: Places, at: datetime) -> None:
    with pytest.raises(ManagerStays, match="Firme"):
        departures.close_account(actor=Actor(places.ada), at=at)
    assert User.objects.get(pk=places.ada.pk).is_active
    assert Membership.objects.get(user=places.ada, structure=places.club).state == Membership.State.ACCEPTED


@pytest.fixture
def closed(places: Places, at: datetime) -> Places:
    theirs = Membership.objects.get(user=places.grace)
    managers.hand_over(membership=theirs, actor=Actor(places.ada), at=at)
    LogIn.objects.create(
        session_key="x", session_data="", expire_date=at + timedelta(days=1), user=places.ada, begun_at=at
    )
    User.objects.filter(pk=places.ada.pk).update(operator_since=at)
    departures.close_account(actor=Actor(places.ada), at=at)
    return places


def test_closing_ends_what_others_share_and_keeps_what_is_hers_alone(closed: Places, at: datetime) -> None:
    user = User.objects.get(pk=closed.ada.pk)
    assert (user.is_active, user.closed_by_owner_at, user.operator_since) == (False, at, None)
    assert not LogIn.objects.filter(user=user).exists()
    states = dict(Membership.objects.filter(user=user).values_list("structure__name", "state"))
    assert states == {"Atelier": "VALIDEE", "Firme": "SUPPRIMEE", "Club": "SUPPRIMEE", "Guilde": "SUPPRIMEE"}
    assert not reached(actor=Actor(user), right=Right.SEE).exists()  # a closed account reaches nothing
    assert Message.objects.filter(kind="closed_by_owner").get().is_secret
    with pytest.raises(accounts.AlreadyClosed):
        accounts.close(user=closed.ada, at=at)


def test_coming_back_restores_the_account_and_what_is_hers_alone_once(closed: Places, at: datetime) -> None:
    token = back_link()
    assert accounts.returning(token=token, at=at + timedelta(hours=72)) == closed.ada
    for wrong in ("", "x", token[:-1]):
        assert accounts.returning(token=wrong, at=at) is None
    with pytest.raises(accounts.CannotComeBack):
        accounts.come_back(token=token, at=at + timedelta(hours=73))
    user = accounts.come_back(token=token, at=at + timedelta(hours=1))
    assert user.is_active
    assert list(reached(actor=Actor(user), right=Right.MANAGE)) == [closed.atelier]
    assert Message.objects.filter(kind="came_back", recipient=user.email).exists()
    departures.close_account(actor=Actor(user), at=at + timedelta(hours=2))
    with pytest.raises(accounts.CannotComeBack):  # the link of another time
        accounts.come_back(token=token, at=at + timedelta(hours=3))


def test_whoever_asks_for_an_account_there_is_told_the_way_back(closed: Places, at: datetime) -> None:
    typed = {"first_name": "X", "last_name": "Y", "contact_email": "", "phone": "", "siret": ""}
    operations.register(email=closed.ada.email, **typed, at=at + timedelta(minutes=1))
    operations.resend_activation(email=closed.ada.email, at=at + timedelta(minutes=2))
    assert Message.objects.filter(kind="closed_by_owner").count() == 3
    assert not Message.objects.filter(kind__in=["account_exists", "activation"]).exists()


def test_the_operator_has_the_last_word_both_ways(closed: Places, at: datetime) -> None:
    token = back_link()
    operations.close(email=closed.ada.email, at=at)
    with pytest.raises(accounts.CannotComeBack):
        accounts.come_back(token=token, at=at)
    assert operations.reopen(email=closed.ada.email, at=at).is_active
    departures.close_account(actor=Actor(closed.ada), at=at + timedelta(days=1))
    user = operations.reopen(email=closed.ada.email, at=at + timedelta(days=1))
    assert (user.is_active, user.closed_by_owner_at) == (True, None)
