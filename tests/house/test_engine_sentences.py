"""The engine and what reads documents speak of the invoice: which page or button mends it is the portal's to add."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import PACKAGE, sources

# Things of a page. A PDF has forms of its own: `pdfa` speaks of those.
_THINGS = re.compile(
    r"\b(?:boutons?|cliqu\w+|onglets?|menus?|formulaires?|ci-dessous|ci-contre|à l’écran|cochez|dans la liste"
    r"|ce champ)\b",
    re.IGNORECASE,
)


def _sentences(package: str) -> Iterator[tuple[str, str]]:
    """Every text of the sources that people may read, with where it stands; docstrings are not."""
    for module in sources():
        if not module.name.startswith(f"{package}/"):
            continue
        bodies = [node.body for node in (module.tree, *module.all(ast.ClassDef), *module.all(ast.FunctionDef))]
        docstrings = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
        for node in module.all(ast.Constant):
            if isinstance(node.value, str) and id(node) not in docstrings:
                yield f"{module.name}:{node.lineno}", node.value.replace("\u00a0", " ")


def titles() -> set[str]:
    """What the pages are called, as a sentence quotes it."""
    found = set()
    for path in (PACKAGE / "web" / "templates").rglob("*.html"):
        for title in re.findall(r"{% block title %}([^{]+){% endblock %}", path.read_text(encoding="utf-8")):
            found.add(f"« {title.replace(chr(0xA0), ' ').strip()} »")
    return found


@pytest.mark.parametrize("package", ["einvoice", "capture"])
def test_no_sentence_names_a_page_or_what_stands_on_one(package: str) -> None:
    named = titles()
    assert "« Envoyer des factures électroniques »" in named
    wrong = [
        f"{place} {text[:80]}"
        for place, text in _sentences(package)
        if (_THINGS.search(text) and "/pdfa/" not in place) or any(title in text for title in named)
    ]
    assert wrong == []
