"""Every page of the product has its guide; a guide's steps are all played by a journey, in their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

from plainchant.access.permissions import DEVELOPMENT
from plainchant.help.guides import GUIDES
from plainchant.help.pages import guide_for
from plainchant.web.routes import named_routes

JOURNEYS = Path(__file__).parents[3] / "journeys"
# What is no page (a file, a picture, what programs ask for), and the pages that need no guide.
NO_PAGE = re.compile(
    r"\.(?:png|pdf|csv|xlsx|json|xml|ics|<slug:extension>)|/(?:document|copie|certificat|note|fichier|modele|dossier|document-entier)/$"
    r"|/piece/|/telecharger/|/export/|^/(?:health|ready|metrics|mailbox|api|cpro)\b|/demande-interets/$"
)
WITHOUT_GUIDE = re.compile(
    r"^/(?:aide|mentions-legales|vos-donnees|accessibilite|plan|exploitation|compte/deconnexion)\b"
)


def named_pages() -> list[tuple[str, str]]:
    """Address and name of each route that answers GET with a page."""
    return [
        (address, name)
        for address, view, name in named_routes()
        if getattr(view, "permissions", {}).get("GET") not in (None, DEVELOPMENT)
        and not NO_PAGE.search(address)
        and not WITHOUT_GUIDE.search(address)
    ]


def test_every_page_has_a_guide() -> None:
    pages = named_pages()
    assert len(pages) > 100
    assert [address for address, name in pages if guide_for(name) is None] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_a_guide_says_where_one_begins(guide) -> None:  # type: ignore[no-untyped-def]
    assert reverse(guide.page)


def test_names_are_given_once() -> None:
    assert len({guide.slug for guide in GUIDES}) == len(GUIDES)
    for guide in GUIDES:
        assert len({step.name for step in guide.steps}) == len(guide.steps), guide.slug


def test_every_step_is_played_by_a_journey_in_its_order() -> None:
    played = []
    for source in sorted(JOURNEYS.glob("test_*.py")):
        played += re.findall(r'on_step\(\s*\w+,\s*"([\w-]+/[\w-]+)"', source.read_text())
    for guide in GUIDES:
        of_it = [name for name in played if name.startswith(f"{guide.slug}/")]
        assert of_it == [f"{guide.slug}/{step.name}" for step in guide.steps]
    assert set(played) == {f"{guide.slug}/{step.name}" for guide in GUIDES for step in guide.steps}
