"""A table of lines under its headings: which column a figure or a word belongs to, by how they line up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plainchant.capture.figures import Figure
from plainchant.capture.headings import Heading, HeadingRow
from plainchant.capture.lines import TextLine

# Figures stand in one column when they share this part of the narrower one.
_SHARED = 0.5
_CROWDED = 0.1  # what it costs to put two stacks under one heading, as a distance
_SLACK = 0.006  # of the page's width, by which edges that line up may differ


@dataclass(slots=True)
class _Stack:
    """Figures one above the other, and the rank of the heading they are under."""

    left: float
    right: float
    heading: int = 0


class LineTable:
    """The columns under a row of headings, once the figures under it have been seen."""

    def __init__(self, row: HeadingRow, figures: Iterable[Figure]) -> None:
        self._headings = row.headings
        self._stacks = _stacks(figures)
        _give_headings(self._stacks, row.headings)
        self.kinds = {heading.kind for heading in row.headings}
        self._edges = self._borders()

    def kind_of(self, figure: Figure) -> str:
        """The kind of column a figure stands in; "label" when it is part of a text, "" beside the table."""
        if figure.left < self._edges[0]:
            return ""
        if figure.is_alone:
            stack = max(self._stacks, key=lambda stack: _shared(stack, figure), default=None)
            if stack is not None and _shared(stack, figure) > 0:
                return self._headings[stack.heading].kind
            alone = _Stack(figure.left, figure.right)
            return min(self._headings, key=lambda heading: _distance(alone, heading)).kind
        # At the end of a text that runs close to it: only where it lines up with figures that stand alone.
        for stack in self._stacks:
            if abs(stack.right - figure.right) < _SLACK and figure.left > stack.left - _SLACK:
                return self._headings[stack.heading].kind
        return "label"

    def is_beside(self, line: TextLine, cell: tuple[int, int]) -> bool:
        """Whether a cell stands outside of the table: in a column of the page at its left, or at its right."""
        x0 = line.box_of(*cell)[0]
        return x0 < self._edges[0] or x0 >= self._edges[-1]

    def text_kind(self, line: TextLine, cell: tuple[int, int]) -> str:
        """The kind of column a text begins in; "" outside of the table."""
        x0, _, x1, _ = line.box_of(*cell)
        if self.is_beside(line, cell):
            return ""
        at = min(x0 + _SLACK, (x0 + x1) / 2)
        for heading, right in zip(self._headings, self._edges[1:], strict=True):
            if at < right:
                return heading.kind
        return ""

    def descriptions(self, line: TextLine, cell: tuple[int, int]) -> tuple[int, int] | None:
        """The part of a cell that stands in the column of descriptions; a code may run close to it."""
        if self.text_kind(line, cell) == "label":
            return cell
        label = next((heading.left for heading in self._headings if heading.kind == "label"), None)
        if label is None or self.is_beside(line, cell) or line.box_of(*cell)[0] > label:
            return None
        for start in line.starts:
            if cell[0] < start < cell[1] and abs(line.box_of(start, cell[1])[0] - label) < _SLACK:
                return start, cell[1]
        return None

    def begin_with(self, rows: Iterable[TextLine]) -> None:
        """Have the table begin where the descriptions of `rows` do, or its headings: what is before is beside it."""
        first = self._headings[0].left
        lefts = [first]
        for line in rows:
            boxes = [
                line.box_of(*cell)
                for cell in line.cells()
                if any(map(str.isalpha, line.text[slice(*cell)])) and self.text_kind(line, cell) == "label"
            ]
            # A description may begin before a heading set in the middle of its column.
            lefts += [box[0] for box in boxes if box[2] > first or len(boxes) == 1]
        self._edges[0] = min(lefts) - _SLACK

    def _borders(self) -> list[float]:
        """Where each column begins, and the right edge of the table."""
        cores = []
        for rank, heading in enumerate(self._headings):
            own = [stack for stack in self._stacks if stack.heading == rank and heading.kind != "label"]
            cores.append((min([heading.left, *(s.left for s in own)]), max([heading.right, *(s.right for s in own)])))
        edges = [0.0]
        for before, after, heading in zip(cores, cores[1:], self._headings, strict=False):
            # A text runs to where the next column begins; under figures nothing runs over.
            edges.append(after[0] - _SLACK if heading.kind in {"label", "code", ""} else (before[1] + after[0]) / 2)
        return [*edges, max(cores[-1][1] + 4 * _SLACK, self._headings[-1].right)]


def _stacks(figures: Iterable[Figure]) -> list[_Stack]:
    stacks: list[_Stack] = []
    for figure in sorted((f for f in figures if f.is_alone), key=lambda f: f.right - f.left):
        over = [
            stack
            for stack in stacks
            if _shared(stack, figure) > _SHARED * min(stack.right - stack.left, figure.right - figure.left)
        ]
        if over:
            stack = max(over, key=lambda stack: _shared(stack, figure))
            stack.left, stack.right = min(stack.left, figure.left), max(stack.right, figure.right)
        else:
            stacks.append(_Stack(figure.left, figure.right))
    return stacks


def _shared(stack: _Stack, figure: Figure) -> float:
    return min(stack.right, figure.right) - max(stack.left, figure.left)


def _give_headings(stacks: list[_Stack], headings: tuple[Heading, ...]) -> None:
    """Each stack its heading: in the order of the page, near, and two stacks under one only where they touch."""
    stacks.sort(key=lambda stack: stack.left + stack.right)
    # For each heading that the last stack may have: what it costs so far, and the ranks of all the headings given.
    ways: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for position, stack in enumerate(stacks):
        touches = position > 0 and stacks[position - 1].right > stack.left
        longer = []
        for rank, heading in enumerate(headings):
            before = [
                (cost + (_CROWDED if given and given[-1] == rank and not touches else 0.0), given)
                for cost, given in ways
                if not given or given[-1] <= rank
            ]
            if before:
                cost, given = min(before)
                longer.append((cost + _distance(stack, heading), (*given, rank)))
        ways = longer
    for stack, rank in zip(stacks, min(ways)[1], strict=True):
        stack.heading = rank


def _distance(stack: _Stack, heading: Heading) -> float:
    """Nothing for a heading over the stack, else between the edges, or the middles, that are nearest."""
    if min(stack.right, heading.right) > max(stack.left, heading.left):
        return 0.0
    return min(
        abs(stack.left - heading.left),
        abs(stack.right - heading.right),
        abs(stack.left + stack.right - heading.left - heading.right) / 2,
    )
