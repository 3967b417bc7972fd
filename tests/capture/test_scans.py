"""Scans and photographs read by the real engines where they are installed: Tesseract, RapidOCR."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pytest
from PIL import Image, ImageDraw

from plainchant.capture import engines, ocr, picture
from plainchant.capture.engine import Engine, Seen, TookTooLong
from plainchant.capture.paper import find_paper
from plainchant.capture.pdf import read_document
from plainchant.capture.picture import UnreadablePicture
from plainchant.capture.place import Box
from plainchant.capture.proposal import FieldReading
from tests.capture.samples import SAMPLES, Sample
from tests.capture.scans import Scanned, as_pdf, grainy, page_of, photographed, reversed_page, scanned

ARTIST = SAMPLES["artist, one column, no VAT"]
FIRM = SAMPLES["fees, vertical totals, several rates"]
ALL_WEAR = "PLAINCHANT_TEST_SCANS" in os.environ  # ways that are others put together, a few seconds each
ESSENTIAL = ("number", "issue_date", "seller_siret", "buyer_siret", "tax_inclusive_amount", "payable_amount")


@pytest.fixture(scope="module", params=["tesseract", "rapid_ocr"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine | None = getattr(engines, request.param)()
    if made is None:
        pytest.skip(f"{request.param} is not installed here")
    return made


def worn(sample: Sample, how: str) -> Scanned:
    """A sample as it comes out of a scanner or a telephone."""
    page = page_of(sample.pdf, dpi=150)
    if how == "photographed":
        return photographed(page_of(sample.pdf, dpi=250))
    if how == "photographed, held sideways":
        return photographed(page_of(sample.pdf, dpi=250).transpose(Image.Transpose.ROTATE_90), size=(4000, 3000))
    if how == "white on black":
        return scanned(reversed_page(page))
    return scanned(page, **_WEAR[how])  # type: ignore[arg-type]


_WEAR: dict[str, dict[str, float]] = {
    "150 dpi": {},
    "askew, noisy": {"turned": 2.3, "noise": 25, "quality": 50},
    "turned left": {"turned": 90},
    "turned right, askew": {"turned": -91.2},
    "upside down": {"turned": 180, "noise": 10},
    "upside down, askew": {"turned": 177.5},
    "pale": {"ink": 110, "paper": 205, "noise": 10, "turned": 0.7},
    "dark": {"ink": 0, "paper": 120},
    "pressed hard": {"quality": 20},
}


_OF_OTHERS = ("dark", "pressed hard", "photographed, held sideways")


@cache
def scan_of_artist(engine: Engine, how: str) -> tuple[Scanned, ocr.Scan]:
    """What an engine makes of the artist's page. Asked again by other tests: a second each is enough."""
    paper = worn(ARTIST, how)
    return paper, ocr.scan_image(paper.jpeg, engine=engine)


class TestRefusals:
    def test_without_an_engine_a_sentence_says_what_to_do(self) -> None:
        scan = ocr.scan_image(scanned(page_of(ARTIST.pdf, dpi=50)).jpeg, engine=None)
        assert scan.reason is ocr.ScanFailure.NO_ENGINE
        assert "make ocr" in ocr.SENTENCES[ocr.ScanFailure.NO_ENGINE]
        assert ocr.fields_of(scan).fields == {}
        assert ocr.fields_of(scan).warnings == ("image_only",)

    def test_a_picture_of_billions_of_pixels_is_refused_before_it_is_opened(self) -> None:
        def chunk(kind: bytes, body: bytes) -> bytes:
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        with pytest.raises(UnreadablePicture) as refused:
            ocr.scan_image(data, engine=Scripted([]))
        assert refused.value.code == "too_large"

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b"%PDF-1.7", "not_a_picture"),
            (b"GIF89a", "not_a_picture"),
            (b"\xff\xd8\xff\xe0", "unreadable"),
        ],
    )
    def test_what_is_no_picture_is_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(UnreadablePicture) as refused:
            ocr.scan_image(data, engine=Scripted([]))
        assert refused.value.code == code

    def test_half_a_picture_is_refused(self) -> None:
        whole = scanned(page_of(ARTIST.pdf, dpi=100)).jpeg
        with pytest.raises(UnreadablePicture):
            ocr.scan_image(whole[: len(whole) // 2], engine=Scripted([]))


class TestNothingToRead:
    def test_a_blank_page_is_told(self, engine: Engine) -> None:
        scan = ocr.scan_image(scanned(Image.new("L", (1240, 1754), 250), noise=6).jpeg, engine=engine)
        assert scan.reason is ocr.ScanFailure.NOTHING_READ

    @pytest.mark.parametrize("subject", ["grain", "hills"])
    def test_a_photograph_of_something_else_is_told(self, engine: Engine, subject: str) -> None:
        seen = grainy(Image.linear_gradient("L").resize((300, 400)), 120)
        if subject == "hills":
            seen = grainy(Image.new("L", (60, 80), 128), 128).resize((1200, 1600), Image.Resampling.BICUBIC)
        out = io.BytesIO()
        seen.save(out, "JPEG")
        scan = ocr.scan_image(out.getvalue(), engine=engine)
        assert scan.reason is ocr.ScanFailure.NOTHING_READ
        assert ocr.fields_of(scan).fields == {}

    def test_a_page_that_takes_too_long_is_left_and_told(self, engine: Engine) -> None:
        level = page_of(ARTIST.pdf, dpi=200)
        with pytest.raises(TookTooLong):
            engine.read(level, seconds=0.001)
        assert engine.read(level, seconds=60)  # and the engine still works

    def test_a_document_of_which_no_page_could_be_read_in_time_says_so(self) -> None:
        scan = ocr.scan_image(scanned(page_of(ARTIST.pdf, dpi=100)).jpeg, engine=Scripted([], takes_too_long=True))
        assert scan.reason is ocr.ScanFailure.TOO_LONG
        assert "pages_unread" in ocr.fields_of(scan).warnings


class TestReading:
    # Upside down and straight: below, with its rates.
    @pytest.mark.parametrize(
        "how",
        [
            *(how for how in _WEAR if how not in ("upside down", *_OF_OTHERS)),
            "white on black",
            "photographed",
            *(_OF_OTHERS if ALL_WEAR else ()),
        ],
    )
    def test_the_essential_is_read(self, engine: Engine, how: str) -> None:
        reading = ocr.fields_of(scan_of_artist(engine, how)[1])
        read = {name: field.value for name, field in reading.fields.items()}
        assert {name: read.get(name) for name in ESSENTIAL} == {name: ARTIST.expected[name] for name in ESSENTIAL}
        assert reading.engine == engine.name

    def test_what_is_certain_is_right(self, engine: Engine) -> None:
        wrong = {}
        for name in list(SAMPLES)[::32]:
            sample = SAMPLES[name]
            reading = ocr.fields_of(ocr.scan_image(worn(sample, "askew, noisy").jpeg, engine=engine))
            for field, read in reading.fields.items():
                if read.certainty == "certain" and read.value != sample.expected.get(field, read.value):
                    wrong[name, field] = read.value, sample.expected[field]
        assert wrong == {}

    def test_the_pages_of_a_scanned_pdf_are_read_together(self, engine: Engine) -> None:
        sample = SAMPLES["totals on the second page"]
        pages = [scanned(page, turned=angle).jpeg for page, angle in zip(_pages(sample.pdf), (0.8, 180), strict=True)]
        scan = ocr.scan_pdf(as_pdf(*pages), engine=engine)
        reading = ocr.fields_of(scan)
        assert reading.fields["tax_inclusive_amount"].value == sample.expected["tax_inclusive_amount"]
        place = reading.fields["tax_inclusive_amount"].place
        assert place is not None
        assert place.page == 2
        assert {number: how.quarter for number, how in scan.turned.items()} == {1: 0, 2: 180}

    def test_a_picture_is_turned_as_its_camera_says(self, engine: Engine) -> None:
        lying = page_of(ARTIST.pdf, dpi=150).transpose(Image.Transpose.ROTATE_90)
        exif = Image.Exif()
        exif[0x0112] = 6  # turn it to the right to see it upright
        out = io.BytesIO()
        lying.save(out, "JPEG", quality=80, exif=exif)
        scan = ocr.scan_image(out.getvalue(), engine=engine)
        assert scan.turned[1].quarter == 0
        assert scan.document.pages[0].height_pt > scan.document.pages[0].width_pt
        assert ocr.fields_of(scan).fields["number"].value == ARTIST.expected["number"]

    def test_pages_of_text_are_not_recognised(self) -> None:
        refuses = Scripted([], takes_too_long=True)
        scan = ocr.scan_pdf(ARTIST.pdf, engine=refuses)
        assert scan.reason is None
        assert ocr.fields_of(scan).engine == ""
        assert ocr.fields_of(scan).fields["number"].value == ARTIST.expected["number"]

    def test_no_more_than_five_pages_are_read_the_last_among_them(self) -> None:
        page = scanned(page_of(ARTIST.pdf, dpi=40)).jpeg
        scripted = Scripted([Seen("Facture", (10, 10, 60, 20), 0.99)])
        scan = ocr.scan_pdf(as_pdf(*[page] * 8), engine=scripted)
        assert list(scan.turned) == [1, 2, 3, 4, 8]
        assert "pages_unread" in ocr.fields_of(scan).warnings


class TestPlaces:
    """Where a word is marked on the page as it came: over that word, however the page was turned to be read."""

    @pytest.mark.parametrize(
        "how", ["150 dpi", "askew, noisy", "turned left", "turned right, askew", "upside down, askew", "photographed"]
    )
    def test_words_stand_where_the_page_shows_them(self, engine: Engine, how: str) -> None:
        page = read_document(ARTIST.pdf).pages[0]
        once = [text for text, many in Counter(word.text for word in page.words).items() if many == 1]
        printed = {word.text: word.place.box for word in page.words if word.text in once}
        paper, scan = scan_of_artist(engine, how)
        words = scan.displayed().pages[0].words
        compared = 0
        for word in words:
            if len(word.text) >= 7 and word.text in printed:
                compared += 1
                x, y = _middle(paper.moved_box(printed[word.text]))
                u, v = _middle(word.place.box)
                assert abs(u - x) < 0.012, word
                assert abs(v - y) < 0.008, word
        assert compared > 5

    def test_fields_and_rates_are_placed_on_the_page_as_it_came(self, engine: Engine) -> None:
        paper = worn(FIRM, "upside down")
        reading = ocr.fields_of(ocr.scan_image(paper.jpeg, engine=engine))
        printed = {word.text: word.place.box for word in read_document(FIRM.pdf).pages[0].words}
        place = reading.fields["number"].place
        assert place is not None
        _, y = _middle(paper.moved_box(printed[FIRM.expected["number"]]))
        assert abs(_middle(place.box)[1] - y) < 0.01
        assert reading.vat_breakdown
        for line in reading.vat_breakdown:  # on the upper half of a page that lies upside down
            assert line.place is not None
            assert line.place.box[1] > 0.4

    def test_a_page_of_a_pdf_keeps_its_size(self, engine: Engine) -> None:
        data = as_pdf(worn(ARTIST, "turned left").jpeg)
        page, shown = read_document(data).pages[0], ocr.scan_pdf(data, engine=engine).displayed().pages[0]
        assert (shown.width_pt, shown.height_pt) == pytest.approx((page.width_pt, page.height_pt), rel=0.01)


class TestCertainty:
    """The engine's doubts lower a field; check digits and arithmetic speak for it all the same."""

    def test_a_number_that_nothing_confirms_is_never_certain(self) -> None:
        reading = read_with(confidence=0.99)
        assert reading.fields["number"].certainty == "likely"
        assert reading.fields["issue_date"].certainty == "likely"

    def test_a_word_the_engine_doubts_makes_its_field_doubtful(self) -> None:
        reading = read_with(confidence=0.4, doubted="NH-14/2026")
        assert reading.fields["number"].certainty == "doubtful"
        assert reading.fields["issue_date"].certainty == "likely"

    def test_check_digits_and_arithmetic_speak_louder_than_a_doubt(self) -> None:
        for doubted in ("411,00", "00012"):
            reading = read_with(confidence=0.4, doubted=doubted)
            assert reading.fields["tax_inclusive_amount"].certainty == "certain"
            assert reading.fields["seller_siret"].value == FIRM.expected["seller_siret"]

    def test_rates_whose_arithmetic_is_right_stay_certain(self) -> None:
        rows = read_with(confidence=0.99).vat_breakdown
        assert {(line.rate, line.tax) for line in rows} == {(Decimal("5.5"), 11), (20, 200)}
        assert {line.certainty for line in rows} == {"certain"}


class TestPaper:
    def test_the_sheet_on_the_table_is_found(self) -> None:
        paper = worn(ARTIST, "photographed")
        grey = picture.open_picture(paper.jpeg, long_side=3000)
        found = find_paper(grey)
        assert found is not None
        wanted = [paper.moved(x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
        for (x, y), (u, v) in zip(wanted, found.corners, strict=True):
            assert abs(x - u) < 0.03
            assert abs(y - v) < 0.03

    @pytest.mark.parametrize("name", list(SAMPLES)[::6])
    def test_a_page_of_its_own_is_not_taken_for_a_sheet_on_a_table(self, name: str) -> None:
        assert find_paper(page_of(SAMPLES[name].pdf, dpi=100)) is None

    def test_bands_of_colour_on_two_sides_belong_to_the_page(self) -> None:
        page = Image.new("L", (1000, 1414), 255)
        pen = ImageDraw.Draw(page)
        pen.rectangle((0, 0, 1000, 200), fill=40)
        pen.rectangle((0, 0, 180, 1414), fill=40)
        assert find_paper(page) is None


@dataclass(frozen=True)
class Scripted:
    """An engine that says what it is told to: engines cannot be made to doubt on purpose."""

    words: list[Seen]
    takes_too_long: bool = False
    name: str = "Scripted"
    long_side: int = 1000
    sure: float = 0.9

    def read(self, picture: Image.Image, *, seconds: float) -> list[Seen]:
        if self.takes_too_long:
            raise TookTooLong
        return self.words


def read_with(*, confidence: float, doubted: str = "") -> FieldReading:
    """The firm's page, every word right, the doubted ones with `confidence`."""
    grey = picture.open_picture(scanned(page_of(FIRM.pdf, dpi=80)).jpeg, long_side=1500)
    width, height = picture.cut_out(grey, long_side=1000)[0].size
    words = []
    for word in read_document(FIRM.pdf).pages[0].words:
        x0, y0, x1, y1 = word.place.box
        sure = confidence if doubted in word.text else 0.99
        words.append(Seen(word.text, (x0 * width, y0 * height, x1 * width, y1 * height), sure))
    return ocr.fields_of(ocr.scan_image(scanned(page_of(FIRM.pdf, dpi=80)).jpeg, engine=Scripted(words)))


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _pages(pdf: bytes) -> list[Image.Image]:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(pdf) as opened:
        return [opened[index].render(scale=150 / 72).to_pil().convert("L") for index in range(len(opened))]
