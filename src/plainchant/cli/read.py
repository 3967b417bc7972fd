"""`plainchant read`: what an invoice says, read from its page or its cells as people see them, or from its data."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from plainchant.capture.kinds import DocumentKind, kind_of
from plainchant.einvoice.command.opening import unopened

MAX_BYTES = 60 << 20
CERTAINTIES = {"certain": "certain", "likely": "probable", "doubtful": "à vérifier"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and a file.")
def read(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Read FILES: the PDF of an invoice from its page, a workbook from its cells, an XML invoice from its data. The
    characters of a scan or a photo are recognised where an engine is installed: "ocr" says so, "engine" which one,
    "sentence" why nothing was read. One is read at a time on a machine. "remarks" is what the deposit page says too.

    Kinds: factur-x, xml, or a code of capture/kinds (pdf, xlsx, jpeg, heic…). In a workbook, page is the rank of the
    sheet, box the place among its cells, and cell their name. Each file is opened in a process of its own. Ends with 0
    if all could be read, with 1 if one could not.
    """
    failed = False
    for path in files:
        reading_json = _told(path)
        failed = failed or "error" in reading_json
        if as_json:
            click.echo(json.dumps(reading_json, ensure_ascii=False))
        else:
            _print(reading_json)
    sys.exit(1 if failed else 0)


def _told(path: Path) -> dict[str, Any]:
    from plainchant.reader.reasons import SENTENCES, FailureReason, ReaderFailed

    nothing: dict[str, Any] = {"file": str(path), "kind": "other", "fields": {}}
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return nothing | {"error": unopened(path, error)}
    if not data:
        return nothing | {"error": SENTENCES[FailureReason.EMPTY]}
    if len(data) > MAX_BYTES:
        return nothing | {"error": "Ce fichier pèse plus de 60 Mo. Ne gardez que la facture, puis recommencez."}
    kind = kind_of(data)
    try:
        return nothing | {"kind": kind.code} | _opened(data, kind)
    except ReaderFailed as error:
        return nothing | {"kind": kind.code, "error": error.sentence}


def _opened(data: bytes, kind: DocumentKind) -> dict[str, Any]:
    """What a file of this kind holds, or why it holds nothing to read. Raises ReaderFailed."""
    from plainchant.reader import documents
    from plainchant.reader.sandbox import read_invoice_data, read_pdf
    from plainchant.reader.scans import is_wanted

    if kind.family == "mail":  # the invoice that is joined to it
        _, joined = documents.invoice_of_mail(data)
        joined_kind = kind_of(joined)
        return {"kind": joined_kind.code} | _opened(joined, joined_kind)
    if kind.code in documents.LETTERS:
        return _read(documents.open_letter(data, title="", at=datetime.now(UTC)).reading)
    if kind.code in documents.WORKBOOKS:
        opened_as, reading = documents.read_workbook(data)
        return {"kind": opened_as} | _read(reading)
    if kind.code in documents.PICTURES:
        return _recognised(data)
    if kind.code == "pdf":
        reading = read_pdf(data)["reading"]
        opened_as = "factur-x" if "facturx_embedded" in reading["warnings"] else "pdf"
        return {"kind": opened_as} | (_recognised(data) if is_wanted(reading) else _read(reading))
    if kind.code == "xml":
        found = read_invoice_data(data)
        if found is not None:
            return {"fields": _stated(found)}
        return {"error": "Ce fichier XML n’est pas une facture que nous sachions lire."}
    return {"error": kind.refusal}


def _read(reading: dict[str, Any]) -> dict[str, Any]:
    """What was read, and what there is to say of it."""
    from plainchant.capture.proposal import FieldReading
    from plainchant.capture.remarks import remarks
    from plainchant.shapes import from_json

    return {
        "fields": _fields(reading),
        "lines": _lines(reading),
        "warnings": reading["warnings"],
        "remarks": [remark.text for remark in remarks(from_json(FieldReading, reading))],
    }


def _recognised(data: bytes) -> dict[str, Any]:
    """A scan or a photo: its characters recognised by the engine that is there, or a sentence when none were."""
    from plainchant.reader.scans import read_scan

    read = read_scan(data)
    reading_json = _read(read.reading) | {"ocr": bool(read.reading["engine"]), "engine": read.engine}
    return reading_json | ({"sentence": read.sentence} if read.sentence else {})


def _fields(reading: dict[str, Any]) -> dict[str, Any]:
    """The proposal of the page; certainty and place beside each value."""
    from plainchant.capture.proposal import FIELD_NAMES

    fields: dict[str, Any] = {}
    for name in FIELD_NAMES:
        read = reading["fields"].get(name)
        if read is not None:
            fields[name] = {"value": read["value"], **_where(read["place"]), "certainty": read["certainty"]}
    lines = reading["vat_breakdown"]
    if lines:
        doubts = [line["certainty"] for line in lines]
        fields["vat_breakdown"] = {
            "value": [{"rate": line["rate"], "base": line["base"], "tax": line["tax"]} for line in lines],
            **_where(lines[0]["place"]),
            "certainty": next((level for level in ("doubtful", "likely") if level in doubts), "certain"),
        }
    return fields


def _lines(reading: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the invoice, each with where it stands."""
    names = ("label", "quantity", "price", "rate", "amount")
    return [
        {**{name: line[name] for name in names}, **_where(line["place"]), "certainty": line["certainty"]}
        for line in reading["lines"]
    ]


def _where(place: dict[str, Any] | None) -> dict[str, Any]:
    if place is None:
        return {"page": None, "box": None}
    cell = {"cell": place["cell"]} if place.get("cell") else {}
    return {"page": place["page"], "box": place["box"], **cell}


def _stated(found: dict[str, Any]) -> dict[str, Any]:
    """The data of an XML invoice: said, not read."""
    return {
        name: {"value": value, "page": None, "box": None, "certainty": "certain"}
        for name, value in found.items()
        if value
    }


def _print(reading_json: dict[str, Any]) -> None:
    click.echo(f"{reading_json['file']}  {reading_json['kind']}")
    for name in ("error", "sentence"):
        if name in reading_json:
            click.echo(f"    {reading_json[name]}")
    if reading_json.get("ocr"):
        click.echo(
            f"    Lu par reconnaissance de caractères ({reading_json['engine']}) : comparez chaque valeur avec la page."
        )
    for sentence in reading_json.get("remarks", ()):
        click.echo(f"    {sentence}")
    for name, read in reading_json["fields"].items():
        value = read["value"]
        if isinstance(value, list):
            value = " ; ".join(f"{line['rate']} % de {line['base']} = {line['tax']}" for line in value)
        page = f", {read['cell']}" if "cell" in read else f", page {read['page']}" if read["page"] else ""
        click.echo(f"    {name:26} {value}  ({CERTAINTIES[read['certainty']]}{page})")
    for line in reading_json.get("lines", ()):
        made = " × ".join(line[name] for name in ("quantity", "price") if line[name] is not None)
        page = f", {line['cell']}" if "cell" in line else f", page {line['page']}"
        sentence = f"{line['label']} : {made}{' = ' if made else ''}{line['amount']}"
        click.echo(f"    {'line':26} {sentence}  ({CERTAINTIES[line['certainty']]}{page})")
