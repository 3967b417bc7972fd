"""A log-in ends when nobody uses it, and after a working day however much it is used."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from plainchant.portal.accounts.models import LogIn
from plainchant.portal.lib.time import now
from tests.making import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

IDLE, LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE), timedelta(seconds=settings.SESSION_LIFETIME)
PAGE = "/compte/"


@pytest.fixture
def visitor(at: datetime) -> Client:
    client = Client()
    client.force_login(a_person(at=at))
    return client


def ends(*, at: datetime | None = None) -> datetime:
    """When the only session ends; moved to ``at`` before, if it is given."""
    if at is not None:
        LogIn.objects.update(expire_date=at)
    return LogIn.objects.get().expire_date


def test_a_log_in_that_nobody_uses_ends(visitor: Client) -> None:
    assert abs(ends() - (now() + IDLE)) < timedelta(minutes=1)
    ends(at=now() - timedelta(seconds=1))
    assert visitor.get(PAGE).headers["Location"].startswith("/compte/connexion/")


def test_every_page_has_the_way_out(visitor: Client) -> None:
    for page in (PAGE, "/", "/factures/", "/cette-page-nexiste-pas/"):
        assert 'action="/compte/deconnexion/"' in visitor.get(page).content.decode(), page


def test_each_use_moves_the_end_and_few_write_it(visitor: Client) -> None:
    ends(at=now() + timedelta(minutes=30))
    assert visitor.get(PAGE).status_code == 200
    assert abs(ends() - (now() + IDLE)) < timedelta(minutes=1)
    almost = ends(at=now() + IDLE - timedelta(minutes=3))
    assert visitor.get(PAGE).status_code == 200
    assert ends() == almost


def test_however_much_it_is_used_it_ends_after_a_working_day(visitor: Client) -> None:
    session = visitor.session
    session["_begun"] = (now() - LONGEST + timedelta(minutes=40)).timestamp()
    session.save()
    assert visitor.get(PAGE).status_code == 200
    assert abs(ends() - (now() + timedelta(minutes=40))) < timedelta(minutes=1)


def test_a_log_in_again_begins_another_day(visitor: Client) -> None:
    session = visitor.session
    session["_begun"] = (now() - LONGEST + timedelta(minutes=1)).timestamp()
    session.save()
    session.cycle_key()
    session.save()
    assert abs(ends() - (now() + IDLE)) < timedelta(minutes=1)
