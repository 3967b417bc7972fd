"""What is on record is what was answered, of that style sheet and that document alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.einvoice.conformance import record

pytest.importorskip("saxonche", reason="no saxonche: `uv sync` installs it with the dev group")

ANSWERS = {
    "01": {"asserts": [["BR-01", "fatal", ""], ["FX-SCH-A-1", "warning", "[BR-02]-An Invoice"]]},
    "02": {"asserts": []},
    "03": {"aborted": "no report"},
    "04": {"asserts": [["FX-SCH-A-1", "warning", "[BR-02]-An Invoice"]]},
}


def test_an_answer_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "FILE", tmp_path / "judgements.txt")
    monkeypatch.setattr(record, "WANTED", "record")
    written = record.Record()
    for name, answer in ANSWERS.items():
        written[name] = answer
    written.write()
    monkeypatch.setattr(record, "WANTED", "")
    read = record.Record()
    assert {name: read[name] for name in ANSWERS} == ANSWERS
    assert read["05"] is None


@pytest.mark.parametrize("wanted", ["1", "record"])
def test_nothing_on_record_is_believed_when_all_is_asked(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = record.FILE.read_text().rpartition("\n")[2].split()[0]
    assert record.Record()[known] is not None
    monkeypatch.setattr(record, "WANTED", wanted)
    assert record.Record()[known] is None


def test_another_document_style_sheet_or_list_of_codes_is_asked_about_anew(tmp_path: Path) -> None:
    keys = set()
    for number, (rules, codes) in enumerate([("a", "a"), ("b", "a"), ("a", "b")]):
        sheet = tmp_path / str(number) / "rules.xslt"
        sheet.parent.mkdir()
        sheet.write_text(rules)
        sheet.with_name("X_codedb.xml").write_text(codes)
        keys |= {record.key(sheet, document) for document in ("<a/>", "<b/>")}
    assert len(keys) == 6
