"""Who runs this portal: named on its pages and at the end of its mails."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Operator:
    """What the settings say; an empty text is not known. The three addresses replace pages of ours."""

    name: str
    address: str
    host: str
    help: str  # an e-mail address, or the address of a page
    legal_url: str
    privacy_url: str
    accessibility_url: str

    @property
    def help_url(self) -> str:
        """``help`` as a link leads there."""
        return f"mailto:{self.help}" if "@" in self.help and "://" not in self.help else self.help

    def signature(self) -> str:
        """The last lines of every mail."""
        return (
            "-- \n"
            f"{self.name or 'Plainchant, le portail des factures au secteur public'}\n"
            + (f"Une question\u00a0? {self.help}\n" if self.help else "")
            + "Ce message est automatique\u00a0: personne ne lit les réponses à cette adresse.\n"
        )


def operator() -> Operator:
    """The one of the settings."""
    return Operator(**settings.OPERATOR)
