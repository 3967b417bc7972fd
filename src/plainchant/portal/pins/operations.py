"""Keep something on one's first page, or no longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed, require
from plainchant.portal.structures.models import Structure

from .models import Pin
from .permissions import KEEP_PINS
from .queries import pinnable, pins_of

MOST = 12


class TooManyPins(Refused):
    """The first page has as many links as may be."""

    code = "pin_too_many"


def pin(*, actor: Actor, at: datetime, page: str = "", structure: Structure | None = None) -> None:
    """Keep a page (a `Pin.Page`) or a structure on the actor's first page; twice is once.

    Raises NotAllowed, also for a structure whose page the actor cannot open, and TooManyPins.
    """
    with transaction.atomic():
        require(actor, KEEP_PINS)
        if structure is not None and not pinnable(actor=actor).filter(pk=structure.pk).exists():
            raise NotAllowed("Cette structure n’existe plus, ou n’est plus à votre portée. Rechargez la page.")
        User.objects.select_for_update(no_key=True).get(pk=actor.account.pk)  # two clicks at once count as two
        mine = Pin.objects.filter(user=actor.account)
        if mine.filter(page=page, structure=structure).exists():
            return
        mine.exclude(pk__in=pins_of(actor=actor).values("pk")).delete()  # what they can open no more leaves room
        if mine.count() >= MOST:
            raise TooManyPins(f"Vous avez déjà {MOST} raccourcis. Retirez-en un, puis recommencez.")
        Pin.objects.create(user=actor.account, page=Pin.Page(page) if page else "", structure=structure, pinned_at=at)


def unpin(*, actor: Actor, page: str = "", structure: Structure | None = None) -> None:
    """Keep it no longer. Raises NotAllowed."""
    require(actor, KEEP_PINS)
    Pin.objects.filter(user=actor.account, page=page, structure=structure).delete()
