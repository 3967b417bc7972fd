"""What Chorus Pro does not have: a file checked, a file converted; nothing of either is kept."""

from __future__ import annotations

from base64 import b64decode, b64encode
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.api.extension import files
from plainchant.api.openapi import document
from plainchant.einvoice import read
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.portal.store.models import StoredFile
from plainchant.reader import conversions, sandbox
from tests.portal.flows.making_flows import invoice

CHECK, CONVERT = "/api/v1/check", "/api/v1/convert"


def encoded(content: bytes) -> str:
    return b64encode(content).decode()


@pytest.fixture
def xml(world: SimpleNamespace) -> bytes:
    return invoice("F-1", seller=world.seller.identifier, buyer=world.town.identifier)


def test_a_file_that_is_too_large_or_none_is_refused(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.program.asks(CHECK, {})["codeRetour"] == 20001
    assert world.program.asks(CONVERT, {"file": encoded(b"<a/>"), "to": "docx"})["codeRetour"] == 20001
    assert (
        world.program.asks(CONVERT, {"file": encoded(b"<a/>"), "to": "ubl", "profile": "BASIC"})["codeRetour"] == 20001
    )
    monkeypatch.setattr(files, "MOST_FILE", 3)
    for path in (CHECK, CONVERT):
        assert world.program.call(path, {"file": encoded(b"<a/>"), "to": "ubl"}).status_code == 413
    assert world.program.call(CHECK, {}, cpro_account="").status_code == 401


def test_a_good_invoice_is_accepted_and_each_channel_answers(world: SimpleNamespace, xml: bytes) -> None:
    before = StoredFile.objects.count()
    answer = world.program.asks(CHECK, {"file": encoded(xml)})
    assert (answer["codeRetour"], answer["verdict"], answer["channel"]) == (0, "accepted", "chorus")
    assert answer["channels"]["chorus"] == {"verdict": "accepted", "why": []}
    assert answer["channels"]["platform"]["verdict"] == "refused"
    layers = {layer["name"]: layer for layer in answer["layers"]}
    assert layers["recipient"]["status"] == "valid"
    assert all(finding["rule"] and finding["message"] for finding in layers["fr"]["findings"])
    assert StoredFile.objects.count() == before


def test_what_the_recipient_demands_refuses_it_as_the_page_does(world: SimpleNamespace, xml: bytes) -> None:
    world.town.requires_service = True
    world.town.save()
    answer = world.program.asks(CHECK, {"file": encoded(xml)})
    assert answer["verdict"] == "refused"
    [layer] = [layer for layer in answer["layers"] if layer["name"] == "recipient"]
    assert layer["status"] == "invalid"
    assert answer["channels"]["chorus"]["why"] == [finding["rule"] for finding in layer["findings"]]


@pytest.mark.parametrize("to", ["cii", "mixed", "facturx"])
def test_an_invoice_is_written_in_another_form(world: SimpleNamespace, xml: bytes, to: str) -> None:
    answer = world.program.asks(CONVERT, {"file": encoded(xml), "to": to.upper()})
    assert answer["codeRetour"] == 0, answer
    made = b64decode(answer["file"])
    assert read(made)[0].invoice.number == "F-1"
    assert made.startswith(b"%PDF" if to == "facturx" else b"<?xml")
    assert answer["ending"] == SYNTAXES[to].ending
    assert answer["lost"] == (["Total de TVA", "Ligne"] if to == "mixed" else [])


@pytest.mark.parametrize("content", [b"<a/>", b"bonjour", b"%PDF-1.7 broken"])
def test_what_is_no_invoice_is_said(world: SimpleNamespace, content: bytes) -> None:
    answer = world.program.asks(CONVERT, {"file": encoded(content), "to": "cii"})
    assert answer["plainchant"]["code"] == "wire_not_converted"
    assert answer["plainchant"]["message"].endswith(".")
    assert world.program.asks(CHECK, {"file": encoded(content)})["verdict"] == "refused"


def test_an_answer_of_another_shape_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: Any, **__: Any) -> bytes:
        return b"short"

    monkeypatch.setattr(sandbox, "ask", ask)
    with pytest.raises(sandbox.ReaderFailed):
        conversions.convert_invoice(b"<a/>", to="cii")


def test_the_document_says_that_they_are_ours() -> None:
    shown = document()["paths"]
    assert {path for path, row in shown.items() if row.get("post", {}).get("tags") == ["api"]} == {CHECK, CONVERT}
