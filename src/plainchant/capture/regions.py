"""Where the value of a label may stand: to its right on the same line, or under it, as in a table with headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from plainchant.capture.amounts import AmountInText, amounts_in
from plainchant.capture.labels import BrokenLabel, Label, Match, broken_labels, matches
from plainchant.capture.lines import TextLine

_SUMS = {
    "tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount",
    "prepaid_amount", "discount_amount", "withheld_amount",
}  # fmt: skip
_FEWEST_PAIRED, _PAIRED = 3, 0.9  # names of sums in a row; how well a figure stands under its own
AMOUNTS = {"tax_exclusive_amount", "tax_amount", "tax_inclusive_amount"}
_BARE = re.compile(r"n ?°|n\.|no\.?|num\.?|numero")
# How far below its label a value may stand, in heights of the label's line.
_REACH_BELOW = 3.2
_REACH_COLUMN = 60.0
_WORDS_BEFORE, _WORDS_AFTER = 3, 6  # more of them in the cell of a label are a sentence


# « Facture d'acompte n° 12 du 3 mars », where it is the title of the page.
_TITLE_OF_ADVANCE = Label("number", "", 0.7)
_TOP = 0.4  # of the height of a page
_SURE = 0.5  # that a number is money
_NAMED = 0.6  # weight of a label from which on it names the number of an invoice


def _read_title_of_advance(lines: list[TextLine], labels: list[list[Match]]) -> None:
    """Take the advance that the first page is headed by for the invoice itself, where no other number is named."""
    found = [(index, match) for index, line in enumerate(labels) for match in line]
    if any(match.label.field == "number" and match.label.weight >= _NAMED for _, match in found):
        return
    titles = [(index, match) for index, match in found if match.label.field == "advance"]
    if len(titles) != 1:  # several: those that it takes off
        return
    index, match = titles[0]
    line = lines[index]
    above = (each for labelled in labels[:index] for each in labelled)
    if (
        line.page == lines[0].page
        and line.box[1] < _TOP
        and not line.plain[: match.start].strip()
        and not any(amount.sureness > _SURE for amount in amounts_in(line.text))
        and not any(each.label.field in _SUMS for each in above)
    ):
        labels[index] = [replace(match, label=_TITLE_OF_ADVANCE) if each is match else each for each in labels[index]]


@dataclass(frozen=True, slots=True)
class Region:
    """`start:end` of a line, where the value of `match` is looked for; `nearness` (0..1) is how well it is placed."""

    match: Match
    line: TextLine
    start: int
    end: int
    nearness: float
    label_text: str = ""  # the words of the label, plain
    is_below: bool = False
    index: int = -1  # of the line, in the sheet

    @property
    def amounts(self) -> list[AmountInText]:
        """Those that stand in it, as the whole line has them: a dash that follows may be a minus, or begin a clause."""
        return [a for a in amounts_in(self.line.text) if self.start <= a.start and a.end <= self.end]


@dataclass(frozen=True, slots=True)
class LabelledLines:
    """The lines of the invoice with the labels met on each (same index)."""

    lines: list[TextLine]
    labels: list[list[Match]]
    broken: list[list[BrokenLabel]]  # those that end on the line of the same index and began on the one before

    @classmethod
    def of(cls, lines: list[TextLine]) -> LabelledLines:
        """Look for the labels of every line."""
        broken: list[list[BrokenLabel]] = [[] for _ in lines]
        for index in range(1, len(lines)):
            upper, lower = lines[index - 1], lines[index]
            if upper.page == lower.page and lower.box[1] - upper.box[3] < 0.7 * lower.height:
                broken[index] = broken_labels(upper, lower)
        labels = [matches(line) for line in lines]
        _read_title_of_advance(lines, labels)
        return cls(lines=lines, labels=labels, broken=broken)

    @property
    def first_page(self) -> int:
        """Where the invoice begins: not on the first page of the file, behind a letter or another invoice."""
        return self.lines[0].page if self.lines else 1

    def on_pages(self, pages: Collection[int]) -> LabelledLines:
        """The part of the sheet on some pages."""
        kept = [index for index, line in enumerate(self.lines) if line.page in pages]
        return LabelledLines(
            lines=[self.lines[i] for i in kept],
            labels=[self.labels[i] for i in kept],
            broken=[self.broken[i] for i in kept],
        )

    def regions(self, field: str, *, column: bool = False) -> Iterator[Region]:
        """Every region where a value of `field` may stand; with `column`, down to the foot of the column."""
        for index, found in enumerate(self.labels):
            for match in found:
                if match.label.field == field:
                    yield self.right(index, match)
                    if field == "issue_date" and any(m.label.field in AMOUNTS for m in found):
                        continue  # under « Date » beside « Montant HT » stand the days of the lines
                    yield from self._below(index, match, column=column)
                    yield from self._wrapped(index, match)
            for broken in self.broken[index]:
                if broken.label.field == field:
                    yield from self._of_broken(index, broken, column=column)

    def right(self, index: int, match: Match) -> Region:
        """From the end of the label to the next label of the line."""
        line = self.lines[index]
        # A label inside of a word is none: « F-EJ-12 » is one code.
        later = [m.start for m in self.labels[index] if m.start >= match.end and not _is_of_value(line.plain, match, m)]
        stop = min((start for start in later if line.text[start - 1].isspace()), default=len(line.text))
        is_same_cell = line.text[match.end :].lstrip(" :") and line.cell(match.start)[1] > match.end + 2
        label_text = line.plain[match.start : match.end]
        return Region(match, line, match.end, stop, 1.0 if is_same_cell else 0.97, label_text, index=index)

    def carried_over(self, region: Region) -> tuple[str, int]:
        """The text between a label and the end of its cell, run on into the cell under the label; and where the second
        begins. Empty when there is none."""
        line = region.line
        cell = line.cell(region.match.start)
        if region.is_below or region.index < 0 or region.start >= cell[1] or region.end < cell[1]:
            return "", 0
        left = line.box_of(cell[0], region.match.end)[0]
        for below in self.lines[region.index + 1 : region.index + 3]:
            if below.page != line.page or below.box[1] - line.box[3] > 1.2 * line.height:
                break
            for start, end in below.cells():
                if start < end and abs(below.box_of(start, end)[0] - left) < 0.02:
                    head = line.text[region.start : cell[1]].rstrip()
                    head += "" if head.endswith(("-", "/")) else " "
                    return f"{head}{below.text[start:end]}", len(head)
        return "", 0

    def _of_broken(self, index: int, broken: BrokenLabel, *, column: bool) -> Iterator[Region]:
        for at, (start, end) in ((index - 1, broken.upper), (index, broken.lower)):
            yield replace(self.right(at, Match(broken.label, start, end)), label_text=broken.text)
        for region in self._below(index, Match(broken.label, *broken.lower), column=column):
            yield replace(region, label_text=broken.text)

    def _wrapped(self, index: int, match: Match) -> Iterator[Region]:
        """In running text, a label that ends its line has its value at the start of the next one."""
        line = self.lines[index]
        if line.text[match.end :].strip(" :") or index + 1 == len(self.lines):
            return
        below = self.lines[index + 1]
        is_running_on = below.page == line.page and below.box[1] - line.box[3] < 0.8 * line.height
        if is_running_on and below.box[0] < line.box_of(match.start, match.end)[0] - line.height:
            stop = min((m.start for m in self.labels[index + 1]), default=len(below.text))
            label_text = line.plain[match.start : match.end]
            yield Region(match, below, 0, min(stop, below.cells()[0][1]), 0.7, label_text, is_below=True)

    def _paired(self, index: int, match: Match) -> Region | None:
        """Under a row of names, as many figures: each is the name's of its rank, wherever their boxes set them."""
        line = self.lines[index]
        names = line.cells()
        rank = next((rank for rank, name in enumerate(names) if name[0] == match.start and name[1] == match.end), None)
        if rank is None or len(names) < _FEWEST_PAIRED or index + 1 == len(self.lines):
            return None
        below = self.lines[index + 1]
        values = below.cells()
        is_near = below.page == line.page and 0 <= below.box[1] - line.box[3] < _REACH_BELOW * line.height
        if not is_near or len(values) != len(names) or not self._are_names_of_sums(index):
            return None
        if not all(_is_amount(below.text[slice(*value)]) for value in values):
            return None
        label_text = line.plain[match.start : match.end]
        return Region(match, below, *values[rank], _PAIRED, label_text, is_below=True, index=index + 1)

    def _are_names_of_sums(self, index: int) -> bool:
        return all(
            any(found.label.field in _SUMS and found.start == start for found in self.labels[index])
            for start, _ in self.lines[index].cells()
        )

    def _below(self, index: int, match: Match, *, column: bool) -> Iterator[Region]:
        line = self.lines[index]
        x0, _, x1, bottom = line.box_of(match.start, match.end)
        heading = line.cell(match.start)
        before, after = line.plain[heading[0] : match.start].split(), line.plain[match.end : heading[1]].split()
        if len(after) > _WORDS_AFTER or len(before) > _WORDS_BEFORE:
            return  # amid a sentence: it heads no column
        paired = self._paired(index, match)
        if paired is not None:
            yield paired
            return
        # The whole heading cell when the label is most of it: the column is as wide as its heading.
        if heading[1] - heading[0] < 2 * (match.end - match.start):
            x0, _, x1, bottom = line.box_of(*heading)
        label_text = line.plain[match.start : match.end]
        height = line.height
        reach = height * (_REACH_COLUMN if column else _REACH_BELOW)
        rank = 0
        for position, below in enumerate(self.lines[index + 1 :], start=index + 1):
            if below.page != line.page or below.box[1] > bottom + reach:
                break
            if below.box[3] < bottom:
                continue
            for cell in below.cells():
                cell_x0, cell_y0, cell_x1, _ = below.box_of(*cell)
                if cell_y0 < bottom - 0.5 * height:
                    continue
                margin = 0.5 * height / line.aspect
                if min(x1, cell_x1) - max(x0, cell_x0) < -margin:
                    continue
                rank += 1
                # What follows another label in that cell belongs to it.
                others = [m for m in self.labels[position] if m.label.field != match.label.field]
                end = min((m.start for m in others if cell[0] <= m.start < cell[1]), default=cell[1])
                nearness = 0.82 if rank == 1 else max(0.75 - 0.05 * rank, 0.3)
                yield Region(match, below, cell[0], end, nearness, label_text, is_below=True, index=position)
            if rank >= 3 and not column:
                break


def _is_of_value(plain: str, match: Match, later: Match) -> bool:
    """« Engagement    n° 4500123456 »: a bare « n° » right behind a name begins the value, and names no other."""
    is_bare = later.label.field == "number" and _BARE.fullmatch(plain, later.start, later.end) is not None
    return is_bare and match.label.field != "number" and not plain[match.end : later.start].strip(" :")


def _is_amount(cell: str) -> bool:
    amounts = amounts_in(cell)
    return len(amounts) == 1 and len(cell) - (amounts[0].end - amounts[0].start) <= 2
