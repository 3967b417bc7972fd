"""The secret address by which a person's calendar program reads which payments are expected, without a log-in.

It shows those to whoever has it, and nothing else; its owner makes another one, or ends it. What it shows is what that
person may see on the day it is read.
"""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.db import transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from .models import CalendarLink
from .permissions import SHARE_CALENDAR

_SALT = "invoices.calendar"


def link_of(*, person: User) -> CalendarLink | None:
    """The person's live link."""
    return CalendarLink.objects.filter(person=person, ended_at__isnull=True).last()


def token_of(link: CalendarLink) -> str:
    """What stands in its address."""
    return signing.dumps(str(link.uid), salt=_SALT)


@transaction.atomic
def make_link(*, actor: Actor, at: datetime) -> CalendarLink:
    """A new link of the person's; the former one leads nowhere from now on. Raises NotAllowed."""
    require(actor, SHARE_CALENDAR)
    User.objects.select_for_update().get(pk=actor.account.pk)  # two presses at once: one after the other
    end_links(person=actor.account, at=at)
    return CalendarLink.objects.create(person=actor.account, made_at=at)


def end_links(*, person: User, at: datetime) -> None:
    """Whoever has the address reads nothing any more."""
    CalendarLink.objects.filter(person=person, ended_at__isnull=True).update(ended_at=at)


def reader_of(*, token: str) -> Actor | None:
    """In whose name the calendar is read; None for an address that was ended, or that this portal has not made."""
    try:
        uid = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    link = CalendarLink.objects.filter(uid=uid, ended_at__isnull=True, person__is_active=True).select_related("person")
    found = link.first()
    return Actor(found.person) if found else None
