"""Another login address: confirmed by its reader, stopped by the reader of the former one."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from plainchant.portal.accounts import claims, login_address, operations
from plainchant.portal.accounts.claims import ClaimRefused
from plainchant.portal.accounts.login_address import Stopping
from plainchant.portal.accounts.models import AddressClaim, LogIn, User
from plainchant.portal.mail.models import Message
from tests.making import a_person

pytestmark = pytest.mark.django_db
NEW = "ada@ailleurs.example"
LATER = timedelta(minutes=5)


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> User:
    with once_a_module():
        user = a_person(at=at, contact_email="avis@ailleurs.example")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


@pytest.fixture
def ada(built: User) -> User:
    return deepcopy(built)


def logged_in(user: User, key: str, at: datetime) -> None:
    LogIn.objects.create(session_key=key, session_data="", expire_date=at + timedelta(days=1), user=user, begun_at=at)


def stop_link(kind: str) -> str:
    return str(re.search(r"/arreter/(\S+)/", Message.objects.filter(kind=kind)[0].body)[1])  # type: ignore[index]


def kinds(address: str) -> list[str]:
    return list(Message.objects.filter(recipient=address).order_by("pk").values_list("kind", flat=True))


def test_nothing_changes_before_the_link_is_used_then_other_log_ins_end(ada: User, at: datetime) -> None:
    former = ada.email
    for key in ("here", "elsewhere"):
        logged_in(ada, key, at)
    claim = login_address.ask(user=ada, address=NEW, at=at)
    assert User.objects.get(pk=ada.pk).email == former
    assert (kinds(NEW), kinds(former)) == (["confirm_login_address"], ["login_address_asked"])
    assert kinds("avis@ailleurs.example") == ["login_address_asked"]
    assert all(message.is_secret for message in Message.objects.all())
    changed = login_address.confirm(claim=claim, at=at + LATER, stays="here")
    assert (changed.email, User.objects.get(pk=ada.pk).email) == (NEW, NEW)
    assert [(row.email, row.verified, row.primary) for row in EmailAddress.objects.filter(user=ada)] == [
        (NEW, True, True)
    ]
    assert [row.session_key for row in LogIn.objects.all()] == ["here"]
    assert kinds(former) == ["login_address_asked", "login_address_changed"]
    with pytest.raises(ClaimRefused):
        login_address.confirm(claim=claim, at=at + LATER)


def test_the_claim_on_a_login_is_none_on_notices_and_the_newest_counts(ada: User, at: datetime) -> None:
    first = login_address.ask(user=ada, address=NEW, at=at)
    assert claims.pending(by=ada, at=at) is None
    operations.ask_contact(user=ada, address="encore@ailleurs.example", at=at)
    assert claims.pending(by=ada, at=at, for_login=True) == first
    second = login_address.ask(user=ada, address="b@ailleurs.example", at=at)
    for useless in (first,):
        with pytest.raises(ClaimRefused):
            login_address.confirm(claim=useless, at=at)
    with pytest.raises(ClaimRefused):
        login_address.confirm(claim=second, at=at + timedelta(hours=24))
    User.objects.filter(pk=ada.pk).update(is_active=False)
    with pytest.raises(ClaimRefused):
        login_address.confirm(claim=second, at=at)


def test_an_address_that_has_an_account_gets_no_link_and_one_never_opened_gives_way(ada: User, at: datetime) -> None:
    owner = a_person(at=at, name="Grace")
    claim = login_address.ask(user=ada, address=owner.email, at=at)
    assert kinds(owner.email) == ["login_address_taken"]
    assert claim.address == owner.email  # who asks sees the same as ever
    with pytest.raises(ClaimRefused):
        login_address.confirm(claim=claim, at=at)
    assert User.objects.get(pk=ada.pk).email == ada.email
    registered = {"first_name": "X", "last_name": "Y", "contact_email": "", "phone": "", "siret": ""}
    operations.register(email=NEW, **registered, at=at)
    claim = login_address.ask(user=ada, address=NEW, at=at)
    assert login_address.confirm(claim=claim, at=at).email == NEW


def test_the_former_address_stops_the_change_and_the_password_that_was_known(ada: User, at: datetime) -> None:
    claim = login_address.ask(user=ada, address=NEW, at=at)
    logged_in(ada, "thief", at)
    state, found = login_address.found_stop(token=stop_link("login_address_asked"), at=at)
    assert (state, found) == (Stopping.STOPS, claim)
    assert login_address.stop(claim=claim, at=at) is Stopping.STOPS
    with pytest.raises(ClaimRefused):
        login_address.confirm(claim=claim, at=at)
    with pytest.raises(ClaimRefused):
        login_address.stop(claim=claim, at=at)
    user = User.objects.get(pk=ada.pk)
    assert not user.check_password("un mot de passe de test")
    assert user.has_usable_password()  # it is no account that awaits its activation
    assert not LogIn.objects.filter(user=ada).exists()


@pytest.mark.parametrize(("after", "expected"), [(72, Stopping.UNDOES), (73, Stopping.NOTHING)])
def test_the_former_address_undoes_the_change_for_three_days(
    ada: User, at: datetime, after: int, expected: Stopping
) -> None:
    late = at + timedelta(hours=after)
    claim = login_address.ask(user=ada, address=NEW, at=at)
    login_address.confirm(claim=claim, at=at)
    for kind in ("login_address_asked", "login_address_changed"):  # either message will do
        assert login_address.found_stop(token=stop_link(kind), at=late)[0] is expected
    if expected is Stopping.UNDOES:
        login_address.stop(claim=AddressClaim.objects.get(pk=claim.pk), at=late)
        assert User.objects.get(pk=ada.pk).email == ada.email
        assert kinds(ada.email)[-1] == "login_address_stopped"
        assert login_address.found_stop(token=stop_link(kind), at=late)[0] is Stopping.NOTHING


def test_a_second_change_does_not_take_the_way_back_from_the_first_address(ada: User, at: datetime) -> None:
    former = ada.email
    for address in ("voleur@ailleurs.example", "encore@ailleurs.example"):
        claim = login_address.ask(user=User.objects.get(pk=ada.pk), address=address, at=at)
        login_address.confirm(claim=claim, at=at)
    first, second = AddressClaim.objects.filter(for_login=True).order_by("pk")
    assert login_address.stop(claim=first, at=at + LATER) is Stopping.UNDOES
    assert User.objects.get(pk=ada.pk).email == former
    with pytest.raises(ClaimRefused):  # and the thief's own link does not undo that
        login_address.stop(claim=second, at=at + LATER)
    assert User.objects.get(pk=ada.pk).email == former


def test_a_link_that_is_not_ours_stops_nothing(ada: User, at: datetime) -> None:
    claim = operations.ask_contact(user=ada, address="encore@ailleurs.example", at=at)
    for token in ("", "x", str(claim.pk), f"{claim.pk}:x", login_address._STOP.sign(str(claim.pk))):
        assert login_address.found_stop(token=token, at=at)[0] is Stopping.NOTHING
