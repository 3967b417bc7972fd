"""The engine and what reads documents speak of the invoice: which page or button mends it is the portal's to add."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "plainchant"
# Things of a page. A PDF has forms of its own: `pdfa` speaks of those.
_THINGS = re.compile(
    r"\b(?:boutons?|cliqu\w+|onglets?|menus?|formulaires?|ci-dessous|ci-contre|à l’écran|cochez|dans la liste"
    r"|ce champ)\b",
    re.IGNORECASE,
)


def _sentences(package: str) -> Iterator[tuple[str, str]]:
    """Every text of the sources that people may read, with where it stands; docstrings are not."""
    for path in sorted((PACKAGE / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and node.body
                      and isinstance(node.body[0], ast.Expr)}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.value.replace("\u00a0", " ")


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
