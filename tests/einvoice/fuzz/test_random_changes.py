"""Random changes to invoices of every format: always six layers, never an exception, and what is read is written.

hypothesis chooses the changes and makes a failing one small. PLAINCHANT_FUZZ says how many examples a target tries
(100 in the suite); docs/engine.md tells how many were.
"""

from __future__ import annotations

import copy
import json
import os
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from plainchant.einvoice.chorus import placements
from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.cii_minimal.write import write as write_cii_minimal
from plainchant.einvoice.syntaxes.mixed.write import write as write_mixed
from plainchant.einvoice.syntaxes.ubl.read import read as read_ubl
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.syntaxes.ubl_minimal.write import write as write_ubl_minimal
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.einvoice.verdict import LAYERS, as_object, check
from tests.einvoice.rules import smallest_chorus as smallest

AT = date(2026, 11, 3)
INSTANT = datetime(2026, 11, 3, tzinfo=UTC)
EXAMPLES = int(os.environ.get("PLAINCHANT_FUZZ", "100"))
ODD = (
    "", " ", "-", "NaN", "1e400", "-0.00", "9" * 60, "+5", "5.", "2026-02-31", "20260231", "0000-00-00",
    "#AAB#", "##", "{x}", "é" * 300, "380", "S", "EUR", "0009", "12345678200036", "\u0085", "\ufffd", "\U0001f600",
    "false", "A" * 21, "../../x", "%s", "urn:cen.eu:en16931:2017",
)  # fmt: skip
ATTRIBUTES = ("schemeID", "currencyID", "unitCode", "listID", "mimeCode", "filename", "format", "name", "x")


@cache
def bases() -> dict[str, bytes]:
    ubl = write_ubl(smallest.valid())
    cii = write_cii(smallest.valid())
    reading = read_ubl(parse(ubl))
    invoice, data = reading.invoice, placements(reading.invoice, reading.facts)
    page = draw(invoice, at=INSTANT)
    return {
        "ubl": ubl,
        "cii": cii,
        "credit note": write_ubl(smallest.valid(type_code="381"), root="creditnote"),
        "ubl minimal": write_ubl_minimal(invoice, chorus=data, readable=page),
        "cii minimal": write_cii_minimal(invoice, chorus=data, readable=page),
        "mixed": write_mixed(invoice, chorus=data, at=INSTANT, readable=page),
    }


_TEXT = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
_WHERE = st.integers(0, 10_000)
_CHANGE = st.one_of(
    st.tuples(st.just("drop"), _WHERE),
    st.tuples(st.just("double"), _WHERE),
    st.tuples(st.just("move"), _WHERE, _WHERE),
    st.tuples(st.just("text"), _WHERE, _TEXT),
    st.tuples(st.just("attribute"), _WHERE, st.sampled_from(ATTRIBUTES), _TEXT),
)


def changed(data: bytes, changes: list[tuple[Any, ...]]) -> bytes:
    root = etree.fromstring(data)
    for kind, where, *rest in changes:
        elements = [one for one in root.iter(etree.Element) if one is not root]
        if not elements:
            break
        element = elements[where % len(elements)]
        parent = element.getparent()
        try:
            if kind == "drop":
                parent.remove(element)
            elif kind == "double":
                element.addnext(copy.deepcopy(element))
            elif kind == "move":
                elements[rest[0] % len(elements)].append(copy.deepcopy(element))
            elif kind == "text":
                element.text = rest[0]
            else:
                element.set(rest[0], rest[1])
        except ValueError:  # lxml writes no control characters
            continue
    return etree.tostring(root)


quietly = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def judged(data: bytes) -> None:
    verdict = check(data, at=AT)
    told = as_object(verdict)
    json.dumps(told)
    assert tuple(layer["name"] for layer in told["layers"]) == LAYERS
    assert all(layer["status"] != "skipped" or layer["why"] for layer in told["layers"] if layer["name"] in LAYERS)
    assert verdict.accepted or any(one.severity == "fatal" for layer in verdict.layers for one in layer.findings)
    for layer in verdict.layers:
        for finding in layer.findings:
            assert finding.message
            assert "None" not in finding.message or "None" in data.decode("utf-8", "replace")


@quietly
@given(st.sampled_from(sorted(bases())), st.lists(_CHANGE, min_size=1, max_size=6))
def test_whatever_is_changed_there_is_an_answer(base: str, changes: list[tuple[Any, ...]]) -> None:
    judged(changed(bases()[base], changes))


@quietly
@given(
    st.sampled_from(sorted(bases())),
    st.lists(st.tuples(_WHERE, st.integers(0, 30), st.binary(max_size=12)), max_size=4),
)
def test_whatever_bytes_are_put_in_there_is_an_answer(base: str, edits: list[tuple[int, int, bytes]]) -> None:
    data = bases()[base]
    for at, length, put in edits:
        at %= len(data)
        data = data[:at] + put + data[at + length :]
    judged(data)


@quietly
@given(st.lists(_CHANGE, min_size=1, max_size=6), st.sampled_from(["ubl", "cii", "credit note"]))
def test_whatever_is_read_is_written_and_read_the_same(changes: list[tuple[Any, ...]], base: str) -> None:
    """Written once, an invoice says what it can say; read from there and written again, it is the same."""
    root = parse(changed(bases()[base], changes))
    if base == "cii":
        once = read_cii(parse(write_cii(read_cii(root).invoice))).invoice
        assert read_cii(parse(write_cii(once))).invoice == once
    else:
        kind = "creditnote" if base == "credit note" else "invoice"
        once = read_ubl(parse(write_ubl(read_ubl(root).invoice, root=kind))).invoice  # type: ignore[arg-type]
        assert read_ubl(parse(write_ubl(once, root=kind))).invoice == once  # type: ignore[arg-type]


@quietly
@given(st.lists(_CHANGE, min_size=1, max_size=6), st.sampled_from(["ubl", "cii"]))
def test_whatever_is_read_can_be_drawn(changes: list[tuple[Any, ...]], base: str) -> None:
    root = parse(changed(bases()[base], changes))
    invoice = (read_cii if base == "cii" else read_ubl)(root).invoice
    xml = write_cii(invoice)
    assert check(draw(invoice, at=INSTANT, xml=xml), at=AT).layer("wellformed").status == "valid"
