"""Tests of the house itself: what every page and every table must keep, whoever adds the next one."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import get_template

from plainchant.access.table import TABLE
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.profiles import PROFILES, SPACE_NAMES, AccessProfile
from plainchant.portal.rights.rights import RIGHT_ROW, RIGHTS, Right, Space
from plainchant.web.routes import all_routes, declared_routes
from tests.house.sources import PACKAGE, sources

TEMPLATES = PACKAGE / "web" / "templates"


def test_every_route_declares_a_permission() -> None:
    bare = [address for address, view in all_routes() if not hasattr(view, "permissions")]
    assert bare == []


def test_the_table_holds_every_permission_once_and_a_page_asks_each() -> None:
    modules = [module.path.relative_to(PACKAGE) for module in sources() if "Permission(" in module.text]
    assert {path.name for path in modules} == {"permissions.py"}  # where rows are declared, and the class
    declared = [
        value
        for path in modules
        for value in vars(importlib.import_module("plainchant." + ".".join(path.with_suffix("").parts))).items()
        if isinstance(value[1], Permission)
    ]
    assert [name for name, row in declared if name != row.name] == []
    assert sorted(name for name, _ in declared) == sorted(row.name for row in TABLE)
    assert {row.name for row in TABLE} == {row.name for _, _, row in declared_routes()}


def test_every_right_has_its_words_and_a_permission_that_needs_it() -> None:
    assert [row.right for row in RIGHTS] == list(Right)
    assert {row.right for row in TABLE if row.right} == set(Right)


def test_every_space_has_its_name_a_right_and_a_profile_that_opens_it() -> None:
    assert set(SPACE_NAMES) == {row.space for row in RIGHTS if row.space} == set(Space)
    assert {space for row in PROFILES for space, _ in row.spaces} == set(Space)
    assert [row.profile for row in PROFILES] == list(AccessProfile)


def test_a_permission_with_a_right_reaches_objects_and_the_reverse() -> None:
    odd = [row.name for row in TABLE if (row.right is None) != (row.scope is None)]
    assert odd == ["ADD_TO_TICKET"]  # what one wrote oneself, whatever one may do for anybody


def test_a_permission_reaches_what_its_own_right_does() -> None:
    """Its scope is a query that is given that right; a lambda in the row could ask another one."""
    assert [row.name for row in TABLE if row.scope and "lambda" in row.scope.__name__] == []


def test_only_what_is_public_or_for_development_needs_no_account() -> None:
    assert [row.name for row in TABLE if row.anonymous] == [
        "PUBLIC",
        "LOG_IN_ELSEWHERE",
        "SEE_OPEN_STATISTICS",
        "DEVELOPMENT",
        "READ_CALENDAR",
    ]


def test_a_route_about_an_object_needs_a_permission_that_reaches_one() -> None:
    for address, _, permission in declared_routes():
        assert "uuid:uid" not in address or permission.scope is not None, address


def test_nothing_is_written_under_a_right_to_see() -> None:
    """A page that answers POST needs a right to act; one that needs the right to see answers GET alone."""
    for address, method, permission in declared_routes():
        only_sees = permission.right is not None and RIGHT_ROW[permission.right].is_to_see
        assert not only_sees or method == "GET", f"{method} {address}"


def test_a_page_that_writes_cannot_say_that_it_bears_lag() -> None:
    from plainchant.portal.structures.permissions import MANAGE_STRUCTURE, SEE_STRUCTURE
    from plainchant.web.routes import page

    with pytest.raises(ValueError, match="writes"):
        page(get=SEE_STRUCTURE, post=MANAGE_STRUCTURE, bears_lag=True)


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
    said = "\n".join(module.text for module in sources())
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


def test_a_decision_has_a_number_of_its_own() -> None:
    names = sorted(path.name for path in (PACKAGE.parents[1] / "docs" / "decisions").glob("*.md"))
    numbers = [name[:4] for name in names]
    assert numbers == [f"{number:04}" for number in range(1, len(names) + 1)]
    for name in names:
        title = (PACKAGE.parents[1] / "docs" / "decisions" / name).read_text(encoding="utf-8").partition("\n")[0]
        assert title.startswith(f"# {name[:4]}"), name


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
