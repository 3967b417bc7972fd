"""One hand: how it writes figures, dates and numbers; and the record of what it wrote, which is the truth."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from random import Random

from .invoice import Invoice, Line

NO_BREAK, NARROW = "\u00a0", "\u202f"
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_NUMERALS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
_SUMS = {  # attribute of an invoice: field
    "net": "tax_exclusive_amount",
    "tax": "tax_amount",
    "gross": "tax_inclusive_amount",
    "payable": "payable_amount",
}
_SHOWN = {  # how often a page has it
    "order": 0.7,
    "contract": 0.3,
    "service": 0.5,
    "due": 0.75,
    "iban": 0.8,
    "buyer_siret": 0.85,
    "seller_vat": 0.7,
    "quote": 0.3,
}


class Pen:
    """Writes one invoice. A method that gives a value's text notes the value in `fields` or `items` as printed."""

    def __init__(self, invoice: Invoice, split: str) -> None:
        self.invoice = invoice
        self.chance = chance = Random(f"pen {invoice.seed} {split}")
        # Between thousands, and the decimal mark.
        self.marks = chance.choice((" ,", NO_BREAK + ",", NARROW + ",", ".,", ",", NO_BREAK + ",", "'.", " ,", ","))
        self.sign = chance.choice((NO_BREAK + "€", " €", "€", " EUR", "", NO_BREAK + "€", " €"))
        self.date_form = chance.choice(("d/m/Y", "d/m/Y", "d/m/Y", "d.m.Y", "d-m-Y", "d/m/y", "long", "long", "Y-m-d"))
        self.siret_form = chance.choice(("14", "14", "3 3 3 5", "3 3 3 5", "9 5", "3" + NO_BREAK, "9-5"))
        self.fields: dict[str, str] = {"type_code": invoice.code}
        self.items: list[dict[str, str | None]] = []
        self.has_delivery_address = chance.random() < 0.25
        self.has = {name: chance.random() < share for name, share in _SHOWN.items()}
        if self.sign:
            self.fields["currency"] = "EUR"

    def note(self, name: str, value: str) -> None:
        """The page shows this field."""
        self.fields[name] = value

    def note_payable(self) -> None:
        """What is to pay is printed, under the name of another sum."""
        self.fields.setdefault("payable_amount", f"{self.invoice.payable:.2f}")

    def note_only_tax(self) -> None:
        """The only row of VAT is the whole tax; of several rates none is."""
        if len(self.invoice.rates) == 1:
            self.note("tax_amount", f"{self.invoice.tax:.2f}")

    def note_breakdown(self) -> None:
        """Each rate is printed with its base and its tax."""
        rows = (" ".join(f"{part:.2f}" for part in rate) for rate in self.invoice.rates)
        self.note("vat_breakdown", "; ".join(rows))

    def item(self, line: Line, shown: str = "qpr") -> Line:
        """The line, noted; `shown` has the initials of quantity, price and rate if the row has them."""
        self.items.append(
            {
                "label": line.label,
                "quantity": str(line.quantity) if "q" in shown else None,
                "price": str(line.price) if "p" in shown else None,
                "rate": str(line.rate) if "r" in shown else None,
                "amount": f"{line.amount:.2f}",
            }
        )
        return line

    def amount(self, value: Decimal, sign: bool = True, negative: str = "-") -> str:
        """A sum in this hand, `sign` with its currency; `negative` stands before a negative one, "()" around it."""
        whole, decimals = f"{abs(value):.2f}".split(".")
        thousands, mark = self.marks[:-1], self.marks[-1]
        text = thousands.join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", whole)) + mark + decimals
        text += self.sign if sign else ""
        if value >= 0:
            return text
        return f"({text})" if negative == "()" else f"{negative}{text}"

    def money(self, name: str, sign: bool = True, negative: str = "-") -> str:
        """One of the invoice's sums (a key of `_SUMS`), noted."""
        value: Decimal = getattr(self.invoice, name)
        self.note(_SUMS[name], f"{value:.2f}")
        return self.amount(value, sign, negative)

    def percent(self, rate: Decimal, space: str = NO_BREAK) -> str:
        """A rate with its sign."""
        text = f"{rate.normalize():f}".replace(".", "," if self.marks[-1] == "," else ".")
        return text + space + "%"

    def quantity(self, quantity: Decimal, two_decimals: bool = False) -> str:
        """A figure that is no money."""
        text = f"{quantity:.2f}" if two_decimals else f"{quantity.normalize():f}"
        return text.replace(".", ",")

    def day(self, date: datetime.date, form: str = "") -> str:
        """A date: as `d/m/Y` and the like, "long" with its month in letters, "words" wholly so; default: as usual."""
        form = form or self.date_form
        month = _MONTHS[date.month - 1]
        if form == "long":
            return f"{'1er' if date.day == 1 else date.day} {month} {date.year}"
        if form == "words":
            return f"{_day_in_words(date.day)} {month} deux mille vingt-{'cinq' if date.year == 2025 else 'six'}"
        return re.sub("[dmYy]", lambda found: date.strftime("%" + found[0]), form)

    def issued(self, form: str = "") -> str:
        """The invoice's date."""
        self.note("issue_date", self.invoice.issued.isoformat())
        return self.day(self.invoice.issued, form)

    def due(self, form: str = "") -> str:
        """The day it is due."""
        self.note("due_date", self.invoice.due.isoformat())
        return self.day(self.invoice.due, form)

    def number(self) -> str:
        """The invoice's number."""
        return self._noted("number", self.invoice.number)

    def seller_siret(self) -> str:
        """Grouped as this hand groups it."""
        return self._grouped(self._noted("seller_siret", self.invoice.seller.siret))

    def buyer_siret(self) -> str:
        """Grouped as this hand groups it."""
        return self._grouped(self._noted("buyer_siret", self.invoice.buyer.siret))

    def seller_vat(self) -> str:
        """The seller's VAT number, every other one in groups."""
        number = self._noted("seller_vat_number", self.invoice.seller.vat_number)
        return number if self.invoice.seed % 2 else f"{number[:2]} {number[2:4]} {number[4:]}"

    def iban(self) -> str:
        """The account, two in three in groups of four."""
        iban = self._noted("iban", self.invoice.iban)
        return iban if self.invoice.seed % 3 == 0 else " ".join(re.findall(".{1,4}", iban))

    def order(self) -> str:
        """The purchase order or engagement."""
        return self._noted("purchase_order_reference", self.invoice.order)

    def contract(self) -> str:
        """The contract (« marché »)."""
        return self._noted("contract_reference", self.invoice.contract)

    def service(self) -> str:
        """The buyer's service code."""
        return self._noted("buyer_reference", self.invoice.service)

    def mention(self) -> str:
        """Why there is no VAT, which says the tax and makes all the sums one; empty where there is VAT."""
        invoice = self.invoice
        if invoice.has_vat:
            return ""
        self.note("tax_amount", "0.00")
        for name in ("net", "gross", "payable"):
            self.fields.setdefault(_SUMS[name], f"{getattr(invoice, name):.2f}")
        return invoice.mention

    def any_of(self, *wordings: str) -> str:
        """One of the wordings, drawn."""
        return self.chance.choice(wordings)

    def _noted(self, name: str, value: str) -> str:
        self.note(name, value)
        return value

    def _grouped(self, siret: str) -> str:
        form = self.siret_form
        if form == "14":
            return siret
        if form in ("9-5", "9 5"):
            return siret[:9] + form[1] + siret[9:]
        space = NO_BREAK if NO_BREAK in form else " "
        return space.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def _day_in_words(day: int) -> str:
    if day == 1:
        return "premier"
    if day <= 16:
        return _NUMERALS[day]
    tens, rest = ("dix", day - 10) if day < 20 else ("vingt", day - 20) if day < 30 else ("trente", day - 30)
    return tens + ("" if rest == 0 else " et un" if rest == 1 else f"-{_NUMERALS[rest]}")
