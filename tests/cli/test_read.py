"""`plainchant read`: a page, data, and what is neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from plainchant.cli import main
from tests.einvoice.reading.samples import SAMPLES
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
    assert told[0]["fields"] == {}
