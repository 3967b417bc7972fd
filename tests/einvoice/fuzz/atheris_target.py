"""Fuzzing guided by coverage: an exception, a hang or a leak of memory is a finding of libFuzzer's.

    uv sync --group fuzz
    python tests/einvoice/fuzz/atheris_target.py xml -runs=200000 -rss_limit_mb=1024
    python tests/einvoice/fuzz/atheris_target.py pdf -runs=50000 -rss_limit_mb=1024

The seeds are made here, in a folder that is deleted afterwards; libFuzzer prints how many inputs it has tried.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

with atheris.instrument_imports(include=["plainchant.einvoice"]):
    from plainchant.einvoice.drawing.draw import draw
    from plainchant.einvoice.syntaxes.cii.read import read
    from plainchant.einvoice.syntaxes.xml import parse
    from plainchant.einvoice.verdict import LAYERS, as_object, check

import invoices  # noqa: E402 - on the path since a moment only
from tests.einvoice.fuzz.hostile_files import FILES  # noqa: E402

AT = date(2026, 11, 3)
MAX_SEED = 60_000
WORDS = (
    "<cbc:ID>", "</cbc:ID>", 'schemeID="', 'currencyID="EUR"', "<cac:InvoiceLine>", "<ram:GlobalID", "<cbc:Percent>",
    "<cac:TaxSubtotal>", "2026-02-31", "20260231", "9999999999999999999999", "-0.00", "#AAB#", "&amp;", "<![CDATA[",
    "/EmbeddedFiles", "/Names", "/EF", "/F ", "/FlateDecode", "/AFRelationship", " 0 R", "endobj", "xref",
)  # fmt: skip


def one_input(data: bytes) -> None:
    verdict = check(data, at=AT)
    told = as_object(verdict)
    assert tuple(layer["name"] for layer in told["layers"]) == LAYERS
    assert verdict.accepted or any(layer["findings"] for layer in told["layers"])


def seeds(kind: str) -> dict[str, bytes]:
    small = {name: data for name, make in FILES.items() if len(data := make()) < MAX_SEED and name.endswith(kind)}
    if kind == "pdf":
        xml = invoices.cii(1)
        small["factur-x.pdf"] = draw(read(parse(xml)).invoice, at=datetime(2026, 11, 3, tzinfo=UTC), xml=xml)
        return small
    return {**small, "ubl.xml": invoices.ubl(2), "cii.xml": invoices.cii(2)}


def main() -> None:
    kind = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in ("xml", "pdf") else "xml"
    with tempfile.TemporaryDirectory(prefix="plainchant-fuzz-") as folder:
        for name, data in seeds(kind).items():
            (Path(folder) / name.replace(" ", "-")).write_bytes(data)
        words = Path(folder).with_suffix(".words")
        escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS)
        words.write_text("\n".join(f'"{word}"' for word in escaped))
        atheris.Setup([sys.argv[0], f"-dict={words}", *sys.argv[1:], folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
