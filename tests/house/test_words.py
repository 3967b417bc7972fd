"""One name means one thing: a class name stands once in the tree, and no variable is called after a verb of saying."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "plainchant"
# The invoice and its parts in the terms of EN 16931, and the portal's rows of the same things: the same word in the
# field, on two floors that never meet in one file without a module's name before them.
ON_TWO_FLOORS = frozenset({"Invoice"})


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))


def test_a_class_name_means_one_thing():
    places: dict[str, list[str]] = defaultdict(list)
    for name, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    twins = {name: where for name, where in places.items() if len(where) > 1 and name not in ON_TWO_FLOORS}
    assert twins == {}
    assert all(len(places[name]) > 1 for name in ON_TWO_FLOORS)


def test_a_variable_is_named_for_what_it_holds():
    """Not after a verb of saying, nor after nothing: `told`, `said` and `one` have to be decoded."""
    found = []
    for name, tree in modules():
        for node in ast.walk(tree):
            is_stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            word = node.id if is_stored else node.arg if isinstance(node, ast.arg) else ""
            if word in ("told", "said", "one"):
                found.append(f"{name}:{node.lineno} {word}")
    assert found == []


def test_nothing_calls_an_account_verified():
    """The portal knows that an IBAN has a right key, never whose account it is: no page, mail or paper says more."""
    claim = re.compile(
        r"\b(IBAN|compte bancaire|coordonnées bancaires|RIB)\s+(?:(?:est|sont|a été|ont été)\s+)?"
        r"(?:bien\s+)?(vérifié|contrôlé|certifié|authentifié|validé)",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(PACKAGE)}: {match[0]}"
        for kind in ("py", "html", "typ", "js")
        for path in sorted(PACKAGE.rglob(f"*.{kind}"))
        for match in claim.finditer(path.read_text(encoding="utf-8").replace("\u00a0", " "))
    ]
    assert found == []
    assert claim.search("IBAN vérifié")
    assert claim.search("Ces coordonnées bancaires ont été contrôlées")
