"""Who acts: a person today, a technical account later, or the portal itself."""

from __future__ import annotations

from dataclasses import dataclass

from plainchant.portal.accounts.models import User

PORTAL_NAME = "Plainchant"


@dataclass(frozen=True)
class Actor:
    """Whoever does something. ``person`` is None for the portal itself, which has no right over any structure.

    ``on_behalf_of`` names whoever the person acts for, where histories must say it.
    """

    person: User | None
    on_behalf_of: str = ""

    @property
    def name(self) -> str:
        """As histories show it."""
        name = self.person.get_full_name() if self.person is not None else PORTAL_NAME
        return f"{name}, pour {self.on_behalf_of}" if self.on_behalf_of else name

    @property
    def account(self) -> User:
        """The account that a row names as its author. ValueError for the portal, which writes no such row."""
        if self.person is None:
            raise ValueError("the portal itself has no account")
        return self.person


SYSTEM = Actor(person=None)
