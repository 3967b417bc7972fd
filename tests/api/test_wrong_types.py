"""A value of the wrong type in any field of any operation is understood, or refused by a sentence with its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from plainchant.api.bodies import Body
from plainchant.api.leniency import BodyNotUnderstood, understood
from plainchant.api.operation import Operation
from plainchant.api.table import TABLE

WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 7, 2**63, 10**400, -1e-400, 1.5, 1e308, "", " ", "é\x00", "oui", "12", "2026-02-30",
    "x" * 70_000, [], [[]], [None], [{}], {}, {"": {"": []}}, "\ud83d\ude00", "9" * 30, "0x10", "1e5", "+7", "NaN",
    "Infinity", "2026-11-03T10:00:00+25:00", "0001-01-01T00:00:00+14:00",
)  # fmt: skip
POSTED = [row for row in TABLE if row.method == "POST"]


def fields(kind: Any, depth: int = 0) -> Iterator[tuple[str, ...]]:
    """The path of every field below a request."""
    for field in kind.fields if isinstance(kind, inspect.StructType) else ():
        yield (field.encode_name,)
        if depth < 4:
            yield from ((field.encode_name, *below) for below in fields(_inner(field.type), depth + 1))


def _inner(kind: Any) -> Any:
    """What is in a list, in what may be null, or behind other spellings of a key."""
    if isinstance(kind, inspect.Metadata):
        return _inner(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _inner(next(each for each in kind.types if not isinstance(each, inspect.NoneType)))
    if isinstance(kind, inspect.ListType):
        return _inner(kind.item_type)
    return inspect.type_info(kind.cls) if isinstance(kind, inspect.StructType) else kind


def holding(path: tuple[str, ...], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


@pytest.mark.parametrize("row", POSTED, ids=lambda row: row.name)
def test_it_is_understood_or_refused_by_name(row: Operation):
    nameless = []
    for path in fields(inspect.type_info(row.request)):
        for value in WRONG:
            body = Body()
            body.document = json.dumps(holding(path, value)).encode()
            try:
                asked = understood(body, row.request)
            except BodyNotUnderstood as refused:
                if path[-1] not in str(refused) and "bien formé" not in str(refused):
                    nameless.append((path, value, str(refused)))
            else:
                assert isinstance(asked, row.request)
                msgspec.json.encode(asked, enc_hook=lambda _: None)  # nothing that no answer could say again
            finally:
                for file in body.files.values():
                    file.content.close()
    assert nameless == []


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], "douze", 1.5])
def test_the_wire_answers_with_400_and_the_name_of_the_field(world: SimpleNamespace, value: Any):
    response = world.program.call("/cpro/structures/v1/consulter", {"idStructureCPP": value})
    assert response.status_code == 400
    assert response.json()["codeRetour"] == 400
    assert "idStructureCPP" in response.json()["libelle"]
