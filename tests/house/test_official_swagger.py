"""The document of the interface has every path and property of Chorus Pro's published Swagger, or says what it lacks.

The published files are no part of the project: without them the test is skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plainchant.api.openapi import document

# Of these there is nothing here, and docs/api.md says so.
LACKING_PATHS: set[str] = set()
# What a framework has put into every page of a search, and nobody sends.
LEFTOVERS = {"champsDeTri", "ordreTriGenerique", "taillePageGenerique", "indexPageGenerique"}
FAMILIES = ("factures", "structures")


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    """The published operations by their whole path."""
    found = {}
    for family in FAMILIES:
        swagger = json.loads((shared / "domain" / "swagger" / f"{family}.json").read_text())
        for path, methods in swagger["paths"].items():
            found[swagger["basePath"] + path] = methods["post"], swagger["definitions"]
    return found


def properties(schema: dict[str, Any], definitions: dict[str, Any], path: str = "", depth: int = 0) -> Iterator[str]:
    """Every property below a schema, as `listeFactures.numeroFacture`."""
    for each in schema.get("anyOf", ()):
        yield from properties(each, definitions, path, depth)
    if "$ref" in schema:
        yield from properties(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions, path, depth)
    if "items" in schema:
        yield from properties(schema["items"], definitions, path, depth)
    for name, below in schema.get("properties", {}).items():
        if name not in LEFTOVERS and depth < 8:
            here = f"{path}.{name}" if path else name
            yield here
            yield from properties(below, definitions, here, depth + 1)


def test_every_published_path_is_there(official: dict[str, Any]):
    lacking = official.keys() - document()["paths"].keys()
    assert lacking == LACKING_PATHS


def test_every_published_property_is_there(official: dict[str, Any]):
    ours = document()
    schemas = ours["components"]["schemas"]
    lacking = []
    for path, (operation, definitions) in official.items():
        if path in LACKING_PATHS:
            continue
        mine = ours["paths"][path]["post"]
        asked = next(each["schema"] for each in operation["parameters"] if each["in"] == "body")
        answered = operation["responses"]["200"]["schema"]
        pairs = (
            ("request", asked, mine["requestBody"]["content"]["application/json"]["schema"]),
            ("response", answered, mine["responses"]["200"]["content"]["application/json"]["schema"]),
        )
        for what, theirs, own in pairs:
            names = set(properties(own, schemas))
            lacking += [f"{path} {what} {name}" for name in properties(theirs, definitions) if name not in names]
    assert lacking == [], "\n".join(lacking)
