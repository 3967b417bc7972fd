"""Using an activation link: once, in time, the newest one, whatever happens at the same moment."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from plainchant.portal.accounts import operations, queries
from plainchant.portal.accounts.models import Activation, User
from plainchant.portal.accounts.queries import LinkState
from plainchant.portal.mail.models import Message

PASSWORD = "trois vases bleus"

only_where_threads_meet = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="the test database of SQLite lives in the memory of one thread"
)


def new_link(*, at: datetime, email: str = "marie@potiers.fr", first_name: str = "Marie") -> str:
    operations.register(
        email=email,
        first_name=first_name,
        last_name="Lefèvre",
        contact_email="",
        phone="",
        siret="73282932000074",
        at=at,
    )
    body = Message.objects.filter(kind="activation").latest("pk").body
    return str(re.search(r"/compte/activer/([\w-]+)/", body)[1])  # type: ignore[index]


def refusal(*, token: str, at: datetime) -> LinkState:
    with pytest.raises(operations.ActivationRefused) as raised:
        operations.activate(token=token, password=PASSWORD, at=at)
    assert queries.link(token=token, at=at).state is raised.value.state
    return raised.value.state


@pytest.mark.django_db
def test_an_unknown_link_opens_nothing(at: datetime) -> None:
    assert refusal(token="n’importe\x00quoi", at=at) is LinkState.UNKNOWN


@pytest.mark.django_db
def test_a_link_is_of_one_account_and_uses_no_other_s(at: datetime) -> None:
    mine = new_link(at=at)
    hers = new_link(at=at + timedelta(minutes=1), email="jeanne@potiers.fr", first_name="Jeanne")
    User.objects.filter(email="jeanne@potiers.fr").update(terms_accepted_at=at)
    jeanne = User.objects.get(email="jeanne@potiers.fr")
    again = new_link(at=at + timedelta(minutes=2))
    jeanne.refresh_from_db()
    assert jeanne.terms_accepted_at == at  # what one accepts says nothing of another
    assert queries.link(token=mine, at=at).state is LinkState.SUPERSEDED
    assert queries.link(token=hers, at=at).state is LinkState.READY  # no newer one of hers
    operations.activate(token=again, password=PASSWORD, at=at + timedelta(minutes=3))
    assert queries.link(token=hers, at=at).state is LinkState.READY
    assert list(User.objects.filter(is_active=True).values_list("email", flat=True)) == ["marie@potiers.fr"]
    assert queries.typed_last(jeanne)["first_name"] == "Jeanne"
    assert operations.activate(token=hers, password=PASSWORD, at=at + timedelta(minutes=4)) == jeanne


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["the same link", "another link", "the operator", "no password"])
def test_a_link_that_something_overtakes_opens_nothing(
    at: datetime, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Between the look at the link and its use, a password is hashed: long enough for the rest of the world."""
    token = new_link(at=at)
    hashed = operations.make_password

    def meanwhile(password: str) -> str:
        monkeypatch.setattr(operations, "make_password", hashed)
        if first == "the operator":  # opens it otherwise, with a password of its own
            User.objects.update(is_active=True, password=hashed("quatre pots verts"))
        elif first == "another link":
            User.objects.update(password=hashed("quatre pots verts"))
        elif first == "no password":  # it is open, and asks for none
            User.objects.update(is_active=True)
        else:
            operations.activate(token=token, password="quatre pots verts", at=at)
        return hashed(password)

    monkeypatch.setattr(operations, "make_password", meanwhile)
    with pytest.raises(operations.ActivationRefused) as raised:
        operations.activate(token=token, password=PASSWORD, at=at)
    assert raised.value.state is LinkState.USED
    assert User.objects.get().check_password("quatre pots verts") is (first != "no password")
    assert not User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_a_link_opens_nothing_after_sixty_minutes(at: datetime) -> None:
    token = new_link(at=at)
    assert refusal(token=token, at=at + timedelta(minutes=60)) is LinkState.EXPIRED
    assert not User.objects.get().is_active


@pytest.mark.django_db
def test_a_link_works_until_its_last_minute(at: datetime) -> None:
    token = new_link(at=at)
    assert operations.activate(token=token, password=PASSWORD, at=at + timedelta(minutes=59, seconds=59)).is_active


@pytest.mark.django_db
def test_a_link_is_replaced_by_the_next_one(at: datetime) -> None:
    first = new_link(at=at)
    second = new_link(at=at + timedelta(minutes=1))
    assert refusal(token=first, at=at + timedelta(minutes=2)) is LinkState.SUPERSEDED
    assert operations.activate(token=second, password=PASSWORD, at=at + timedelta(minutes=2)).is_active


@pytest.mark.django_db
def test_a_link_works_once(at: datetime) -> None:
    token = new_link(at=at)
    operations.activate(token=token, password=PASSWORD, at=at)
    assert refusal(token=token, at=at) is LinkState.USED


@pytest.mark.django_db
def test_a_used_link_opens_nothing_even_if_its_account_awaits_activation_again(at: datetime) -> None:
    token = new_link(at=at)
    Activation.objects.update(used_at=at)
    with pytest.raises(operations.ActivationRefused):
        operations.activate(token=token, password=PASSWORD, at=at)
    assert not User.objects.get().is_active


@pytest.mark.django_db
def test_no_link_opens_an_account_that_was_closed_after_its_activation(at: datetime) -> None:
    token = new_link(at=at)
    user = operations.activate(token=token, password=PASSWORD, at=at)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refusal(token=token, at=at) is LinkState.USED


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["motdepasse2026", "court", "123456789012", "marielefevre26"])
def test_a_weak_password_is_refused_and_the_link_still_works(weak: str, at: datetime) -> None:
    token = new_link(at=at)
    with pytest.raises(operations.WeakPassword):
        operations.activate(token=token, password=weak, at=at)
    assert operations.activate(token=token, password=PASSWORD, at=at).check_password(PASSWORD)


@pytest.mark.django_db
def test_activation_opens_the_account_with_argon2_and_a_proven_address(at: datetime, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = operations.activate(token=new_link(at=at), password=PASSWORD, at=at)
    assert user.is_active
    assert user.password.startswith("argon2")
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("marie@potiers.fr", True, True)


@only_where_threads_meet
@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_uses_exactly_one_succeeds(at: datetime) -> None:
    token = new_link(at=at)
    outcomes = together(8, lambda: operations.activate(token=token, password=PASSWORD, at=at))
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert all(isinstance(outcome, User | operations.ActivationRefused) for outcome in outcomes)
    assert EmailAddress.objects.count() == 1


@only_where_threads_meet
@pytest.mark.django_db(transaction=True)
def test_pressing_twice_on_create_my_account_makes_one_account(at: datetime) -> None:
    outcomes = together(6, lambda: new_link(at=at))
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert User.objects.count() == 1


def together(number: int, act: Callable[[], object]) -> list[object]:
    """Run ``act`` in that many threads at once; what each returned or raised."""
    start, outcomes = threading.Barrier(number), []

    def run() -> None:
        try:
            start.wait()
            outcomes.append(act())
        except Exception as error:  # noqa: BLE001 - it is the result
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
