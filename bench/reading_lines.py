"""The lines of an invoice, for bench/reading: what its XML or its inventor says, and how many were read right.

A line is right when its amount is, and its quantity and price wherever they are printed. What is read beyond the lines
of the page counts against.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
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
    pairs = ((true.quantity, line.quantity), (true.price, line.price))
    return line.amount == true.amount and all(
        (read is None and not true.is_detailed) or known is None or (read is not None and abs(read) == abs(known))
        for known, read in pairs
    )


def lines_of(xml: bytes, text: str) -> tuple[TrueLine, ...]:
    """The lines of a CII file; none when `text` does not show the amount of each, beside the total that one makes."""
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
        if price is not None and not times_shown(price, text):
            price = gross
        # One at 40,00 makes 40,00: nobody knows how often 40,00 ought to stand there.
        is_detailed = price is not None and price != amount and times_shown(price, text) > 0
        found.append(TrueLine(amount, quantity, price, is_detailed))
    asked = Counter(abs(line.amount) for line in found)
    total = _number(tree.findtext(".//ram:TaxBasisTotalAmount", namespaces=NAMESPACES))
    if total is not None and abs(total) in asked:
        asked[abs(total)] += 1
    return tuple(found) if all(times_shown(amount, text) >= times for amount, times in asked.items()) else ()


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
