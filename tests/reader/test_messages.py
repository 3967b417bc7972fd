"""What the server takes from a child: only what has the agreed shape, within its limits."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from plainchant.reader import messages
from plainchant.reader.messages import (
    Compared,
    FieldDifference,
    FlowEnd,
    FlowInvoiceRead,
    FlowKind,
    PageWords,
    PdfRead,
    decoded,
    encoded,
)

INVOICE = FlowInvoiceRead(0, 0, "facture.xml", "CII", "IN_DP_E1_CII_16B", "0" * 64)


def altered(message: Any, **changes: Any) -> bytes:
    return json.dumps(json.loads(encoded(message)) | changes).encode()


@pytest.mark.parametrize("message", [INVOICE, FlowEnd("abîmé", "IRR_SYNTAX"), FlowKind(files=3)])
def test_a_message_comes_back(message: Any) -> None:
    assert decoded(type(message), encoded(message)) == message


@pytest.mark.parametrize(
    ("message", "changes"),
    [
        (INVOICE, {"name": "x" * 256}),
        (INVOICE, {"position": "0"}),
        (INVOICE, {"findings": [{"rule": "x" * 61, "message": "", "field": "", "line": None, "path": ""}]}),
        (INVOICE, {"findings": [{"rule": "R", "message": "x" * 2_001, "field": "", "line": None, "path": ""}]}),
        (INVOICE, {"documents": [{"name": "a.pdf", "role": "03", "media_type": "application/pdf"}]}),
        (INVOICE, {"header": {"issue_date": "hier"}}),
        (FlowEnd(), {"end": False}),
        (FlowKind(), {"packaging": "DISK"}),
        (FlowKind(), {"trouble": "x" * 1_001}),
        (Compared("CII", True, [], True, []), {"accepted": "yes"}),
        (Compared("CII", True, [], True, []), {"findings": ["x" * 2_001]}),
        (Compared("CII", True, [], True, [FieldDifference("number", "1", "2", 1)]), {"differences": [{}]}),
    ],
)
def test_another_shape_or_a_longer_text_is_not_taken(message: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(messages.SENSELESS):
        decoded(type(message), altered(message, **changes))


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"end": true'])
def test_what_is_no_message_is_not_taken(body: bytes) -> None:
    with pytest.raises(messages.SENSELESS):
        decoded(FlowEnd, body)


def test_a_text_that_no_database_holds_is_cleaned() -> None:
    assert decoded(FlowEnd, json.dumps({"trouble": "a\x00b\ud800", "end": True}).encode()).trouble == "ab?"


def test_a_word_of_a_page_is_a_text_and_four_numbers() -> None:
    page = PageWords(1, 595.0, 842.0, [("mot", 0.1, 0.2, 0.3, 0.4)])
    assert decoded(PageWords, encoded(page)) == page
    with pytest.raises(messages.SENSELESS):
        decoded(PageWords, altered(page, words=[["mot", 0.1, 0.2, 0.3]]))


def test_every_message_can_be_understood() -> None:
    """The annotations of a type are read when it is first used: a wrong one would be seen on the first answer only."""
    for kind in vars(messages).values():
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == messages.__name__:
            required = {row.name for row in fields(kind)}
            assert required
            with pytest.raises(messages.SENSELESS):
                decoded(kind, b"[]")
    assert PdfRead.__annotations__
