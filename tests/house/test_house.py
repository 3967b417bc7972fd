"""Tests of the house itself: what every page and every table must keep, whoever adds the next one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import get_template

from plainchant.access.matrix import MATRIX
from plainchant.access.permissions import Permission
from plainchant.web.routes import all_routes, declared_routes

PACKAGE = Path(__file__).parents[2] / "src" / "plainchant"
TEMPLATES = PACKAGE / "web" / "templates"


def test_every_route_declares_a_permission() -> None:
    bare = [address for address, view in all_routes() if not hasattr(view, "permission")]
    assert bare == []


def test_every_permission_has_a_row_and_every_row_is_used() -> None:
    used = {permission for _, permission in declared_routes()}
    assert set(MATRIX) == set(Permission) == used


def test_a_route_about_an_object_has_a_scope_and_the_reverse() -> None:
    for address, permission in declared_routes():
        assert ("uuid:uid" in address) == (MATRIX[permission].scope is not None), address


def test_a_view_that_forgets_its_permission_is_never_called() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.http import HttpRequest, HttpResponse

    from plainchant.web.middleware import PermissionMiddleware

    def forgetful(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    with pytest.raises(ImproperlyConfigured):
        PermissionMiddleware(forgetful).process_view(HttpRequest(), forgetful, (), {})


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def test_no_template_is_an_orphan() -> None:
    said = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    said += "\n".join(path.read_text(encoding="utf-8") for path in templates())
    said += "\n".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1]).rglob("*.py"))
    called_by_django = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    # Allauth asks for its templates by names of its own, and writes part of them at run time.
    orphans = [
        name
        for name in (str(path.relative_to(TEMPLATES)) for path in templates())
        if name not in said and name not in called_by_django and not name.startswith(("account/", "allauth/"))
    ]
    assert orphans == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_can_be_parsed_and_holds_no_inline_script_or_style(path: Path) -> None:
    get_template(str(path.relative_to(TEMPLATES)))
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son(?:click|load|error|submit|change|input|focus|blur|key\w+|mouse\w+)=",
        text,
    )
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


_BREAKABLE = re.compile(r"« | »|[^\W\d_] [;:!?](?=[\s<]|$)")


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_french_punctuation_never_starts_a_line(path: Path) -> None:
    text = re.sub(r"{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"{%.*?%}|{#.*?#}", "", text, flags=re.S)
    found = _BREAKABLE.search(text)
    assert found is None, text[max(0, found.start() - 30) : found.end() + 10] if found else ""


def test_the_floors_hold() -> None:
    root = PACKAGE.parents[1]
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


def test_bootstrap_is_the_one_its_makers_published() -> None:
    import base64
    import hashlib

    from django.contrib.staticfiles import finders

    found = finders.find("vendor/bootstrap/css/bootstrap.min.css")
    assert isinstance(found, str)
    digest = base64.b64encode(hashlib.sha384(Path(found).read_bytes()).digest()).decode()
    assert digest == "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
