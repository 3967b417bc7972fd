"""Bodies are read as they come: files aside, the rest a small document, understood as programs really write it."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Annotated, Any, Literal

import pytest

from plainchant.api import bodies
from plainchant.api.bodies import LONG, MOST_DOCUMENT, BodyTooLarge, read_body
from plainchant.api.leniency import BodyNotUnderstood, also, understood
from plainchant.api.operation import WireRequest
from plainchant.api.values import Base64File, Id


class Piece(WireRequest):
    pieceJointeId: Id | None = None


class Request(WireRequest):
    identifiant: Id | None = None
    texte: str = ""
    drapeau: bool | None = None
    montant: Decimal | None = None
    jour: date | None = None
    moment: datetime | None = None
    sens: Literal["Ascendant", "Descendant"] | None = None
    fichier: Base64File | None = None
    piece: Piece | None = None
    pieces: list[Piece] = []
    page: Annotated[int | None, also("getpage")] = None


def read(document: Any) -> Request:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    with read_body(BytesIO(content), most=1 << 30) as body:
        request = understood(body, Request)
        if request.fichier is not None:  # before it goes with its body
            came = request.fichier
            request.fichier = Base64File(BytesIO(came.content.read()), came.size, has_trouble=came.has_trouble)
        return request


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        b"<xml/>",
        b'{"texte": "\xe9"}',
        b"[" * 5_000,
        {"identifiant": "7a"},
        {"identifiant": 2**63},
        {"identifiant": 1.5},
        {"identifiant": True},
        {"identifiant": "9" * 5_000},
        {"texte": {"a": 1}},
        {"drapeau": "peut-être"},
        {"montant": "1e400"},
        {"montant": "NaN"},
        {"jour": "03/11/2026"},
        {"jour": "0001-01-01T00:00:00-23:00"},
        {"moment": "hier"},
        {"sens": "Montant"},
        {"fichier": 7},
        {"piece": "7"},
        {"pieces": [[7]]},
        {"texte": "x" * (LONG + 1)},
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(document: Any):
    with pytest.raises(BodyNotUnderstood) as refused:
        read(document)
    if isinstance(document, dict):
        assert next(iter(document)) in str(refused.value) or "JSON" in str(refused.value)


@pytest.mark.parametrize(
    ("document", "field", "value"),
    [
        (b"", "identifiant", None),
        (b"null", "identifiant", None),
        (b"[]", "identifiant", None),
        (b'\xef\xbb\xbf{"identifiant":7}', "identifiant", 7),
        ({"identifiant": "7", "inconnu": [1]}, "identifiant", 7),
        ({"texte": {"code": "", "id": 0, "autre": {}}}, "texte", ""),
        ({"identifiant": ""}, "identifiant", None),
        ({"texte": 7}, "texte", "7"),
        ({"texte": "a\0b"}, "texte", "ab"),
        ({"drapeau": ""}, "drapeau", None),
        ({"drapeau": "false"}, "drapeau", False),
        (b'{"montant": 0.1}', "montant", Decimal("0.1")),
        ({"montant": "12.50"}, "montant", Decimal("12.50")),
        ({"jour": "2026-11-03T23:59:59"}, "jour", date(2026, 11, 3)),
        ({"jour": "2026-11-03T23:30:00Z"}, "jour", date(2026, 11, 4)),
        ({"moment": "2026-11-03T10:30:00.000+01:00"}, "moment", datetime(2026, 11, 3, 9, 30, tzinfo=UTC)),
        ({"sens": "ascendant "}, "sens", "Ascendant"),
        ({"piece": []}, "piece", Piece()),
        ({"piece": [{"pieceJointeId": 3}]}, "piece", Piece(pieceJointeId=3)),
        ({"pieces": {"pieceJointeId": 3}}, "pieces", [Piece(pieceJointeId=3)]),
        ({"getpage": 2}, "page", 2),
    ],
)
def test_what_programs_write_is_understood(document: Any, field: str, value: Any):
    assert getattr(read(document), field) == value


SPELLINGS = {
    "plain": lambda text: text,
    "slashes": lambda text: text.replace("/", "\\/"),
    "unicode": lambda text: text.replace("/", "\\u002f").replace("+", "\\u002B"),
    "lines": lambda text: "\\r\\n".join(text[at : at + 76] for at in range(0, len(text), 76)),
}


@pytest.mark.parametrize("size", [1, 100, LONG, 3 * LONG + 1])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_file_of_any_size_arrives_whole(size: int, spelling: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "_PIECE", 4_099)
    content = Random(size).randbytes(size)
    written = SPELLINGS[spelling](b64encode(content).decode())
    found = read(f'{{"texte": "a \\"b\\" \\\\", "fichier": "{written}", "page": 3}}'.encode())
    assert (found.texte, found.page) == ('a "b" \\', 3)
    assert found.fichier is not None
    assert not found.fichier.has_trouble
    assert (found.fichier.content.read(), found.fichier.size) == (content, size)


@pytest.mark.parametrize("text", ["????", "QUJD=", "QQ==QQ==", "QUJ", "data:application/pdf;base64,QUJD"])
@pytest.mark.parametrize("before", ["", "QUJD" * LONG])
def test_what_is_no_base64_is_known_as_such(text: str, before: str):
    found = read({"fichier": before + text}).fichier
    assert found is not None
    assert found.has_trouble


def test_a_body_is_read_no_further_than_it_may_be():
    with pytest.raises(BodyTooLarge), read_body(BytesIO(b" " * 101), most=100):
        pass
    with pytest.raises(BodyTooLarge), read_body(BytesIO(b"[" + b"1," * MOST_DOCUMENT), most=1 << 30):
        pass
    many = json.dumps(["QUJD" * LONG] * (bodies.MOST_FILES + 1)).encode()  # 8 MB
    with pytest.raises(BodyTooLarge), read_body(BytesIO(many), most=1 << 30):
        pass
