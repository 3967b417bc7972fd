"""The style pages draw every part, and none of them breaks the content policy."""

from __future__ import annotations

import re
from pathlib import Path

import kit
import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

import plainchant.web

TEMPLATES = Path(plainchant.web.__file__).parent / "templates"
PAGES = ["kit.html", "kit_desk.html", "kit_invoice.html"]
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html"]


def draw(name: str) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return render_to_string(name, {"kit": kit.content(), "nav_items": []}, request=request)


@pytest.mark.parametrize("name", PAGES + ERRORS)
def test_no_page_holds_a_style_or_a_script_of_its_own(name: str) -> None:
    html = draw(name)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", html)


@pytest.mark.parametrize("name", PAGES)
def test_no_two_elements_share_an_id(name: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', draw(name))
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", ["kit.html", "kit_desk.html"])
def test_every_description_of_a_field_exists(name: str) -> None:
    html = draw(name)
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    named = {part for value in re.findall(r'aria-describedby="([^"]+)"', html) for part in value.split()}
    assert named
    assert named <= ids


def test_a_live_region_is_there_before_its_words() -> None:
    """One that htmx brings with its words, or brings anew, is not spoken: those words are marked data-announce."""
    live = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if "aria-live" in path.read_text()]
    assert live == ["programs/explorer.html"]  # filled by its script
    assert '<p class="visually-hidden" id="annonces" role="status"></p>' in draw("404.html")


@pytest.mark.parametrize("name", PAGES + ERRORS)
def test_signs_of_two_strokes_keep_their_space(name: str) -> None:
    words = re.sub(r"<[^>]*>", "", draw(name))
    assert not re.search(r"\w [:;?!»]|« ", words)


def test_every_component_is_shown() -> None:
    sources = "".join(
        path.read_text()
        for path in [
            *TEMPLATES.rglob("*.html"),
            TEMPLATES.parent / "forms_rendering.py",
            TEMPLATES.parent / "fields.py",
        ]
    )
    sources += (TEMPLATES.parent / "templatetags" / "plainchant.py").read_text()
    names = [
        f"components/{path.relative_to(TEMPLATES / 'components')}"
        for path in (TEMPLATES / "components").rglob("*.html")
    ]
    assert [name for name in names if name not in sources] == []
    assert len(names) > 20


def test_the_page_of_a_failure_needs_nothing() -> None:
    html = render_to_string("500.html")
    assert "Une panne de notre côté" in html
    assert "<script" not in html


def test_a_page_says_that_an_aside_will_come_before_it_comes() -> None:
    """On a slow line its columns are laid out at once, and nothing moves."""
    assert '<div class="page-columns has-aside">' in draw("kit.html")
    assert '<div class="page-columns">' in draw("404.html")
