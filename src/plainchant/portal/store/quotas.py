"""How much one person and one structure may hand in: refused before anything is kept, in words.

Three settings, each the same for a person and for a structure, and none where it is 0: bytes in thirty days (counted
here), flows in a day and drafts at hand (counted by whoever has them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from plainchant.einvoice.codes.attachments import megabytes
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris

from .models import HandedIn

DAYS = 30
_ASK = "Si c’est trop peu pour vous, écrivez à qui tient ce portail."


class QuotaReached(Refused):
    """One person, or one structure, has handed in as much as this portal takes. Nothing has been kept."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose share something is taken from; ``name`` as a sentence says it, « vous » for the person who acts."""

    key: str
    name: str


def owners(*, person: int | None, structure: int | None = None, structure_name: str = "") -> list[Owner]:
    """The shares that an action takes from, by the keys of the rows."""
    found = []
    if structure is not None:
        found.append(Owner(f"structure:{structure}", f"Pour « {structure_name[:80]} »"))
    if person is not None:
        found.append(Owner(f"person:{person}", "De votre part"))
    return found


def require_room(*, owners: Sequence[Owner], size: int, at: datetime) -> None:
    """Raises QuotaReached where ``size`` bytes more are too many for one of them."""
    most = settings.QUOTA_BYTES
    if not most or not owners:
        return
    since = day_in_paris(at) - timedelta(days=DAYS)
    rows = HandedIn.objects.filter(owner__in=[owner.key for owner in owners], day__gt=since)
    sizes = dict(rows.values_list("owner").annotate(total=Sum("size")))
    for owner in owners:
        handed_in = sizes.get(owner.key, 0)
        if handed_in + size > most:
            raise QuotaReached(
                f"{owner.name}, {megabytes(handed_in)} ont été déposés en {DAYS} jours, et ce portail en prend "
                f"{megabytes(most)} au plus. Rien n’a été enregistré : allégez vos documents, ou attendez quelques "
                f"jours. {_ASK}",
                code="quota_bytes",
                field="file",
            )


def count(*, owners: Sequence[Owner], size: int, at: datetime) -> None:
    """Note what was kept."""
    day = day_in_paris(at).isoformat()
    rows = [(key, day, size) for key in sorted(owner.key for owner in owners)]  # everybody locks them in one order
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO store_handedin (owner, day, size) VALUES {', '.join(['(%s, %s, %s)'] * len(rows))} "  # noqa: S608 - placeholders
                "ON CONFLICT (owner, day) DO UPDATE SET size = store_handedin.size + excluded.size",
                [value for row in rows for value in row],
            )


def counted(*, before: datetime) -> int:
    """How many rows `forget` would delete."""
    return HandedIn.objects.filter(day__lt=day_in_paris(before)).count()


def forget(*, before: datetime) -> int:
    """Delete what was counted before that instant; how many rows went."""
    return HandedIn.objects.filter(day__lt=day_in_paris(before)).delete()[0]


def refuse_flow(*, owner: Owner, sent: int) -> None:
    """Raises QuotaReached where ``sent`` flows in a day are as many as may be."""
    most = settings.QUOTA_FLOWS
    if most and sent >= most:
        raise QuotaReached(
            f"{owner.name}, {sent} flux ont été envoyés en vingt-quatre heures, et ce portail n’en prend pas plus. "
            f"Rien n’a été enregistré : regroupez vos factures, un flux en contient 500, ou recommencez demain. {_ASK}",
            code="quota_flows",
            field="file",
        )


def refuse_draft(*, owner: Owner, at_hand: int) -> None:
    """Raises QuotaReached where ``at_hand`` drafts are as many as may be."""
    most = settings.QUOTA_DRAFTS
    if most and at_hand >= most:
        raise QuotaReached(
            f"{owner.name}, il y a {at_hand} brouillons, et ce portail n’en garde pas plus. Rien n’a été enregistré : "
            f"envoyez ou supprimez ceux qui ne servent plus, puis recommencez. {_ASK}",
            code="quota_drafts",
        )
