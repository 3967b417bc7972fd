"""The lines of the sheet as the page shows them, and lines pasted from a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

from plainchant.capture.lines import plain
from plainchant.einvoice.codes.units import UNITS
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.making.composing.totals import line_net
from plainchant.portal.drafts.typed import LINE_FIELDS, MAX_LINES, NotUnderstood, Understood, number

# Heading of a column, as spreadsheets name it → field of a line. Looked for in this order.
_HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reference", ("ref", "reference", "code", "article")),
    ("name", ("designation", "libelle", "intitule", "prestation", "produit", "objet", "description")),
    ("quantity", ("quantite", "qte", "qt", "nombre", "nb")),
    ("unit", ("unite",)),
    ("rate", ("taux", "tva")),
    ("discount", ("remise", "rabais")),
    ("price", ("prix", "pu", "p.u.", "tarif", "montant unitaire")),
)
_TOTALS = ("total", "montant", "ht", "ttc")
_UNIT_OF_WORD = {word: code for code, word in UNITS.items()} | {
    "h": "HUR", "heures": "HUR", "j": "DAY", "jours": "DAY", "u": "C62", "unites": "C62", "pieces": "XPP", "ens": "LS",
    "km": "KMT", "m": "MTR", "m2": "MTK", "kg": "KGM", "l": "LTR", "forfaits": "LS", "seances": "E48", "mois": "MON",
}  # fmt: skip


def rows(typed: list[Mapping[str, str]], told: Understood, findings: list[Finding]) -> list[dict[str, Any]]:
    """Each line with its net amount and what is wrong with it, field by field."""
    wrong: dict[str, str] = {}
    for finding in findings:
        if finding.field and finding.field.startswith("lines-") and finding.severity == "fatal":
            wrong.setdefault(finding.field, finding.message)
    shown = []
    for place, line in enumerate(typed):
        understood = told.lines[place] if place < len(told.lines) else None
        errors = {name: wrong[key] for name in LINE_FIELDS if (key := f"lines-{place}-{name}") in wrong}
        shown.append(
            {
                "place": place,
                "typed": {**dict.fromkeys(LINE_FIELDS, ""), **line},
                "net": line_net(understood) if understood else None,
                "errors": errors,
                "has_details": bool(line.get("description") or line.get("reference") or line.get("discount")),
            }
        )
    return shown


def pasted(text: str) -> list[dict[str, str]]:
    """The lines of a table copied from a spreadsheet: columns by their headings, or by what stands in them."""
    table = [
        [" ".join(cell.split()) for cell in row]
        for row in csv.reader(StringIO(text), delimiter=_delimiter(text))
        if any(cell.strip() for cell in row)
    ]
    if not table:
        return []
    columns = _by_headings(table[0])
    body = table[1:] if columns else table
    if not columns:
        columns = _by_content(body)
    lines = []
    for row in body[:MAX_LINES]:
        line = {name: row[place] for name, place in columns.items() if place < len(row)}
        if not line.get("name") and not line.get("price"):
            continue
        line["unit"] = _UNIT_OF_WORD.get(plain(line.get("unit", "")), line.get("unit", "").upper())
        if line["unit"] not in UNITS:
            line["unit"] = "C62"
        line["quantity"] = line.get("quantity") or "1"
        line["rate"] = line.get("rate", "").replace("%", "").strip()
        lines.append(line)
    return lines


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
    """Without headings: the longest text is the designation; then quantity, price and, if it looks like one, a rate."""
    width = max(len(row) for row in body)
    numbers = [place for place in range(width) if all(_is_number(row[place]) for row in body if place < len(row))]
    texts = [place for place in range(width) if place not in numbers]
    found: dict[str, int] = {}
    if texts:
        found["name"] = max(texts, key=lambda place: sum(len(row[place]) for row in body if place < len(row)))
    rates = [place for place in numbers if all(_is_rate(row[place]) for row in body if place < len(row) and row[place])]
    if len(numbers) >= 3 and rates and rates[-1] == numbers[-1]:  # … quantity, price, rate
        found["rate"] = numbers.pop()
    if len(numbers) == 1:
        found["price"] = numbers[0]
    elif numbers:
        found["quantity"], found["price"] = numbers[0], numbers[1]
    return found


def _is_number(cell: str) -> bool:
    try:
        number(cell, places=6, what="", example="")
    except NotUnderstood:
        return False
    return True


def _is_rate(cell: str) -> bool:
    try:
        rate = number(cell, places=2, what="", example="")
    except NotUnderstood:
        return False
    return rate in {Decimal(one) for one in ("20", "10", "5.5", "2.1", "8.5", "0")}
