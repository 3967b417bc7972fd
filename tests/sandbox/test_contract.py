"""What answers are compared with: breaches are found, and what is pinned is what is published and what is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tools.contract import added, shapes_now

from plainchant.sandbox.contract import ALWAYS, FILE, breaches_of, pinned

SEARCH = "/cpro/factures/v1/rechercher/fournisseur"
HISTORY = "/cpro/factures/v1/consulter/historique"
TOKEN = "/api/oauth/token"
ORGANISATION = "/cpro/organisations/v1/structures/{uuid}"
KIND = "application/json;charset=utf-8"
WELL = {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}


def breaches(answer: Any, *, operation: str = HISTORY, status: int = 200, kind: str = KIND) -> list[str] | None:
    return breaches_of(operation, status=status, kind=kind, body=json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"libelle": "x"}, "« codeRetour » manque"),
        (WELL | {"idFacture": "7"}, '« idFacture » vaut "7" ; il faut un nombre entier'),
        (WELL | {"idFacture": True}, "il faut un nombre entier"),
        (WELL | {"numeroFacture": None}, "n’a pas de valeur"),
        (WELL | {"statutCourantCode": "PERDUE"}, "n’est pas dans la liste publiée"),
        (WELL | {"historiquesDesStatuts": []}, "n’est pas un objet"),
        (WELL | {"historiquesDesStatuts": {"histoStatut": {}}}, "n’est pas une liste"),
        (WELL | {"nouveau": 1}, "« nouveau » : le contrat n’a pas cette clé"),
        ([WELL], "n’est pas un objet"),
    ],
)
def test_an_answer_against_the_contract(answer: Any, words: str) -> None:
    found = breaches(answer)
    assert found
    assert any(words in sentence for sentence in found), found


def test_dates_have_the_form_that_programs_parse() -> None:
    row = {"histoStatutId": 1, "histoStatutCode": "DEPOSEE", "histoStatutDatePassage": "2026-11-03T10:30"}
    found = breaches(WELL | {"historiquesDesStatuts": {"histoStatut": [row]}})
    assert found
    assert any("histoStatut[0].histoStatutDatePassage » vaut" in sentence for sentence in found)


def test_an_answer_that_follows_it() -> None:
    assert breaches({"codeRetour": 20001, "libelle": "x", "plainchant": {"code": "y", "whatever": None}}) == []
    assert breaches({"codeRetour": 413, "libelle": "x"}, status=413) == []
    assert breaches({}, status=403, operation="") == []
    assert breaches({"error": "invalid_client", "error_description": "x"}, status=400, operation=TOKEN) == []
    unknown = [{"error": "NotFoundReference", "message": "x"}]
    assert breaches(unknown, status=400, operation=ORGANISATION) == []
    assert breaches({"codeRetour": 400, "libelle": "x"}, status=400, operation=ORGANISATION) == []


def test_what_is_wrong_around_it() -> None:
    assert breaches({"detail": "x"}, status=403, operation="")
    assert breaches(WELL, kind="text/html")
    assert breaches([{"error": "NotFoundReference"}], status=400, operation=ORGANISATION)
    assert breaches([{"error": "x", "message": "x"}], status=400)
    assert breaches({"codeRetour": 400}, status=400)
    assert breaches_of(HISTORY, status=200, kind=KIND, body=b"<html>") == ["Le corps n’est pas du JSON."]
    assert breaches(WELL, operation="/cpro/nowhere") is None


def test_the_interface_answers_what_is_pinned() -> None:
    """Where it shall answer something new: `python -m tools.contract`."""
    now = shapes_now()
    assert pinned().keys() == now.keys()
    assert added(now, pinned()) == now, "a key is pinned that is no longer answered"
    assert added(pinned(), now) == pinned(), "a key is answered that is not pinned"
    changed = [path for path in now if kinds(pinned()[path]) != kinds(now[path])]
    assert changed == []


def kinds(shape: Any) -> Any:
    """A shape, a list of values as the text that it is: the published lists are in the pin alone."""
    if isinstance(shape, list):
        return [kinds(shape[0])]
    if not isinstance(shape, dict):
        return shape
    if isinstance(shape.get("enum"), list):
        return "string" if isinstance(shape["enum"][0], str) else "integer"
    return {name: below if name == ALWAYS else kinds(below) for name, below in shape.items()}


_TYPES = {"date": "string", "minute": "string", "instant": "string", "string": "string", "boolean": "boolean"}


def test_what_is_pinned_is_of_the_published_types(shared: Path) -> None:
    """Kinds of numbers apart: amounts are whole in one published family of lines, and everybody sends cents."""
    different = []
    for family in ("factures", "structures"):
        swagger = json.loads((shared / "domain" / "swagger" / f"{family}.json").read_text())
        for path, methods in swagger["paths"].items():
            answer = methods["post"]["responses"]["200"]["schema"]
            shape = pinned()[swagger["basePath"] + path]
            different += [f"{path} {each}" for each in against(shape, answer, swagger["definitions"], "")]
    assert different == []


def against(shape: Any, schema: dict[str, Any], definitions: dict[str, Any], path: str) -> list[str]:
    if "$ref" in schema:
        return against(shape, definitions[schema["$ref"].rsplit("/", 1)[1]], definitions, path)
    if isinstance(shape, list):
        return against(shape[0], schema["items"], definitions, path) if "items" in schema else [path]
    if isinstance(shape, dict) and not isinstance(shape.get("enum"), list):
        names = schema.get("properties", {})
        return [
            each
            for name, below in shape.items()
            if name in names
            for each in against(below, names[name], definitions, f"{path}.{name}")
        ]
    if isinstance(shape, dict):
        return [] if set(shape["enum"]) >= set(schema.get("enum", ())) else [path]
    published = schema.get("type")
    if shape in ("number", "integer") and published in ("number", "integer"):
        return []
    return [] if published == _TYPES.get(shape, shape) else [f"{path}: {shape}, published {published}"]


def test_pins_stay_until_they_are_replaced() -> None:
    kept = {"a": "string", "b": [{"c": "date"}]}
    assert added(kept, {"a": "integer", "b": [{"c": "minute", "d": "date"}], "e": "number"}) == {
        "a": "string",
        "b": [{"c": "date", "d": "date"}],
        "e": "number",
    }
    assert json.loads(FILE.read_text()) == pinned()
