"""What the search of the help looks through, and where each leads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.urls import reverse

from plainchant.help.glossary import TERMS
from plainchant.help.guides import GUIDES
from plainchant.help.questions import QUESTIONS
from plainchant.help.search import Index, Passage


@cache
def index() -> Index:
    """Guides, their steps and what can go wrong in them; words; questions."""
    return Index.of(_entries())


def _entries() -> Iterator[Passage]:
    for guide in GUIDES:
        page = ("help_guide", guide.slug)
        yield Passage(title=guide.title, text=guide.purpose, route=page)
        for step in guide.steps:
            yield Passage(title=guide.title, text=step.text, route=page, anchor=f"etape-{step.name}")
        for number, trouble in enumerate(guide.troubles, 1):
            yield Passage(title=trouble.what, text=trouble.mend, route=page, anchor=f"souci-{number}")
    for term in TERMS:
        title = ", ".join((term.name, *term.others))
        yield Passage(title=title, text=f"{term.line} {term.more}".strip(), route=("help_terms",), anchor=term.slug)
    for question in QUESTIONS:
        yield Passage(title=question.asked, text=question.answer, route=("help_questions",), anchor=question.slug)


def address_of(entry: Passage) -> str:
    """The local address of what was found."""
    name, *arguments = entry.route
    return reverse(name, args=arguments) + (f"#{entry.anchor}" if entry.anchor else "")
