"""The address at which a person's calendar is read: one each, and none of anybody else's ends with it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.invoices.calendar_links import end_links, link_of, make_link, reader_of, token_of
from plainchant.portal.invoices.models import CalendarLink
from plainchant.portal.rights.actor import Actor
from tests.making import a_person

pytestmark = pytest.mark.django_db


def test_a_person_has_one_link_and_ends_no_other_than_their_own(at: datetime) -> None:
    ada, other = a_person(at=at), a_person(at=at)
    former = make_link(actor=Actor(ada), at=at)
    theirs = make_link(actor=Actor(other), at=at)
    later = at + timedelta(days=1)
    mine = make_link(actor=Actor(ada), at=later)
    assert (link_of(person=ada), link_of(person=other)) == (mine, theirs)
    assert [reader_of(token=token_of(link)) for link in (former, mine, theirs)] == [None, Actor(ada), Actor(other)]
    end_links(person=ada, at=later + timedelta(days=1))
    assert (link_of(person=ada), link_of(person=other)) == (None, theirs)
    assert dict(CalendarLink.objects.values_list("pk", "ended_at")) == {
        former.pk: later,  # as it was ended
        mine.pk: later + timedelta(days=1),
        theirs.pk: None,
    }
