"""One name means one thing: a class name stands once in the tree, and no variable is called after a verb of saying."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from tests.house.sources import PACKAGE, Source, sources

# The invoice and its parts in the terms of EN 16931, and the portal's rows of the same things: the same word in the
# field, on two floors that never meet in one file without a module's name before them.
ON_TWO_FLOORS = frozenset({"Invoice"})


def modules() -> list[Source]:
    return [module for module in sources() if not module.is_migration]


def test_a_class_name_means_one_thing():
    places: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module.name)
    twins = {name: where for name, where in places.items() if len(where) > 1 and name not in ON_TWO_FLOORS}
    assert twins == {}
    assert all(len(places[name]) > 1 for name in ON_TWO_FLOORS)


def test_a_variable_is_named_for_what_it_holds():
    """Not after a verb of saying, nor after nothing: `told`, `said` and `one` have to be decoded."""
    found = []
    for module in modules():
        stored = [(node.id, node.lineno) for node in module.all(ast.Name) if isinstance(node.ctx, ast.Store)]
        taken = [(node.arg, node.lineno) for node in module.all(ast.arg)]
        found += [f"{module.name}:{line} {word}" for word, line in stored + taken if word in ("told", "said", "one")]
    assert found == []


def test_a_name_in_a_mail_is_joined_to_the_word_before_it_as_french_does():
    """« de « Atelier » » is « d’« Atelier » »: `portal.lib.elision` does it."""
    bare = re.compile(r"\b(?:[Dd]e|[Qq]ue) \{named\(")
    assert [module.name for module in modules() if bare.search(module.text)] == []
    assert bare.search('f"La facture de {named(seller)}"')


def test_what_is_masculine_is_joined_to_the_word_before_it():
    """« de le projet » is « du projet »: `InvoiceKind.words["of_the"]`, also on pages."""
    apart = re.compile(r"\bde (?:\{the\}|\{[a-z_.]*words\[['\"]the|\{\{ ?[a-z_.]*words\.the\b)")
    found = [
        str(path.relative_to(PACKAGE))
        for kind in ("py", "html")
        for path in sorted(PACKAGE.rglob(f"*.{kind}"))
        if apart.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert apart.search("Paiement de {{ invoice.kind.words.the }}")


def test_a_count_that_may_be_one_agrees():
    """« et 1 autres »: these words after a number ask for `pluralize`, or their line says what is said of 1."""
    many = re.compile(r"\} (?:autres|défauts|changés|retirés)\b|lot\.size \}\} fichiers")
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for kind in ("py", "html")
        for path in sorted(PACKAGE.rglob(f"*.{kind}"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if many.search(line) and " 1 " not in line
    ]
    assert found == []
    assert many.search('f"et {rest} autres"')


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
