"""What Saxon said of the documents that it was asked about: it is asked again only of what has changed since.

A judgement is kept under a digest of the style sheet, of Saxon's version and of the document: when one of these
changes, nothing is found under the new digest. PLAINCHANT_TEST_ORACLES=1 asks about everything;
PLAINCHANT_TEST_ORACLES=record does too and writes `judgements.txt` anew: with `-n 0`, and all tests that ask.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("judgements.txt")
WANTED = os.environ.get("PLAINCHANT_TEST_ORACLES", "")


def key(sheet: Path, document: str) -> str:
    """What a judgement is kept under: twelve digits."""
    return hashlib.blake2b(document.encode(), key=_rules(sheet), digest_size=6).hexdigest()


@cache
def _rules(sheet: Path) -> bytes:
    """A digest of a style sheet, of the lists of codes beside it that it reads, and of what executes it."""
    digest = hashlib.blake2b(version("saxonche").encode(), digest_size=32)
    for file in (sheet, *sorted(sheet.parent.glob("*_codedb.xml"))):
        digest.update(file.read_bytes())
    return digest.digest()


class Record:
    """Answers of `saxon_server` by their keys, those of the file unless all are to be asked anew.

    The file has the assertions, then each answer as their numbers, then each key with the number of its answer.
    """

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, Any]] = {}
        if FILE.exists() and not WANTED:
            asserts, answers, keys = (block.split("\n") for block in FILE.read_text(encoding="utf-8").split("\n\n"))
            rows = [row.split("\t") for row in asserts]
            given = [_answer(line, rows) for line in answers]
            self._answers = {name: given[int(number)] for name, number in map(str.split, keys)}

    def __getitem__(self, name: str) -> dict[str, Any] | None:
        return self._answers.get(name)

    def __setitem__(self, name: str, answer: dict[str, Any]) -> None:
        self._answers[name] = answer

    def write(self) -> None:
        """Nothing, unless it was asked for."""
        if WANTED != "record":
            return
        rows = sorted({tuple(row) for answer in self._answers.values() for row in answer.get("asserts", ())})
        number_of = {row: str(number) for number, row in enumerate(rows)}
        lines = {
            name: f"{_ABORTED}{answer['aborted']}"
            if "aborted" in answer
            else ".".join(number_of[tuple(row)] for row in answer["asserts"]) or _NOTHING
            for name, answer in self._answers.items()
        }
        answers = sorted(set(lines.values()))
        place_of = {line: place for place, line in enumerate(answers)}
        keys = [f"{name} {place_of[line]}" for name, line in sorted(lines.items())]
        blocks = ["\t".join(row) for row in rows], answers, keys
        FILE.write_text("\n\n".join("\n".join(block) for block in blocks), encoding="utf-8")


_ABORTED, _NOTHING = "aborted: ", "-"


def _answer(line: str, rows: list[list[str]]) -> dict[str, Any]:
    if line.startswith(_ABORTED):
        return {"aborted": line.removeprefix(_ABORTED)}
    return {"asserts": [] if line == _NOTHING else [rows[int(number)] for number in line.split(".")]}


@cache
def recorded() -> Record:
    """The record of this process, whoever asks."""
    return Record()
