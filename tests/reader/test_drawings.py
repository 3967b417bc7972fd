"""The pages that the portal makes: drawn in a child, the same as by the engine, and a sentence where that fails."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from plainchant import help as help_pages
from plainchant import portal, tasks, web
from plainchant.capture.pdf import read_document
from plainchant.einvoice.drawing import PLAIN, Look, draw
from plainchant.einvoice.making.authors import draw_note
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.portal.codes import CODE_OF
from plainchant.portal.drafts import certificate
from plainchant.reader import drawings, sandbox
from plainchant.reader.reasons import FailureReason, ReaderFailed
from plainchant.reader.sandbox import Pool
from tests.einvoice.making.composing.sheets import MIXED, VISIT

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LETTERHEAD = Look(template="letterhead", colour="#1f5f5b")


@pytest.mark.parametrize(("sheet", "look"), [(VISIT, PLAIN), (MIXED, LETTERHEAD)], ids=["plain", "letterhead"])
def test_an_invoice_is_the_one_that_the_engine_draws(sheet, look) -> None:
    composed = compose(sheet)
    drawn = draw(composed, at=AT, xml=write(composed), look=look)
    assert drawings.draw_invoice(sheet=sheet, look=look, at=AT) == drawn


def test_a_note_is_the_one_that_the_engine_draws() -> None:
    about = {"situations": ["RIGHTS"], "dispense_year": 2026, "at": AT}
    assert drawings.draw_note(sheet=VISIT, **about) == draw_note(invoice=compose(VISIT), **about)


def test_what_the_portal_draws_can_be_heard(tmp_path: Path) -> None:
    """Its parts are tagged and its language is given: typst refuses what is no PDF/UA-1."""
    composed = compose(VISIT)
    template = tmp_path / "page.typ"
    about = 'title: "x", date: datetime(year: 2026, month: 1, day: 1)'
    template.write_text(f'#set document({about})\n#set text(lang: "fr")\nVu.')
    booklet = Path(help_pages.__file__).parent / "static" / "help" / "livret.pdf"
    note = drawings.draw_note(sheet=VISIT, situations=["RIGHTS"], dispense_year=2026, at=AT)
    drawn = {
        "invoice": draw(composed, at=AT, xml=write(composed)),
        "note": note,
        "page": drawings.draw_page(template=template, sheet={}),
        "booklet": booklet.read_bytes(),
    }
    for name, pdf in drawn.items():
        with pikepdf.open(BytesIO(pdf)) as document:
            assert document.Root.MarkInfo.Marked, name
            assert document.Root.Lang == "fr", name
            assert document.docinfo["/Title"], name
            if name != "invoice":  # PDF/A-3, which says of itself that it has data within
                assert b"pdfuaid" in document.Root.Metadata.read_bytes(), name


def test_a_letter_that_no_font_has_is_a_square_on_any_page(tmp_path: Path) -> None:
    template = tmp_path / "page.typ"
    about = 'title: "x", date: datetime(year: 2026, month: 1, day: 1)'
    template.write_text(f"#set document({about})\n#json(bytes(sys.inputs.sheet)).name")
    words = read_document(drawings.draw_page(template=template, sheet={"name": "Ada 🎨"})).pages[0].words
    assert [word.text for word in words] == ["Ada", "□"]


def test_what_needs_more_memory_than_a_drawing_has_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox._MEMORY_BYTES, Pool.DRAWINGS, 220 << 20)
    with pytest.raises(ReaderFailed) as refusal:
        drawings.draw_invoice(sheet=VISIT, look=PLAIN, at=AT)
    assert refusal.value.reason is FailureReason.NOT_DRAWN
    assert "répartissez-les sur plusieurs factures" in refusal.value.sentence
    assert CODE_OF[refusal.value.code].http == 503


def test_no_process_of_the_portal_lays_a_page_out() -> None:
    """typst never gives back what it took: only a process that is about to end may call it."""
    sources = [
        path for package in (portal, tasks, web) for folder in package.__path__ for path in Path(folder).rglob("*.py")
    ]
    assert len(sources) > 200
    for path in sources:
        text = path.read_text("utf-8")
        assert "import typst" not in text, path
        assert "drawing.draw import" not in text, path
        assert "drawing import draw" not in text, path
    assert certificate.draw_page is drawings.draw_page
