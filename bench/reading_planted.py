"""Errors planted on purpose: one figure of a page is changed, and the reader must not believe what is left.

The change is made in the words that were taken out of the file, in one place only: what was printed elsewhere
contradicts it. An error is found when the reading asks about it: a sum, a rate, a line or a SIRET is doubtful, or not
proposed at all. A question about a document that nobody changed is a false alarm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from plainchant.capture.fields import read_fields
from plainchant.capture.place import Document, PageWord
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.identifiers import key_agrees
from reading_made.made import Made

SUMS = {"HT": "tax_exclusive_amount", "TVA": "tax_amount", "TTC": "tax_inclusive_amount"}
KINDS = (*SUMS, "rate", "line", "SIRET")
_FIGURE = re.compile(r"[-–(]?\d{1,3}(?:[ \u00a0\u202f.,'’]?\d{3})*[.,]\d\d ?(?:€|EUR|euros?)?[)-]?", re.IGNORECASE)
_RATE = re.compile(r"\(?(\d{1,2})(?:([.,])(\d{1,2}))? ?%\)?")
_OTHER_RATES = {"20": "10", "10": "20", "5": "8"}


@dataclass
class PlantedScore:
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    sound: int = 0  # documents in which something could be planted, as they came
    alarms: int = 0

    def judge(self, made: Made, document: Document, *, tell: bool) -> None:
        """Plant one error of each kind that the page allows."""
        errors = list(planted(made, document))
        if not errors:
            return
        self.sound += 1
        alarm = question(read_fields(document), {kind for kind, _, _ in errors})
        self.alarms += bool(alarm)
        if tell and alarm:
            print(f"  {made.name}: asked about {alarm} of a document without error")
        for kind, change, wrong in errors:
            self.planted[kind] += 1
            is_found = bool(question(read_fields(wrong), {kind}))
            self.found[kind] += is_found
            if tell and not is_found:
                print(f"  {made.name}: planted {kind} {change}, and nothing is asked")

    def __str__(self) -> str:
        if not self.sound:
            return "planted errors: no document has figures that check each other"
        kinds = ", ".join(f"{kind} {self.found[kind]}/{self.planted[kind]}" for kind in KINDS if self.planted[kind])
        share = 100 * self.found.total() / self.planted.total()
        return f"planted errors found: {share:.1f} % ({kinds}); false alarms {self.alarms} of {self.sound}"


def question(reading: FieldReading, kinds: set[str]) -> str:
    """What the reading asks about that an error of one of `kinds` touches; empty when it asks nothing."""
    asked: list[str] = []
    if kinds - {"SIRET"}:
        for name in SUMS.values():
            read = reading.fields.get(name)
            if read is None or read.certainty == "doubtful":
                asked.append(name)
        payable = reading.fields.get("payable_amount")
        if payable is not None and payable.certainty == "doubtful":
            asked.append("payable_amount")
        asked += [f"rate {line.rate}" for line in reading.vat_breakdown if line.certainty == "doubtful"]
        asked += [f"line {line.amount}" for line in reading.lines if line.certainty == "doubtful"]
    if "SIRET" in kinds:
        read = reading.fields.get("seller_siret")
        if read is None or read.certainty == "doubtful":
            asked.append("seller_siret")
    return ", ".join(asked)


def planted(made: Made, document: Document) -> Iterator[tuple[str, str, Document]]:
    """(kind, what was changed, the document with the error), one of each kind where other figures contradict it."""
    chance = Random(f"planted {made.name}")
    says = made.says
    sums = {kind: Decimal(says[name]) for kind, name in SUMS.items() if name in says}
    # With one of the three missing, or no tax, an error may leave a page that agrees with itself.
    if len(sums) == len(SUMS) and sums["TVA"]:
        for kind, value in sums.items():
            yield from _one(kind, _figures(document, value), document, chance)
        if "vat_breakdown" in says or made.rate_count == 1:
            yield from _one("rate", _rates(document), document, chance)
        lines = [line.amount for line in made.lines]
        if lines and sum(lines) == sums["HT"]:
            yield from _one("line", _figures(document, chance.choice(lines)), document, chance)
    if "seller_siret" in says and key_agrees(says["seller_siret"]):  # those of samples may be wrong from the start
        yield from _one("SIRET", _digits(document, says["seller_siret"]), document, chance)


_Spot = tuple[int, int, str]  # page and word by rank, the word's new text


def _one(
    kind: str, spots: list[tuple[_Spot, ...]], document: Document, chance: Random
) -> Iterator[tuple[str, str, Document]]:
    if not spots:
        return
    page, rank, text = chance.choice(chance.choice(spots))
    old = document.pages[page]
    words = list(old.words)
    change = f"{words[rank].text} → {text}"
    words[rank] = replace(words[rank], text=text)
    pages = list(document.pages)
    pages[page] = replace(old, words=tuple(words))
    yield kind, change, replace(document, pages=tuple(pages))


def _figures(document: Document, value: Decimal) -> list[tuple[_Spot, ...]]:
    """Every place where `value` is printed, each with the ways to change one digit of its whole part."""
    wanted = f"{abs(value):.2f}".replace(".", "")
    if abs(value) < 10:
        return []
    return [
        _changes(run, keep=2)
        for run in _runs(document, 4)
        if _FIGURE.fullmatch(text := " ".join(word.text for _, _, word in run)) and re.sub(r"\D", "", text) == wanted
    ]


def _digits(document: Document, wanted: str) -> list[tuple[_Spot, ...]]:
    found = []
    for run in _runs(document, 5):
        text = "".join(word.text for _, _, word in run)
        if re.fullmatch(r"[\d.-]+", text) and re.sub(r"\D", "", text) == wanted:
            found.append(_changes(run, keep=0))
    return found


def _changes(run: list[tuple[int, int, PageWord]], *, keep: int) -> tuple[_Spot, ...]:
    """Each digit but the last `keep` of them moved on by three; a first digit never becomes zero."""
    digits = [(page, rank, word, hit.start()) for page, rank, word in run for hit in re.finditer(r"\d", word.text)]
    changes = []
    for place, (page, rank, word, at) in enumerate(digits[: len(digits) - keep]):
        digit = str((int(word.text[at]) + 3) % 10)
        if place or digit != "0":
            changes.append((page, rank, f"{word.text[:at]}{digit}{word.text[at + 1 :]}"))
    return tuple(changes)


def _rates(document: Document) -> list[tuple[_Spot, ...]]:
    found: list[tuple[_Spot, ...]] = []
    for run in _runs(document, 2):
        page, rank, word = run[0]
        hit = _RATE.fullmatch(" ".join(word.text for _, _, word in run))
        if hit and hit[1] in _OTHER_RATES:
            other = re.sub(r"\d{1,2}(?:[.,]\d{1,2})?", _OTHER_RATES[hit[1]], word.text, count=1)
            found.append(((page, rank, other),))
    return found


def _runs(document: Document, longest: int) -> Iterator[list[tuple[int, int, PageWord]]]:
    """Words that follow each other on a line, longest runs first; no run begins amid a figure."""
    for number, page in enumerate(document.pages):
        taken: set[int] = set()
        for length in range(longest, 0, -1):
            for first in range(len(page.words) - length + 1):
                words = page.words[first : first + length]
                tops = [word.place.box[1] for word in words]
                if taken & {*range(first, first + length)} or max(tops) - min(tops) > 0.004:
                    continue
                run = [(number, first + rank, word) for rank, word in enumerate(words)]
                text = " ".join(word.text for word in words)
                if _FIGURE.fullmatch(text) or _RATE.fullmatch(text) or re.fullmatch(r"[\d .-]{14,18}", text):
                    taken |= {*range(first, first + length)}
                yield run
