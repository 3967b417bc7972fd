"""The lines of the invoice (BG-25) where its table can be read: columns come from a row of headings, rows from amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from plainchant.capture.amounts import AmountInText, amounts_in, parse_digits
from plainchant.capture.labels import Match, pattern
from plainchant.capture.lines import TextLine
from plainchant.capture.place import Box, Place, enclosing_box
from plainchant.capture.proposal import InvoiceLine
from plainchant.capture.regions import LabelledLines

_CENT = Decimal("0.01")
_MAX_LINES = 1000

# What the columns of the table are called; the first that matches a heading wins.
_COLUMNS = tuple(
    (kind, pattern(rf"^[\s.:*-]*(?:{words})"))
    for kind, words in (
        ("other", r"(?:% ?)?(?:rem(?:ise)?\.?|rabais)(?![a-z])|unite\b|u\.?$|um$|lot\b|date\b|peremption|cumul|situations? prec|total ttc|montant ttc|prix (?:total )?ttc|ttc$"),
        ("price", r"p\.? ?u\.?(?![a-z])|prix(?: net)? unit|prix(?: ht)?$|prix de vente|tarif|cout unit|px\b|unitaire|taux (?:journalier|horaire)|prix u|valeur unit"),
        ("rate", r"(?:taux|tx|code|%)?(?: de)? ?{TVA}(?: ?\(?%\)?)?$|tva|%$|taxes?$|taux$"),
        ("quantity", r"q(?:te|uantites?|te?s?)\.?(?![a-z])|nb\b|nbre\b|nombre|heures?$|jours?$|duree$"),
        ("amount", r"(?:montant|total|prix total|mt\.?|somme|sous[- ]total|p\.?t\.?|mois)(?: (?:net|ligne|de la ligne))?(?: ?\(?(?:{HT}|€|eur(?:os?)?)\)?)*$|prix {HT}$|{HT}$|net {HT}$"),
        ("label", r"designation|description|libelle|prestations?|produits?|intitule|objet|nature|detail|travaux|articles?|denomination|services?$"),
        ("code", r"ref(?:erence|\.)?|code"),
    )
)  # fmt: skip
_SUMS = {"tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount"}
_TAKEN_OFF = {"prepaid_amount", "discount_amount", "withheld_amount"}
_QUANTITY = re.compile(r"(?<![\w.,])-?\d{1,6}(?:[.,]\d{1,4})?(?![\w%.,])")
_RATE = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d{1,3})?)(?![\w.,])")
_CARRIED = re.compile(r"report|sous[- ]?total|a reporter|total")


@dataclass(frozen=True, slots=True)
class _Column:
    kind: str
    left: float  # the column's reach: half way to its neighbours
    right: float


def invoice_lines(sheet: LabelledLines) -> tuple[InvoiceLine, ...]:
    """The lines of every table of the sheet that has headings; empty when there is none."""
    found: list[InvoiceLine] = []
    index = 0
    while index < len(sheet.lines) and len(found) < _MAX_LINES:
        columns = _headings(sheet, index)
        index += 1
        if not columns:
            continue
        rows, index = _rows(sheet, index, columns)
        found += rows
    return tuple(found)


def unheaded(sheet: LabelledLines) -> tuple[Decimal, ...]:
    """Amounts that end lines without any label, one after the other: the lines of a letter; the largest group."""
    groups: list[list[Decimal]] = [[]]
    for line, labels in zip(sheet.lines, sheet.labels, strict=True):
        sums = [label for label in labels if label.label.field in _SUMS and label.label.weight >= 0.4]
        amounts = [amount for amount in amounts_in(line.text) if amount.sureness >= 0.8]
        if any(label.label.field in _TAKEN_OFF and label.label.weight >= 0.6 for label in labels):
            continue
        if sums and amounts:
            groups.append([])
        elif amounts and len(line.text) - amounts[-1].end <= 4 and not _CARRIED.search(line.plain):
            groups[-1].append(amounts[-1].value)
    largest: list[Decimal] = max(groups, key=len)
    return tuple(largest)


def _headings(sheet: LabelledLines, index: int) -> list[_Column]:
    """The columns that a line heads, if it is a row of headings: at least an amount and one more thing."""
    line = sheet.lines[index]
    cells = line.cells()
    if len(cells) < 2 or any(letter.isdigit() for letter in line.text):
        return []
    kinds = [next((kind for kind, words in _COLUMNS if words.search(line.plain[slice(*cell)])), "") for cell in cells]
    if (
        "amount" not in kinds
        or not {"label", "quantity", "price", "rate", "code"} & set(kinds)
        or len(cells) < 3 - ("label" in kinds)
    ):
        return []
    if "label" not in kinds and "" in kinds:
        kinds[kinds.index("")] = "label"  # whatever it is called: « Trajet », « Élément de mission »
    last = (
        len(kinds) - 1 - kinds[::-1].index("amount")
    )  # of two, the last is the line's own: before it stand cumulated ones
    kinds = [kind if kind != "amount" or rank == last else "other" for rank, kind in enumerate(kinds)]
    boxes = [line.box_of(*cell) for cell in cells]
    columns = []
    for rank, (kind, box) in enumerate(zip(kinds, boxes, strict=True)):
        left = (boxes[rank - 1][2] + box[0]) / 2 if rank else 0.0
        right = (box[2] + boxes[rank + 1][0]) / 2 if rank + 1 < len(boxes) else 1.0
        columns.append(_Column(kind, left, right))
    return columns


def _rows(sheet: LabelledLines, index: int, columns: list[_Column]) -> tuple[list[InvoiceLine], int]:
    """Rows from `index` down to the totals or to another row of headings; and the index where they end."""
    found: list[InvoiceLine] = []
    start = index
    while index < len(sheet.lines):
        line, labels = sheet.lines[index], sheet.labels[index]
        if index > start and line.page != sheet.lines[index - 1].page and not _has_heading(sheet, index, columns):
            break
        if _is_total(line, labels) or (_headings(sheet, index) and found):
            break
        row = _row(line, columns)
        if row is not None and not _CARRIED.match(line.plain.strip()):
            found.append(row)
        elif row is None and found and _continues(line, found[-1], columns):
            label = f"{found[-1].label} {line.text.strip()}"[:500]
            found[-1] = replace(found[-1], label=label)
        index += 1
    return found, max(index, start)


def _has_heading(sheet: LabelledLines, index: int, columns: list[_Column]) -> bool:
    """Whether the table goes on, on a new page: its headings again, or a row of it, before anything else ends it."""
    for position in range(index, min(index + 12, len(sheet.lines))):
        if _headings(sheet, position):
            return False
        if _row(sheet.lines[position], columns) is not None:
            return True
    return False


def _is_total(line: TextLine, labels: list[Match]) -> bool:
    fields = {label.label.field for label in labels if label.label.weight >= 0.6}
    return bool(fields & _SUMS) and (any(True for _ in amounts_in(line.text)) or len(fields & _SUMS) > 1)


def _row(line: TextLine, columns: list[_Column]) -> InvoiceLine | None:
    amounts = [(amount, _kind(line, amount.start, amount.end, columns)) for amount in amounts_in(line.text)]
    own = [amount for amount, kind in amounts if kind == "amount" and amount.sureness >= 0.8]
    if not own:
        return None
    total = own[-1]
    prices = [amount for amount, kind in amounts if kind == "price"]
    label = " ".join(_texts(line, columns, "label")).strip()
    quantity, price = _quantity(line, columns), prices[-1].value if prices else None
    is_checked = quantity is not None and price is not None and abs(quantity * price - total.value) <= _CENT
    return InvoiceLine(
        label=label[:500],
        quantity=quantity,
        price=price,
        rate=_rate(line, columns),
        amount=total.value,
        place=Place(page=line.page, box=_box(line, total)),
        certainty="certain" if is_checked else "likely",
    )


def _box(line: TextLine, total: AmountInText) -> Box:
    return enclosing_box([line.box, line.box_of(total.start, total.end)])


def _kind(line: TextLine, start: int, end: int, columns: list[_Column]) -> str:
    """The column where most of `start:end` stands; numbers lean on their right edge, words on their left."""
    x0, _, x1, _ = line.box_of(start, end)
    best = max(columns, key=lambda column: min(x1, column.right) - max(x0, column.left))
    return best.kind if min(x1, best.right) > max(x0, best.left) else ""


def _texts(line: TextLine, columns: list[_Column], kind: str) -> Iterator[str]:
    for start, end in line.cells():
        if start < end and _kind(line, start, end, columns) == kind:
            yield line.text[start:end]


def _quantity(line: TextLine, columns: list[_Column]) -> Decimal | None:
    for text in _texts(line, columns, "quantity"):
        hit = _QUANTITY.search(text)
        if hit:
            return parse_digits(hit[0].lstrip("-")) * (-1 if hit[0].startswith("-") else 1)
    return None


def _rate(line: TextLine, columns: list[_Column]) -> Decimal | None:
    for text in _texts(line, columns, "rate"):
        hit = _RATE.search(text.replace("%", " "))
        if hit and parse_digits(hit[1]) < 30:
            return parse_digits(hit[1])
    return None


def _continues(line: TextLine, row: InvoiceLine, columns: list[_Column]) -> bool:
    """A description that runs on: words under the description, close to it, no figures."""
    is_near = line.page == row.place.page and line.box[1] - row.place.box[3] < 1.2 * line.height
    kinds = {_kind(line, start, end, columns) for start, end in line.cells() if start < end}
    return is_near and kinds == {"label"} and len(row.label) < 300
