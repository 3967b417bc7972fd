"""What works in the portal now, in the words of those who use it: /aide/etat/. What is seen is kept for a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError

from plainchant.portal.lib.time import now
from plainchant.portal.mail import queries as mail
from plainchant.portal.mail.operations import GIVE_UP_AFTER
from plainchant.web.monitor import AWAY, FULL, LATE, OK, UNKNOWN, KeptLook
from plainchant.web.monitor import state as standing

_MAIL_IS_LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class StandingPart:
    """A part of the portal as people know it, and a sentence about it."""

    label: str
    sentence: str
    is_well: bool


_LATER = "Attendez quelques minutes, puis réessayez."
# What `/ready` calls a part → how people call it, and what each of its states means for them.
_PARTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "database",
        "Vos factures",
        {OK: "Elles se lisent et s’envoient.", AWAY: f"Elles ne peuvent pas être lues en ce moment. {_LATER}"},
    ),
    (
        "store",
        "Vos documents",
        {OK: "Ils s’ouvrent et se gardent.", AWAY: f"Ils ne peuvent pas être ouverts en ce moment. {_LATER}"},
    ),
    (
        "disk",
        "La place pour de nouveaux fichiers",
        {
            OK: "Il y en a.",
            FULL: "Il n’y en a presque plus : gardez vos fichiers et déposez-les plus tard.",
            AWAY: f"Le portail ne la voit pas en ce moment. {_LATER}",
        },
    ),
    (
        "readers",
        "La lecture de vos PDF, tableurs et photos",
        {OK: "Elle marche.", AWAY: f"Elle ne répond pas en ce moment. {_LATER}"},
    ),
    (
        "queue",
        "La remise des factures aux organismes",
        {
            OK: "Elle se fait au fur et à mesure.",
            LATE: "Elle a du retard. Ce que vous envoyez est gardé et partira.",
            UNKNOWN: f"Le portail ne la voit pas en ce moment. {_LATER}",
        },
    ),
    (
        "mails",
        "Les courriels",
        {
            OK: "Ils partent.",
            LATE: "Ils ont du retard. Ils partiront ; ce qu’ils disent est aussi sur vos pages.",
            UNKNOWN: f"Le portail ne les voit pas en ce moment. {_LATER}",
        },
    ),
)


def parts_now() -> list[StandingPart]:
    """Every part, in the order of the page; no more than one look a second for all who ask."""
    found = {**standing(), "mails": _mails.seen()}
    return [StandingPart(label, sentences[found[part]], found[part] == OK) for part, label, sentences in _PARTS]


def _see_mails() -> str:
    at = now()
    late = mail.unsent().filter(created_at__lte=at - _MAIL_IS_LATE, created_at__gt=at - GIVE_UP_AFTER)
    try:
        return LATE if late.exists() else OK
    except DatabaseError:
        return UNKNOWN


_mails = KeptLook(_see_mails, kept_seconds=10.0)
