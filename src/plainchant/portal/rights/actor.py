"""Who acts: a person today, a technical account later, or the portal itself."""

from __future__ import annotations

from dataclasses import dataclass

from plainchant.portal.accounts.models import User

PORTAL_NAME = "Plainchant"


@dataclass(frozen=True)
class Behalf:
    """For whom a person acts by a delegation, and whose people they are, by name; ``delegation`` is its key."""

    client: str
    delegate: str
    delegation: int


@dataclass(frozen=True)
class Actor:
    """Whoever does something. ``person`` is None for the portal itself, which has no right over any structure.

    ``behalf`` says for whom, where a delegation lets them act and histories must say it
    (`structures.reach.acting_for`).
    """

    person: User | None
    behalf: Behalf | None = None

    @property
    def name(self) -> str:
        """As histories show it: « Ada Essai (Cabinet Mercier), pour Atelier Lumen » where she acts for another."""
        name = self.person.get_full_name() if self.person is not None else PORTAL_NAME
        return f"{name} ({self.behalf.delegate}), pour {self.behalf.client}" if self.behalf else name

    @property
    def account(self) -> User:
        """The account that a row names as its author. ValueError for the portal, which writes no such row."""
        if self.person is None:
            raise ValueError("the portal itself has no account")
        return self.person


SYSTEM = Actor(person=None)
