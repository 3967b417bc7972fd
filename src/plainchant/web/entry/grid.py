"""The lines of the sheet as the page shows them, and lines pasted from a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

from plainchant.capture.lines import plain
from plainchant.capture.units import unit_named
from plainchant.einvoice.amounts import CENT, decimals
from plainchant.einvoice.codes.units import DEFAULT
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.vat_rates import every_rate
from plainchant.einvoice.making.composing.totals import line_net
from plainchant.portal.drafts.fields import LINE_FIELDS
from plainchant.portal.drafts.typed import Understood
from plainchant.portal.drafts.values import NotUnderstood, number

# Heading of a column, as spreadsheets name it → field of a line. Looked for in this order.
_HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reference", ("ref", "reference", "code", "article")),
    ("name", ("designation", "libelle", "intitule", "prestation", "produit", "objet", "description")),
    ("quantity", ("quantite", "qte", "qt", "nombre", "nb")),
    ("unit", ("unite",)),
    ("rate", ("taux", "tva", "t.v.a", "% tva", "%tva", "vat")),
    ("discount", ("remise", "rabais")),
    ("price", ("prix", "pu", "p.u.", "tarif", "montant unitaire")),
)
_TOTALS = ("total", "montant", "ht", "ttc")
_RATE = re.compile(
    r"(?P<vat>t\.?v\.?a\.?|taux)?(?: de| a| :|:)?\s?(?P<rate>\d{1,3}(?:[.,]\d{1,3})?)\s?(?P<percent>%)?(?: tva)?"
)


def rows(typed: list[Mapping[str, str]], understood: Understood, findings: list[Finding]) -> list[dict[str, Any]]:
    """Each line with its net amount, what is wrong with it, field by field, and what is to be looked at."""
    wrong: dict[str, str] = {}
    doubts = [finding for finding in understood.findings if finding.severity == "warning"]
    for finding in findings:
        if finding.field and finding.field.startswith("lines-") and finding.severity == "fatal":
            wrong.setdefault(finding.field, finding.message)
    shown = []
    for place, line in enumerate(typed):
        whole = understood.lines[place] if place < len(understood.lines) else None
        errors = {name: wrong[key] for name in LINE_FIELDS if (key := f"lines-{place}-{name}") in wrong}
        shown.append(
            {
                "place": place,
                "typed": {**dict.fromkeys(LINE_FIELDS, ""), **line},
                "net": line_net(whole) if whole else None,
                "errors": errors,
                "doubts": [lack.message for lack in doubts if (lack.field or "").startswith(f"lines-{place}-")],
                "has_details": bool(line.get("description") or line.get("reference") or line.get("discount")),
            }
        )
    return shown


def pasted(text: str) -> list[dict[str, str]]:
    """The lines of a table copied from a spreadsheet: columns by their headings, or by what stands in them."""
    try:
        table = [
            [" ".join(cell.split()) for cell in row]
            for row in csv.reader(StringIO(text, newline=None), delimiter=_delimiter(text))
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:  # a cell longer than any table has
        return []
    if not table:
        return []
    columns = _by_headings(table[0])
    body = table[1:] if columns else table
    if not columns:
        columns = _by_content(body)
    lines = []
    for row in body:
        line = {name: row[place] for name, place in columns.items() if place < len(row)}
        if not line.get("name") and not line.get("price"):
            continue
        line["unit"] = unit_named(line.get("unit", "")) or DEFAULT
        line["quantity"] = line.get("quantity") or "1"
        line["rate"] = _rate(line.get("rate", ""))
        lines.append(line)
    return lines


def _rate(cell: str) -> str:
    """« TVA 5,5 % » → 5,5; what is no rate is kept as it is, to be told of."""
    hit = _RATE.fullmatch(plain(cell))
    return hit["rate"] if hit else cell.strip()


def _delimiter(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else ""
    return "\t" if "\t" in first else ";" if ";" in first else "\t"


def _by_headings(row: list[str]) -> dict[str, int]:
    """Field → column, where the first row names at least a designation and a price."""
    found: dict[str, int] = {}
    words = [plain(cell) for cell in row]
    for name, starts in _HEADINGS:
        for place, heading in enumerate(words):
            is_total = name == "price" and heading.startswith(_TOTALS) and "unit" not in heading
            if place not in found.values() and not is_total and heading.startswith(starts):
                found[name] = place
                break
    return found if {"name", "price"} <= set(found) else {}


def _by_content(body: list[list[str]]) -> dict[str, int]:
    """Without headings: the longest text is the designation, then come quantity, price and the rate of VAT."""
    columns = [[row[place] for row in body if place < len(row)] for place in range(max(len(row) for row in body))]
    numbers = [place for place, cells in enumerate(columns) if any(cells) and all(map(_is_number, cells))]
    marked = [place for place, cells in enumerate(columns) if _are_marked_as_rates(cells)]
    texts = [place for place in range(len(columns)) if place not in numbers and place not in marked]
    found: dict[str, int] = {}
    units = [place for place in texts if all(map(unit_named, columns[place]))]
    if units and len(units) < len(texts):
        found["unit"] = units[0]
        texts.remove(units[0])
    if texts:
        found["name"] = max(texts, key=lambda place: sum(map(len, columns[place])))
    rate = marked[-1] if marked else _unmarked_rate(body, numbers, columns)
    if rate is not None:
        found["rate"] = rate
    numbers = [place for place in numbers if place != rate]
    if len(numbers) == 1:
        found["price"] = numbers[0]
    elif numbers:
        found["quantity"], found["price"] = numbers[0], numbers[1]
    return found


def _are_marked_as_rates(cells: list[str]) -> bool:
    """Whether a cell says « % » or « TVA », and at least half of those filled are a rate, so marked or bare."""
    hits = [_RATE.fullmatch(plain(cell)) for cell in cells if cell]
    likely = [hit for hit in hits if hit]
    return any(hit["vat"] or hit["percent"] for hit in likely) and 2 * len(likely) >= len(hits)


def _unmarked_rate(body: list[list[str]], numbers: list[int], columns: list[list[str]]) -> int | None:
    """The column behind quantity and price that holds rates of the law, else what may be rates; totals may not."""
    if len(numbers) < 3:
        return None
    quantity, price, *others = numbers
    others = [place for place in others if not _are_totals(body, quantity, price, place)]
    known = [place for place in others if all(not cell or _value(cell) in every_rate() for cell in columns[place])]
    likely = [place for place in others if all(not cell or _could_be_rate(cell) for cell in columns[place])]
    return next(iter([*known[::-1], *likely[::-1]]), None)


def _are_totals(body: list[list[str]], quantity: int, price: int, place: int) -> bool:
    """Whether a column is quantity times price, on more than one line if it could be a rate: 2 × 10 may be at 20 %."""
    rows = [[_value(row[at]) for at in (quantity, price, place)] for row in body if place < len(row)]
    agree = [
        abs(count * cost - amount) <= CENT
        for count, cost, amount in rows
        if count is not None and cost is not None and amount is not None
    ]
    return all(agree) and (len(agree) > 1 or any(amount not in every_rate() for _, _, amount in rows))


def _could_be_rate(cell: str) -> bool:
    value = _value(cell)
    return value is not None and 0 <= value < 100 and decimals(value) <= 2


def _value(cell: str) -> Decimal | None:
    try:
        return number(cell, places=6, what="", example="")
    except NotUnderstood:
        return None


def _is_number(cell: str) -> bool:
    return not cell or _value(cell) is not None
