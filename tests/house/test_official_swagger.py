"""The document of the interface is Chorus Pro's published Swagger: paths, properties, types, words, what must be there.

Each difference has its reason below. Another one, or one that is no more, fails. `-s` prints them all. The published
files are no part of the project: without them the tests are skipped.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from plainchant.api.openapi import document

# Of these there is nothing here, and docs/api.md says so.
LACKING_PATHS: set[str] = set()
# What a framework has put into every page of a search, and nobody sends.
LEFTOVERS = {"champsDeTri", "ordreTriGenerique", "taillePageGenerique", "indexPageGenerique"}
FAMILIES = ("factures", "structures")

_SORTED = "any word is taken: one that is no column of the list leaves its usual order"
_NOT_READ = (
    "an answer holds what was read in the PDF, and leaves out the rest: programs take an empty value for a value"
)
# By what differs, and the last key of the property.
REASONS: dict[str, dict[str, str]] = {
    "request free text": dict.fromkeys(
        (
            "triColonne", "triColonneListeHistoAction", "triColonneListeHistoEvenement", "triColonneListeHistoStatut",
            "triColonneListeLignesPoste", "triColonneListePiecesJointes", "triColonneListeRecapitulatifTVA",
        ),
        _SORTED,
    ),
    "request type": {"avecPiecesJointesComplementaires": "OUI and NON are booleans, which this is too"},
    "request words": {
        "modeDepot": "a search finds nothing that came in a way that this portal does not have",
        "syntaxeFlux": "legacy syntaxes: a flow that is declared so is looked at and said to be what it is",
        "typeDemandePaiement": "there are no court fees and no claims of refunds here: nothing is found",
    },
    "response required": dict.fromkeys(
        (
            "codeDestinataire", "codeServiceExecutant", "dateFacture", "montantAPayer", "montantHtTotal", "montantTVA",
            "montantTtcAvantRemiseGlobalTTC", "numeroBonCommande", "numeroFacture", "typeTva",
        ),
        _NOT_READ,
    ),
    "response words": {
        "codeCadreFacturation": "a file may name any cadre; the published list leaves three out",
        "typeFacture": "deposer/pdf reads invoices for a deposit as such",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A property: its JSON type, its words, and whether it is always there."""

    type: str
    words: frozenset[str]
    is_required: bool


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    """The published operations by their whole path."""
    found = {}
    for family in FAMILIES:
        swagger = json.loads((shared / "domain" / "swagger" / f"{family}.json").read_text())
        for path, methods in swagger["paths"].items():
            found[swagger["basePath"] + path] = methods["post"], swagger["definitions"]
    return found


def nodes(
    schema: dict[str, Any], definitions: dict[str, Any], path: str = "", *, depth: int = 0, is_required: bool = False
) -> Iterator[tuple[str, Node]]:
    """Every property below a schema, as `listeFactures.numeroFacture`; what is in a list bears the name of the list."""
    if "$ref" in schema:
        below = definitions[schema["$ref"].rsplit("/", 1)[1]]
        yield from nodes(below, definitions, path, depth=depth, is_required=is_required)
        return
    if "anyOf" in schema:
        for each in schema["anyOf"]:
            if each.get("type") != "null":
                yield from nodes(each, definitions, path, depth=depth, is_required=is_required)
        return
    if "items" in schema:
        yield f"{path}[]", Node("array", frozenset(), is_required)
        yield from nodes(schema["items"], definitions, path, depth=depth)
        return
    if path:
        kind = schema.get("type") or ("object" if "properties" in schema else "string")
        yield path, Node(kind, frozenset(schema.get("enum", ())), is_required)
    for name, below in schema.get("properties", {}).items():
        if name not in LEFTOVERS and depth < 8:
            here = f"{path}.{name}" if path else name
            required = name in schema.get("required", ())
            yield from nodes(below, definitions, here, depth=depth + 1, is_required=required)


def differences(what: str, theirs: Node, ours: Node) -> Iterator[tuple[str, str]]:
    """Kind and detail of each way in which a property is another one here. Amounts are integers in one published list.

    A request may be given more words than there, an answer fewer.
    """
    if theirs.type != ours.type and {theirs.type, ours.type} != {"integer", "number"}:
        yield f"{what} type", f"{theirs.type}, here {ours.type}"
    if what == "request":
        if theirs.words and not ours.words:
            yield "request free text", f"{len(theirs.words)} words"
        elif missing := theirs.words - ours.words:
            yield "request words", " ".join(sorted(missing))
        if ours.is_required:
            yield "request required", "always there"
    else:
        if theirs.words and not ours.words:
            yield "response free text", f"{len(theirs.words)} words"
        elif theirs.words and (more := ours.words - theirs.words):
            yield "response words", " ".join(sorted(more))
        if theirs.is_required and not ours.is_required:
            yield "response required", "may be absent"


def test_every_published_path_is_there(official: dict[str, Any]):
    lacking = official.keys() - document()["paths"].keys()
    assert lacking == LACKING_PATHS


def test_every_published_property_is_there_and_is_the_same_or_has_a_reason(official: dict[str, Any]):
    mine = document()
    schemas = mine["components"]["schemas"]
    lacking, found = [], defaultdict(set)
    for path, (operation, definitions) in official.items():
        if path in LACKING_PATHS:
            continue
        own = mine["paths"][path]["post"]
        asked = next(each["schema"] for each in operation["parameters"] if each["in"] == "body")
        answered = operation["responses"]["200"]["schema"]
        pairs = (
            ("request", asked, own["requestBody"]["content"]["application/json"]["schema"]),
            ("response", answered, own["responses"]["200"]["content"]["application/json"]["schema"]),
        )
        for what, theirs, ours in pairs:
            there = dict(reversed([*nodes(ours, schemas)]))  # of the answer, not of a refusal, where both have it
            for name, node in nodes(theirs, definitions):
                if name not in there:
                    lacking.append(f"{path} {what} {name}")
                    continue
                for kind, detail in differences(what, node, there[name]):
                    print(f"{kind}: {path} {name}: {detail}")  # noqa: T201
                    found[kind].add(name.rpartition(".")[2])
    assert lacking == [], "\n".join(lacking)
    assert {kind: sorted(keys) for kind, keys in found.items()} == {kind: sorted(row) for kind, row in REASONS.items()}
