"""Workbooks, pictures and Factur-X in the disposable reader: what it says of them, and what it survives."""

from __future__ import annotations

import io
import struct
from contextlib import nullcontext
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image

from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.ubl.read import read
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.reader import documents, sandbox
from plainchant.reader.documents import compare_electronic, open_picture, open_workbook, read_workbook
from plainchant.reader.flows import kind_of
from plainchant.reader.reasons import FLOW_SENTENCES
from plainchant.reader.sandbox import FailureReason, ReaderFailed
from tests.capture.hostile_workbooks import LETHAL, REFUSED, XLSX, mutants
from tests.capture.test_pictures import LYING, declared_heic, declared_tiff
from tests.capture.workbooks import LAYOUTS, WRITERS, book_of
from tests.web.verify.invoices import invoice

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.long
SELLER, BUYER = "90210001500012", "21990001600011"
XML = write(read(parse(invoice("F-77", seller=SELLER, buyer=BUYER))).invoice, profile=PROFILE_OF["EN 16931"])


@pytest.fixture(scope="module", autouse=True)
def _no_reader_left_behind():
    yield
    sandbox.close()


def facturx(number: str = "F-77", *, shown: str = "") -> bytes:
    """A Factur-X of the engine's drawing; ``shown``: the number on its page, if another than in its data."""
    xml = XML.replace(b">F-77<", f">{number}<".encode())
    page = xml if not shown else xml.replace(f">{number}<".encode(), f">{shown}<".encode())
    return draw(read_cii(parse(page)).invoice, at=AT, xml=xml)


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_workbook_that_cannot_be_read_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(ReaderFailed) as refusal:
        open_workbook(data, title="facture.xlsx", at=AT)
    assert refusal.value.reason == code
    assert "PDF" not in refusal.value.sentence


def told_of_a_flow(data: bytes) -> str:
    """What a sender reads when such a file is handed in as a table of invoices."""
    try:
        return kind_of(document=nullcontext(io.BytesIO(data))).trouble
    except ReaderFailed as failed:
        return FLOW_SENTENCES[failed.reason]


@pytest.mark.parametrize("data", LETHAL.values(), ids=LETHAL.keys())
def test_a_workbook_that_fills_the_memory_ends_its_child_and_is_told_as_a_workbook(data: bytes) -> None:
    open_workbook(XLSX, title="x", at=AT)
    assert sandbox._state.zygote is not None
    before = sandbox._state.zygote.process.pid
    for ask in (lambda: open_workbook(data, title="facture.xlsx", at=AT), lambda: read_workbook(data)):
        with pytest.raises(ReaderFailed) as refusal:
            ask()
        assert refusal.value.reason in (FailureReason.CRASHED, FailureReason.UNREADABLE)
        assert "classeur" in refusal.value.sentence
    assert told_of_a_flow(data)
    assert sandbox._state.zygote.process.pid == before


def test_mutated_workbooks_are_read_or_refused_and_the_reader_lives_on() -> None:
    open_workbook(XLSX, title="x", at=AT)
    assert sandbox._state.zygote is not None
    before = sandbox._state.zygote.process.pid
    reasons = []
    for _, data in mutants(count=100, seed=4):
        try:
            read_workbook(data)
        except ReaderFailed as failed:
            reasons.append(failed.reason)
    assert set(reasons) <= {
        FailureReason.UNREADABLE,
        FailureReason.NOT_A_WORKBOOK,
        FailureReason.TOO_LARGE,
        FailureReason.PASSWORD,
        FailureReason.CRASHED,
    }
    assert reasons.count(FailureReason.CRASHED) < 3  # one that kills its child is caught, and rare
    assert sandbox._state.zygote.process.pid == before


@pytest.mark.parametrize(("kind", "make"), WRITERS.items(), ids=WRITERS.keys())
def test_a_workbook_comes_back_read_with_a_pdf_on_which_its_places_stand(kind: str, make) -> None:
    opened = open_workbook(make(book_of(LAYOUTS["credit note"])), title="facture", at=AT)
    number = opened.reading["fields"]["number"]
    assert (opened.kind, number["value"], number["place"]["cell"]) == (kind, "AV-2026-003", "Feuille1!B6")
    (page,) = opened.pages
    x0, y0, x1, y1 = number["place"]["box"]
    (word,) = [word for word in page["words"] if word[0] == "AV-2026-003"]
    assert x0 <= word[1] < word[3] <= x1
    assert y0 <= (word[2] + word[4]) / 2 <= y1
    assert sandbox.render_page(opened.pdf, page=1, width_px=200).startswith(b"\x89PNG")


def test_without_a_drawing_places_stand_among_the_cells() -> None:
    kind, reading = read_workbook(XLSX)
    assert (kind, reading["fields"]["number"]["place"]["page"]) == ("xlsx", 1)


@pytest.mark.parametrize("name", ["factur-x.xml", "cii.xml", "facture.xml"])
@pytest.mark.parametrize("where", ["names", "AF", "annotation"])
def test_data_in_a_pdf_are_found_however_they_are_called_and_attached(name: str, where: str) -> None:
    document = pikepdf.new()
    document.add_blank_page()
    spec = pikepdf.AttachedFileSpec(document, XML, filename=name)
    if where == "names":
        document.attachments[name] = spec
    elif where == "AF":
        document.Root.AF = pikepdf.Array([spec.obj])
    else:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec.obj
        )
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
    document.save(out := io.BytesIO())
    assert "facturx_embedded" in sandbox.read_pdf(out.getvalue())["reading"]["warnings"]
    assert compare_electronic(out.getvalue(), at=AT.date())["kind"].startswith("Factur-X")


def test_a_photo_of_an_iphone_becomes_a_page_behind_the_walls() -> None:
    pytest.importorskip("pi_heif")
    opened = open_picture(LYING, title="photo", at=AT)
    assert (opened.kind, len(opened.pages), opened.reading["warnings"]) == ("heic", 1, ["image_only"])


@pytest.mark.parametrize("data", [LYING[:300], declared_heic(60_000, 60_000), declared_tiff(60_000, 60_000)])
def test_a_picture_that_means_harm_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ReaderFailed) as refusal:
        open_picture(data, title="photo", at=AT)
    assert refusal.value.reason in (FailureReason.TOO_LARGE, FailureReason.UNREADABLE, FailureReason.NOT_A_PICTURE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_picture_becomes_a_page(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, kind)
    opened = open_picture(out.getvalue(), title="photo", at=AT)
    assert (opened.kind, len(opened.pages), opened.reading["warnings"]) == (kind.lower(), 1, ["image_only"])


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff" + bytes(900), b"\x89PNG\r\n\x1a\n" + bytes(90)])
def test_a_picture_that_cannot_be_opened_says_so(data: bytes) -> None:
    with pytest.raises(ReaderFailed) as refusal:
        open_picture(data, title="photo", at=AT)
    assert refusal.value.reason in (FailureReason.EMPTY, FailureReason.NOT_A_PICTURE, FailureReason.UNREADABLE)


def test_a_senseless_answer_counts_as_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    told = b'{"kind": "exe", "reading": {"fields": {}, "numbers_found": [], "warnings": []}, "pages": []}'
    for body in (
        b"",
        b"1",
        struct.pack(">Q", 2) + b"{}%PDF-",
        struct.pack(">Q", len(told)) + told + b"%PDF-",
        b"\xff" * 9,
    ):
        monkeypatch.setattr(sandbox, "ask", lambda *_, body=body, **__: body)
        for opener in (open_workbook, open_picture):
            with pytest.raises(ReaderFailed) as refusal:
                opener(b"x", title="x", at=AT)
            assert refusal.value.reason is FailureReason.CRASHED
        for asked in (lambda: read_workbook(b"x"), lambda: compare_electronic(b"x", at=AT.date())):
            with pytest.raises(ReaderFailed):
                asked()


def test_a_facturx_whose_page_agrees_is_accepted_without_a_difference() -> None:
    told = compare_electronic(facturx(), at=AT.date())
    assert told["kind"].startswith("Factur-X")
    assert (told["accepted"], told["is_compared"], told["differences"]) == (True, True, [])


def test_a_number_that_differs_is_told_on_both_sides() -> None:
    told = compare_electronic(facturx(shown="F-99"), at=AT.date())
    assert [(one["field"], one["on_page"], one["in_data"], one["page"]) for one in told["differences"]] == [
        ("number", "F-99", "F-77", 1)
    ]


def test_data_that_would_be_refused_say_why() -> None:
    told = compare_electronic(facturx("F-77-qui-est-bien-trop-long"), at=AT.date())
    assert told["accepted"] is False
    assert any("20" in finding for finding in told["findings"])
    assert documents.PICTURES.isdisjoint(documents.WORKBOOKS)
