"""`plainchant read`: a page, data, and what is neither."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from plainchant.capture import engines
from plainchant.cli import main
from tests.capture.hostile_workbooks import REFUSED
from tests.capture.samples import SAMPLES
from tests.capture.scans import as_pdf, page_of, scanned
from tests.capture.workbooks import LAYOUTS, WRITERS, book_of
from tests.web.verify.invoices import invoice


def read(*paths: Path) -> tuple[int, list[dict]]:
    done = CliRunner().invoke(main, ["read", "--json", *map(str, paths)])
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_page_is_read_with_places_and_certainty(tmp_path: Path) -> None:
    path = tmp_path / "facture.pdf"
    path.write_bytes(SAMPLES["small firm, two columns, footer"].pdf)
    code, (told,) = read(path)
    assert (code, told["kind"], told["file"]) == (0, "pdf", str(path))
    fields = told["fields"]
    assert set(fields["number"]) == {"value", "page", "box", "certainty"}
    assert fields["number"]["page"] == 1
    assert all(0 <= edge <= 1 for edge in fields["number"]["box"])
    assert {read["certainty"] for read in fields.values()} <= {"certain", "likely", "doubtful"}
    assert {"issue_date", "seller_siret", "tax_inclusive_amount"} <= set(fields)


def test_the_data_of_an_xml_invoice_are_stated(tmp_path: Path) -> None:
    path = tmp_path / "facture.xml"
    path.write_bytes(invoice("F-1", commitment="EJ-1"))
    code, (told,) = read(path)
    fields = told["fields"]
    assert (code, told["kind"]) == (0, "xml")
    assert fields["number"] == {"value": "F-1", "page": None, "box": None, "certainty": "certain"}
    assert fields["purchase_order_reference"]["value"] == "EJ-1"
    assert fields["tax_inclusive_amount"]["value"] == "120.00"


@pytest.mark.parametrize(
    "content", [b"", b"rien", b"<a/>", b"%PDF-1.7 rien", b"\x89PNG\r\n", b"PK\x03\x04" + bytes(60)]
)
def test_what_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    good = tmp_path / "facture.xml"
    good.write_bytes(invoice("F-1"))
    code, told = read(path, tmp_path / "absent", good)
    assert code == 1
    assert [bool(one.get("error")) for one in told] == [True, True, False]
    assert "il n’existe pas" in told[1]["error"]
    assert told[0]["fields"] == {}


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_is_read_from_its_cells(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "facture.bin"  # the content says what it is
    path.write_bytes(WRITERS[kind](book_of(LAYOUTS["labels left of values"])))
    code, (told,) = read(path)
    assert (code, told["kind"], told["warnings"]) == (0, kind, [])
    number = told["fields"]["number"]
    assert set(number) == {"value", "page", "box", "cell", "certainty"}
    assert (number["value"], number["page"], number["cell"]) == ("F2026-014", 1, "Feuille1!B3")
    assert told["fields"]["vat_breakdown"]["value"] == [{"rate": "20", "base": "1200.00", "tax": "240.00"}]


def test_the_lines_of_a_workbook_have_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "facture.xlsx"
    path.write_bytes(WRITERS["xlsx"](book_of(LAYOUTS["table of lines, totals at the bottom"])))
    _, (told,) = read(path)
    names = ("label", "quantity", "price", "rate", "amount", "cell", "certainty")
    assert [tuple(line[name] for name in names) for line in told["lines"]] == [
        ("Scénographie", "1", "2500.00", "20", "2500", "Feuille1!A12", "certain"),
        ("Montage", "2", "350.00", "20", "700", "Feuille1!A13", "certain"),
    ]
    in_words = CliRunner().invoke(main, ["read", str(path)]).stdout
    assert "Montage : 2 × 350.00 = 700  (certain, Feuille1!A13)" in in_words


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_of_nothing_has_no_field_and_a_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "photo"
    Image.new("RGB", (60, 80), "white").save(path, kind)
    code, (told,) = read(path)
    assert (code, told["kind"], told["fields"], told["warnings"]) == (0, kind.lower(), {}, ["image_only"])
    assert told["ocr"] is False
    assert "vous-même" in told["sentence"]


@pytest.mark.parametrize("kind", ["pdf", "jpeg"])
def test_a_scan_is_read_and_says_by_which_engine(tmp_path: Path, kind: str) -> None:
    if importlib.util.find_spec("rapidocr") is None and engines.tesseract() is None:
        pytest.skip("neither Tesseract with its French data nor RapidOCR is installed here")
    sample = SAMPLES["artist, one column, no VAT"]
    scan = scanned(page_of(sample.pdf, dpi=150), turned=-1.4).jpeg
    path = tmp_path / "scan"
    path.write_bytes(as_pdf(scan) if kind == "pdf" else scan)
    code, (told,) = read(path)
    assert (code, told["kind"], told["ocr"]) == (0, kind, True)
    assert told["engine"] in ("RapidOCR", "Tesseract")
    assert told["fields"]["number"]["value"] == sample.expected["number"]
    assert told["fields"]["iban"]["certainty"] == "certain"
    assert [line["amount"] for line in told["lines"]] == ["450.00", "36.50"]
    assert "sentence" not in told


def test_a_workbook_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    path = tmp_path / "facture.xlsx"
    path.write_bytes(REFUSED["password, xlsx"][0])
    code, (told,) = read(path)
    assert code == 1
    assert "mot de passe" in told["error"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b"{\\rtf1 Facture", "C’est un document texte (RTF). Ouvrez-le, choisissez"),
        (b"GIF89a", "C’est une image GIF. Enregistrez l’image au format JPEG ou PDF"),
        (b"PK\x03\x04 ppt/presentation.xml", "C’est une présentation PowerPoint."),
    ],
    ids=["empty", "rtf", "gif", "pptx"],
)
def test_a_file_of_another_kind_is_told_what_it_is_and_what_to_do(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "facture.pdf"
    path.write_bytes(content)
    code, (told,) = read(path)
    assert code == 1
    assert told["error"].startswith(sentence)
