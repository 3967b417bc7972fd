"""The lines of an invoice, for bench/reading: what its XML or its inventor says, and how many were read right.

A line is right when its amount is, and its quantity and price wherever they are printed. What is read beyond the lines
of the page counts against.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from plainchant.capture.proposal import InvoiceLine
from reading_made.facts import TrueLine
from reading_truth import NAMESPACES, times_shown


@dataclass
class LineScore:
    documents: int = 0  # that show lines
    whole: int = 0  # all lines right, and none too many
    shown: int = 0
    right: int = 0
    in_excess: int = 0

    def judge(self, name: str, true: tuple[TrueLine, ...], read: tuple[InvoiceLine, ...], *, tell: bool) -> None:
        """Count the lines of one document; nothing when its page shows none."""
        if not true:
            return
        left = list(read)
        missed = []
        for known in true:
            found = next((line for line in left if _is_right(line, known)), None)
            if found is None:
                missed.append(known)
            else:
                left.remove(found)
        in_excess = max(len(read) - len(true), 0)
        self.documents += 1
        self.shown += len(true)
        self.right += len(true) - len(missed)
        self.in_excess += in_excess
        self.whole += not missed and not in_excess
        if tell and (missed or in_excess):
            for known in missed:
                print(f"  {name}: no line {known.quantity} × {known.price} = {known.amount} was read")
            for line in left:
                print(f"  {name}: was read {line.quantity} × {line.price} = {line.amount} {line.label!r}")

    def __str__(self) -> str:
        counted = self.shown + self.in_excess
        share = f"{100 * self.right / counted:.1f} %" if counted else "-"
        return (
            f"lines: {self.right} of {self.shown} right, {self.in_excess} too many: {share}; "
            f"{self.whole} of {self.documents} documents have all theirs"
        )


def _is_right(line: InvoiceLine, true: TrueLine) -> bool:
    """Signs are left to the layout: a credit note may take back -2 at 50 or 2 at -50."""
    pairs = (({true.quantity}, line.quantity), ({true.price, true.price_before}, line.price))
    return abs(line.amount) == abs(true.amount) and all(
        not any(known) or (not true.is_detailed if read is None else abs(read) in {abs(value or 0) for value in known})
        for known, read in pairs
    )


def lines_of(xml: bytes) -> tuple[TrueLine, ...]:
    """The lines of a CII file, all taken for detailed; none when one has no amount."""
    tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    found = []
    for item in tree.iterfind(".//ram:IncludedSupplyChainTradeLineItem", NAMESPACES):
        amount, quantity, price, gross = (
            _number(item.findtext(f".//ram:{path}", namespaces=NAMESPACES))
            for path in (
                "LineTotalAmount",
                "BilledQuantity",
                "NetPriceProductTradePrice/ram:ChargeAmount",
                "GrossPriceProductTradePrice/ram:ChargeAmount",
            )
        )
        if amount is None:
            return ()
        if price is not None and quantity is not None and abs(abs(price * quantity) - abs(amount)) > Decimal("0.01"):
            price = None  # rounded after a discount: no page prints it
        found.append(TrueLine(amount, quantity, price, is_detailed=True, price_before=gross))
    return tuple(found)


def shown_in(text: str, lines: tuple[TrueLine, ...]) -> tuple[TrueLine, ...]:
    """The lines as a page shows them; none when the amount of one is not there, beside the total that one makes."""
    asked = Counter(abs(line.amount) for line in lines)
    total = abs(sum((line.amount for line in lines), Decimal(0)))
    if total in asked:
        asked[total] += 1
    if not all(times_shown(amount, text) >= times for amount, times in asked.items()):
        return ()
    # One at 40,00 makes 40,00: nobody knows how often 40,00 ought to stand there.
    return tuple(
        replace(line, is_detailed=line.is_detailed and line.price != line.amount and _is_shown(line, text))
        for line in lines
    )


def _is_shown(line: TrueLine, text: str) -> bool:
    return any(price is not None and times_shown(price, text) for price in (line.price, line.price_before))


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
