"""What the search of the help looks through, and where each leads."""

from __future__ import annotations

from functools import cache

from django.urls import reverse

from plainchant.help.guides import GUIDES
from plainchant.help.search import Index, Passage


@cache
def index() -> Index:
    """Guides, their steps and what can go wrong in them."""
    return Index.of(_entries())


def _entries() -> list[Passage]:
    found = []
    for guide in GUIDES:
        found.append(Passage(title=guide.title, text=guide.purpose, address=("help_guide", guide.slug)))
        found += [
            Passage(title=guide.title, text=step.text, address=("help_guide", guide.slug, f"etape-{step.name}"))
            for step in guide.steps
        ]
        found += [
            Passage(title=trouble.what, text=trouble.mend, address=("help_guide", guide.slug, f"souci-{number}"))
            for number, trouble in enumerate(guide.troubles, 1)
        ]
    return found


def address_of(entry: Passage) -> str:
    """The local address of what was found."""
    route, slug, *anchor = entry.address
    return reverse(route, args=[slug]) + (f"#{anchor[0]}" if anchor else "")
