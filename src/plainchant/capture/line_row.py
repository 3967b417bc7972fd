"""A row of a table of lines: the figures and the words that were found to be its own, as a line of the invoice."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from plainchant.capture.figures import Figure
from plainchant.capture.place import Place, enclosing_box
from plainchant.capture.proposal import Certainty, InvoiceLine
from plainchant.capture.regions import LabelledLines
from plainchant.einvoice.law.vat_rates import rates

_ZERO, _CENT, _HUNDRED = Decimal(0), Decimal("0.01"), Decimal(100)
_LONGEST_LABEL = 500
_HIGHEST_RATE = Decimal(30)


@dataclass(slots=True)
class Row:
    """A row of a table while it is put together: the line of its amount, and the lines of its words."""

    amount: Figure
    figures: dict[str, list[Figure]]
    texts: dict[int, str] = field(default_factory=dict)  # by the index of the line

    @property
    def label(self) -> str:
        return " ".join(self.texts[index] for index in sorted(self.texts) if self.texts[index])[:_LONGEST_LABEL]


def line_of(sheet: LabelledLines, row: Row, kinds: set[str]) -> InvoiceLine:
    """The line that a row is. `kinds`: those of the columns that its table has headings for.

    It is certain when quantity times price, less the discount of the line, makes the amount.
    """
    line = sheet.lines[row.amount.row]
    quantity, price = _factors(row, kinds)
    rebate = next((f.value for f in row.figures.get("rebate", []) if f.is_percent or f.value < _HUNDRED), None)
    is_checked = quantity is not None and price is not None and _makes(quantity, price, rebate, row.amount.value)
    certainty: Certainty = "certain" if is_checked else "likely"
    box = enclosing_box([line.box, line.box_of(row.amount.start, row.amount.end)])
    return InvoiceLine(
        label=row.label,
        quantity=quantity,
        price=price,
        rate=_rate(row),
        amount=row.amount.value,
        place=Place(page=line.page, box=box),
        certainty=certainty,
    )


def _makes(quantity: Decimal, price: Decimal, rebate: Decimal | None, amount: Decimal) -> bool:
    made = quantity * price
    return abs(abs(made) - abs(amount)) <= _CENT or (
        rebate is not None and abs(abs(made) * (_HUNDRED - abs(rebate)) / _HUNDRED - abs(amount)) <= _CENT
    )


def _factors(row: Row, kinds: set[str]) -> tuple[Decimal | None, Decimal | None]:
    """Quantity and price: under their headings, else the two figures of the row whose product is its amount."""
    quantities = [f for f in row.figures.get("quantity", []) if not f.is_percent]
    prices = [f for f in row.figures.get("price", []) if not f.is_percent]
    quantity = quantities[-1].value if quantities else None
    price = prices[-1].value if prices else None
    if (quantity is not None and price is not None) or not row.amount.value:
        return quantity, price
    others = [
        figure
        for kind, found in row.figures.items()
        if kind not in {"rate", "rebate", "taxed"}
        for figure in found
        if figure is not row.amount and not figure.is_percent and figure.value
    ]
    for figure in sorted(others, key=lambda figure: not figure.is_alone):
        if figure in quantities or figure in prices:
            continue
        known = quantity if quantity is not None else price
        if known is not None and _makes(known, figure.value, None, row.amount.value):
            if price is None and "price" not in kinds:
                return quantity, figure.value
            if quantity is None and "quantity" not in kinds:
                return figure.value, price
    if quantity is None and price is None:
        return _product(others, row.amount.value)
    return quantity, price


def _product(figures: list[Figure], amount: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Two figures whose product is the amount; the one with cents, else the second, is the price."""
    for rank, first in enumerate(figures):
        for second in figures[rank + 1 :]:
            if abs(abs(first.value * second.value) - abs(amount)) <= _CENT:
                if first.is_money and not second.is_money:
                    return second.value, first.value
                return first.value, second.value
    return None, None


def _rate(row: Row) -> Decimal | None:
    for figure in row.figures.get("rate", []):
        if 0 <= figure.value < _HIGHEST_RATE:
            return figure.value
    known = {*rates(), _ZERO}
    for kind, found in row.figures.items():
        for figure in found:
            if kind not in {"label", "rebate"} and figure.is_percent and figure.is_alone and figure.value in known:
                return figure.value
    return None
