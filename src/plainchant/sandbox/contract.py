"""What every answer of the interface has to be, pinned in `contract.json`: compared with each while a sandbox runs.

`python -m tools.contract` pins what is new; the table changes otherwise only by `--replace`. In it a shape is a word
(one of _WORDS, "any"), `[shape]` for a list, `{"enum": […]}`, or an object: its keys, under "!" those it never lacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Shape = Any  # str | list[Shape] | dict[str, Shape]

FILE = Path(__file__).with_name("contract.json")
ANY = "any"
OURS = "plainchant"  # our own member of an answer: the contract says nothing of it
ALWAYS = "!"
_REFUSAL = {"codeRetour": "integer", "libelle": "string", ALWAYS: ["codeRetour", "libelle"]}
# What the family of organisations answers with 400 to an identifier that nothing has.
_ORGANISATIONS = "/cpro/organisations/"
_ERRORS = [{"error": "string", "message": "string", ALWAYS: ["error", "message"]}]
_TOKEN = "/api/oauth/token"  # noqa: S105 - an address
_TOKEN_REFUSED = {"error": "string", "error_description": "string", ALWAYS: ["error"]}
_MOST = 20  # breaches of one answer


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_written(pattern: str) -> Callable[[object], bool]:
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


_WORDS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "string": ("un texte", lambda value: isinstance(value, str)),
    "integer": ("un nombre entier", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "number": ("un nombre", _is_number),
    "boolean": ("true ou false", lambda value: isinstance(value, bool)),
    "date": ("une date, comme 2026-11-03", _is_written(r"\d{4}-\d\d-\d\d")),
    "minute": ("une minute, comme 2026-11-03 10:30", _is_written(r"\d{4}-\d\d-\d\d \d\d:\d\d")),
    "instant": (
        "un instant à trois décimales, comme 2026-11-03T10:30:00.000+01:00",
        _is_written(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:[+-]\d\d:\d\d|Z)"),
    ),
}


@cache
def pinned() -> dict[str, Shape]:
    """The shape of each operation's answer, by its address as the table of operations has it."""
    found: dict[str, Shape] = json.loads(FILE.read_text())
    return found


def breaches_of(operation: str, *, status: int, kind: str, body: bytes) -> list[str] | None:
    """What an answer does against the contract, in French; None where nothing is pinned of the operation.

    ``kind``: its Content-Type.
    """
    shape = pinned().get(operation)
    if shape is None and status == 200:
        return None
    found: list[str] = []
    expected: Shape
    if not kind.startswith("application/json"):
        found.append(f"Content-Type est « {kind} » : des programmes attendent application/json.")
    try:
        answer = json.loads(body) if body else None
    except ValueError:
        return [*found, "Le corps n’est pas du JSON."]
    if status == 403:
        return [*found, *(["Une adresse inconnue se répond par {}."] if answer != {} else [])]
    if status == 400 and operation == _TOKEN:
        expected = _TOKEN_REFUSED
    elif status == 400 and operation.startswith(_ORGANISATIONS) and isinstance(answer, list):
        expected = _ERRORS
    elif status != 200:
        expected = _REFUSAL
    else:
        is_refused = isinstance(answer, dict) and answer.get("codeRetour", 0) != 0 and OURS in answer
        expected = _REFUSAL if is_refused else shape
    if expected is not None and not (expected == ANY and answer is None):
        found += _compared(expected, answer, "")
    return found[:_MOST]


def _compared(shape: Shape, value: object, path: str) -> Iterator[str]:
    here = f"« {path} »" if path else "La réponse"
    if shape == ANY:
        return
    if value is None:
        yield f"{here} n’a pas de valeur : cette clé est alors à laisser de côté."
    elif isinstance(shape, str):
        words, fits = _WORDS[shape]
        if not fits(value):
            yield f"{here} vaut {_short(value)} ; il faut {words}."
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{here} n’est pas une liste."
            return
        for place, item in enumerate(value):
            yield from _compared(shape[0], item, f"{path}[{place}]")
    elif "enum" in shape and isinstance(shape["enum"], list):
        if value not in shape["enum"]:
            yield f"{here} vaut {_short(value)}, qui n’est pas dans la liste publiée."
    else:
        yield from _object(shape, value, path, here)


def _object(shape: dict[str, Shape], value: object, path: str, here: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{here} n’est pas un objet."
        return
    for name in shape.get(ALWAYS, ()):
        if name not in value:
            yield f"« {path}.{name} » manque.".replace("« .", "« ")
    for name, item in value.items():
        below = f"{path}.{name}" if path else name
        if name == OURS:
            continue
        if name not in shape:
            yield f"« {below} » : le contrat n’a pas cette clé."
        else:
            yield from _compared(shape[name], item, below)


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:60]
