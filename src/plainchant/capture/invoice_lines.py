"""The lines of the invoice (BG-25): rows from the amounts of one column, words and figures from how they line up.

Under a row of headings the columns have names. Without, lines are amounts one after the other that a printed total adds
up. What the totals say decides when both are found.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from plainchant.capture.amounts import AmountInText, amounts_in
from plainchant.capture.figures import Figure, figures_of
from plainchant.capture.headings import HeadingRow, heading_row
from plainchant.capture.line_row import Row, line_of
from plainchant.capture.line_table import LineTable
from plainchant.capture.lines import TextLine, plain
from plainchant.capture.proposal import InvoiceLine
from plainchant.capture.regions import LabelledLines, Region

_ZERO = Decimal(0)
_MAX_LINES = 1000
_NEAR = 1.0  # heights of a line between a row and the words that go on with it

_WORDY = {"label", "code"}  # the columns whose figures are part of a text
_FOOT = 3  # names of sums side by side
_NAMED = 0.5  # from this weight on, a label names a sum with VAT, or to be paid, which no line is called
_PLAIN = 0.9  # from this weight on, a label leaves no doubt of what it names
_TOTALS = {"tax_exclusive_amount", "tax_inclusive_amount", "payable_amount"}
_SUMS = {*_TOTALS, "tax_amount"}
# What stands between the lines and a total, or between two totals.
_TAKEN_OFF = {"prepaid_amount", "discount_amount", "withheld_amount"}
# Rows that repeat what stands above or on another page; the table may go on under them.
_CARRIED = re.compile(
    r"[\s\W]*(?:a reporter|report(?:\s|$|:)|sous[- ]?total|total (?:page|de la page|a reporter|report))"
)
# Rows that are about the whole invoice, a short code before them or not.
_OVERALL = re.compile(r"(?:[a-z0-9]{1,4}\s\s)?[\s*•-]*(?:total(?:\s|$|:)|remise|rabais|ristourne|escompte|charge ?:)")
# Nothing but a quantity, its unit and a price.
_RECKONING = re.compile(
    r"[\s(-]*\d[\d ]*(?:[.,]\d+)? ?(?:m[23]|[a-z²°()/. ]{0,14}?) ?(?:x|×|\*|a) ?[\d .,'’]+(?:€|eur|euros)?(?: ?ht)?[\s).]*"
)
_MONEY = 0.8
# Amounts of a letter that nobody is billed for.
_SUMS_ALONE = re.compile(r"[\d.,%\s()€]|tva")
_IN_PASSING = re.compile(r"capital|indemnite|penalite|interet|\brcs\b|\biban\b|taux legal")


def invoice_lines(sheet: LabelledLines) -> tuple[InvoiceLine, ...]:
    """The lines of the invoice; empty when none could be told from the rest of the page."""
    figures = [figures_of(line, index) for index, line in enumerate(sheet.lines)]
    printed = _printed_totals(sheet)
    tables, is_taxed = _tables(sheet, figures, printed)
    found = [line for table in tables for line in table]
    if _total(found) in printed:
        return tuple(found[:_MAX_LINES])
    for table in tables:  # the others repeat it in short, or are about something else
        if len(tables) > 1 and _total(table) in printed:
            return tuple(table[:_MAX_LINES])
    if not is_taxed:
        listed = _listed(sheet, figures, printed)
        if len(listed) > 1 or (listed and not found):
            return tuple(listed[:_MAX_LINES])
    return tuple(found[:_MAX_LINES])


def unheaded(sheet: LabelledLines) -> tuple[Decimal, ...]:
    """Amounts that end lines without any label, one after the other: the lines of a letter; the largest group."""
    groups: list[list[Decimal]] = [[]]
    for line, labels in zip(sheet.lines, sheet.labels, strict=True):
        sums = [label for label in labels if label.label.field in _SUMS and label.label.weight >= 0.4]
        amounts = [amount for amount in amounts_in(line.text) if amount.sureness >= 0.8]
        is_taken_off = any(label.label.field in _TAKEN_OFF and label.label.weight >= 0.6 for label in labels)
        if any(groups) and any(
            label.label.field == "withheld_amount" and label.label.weight >= 0.6 for label in labels
        ):
            break  # what follows is the payer's
        if is_taken_off or _RECKONING.fullmatch(line.plain):
            continue
        if sums and amounts:
            groups.append([])
        elif amounts and len(line.text) - amounts[-1].end <= 4 and not _CARRIED.match(line.plain):
            groups[-1].append(amounts[-1].value)
    largest: list[Decimal] = max(groups, key=len)
    return tuple(largest)


def _total(lines: Sequence[InvoiceLine]) -> Decimal | None:
    return sum((line.amount for line in lines), _ZERO) if lines else None


def _printed_totals(sheet: LabelledLines) -> set[Decimal]:
    """Every amount that stands where a total without VAT may: what the lines may add up to."""
    is_taxed = any(amount.value for _, amount in _amounts_of(sheet, "tax_amount"))
    wanted = {"tax_exclusive_amount"} if is_taxed else _TOTALS
    found = {amount.value for name in wanted for _, amount in _amounts_of(sheet, name)}
    for line, labels in zip(sheet.lines, sheet.labels, strict=True):
        fields = {label.label.field for label in labels if label.label.weight >= 0.6}
        at = line.plain.find("total")
        if at >= 0 and not (is_taxed and fields & {"tax_inclusive_amount", "payable_amount"}):
            found |= {amount.value for amount in amounts_in(line.text) if amount.start > at}
    # What the lines make before a discount of the whole.
    less = {
        abs(amount.value)
        for region, amount in _amounts_of(sheet, "discount_amount")
        if amount.sureness >= _MONEY and not region.is_below
    }
    return found | {total + discount for total in found for discount in less if total > 0}


def _amounts_of(sheet: LabelledLines, name: str) -> Iterator[tuple[Region, AmountInText]]:
    for region in sheet.regions(name):
        if region.match.label.weight >= 0.4:
            yield from ((region, amount) for amount in region.amounts)


# --- under headings ---------------------------------------------------------------------------------------------------


def _tables(
    sheet: LabelledLines, figures: list[tuple[Figure, ...]], printed: set[Decimal]
) -> tuple[list[list[InvoiceLine]], bool]:
    """The lines under each row of headings; and whether a table gives its amounts with VAT only."""
    tables: list[list[InvoiceLine]] = []
    columns: tuple[str, ...] = ()
    index = 0
    is_taxed = False
    while index < len(sheet.lines):
        row = heading_row(sheet, index)
        if row is None:
            index += 1
            continue
        end = _end_of_table(sheet, figures, row)
        if row.has("amount"):
            lines = _lines_under(sheet, figures, row, end, printed)
            kinds = tuple(heading.kind for heading in row.headings)
            if lines and tables and kinds == columns and sheet.lines[index].page != sheet.lines[index - 1].page:
                tables[-1] += lines  # the same headings again on the next page
            elif lines:
                tables.append(lines)
                columns = kinds
        else:
            is_taxed = True
        index = max(end, row.last + 1)
    return tables, is_taxed


def _end_of_table(sheet: LabelledLines, figures: list[tuple[Figure, ...]], row: HeadingRow) -> int:
    """The index of the first line that is no longer the table's: a total, a deduction, other headings."""
    left = row.headings[0].left
    has_rows = False
    index = row.last + 1
    while index < len(sheet.lines):
        line = sheet.lines[index]
        if line.page != sheet.lines[index - 1].page and not _goes_on(sheet, figures, index, row):
            break
        if index > row.last + 1 and has_rows and heading_row(sheet, index) is not None:
            break
        closing = _closing(sheet, figures, index, left)
        if closing == "end" or (closing == "row" and has_rows):
            break
        has_rows = has_rows or any(figure.is_money or figure.is_alone for figure in figures[index])
        index += 1
    return index


def _goes_on(sheet: LabelledLines, figures: list[tuple[Figure, ...]], index: int, row: HeadingRow) -> bool:
    """Whether a table without new headings goes on, on a new page: a row comes before anything that would end it."""
    amount = next((heading for heading in row.headings if heading.kind in {"amount", "taxed"}), row.headings[-1])
    for position in range(index, min(index + 12, len(sheet.lines))):
        if heading_row(sheet, position) is not None or _closing(sheet, figures, position, row.headings[0].left):
            return False
        if any(f.is_money and f.right > amount.left and f.left < amount.right + 0.1 for f in figures[position]):
            return True
    return False


def _closing(sheet: LabelledLines, figures: list[tuple[Figure, ...]], index: int, left: float) -> str:
    """How a line speaks of totals: "end" for one of them, "row" for what may also be a line of the invoice (an advance
    is sold as such before it is taken off), "" for neither."""
    line = sheet.lines[index]
    labels = [label for label in sheet.labels[index] if label.label.field in _SUMS | _TAKEN_OFF]
    if not labels or _CARRIED.match(line.plain):
        return ""
    cells = [cell for cell in line.cells() if any(map(str.isalpha, line.text[slice(*cell)]))]
    inside = [cell for cell in cells if line.box_of(*cell)[2] > left]
    heads = {start: [label for label in labels if start <= label.start <= start + 2] for start, _ in inside or cells}
    if not heads:
        return ""
    first = heads[min(heads)]
    has_amount = any(figure.is_money or figure.is_alone for figure in figures[index])
    if any(label.label.field in _TOTALS and label.label.weight >= 0.85 for found in heads.values() for label in found):
        return "end"
    has_money = any(figure.is_money for figure in figures[index])
    if not has_money and sum(map(bool, heads.values())) >= _FOOT:
        return "end"  # headings of a foot, the first of which is not understood
    if not first:
        return ""
    fields = {label.label.field for label in first}
    if len(labels) > 1 and all(heads.values()) and fields & _SUMS:
        return "end"  # headings of a foot: « Total HT  TVA  Total TTC »
    if not has_amount:
        return ""
    weight = max(label.label.weight for label in first)
    if fields & _TAKEN_OFF:
        return "row" if fields == {"prepaid_amount"} or weight < 0.9 else "end" if "withheld_amount" in fields else ""
    return "end" if weight >= 0.6 or line.plain[min(heads) :].startswith("total") else "row"


def _lines_under(
    sheet: LabelledLines,
    figures: list[tuple[Figure, ...]],
    headings: HeadingRow,
    end: int,
    printed: set[Decimal],
) -> list[InvoiceLine]:
    body = range(headings.last + 1, end)
    table = LineTable(headings, [figure for index in body for figure in figures[index]])
    rows = _rows(figures, table, body, printed)
    table.begin_with([sheet.lines[row.amount.row] for row in rows])
    _give_texts(sheet, table, rows, body)
    for row in rows:
        for index in row.texts:
            if index > row.amount.row and _RECKONING.fullmatch(sheet.lines[index].plain):
                _add_reckoning(sheet, figures, row, index)
    lines = []
    for row in rows:
        line = line_of(sheet, row, table.kinds)
        is_apart = _is_apart(plain(row.label)) or _is_apart(sheet.lines[row.amount.row].plain)
        # What has a quantity and a price that make its amount is a line of its own, be it called a discount.
        if not is_apart or (line.certainty == "certain" and not _CARRIED.match(plain(row.label))):
            lines.append(line)
    return _without_running_total(lines)


def _is_apart(text: str) -> bool:
    """Whether a row repeats others, or is about the whole invoice; `text` is plain."""
    return bool(_CARRIED.match(text) or _OVERALL.match(text))


def _rows(figures: list[tuple[Figure, ...]], table: LineTable, body: range, printed: set[Decimal]) -> list[Row]:
    rows: list[Row] = []
    for index in body:
        kinds: dict[str, list[Figure]] = {}
        for figure in figures[index]:
            kinds.setdefault(table.kind_of(figure), []).append(figure)
        if "amount" in kinds:
            rows.append(Row(kinds["amount"][-1], kinds))
    money = [row for row in rows if row.amount.is_money]
    # A column of whole numbers; or a sheet without formats, « 2400 » over « 87,40 », where a total says so.
    if not money or (all(row.amount.is_alone for row in rows) and sum(row.amount.value for row in rows) in printed):
        return rows
    return money


def _give_texts(sheet: LabelledLines, table: LineTable, rows: list[Row], body: range) -> None:
    """The words of the description to the row they belong to: that of their line, else the nearest block's."""
    if not rows:
        return
    anchors = {row.amount.row: row for row in rows}
    texts = {index: _text(sheet.lines[index], table, anchors.get(index)) for index in body}
    for index, row in anchors.items():
        row.texts[index] = texts[index]
    between: list[int] = []
    above: Row | None = None
    for index in body:
        if index not in anchors:
            if texts[index]:
                between.append(index)
            continue
        _share(sheet.lines, between, above, anchors[index], texts)
        between, above = [], anchors[index]
    _share(sheet.lines, between, above, None, texts)


def _share(
    lines: list[TextLine], between: list[int], above: Row | None, below: Row | None, texts: dict[int, str]
) -> None:
    """Give the lines between two amounts to the one above or the one below, parted at the widest gap."""
    if not between:
        return
    chain = [*([above.amount.row] if above else []), *between, *([below.amount.row] if below else [])]
    gaps = [_gap(lines[before], lines[after]) for before, after in itertools.pairwise(chain)]
    if above is None or below is None:
        # Before the first row and after the last, only what follows closely.
        near, far = (between, above) if above else (between[::-1], below)
        own_gaps = gaps if above else gaps[::-1]
        for index, gap in zip(near, own_gaps, strict=True):
            if gap > _NEAR or far is None:
                return
            far.texts[index] = texts[index]
        return
    widest = max(range(len(gaps)), key=lambda rank: gaps[rank])
    others = [gap for rank, gap in enumerate(gaps) if rank != widest]
    is_parted = gaps[widest] > max(others) + 0.15
    for rank, index in enumerate(between):
        (below if is_parted and rank >= widest else above).texts[index] = texts[index]


def _gap(upper: TextLine, lower: TextLine) -> float:
    """In heights of a line; infinite between two pages."""
    if upper.page != lower.page:
        return float("inf")
    return (lower.box[1] - upper.box[3]) / min(upper.height, lower.height)


def _text(line: TextLine, table: LineTable, row: Row | None) -> str:
    """The words of a line that stand in the column of descriptions."""
    taken = [] if row is None else [f for kind, found in row.figures.items() if kind not in _WORDY for f in found]
    kept = []
    for start, end in line.cells():
        cut = min((f.start for f in taken if start <= f.start < end), default=end)
        part = table.descriptions(line, (start, cut)) if start < cut else None
        if part is not None:
            kept.append(line.text[slice(*part)].strip())
    return " ".join(part for part in kept if part)


def _without_running_total(lines: list[InvoiceLine]) -> list[InvoiceLine]:
    """A row that says what those above it add up to, and all that comes after, is no line: « Montant brut »."""
    above = _ZERO
    for rank, line in enumerate(lines):
        if rank >= 2 and line.amount == above and above and line.quantity is None and line.price is None:
            return lines[:rank]
        above += line.amount
    return lines


# --- without headings -------------------------------------------------------------------------------------------------


def _listed(sheet: LabelledLines, figures: list[tuple[Figure, ...]], printed: set[Decimal]) -> list[InvoiceLine]:
    """Lines of text that end with an amount, one after the other, that a printed total adds up."""
    best: list[Row] = []
    for group, is_before_total in _groups(sheet, figures):
        for first in range(len(group)):
            total = _ZERO
            for last in range(first, len(group)):
                total += group[last].amount.value
                length = last - first + 1
                is_last = last == len(group) - 1
                if total not in printed or (length == 1 and not (is_before_total and is_last)):
                    continue
                if length > len(best):
                    best = group[first : last + 1]
    _drop_what_is_beside(sheet, best)
    return [line_of(sheet, row, set()) for row in best]


def _drop_what_is_beside(sheet: LabelledLines, rows: list[Row]) -> None:
    """Rows that have unlike numbers of cells stand beside something else: their words are those that line up."""
    spans = [[cell for cell in sheet.lines[row.amount.row].cells() if cell[1] <= row.amount.start] for row in rows]
    if len({len(cells) for cells in spans}) < 2 or not all(spans):
        return
    lefts = [
        [sheet.lines[row.amount.row].box_of(*cell)[0] for cell in cells] for row, cells in zip(rows, spans, strict=True)
    ]
    common = [left for left in lefts[0] if all(any(abs(left - other) < 0.01 for other in own) for own in lefts)]
    if not common:
        return
    for row, cells, own in zip(rows, spans, lefts, strict=True):
        start = next(cell[0] for cell, left in zip(cells, own, strict=True) if abs(left - common[0]) < 0.01)
        skipped = sheet.lines[row.amount.row].text[:start].strip()
        row.texts[row.amount.row] = row.texts[row.amount.row].removeprefix(skipped).strip()


def _groups(sheet: LabelledLines, figures: list[tuple[Figure, ...]]) -> Iterator[tuple[list[Row], bool]]:
    """Rows between two lines that speak of totals, each group with whether such a line follows."""
    group: list[Row] = []
    for index in range(len(sheet.lines)):
        row = _listed_row(sheet, figures, index)
        if row is None and group and _RECKONING.fullmatch(sheet.lines[index].plain):
            _add_reckoning(sheet, figures, group[-1], index)
        elif row is None and figures[index] and (_names_sum(sheet, index) or _closing(sheet, figures, index, 0.0)):
            if group:
                yield group, True
            group = []
        elif row is not None:
            group.append(row)
    if group:
        yield group, False


def _names_sum(sheet: LabelledLines, index: int) -> bool:
    """Whether a line, wherever in it, names a total: « le montant total s'élève à 881,60 € »."""
    return any(
        label.label.field in _SUMS
        and label.label.weight
        >= (_NAMED if label.label.field in {"tax_inclusive_amount", "payable_amount"} else _PLAIN)
        for label in sheet.labels[index]
    )


def _add_reckoning(sheet: LabelledLines, figures: list[tuple[Figure, ...]], row: Row, index: int) -> None:
    """« 4 h × 14,40 € » right under a row: its quantity and its price."""
    if _gap(sheet.lines[row.amount.row], sheet.lines[index]) <= _NEAR:
        row.figures.setdefault("", []).extend(figure for figure in figures[index] if not figure.is_percent)


def _listed_row(sheet: LabelledLines, figures: list[tuple[Figure, ...]], index: int) -> Row | None:
    line = sheet.lines[index]
    money = [figure for figure in figures[index] if figure.is_money and not figure.is_percent]
    if _names_sum(sheet, index) or _RECKONING.fullmatch(line.plain):
        return None
    if not money or _is_apart(line.plain) or _IN_PASSING.search(line.plain) or _closing(sheet, figures, index, 0.0):
        return None
    amount = money[-1]
    rest = line.text[amount.end :]
    head = line.plain[: amount.start]
    if _SUMS_ALONE.sub("", rest.lower()) or sum(map(str.isalpha, head)) < 3:
        return None
    end = min((f.start for f in figures[index] if f.is_alone), default=amount.start)
    text = line.text[:end].rstrip(" :=-") or line.text[: amount.start].rstrip(" :=-")
    return Row(amount, {"": [f for f in figures[index] if f is not amount]}, {index: text.strip(" -•*")})
