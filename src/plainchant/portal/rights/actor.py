"""Who acts: a person, a program by its technical account, or the portal itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import day_in_paris, now

PORTAL_NAME = "Plainchant"


@dataclass(frozen=True)
class Behalf:
    """For whom somebody acts by a delegation, and whose people they are, by name; ``delegation`` is its key."""

    client: str
    delegate: str
    delegation: int


@dataclass(frozen=True)
class Software:
    """A program that has come in with a technical account: ``key`` is that of its row.

    ``account`` is what rows name as their author; nobody logs in with it.
    """

    key: int
    name: str
    structure: str
    account: User


@dataclass(frozen=True)
class Actor:
    """Whoever does something: a ``person`` or a ``software``. Neither is the portal itself, which has no right at all.

    ``behalf`` says for whom, where a delegation lets them act and histories must say it
    (`structures.reach.acting_for`).
    """

    person: User | None
    behalf: Behalf | None = None
    software: Software | None = None

    @property
    def name(self) -> str:
        """As histories show it: « Ada Essai (Cabinet Mercier), pour Atelier Lumen » where she acts for another."""
        if self.software is not None:
            name = f"le logiciel {self.software.name} (compte technique {of(self.software.structure)})"
            return f"{name}, pour {self.behalf.client}" if self.behalf else name
        name = self.person.get_full_name() if self.person is not None else PORTAL_NAME
        return f"{name} ({self.behalf.delegate}), pour {self.behalf.client}" if self.behalf else name

    @property
    def author(self) -> User | None:
        """The account that rows name as their author; None for the portal."""
        return self.software.account if self.software is not None else self.person

    @property
    def account(self) -> User:
        """The same, for rows that always name one. ValueError for the portal, which writes no such row."""
        if self.author is None:
            raise ValueError("the portal itself has no account")
        return self.author


SYSTEM = Actor(person=None)


@dataclass(frozen=True)
class Acting:
    """Who acts, for a statement that is written once: all but the key, which is one of its values.

    ``day``: what is reached by a delegation today is written with that day.
    """

    is_program: bool
    day: date

    def by(self, key: int) -> Actor:
        """The actor of this key, of whom nothing else is known."""
        somebody = User(pk=key)
        return Actor(None, software=Software(key, "", "", somebody)) if self.is_program else Actor(somebody)


def acting(actor: Actor) -> tuple[Acting, int]:
    """With the key. ValueError for the portal itself."""
    key = actor.account.pk if actor.software is None else actor.software.key
    return Acting(actor.software is not None, day_in_paris(now())), key
