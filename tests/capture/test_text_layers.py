"""Pages whose text is not what it seems: recognised by a scanner, without meaning, or lying on its side."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from plainchant.capture import engines, ocr, picture
from plainchant.capture.engine import Seen
from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import draw_pages, read_document
from plainchant.capture.place import set_back, set_level
from plainchant.capture.proposal import FieldReading
from plainchant.capture.text_layer import is_senseless
from tests.capture.hostile import one_page
from tests.capture.samples import SAMPLES, drawn
from tests.capture.scans import with_layer

FIRM = SAMPLES["small firm, two columns, footer"]
MISREAD = {"2103456789": "2103450789", "02/05/2026": "02/06/2026"}
# Of Helvetica, in ems, where they are not those of most letters.
WIDTHS = dict.fromkeys(" :,f-.t", 0.278) | dict.fromkeys("ckszxv", 0.5) | dict.fromkeys("il", 0.222)
WIDTHS |= {"F": 0.611, "T": 0.611, "m": 0.833, "M": 0.833, "r": 0.333, "°": 0.4, "H": 0.722, "C": 0.722, "-": 0.333}
TURNS = {90: b"0 -1 1 0 0 %.2f cm", 180: b"-1 0 0 -1 %.2f %.2f cm", 270: b"0 1 -1 0 %.2f 0 cm"}


def values(reading: FieldReading) -> dict[str, str]:
    return {name: reading.fields[name].value for name in FIRM.expected if name in reading.fields}


class TestAScannersWords:
    @pytest.mark.parametrize("is_under", [False, True], ids=["invisible", "under the picture"])
    def test_nothing_that_it_alone_has_read_is_certain(self, is_under: bool) -> None:
        document = read_document(with_layer(FIRM.pdf, is_under=is_under))
        reading = read_fields(document)
        assert document.recognised == (1,)
        assert reading.warnings == ("recognised_pages",)
        assert values(reading) == FIRM.expected
        found = [*reading.fields.values(), *reading.vat_breakdown, *reading.lines]
        assert "certain" not in {value.certainty for value in found}

    def test_words_of_the_author_over_a_letterhead_are_his(self) -> None:
        with pikepdf.open(io.BytesIO(FIRM.pdf)) as pdf:
            page = pdf.pages[0]
            grey = pdf.make_stream(bytes([240]) * 16, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=4)
            grey.Height, grey.ColorSpace, grey.BitsPerComponent = 4, pikepdf.Name.DeviceGray, 8
            page.Resources.XObject = pikepdf.Dictionary(Behind=grey)
            page.contents_add(b"q 595 0 0 842 0 0 cm /Behind Do Q", prepend=True)
            out = io.BytesIO()
            pdf.save(out)
        document = read_document(out.getvalue())
        assert (document.recognised, document.pictures) == ((), ())

    def test_a_recogniser_that_signs_the_file_has_seen_the_words_of_its_picture(self) -> None:
        with pikepdf.open(io.BytesIO(with_layer(FIRM.pdf))) as pdf:
            pdf.pages[0].Contents.write(pdf.pages[0].Contents.read_bytes().replace(b"3 Tr", b"0 Tr"))
            out = io.BytesIO()
            pdf.save(out)
            assert read_document(out.getvalue()).recognised == ()
            pdf.docinfo["/Producer"] = "ABBYY FineReader 15"
            out = io.BytesIO()
            pdf.save(out)
        assert read_document(out.getvalue()).recognised == (1,)

    def test_words_that_nobody_sees_are_not_read_on_a_page_of_visible_ones(self) -> None:
        with pikepdf.open(io.BytesIO(FIRM.pdf)) as pdf:
            page = pdf.pages[0]
            page.Resources.Font.Hidden = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.contents_add(b"q BT 3 Tr /Hidden 9 Tf 60 60 Td (Net a payer 9 999,99 EUR) Tj ET Q")
            out = io.BytesIO()
            pdf.save(out)
        document = read_document(out.getvalue())
        assert document.recognised == ()
        assert "999,99" not in {word.text for word in document.pages[0].words}

    def test_our_own_reading_beside_it_makes_what_differs_doubtful(self) -> None:
        data = with_layer(FIRM.pdf, misread=MISREAD)
        reading = ocr.fields_of(ocr.scan_pdf(data, engine=Reads(FIRM.pdf, data)))
        assert values(reading) == FIRM.expected
        doubted = {name for name, read in reading.fields.items() if read.certainty == "doubtful"}
        assert doubted == {"purchase_order_reference", "due_date"}
        assert reading.fields["seller_siret"].certainty == "certain"  # both, and its key
        assert reading.warnings == ()

    def test_a_number_whose_key_is_right_is_preferred(self) -> None:
        data = with_layer(FIRM.pdf)
        reading = ocr.fields_of(ocr.scan_pdf(data, engine=Reads(FIRM.pdf, data, {"84512377700029": "84512377700028"})))
        read = reading.fields["seller_siret"]
        assert (read.value, read.certainty) == ("84512377700029", "doubtful")

    def test_without_an_engine_its_words_are_proposed(self) -> None:
        scan = ocr.scan_pdf(with_layer(FIRM.pdf), engine=None)
        assert scan.reason is None
        assert values(ocr.fields_of(scan)) == FIRM.expected

    def test_the_case_of_a_scan_misread_in_two_places(self, shared: Path) -> None:
        engine = engines.tesseract()
        if engine is None:
            pytest.skip("tesseract is not installed here")
        data = (shared / "cases/reading/couche-ocr/ocr-une-erreur.pdf").read_bytes()
        fields = ocr.fields_of(ocr.scan_pdf(data, engine=engine)).fields
        order, due = fields["purchase_order_reference"], fields["due_date"]
        assert (order.value, order.certainty) == ("EJ-2026-000731", "doubtful")
        assert (due.value, due.certainty) == ("2026-06-08", "doubtful")


class TestSignsWithoutMeaning:
    @pytest.mark.parametrize("harm", ["absent", "signs", "other letters"])
    def test_they_are_no_text(self, harm: str) -> None:
        document = read_document(without_meaning(FIRM.pdf, harm))
        assert document.pictures == (1,)
        assert not document.has_text
        assert read_fields(document).warnings == ("image_only",)

    def test_figures_alone_without_meaning_are_enough(self) -> None:
        """The total is in another font than the rest, and that font says nothing."""
        assert is_senseless(["Facture", "n°", "Total"] * 40, lost=12, lost_in_words=12)
        assert not is_senseless(["Facture", "n°", "Total"] * 40, lost=12, lost_in_words=0)  # twelve bullets

    @pytest.mark.parametrize(
        "text",
        [
            "Rechnung Nummer 12 vom 3. Mai 2026 an die Gemeinde Beispiel, Betrag zahlbar innerhalb dreißig Tagen netto",
            "Fattura numero 12 del 3 maggio 2026 intestata al Comune di Esempio, totale da pagare entro trenta giorni",
            "SARL DURAND PLOMBERIE CHAUFFAGE ROBINETTERIE 12 3456 REMPLACEMENT MITIGEUR JOINT SIPHON COLONNE RADIATEUR",
            "F-12 1 200,00 240,00 1 440,00",
        ],
        ids=["German", "Italian", "capitals", "figures"],
    )
    def test_other_languages_are_text(self, text: str) -> None:
        assert not is_senseless(text.split(), lost=0, lost_in_words=0)


class TestLettersSetOneByOne:
    """As Chromium prints: PDFium takes the letters of some such pages for lines of their own."""

    COLUMNS = (
        (60, ("Facture n° 2026-031", "du 3 mai 2026", "Total HT : 100,00", "TVA : 20,00", "Total TTC : 120,00")),
        (400, ("Mairie", "Service Finances", "2 rue du Parc", "35000 Exemple")),
    )

    def test_they_are_words_again(self) -> None:
        content = b"".join(
            self.line(left, 800 - 9 * rank, text) for left, texts in self.COLUMNS for rank, text in enumerate(texts)
        )
        font = b"/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        page = read_document(one_page(content, fonts=font)).pages[0]
        assert [word.text for word in page.words] == [
            word for _, texts in self.COLUMNS for text in texts for word in text.split()
        ]

    @staticmethod
    def line(left: float, bottom: float, text: str) -> bytes:
        widths = (WIDTHS.get(letter, 0.667 if letter.isupper() else 0.556) for letter in text)
        letters = (
            b"<%02X> Tj %.2f 0 Td " % (letter.encode("cp1252")[0], 10 * width)
            for letter, width in zip(text, widths, strict=True)
        )
        return b"BT /F1 10 Tf %d %d Td %s ET\n" % (left, bottom, b"".join(letters))


class TestTurnedPages:
    @pytest.mark.parametrize("turn", [90, 180, 270])
    @pytest.mark.parametrize("how", ["by its rotation", "by its drawing"])
    def test_a_page_that_lies_turned_is_read_as_if_it_stood(self, turn: int, how: str) -> None:
        document = read_document(turned(FIRM.pdf, turn, by_rotation=how == "by its rotation"))
        upright = read_document(FIRM.pdf)
        assert document.pages[0].quarter == turn
        reading, other = read_fields(document), read_fields(upright)
        assert {name: (read.value, read.certainty) for name, read in reading.fields.items()} == {
            name: (read.value, read.certainty) for name, read in other.fields.items()
        }
        assert [line.amount for line in reading.lines] == [line.amount for line in other.lines]
        for name, read in reading.fields.items():
            place = other.fields[name].place
            if place is not None:
                assert read.place is not None
                assert set_level(read.place.box, turn) == pytest.approx(place.box, abs=0.01)

    def test_a_line_along_the_edge_turns_no_page(self) -> None:
        document = read_document(
            drawn(FIRM.source + "#place(bottom + left, rotate(-90deg, reflow: true)[Facture émise par un logiciel])")
        )
        assert document.pages[0].quarter == 0
        assert values(read_fields(document)) == FIRM.expected

    @pytest.mark.parametrize("quarter", [0, 90, 180, 270])
    def test_to_and_fro_is_nowhere(self, quarter: int) -> None:
        box = (0.1, 0.2, 0.3, 0.7)
        assert set_back(set_level(box, quarter), quarter) == pytest.approx(box)

    def test_the_case_of_a_page_upside_down(self, shared: Path) -> None:
        fields = read_fields(read_document((shared / "cases/reading/page-tournee/rot180.pdf").read_bytes())).fields
        wanted = {
            "number": "2026.05.117",
            "issue_date": "2026-05-12",
            "due_date": "2026-06-11",
            "seller_siret": "81740029400044",
            "buyer_siret": "20887041000023",
            "purchase_order_reference": "LP-0926",
            "tax_exclusive_amount": "2430.00",
            "tax_amount": "486.00",
            "tax_inclusive_amount": "2916.00",
            "payable_amount": "2016.00",
            "iban": "FR7630004008129174002975510",
        }
        assert {name: fields[name].value for name in wanted if name in fields} == wanted

    def test_the_case_of_letters_without_meaning(self, shared: Path) -> None:
        document = read_document((shared / "cases/reading/texte-illisible/mauvais-tounicode.pdf").read_bytes())
        assert document.pictures == (1,)


class Reads:
    """An engine that reads every word of a page right, but for those it is told to misread."""

    name, long_side, sure = "Scripted", 1000, 0.9

    def __init__(self, printed: bytes, scan: bytes, misread: dict[str, str] | None = None) -> None:
        ((_, grey),) = draw_pages(scan, numbers=[1], long_side=1500)
        width, height = picture.cut_out(grey, long_side=1000)[0].size
        wrong = misread or {}
        self._words = [
            Seen(wrong.get(word.text, word.text), (x0 * width, y0 * height, x1 * width, y1 * height), 0.99)
            for word in read_document(printed).pages[0].words
            for x0, y0, x1, y1 in [word.place.box]
        ]

    def read(self, picture: Image.Image, *, seconds: float) -> list[Seen]:
        return self._words


def without_meaning(data: bytes, harm: str) -> bytes:
    """The same page, its fonts no longer saying which letters their glyphs are, or saying others."""
    chance = random.Random(3)
    letters = list(range(0x61, 0x7B))
    others = dict(zip(letters, chance.sample(letters, len(letters)), strict=True))

    def other(code: re.Match[bytes]) -> bytes:
        value = int(code[2], 16)
        folded = value | 0x20
        return b"%s<%04X>" % (code[1], 0x2200 + value if harm == "signs" else others.get(folded, value))

    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                if harm == "absent":
                    del item["/ToUnicode"]
                else:
                    mapping = re.sub(rb"(<[0-9A-F]{4}> )<([0-9A-F]{4})>", other, item.ToUnicode.read_bytes())
                    item.ToUnicode = pdf.make_stream(mapping)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def turned(data: bytes, turn: int, *, by_rotation: bool) -> bytes:
    """The first page lying on its side or head, by its /Rotate or in what it draws."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        if by_rotation:
            page.Rotate = turn
        else:
            sizes = {90: (width,), 180: (width, height), 270: (height,)}[turn]
            page.contents_add(b"q " + TURNS[turn] % sizes, prepend=True)
            page.contents_add(b"Q")
            page.mediabox = [0, 0, *((width, height) if turn == 180 else (height, width))]
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()
