"""How a syntax is bound to the model: a table of elements, written as nested dicts in each syntax's `binding.py`.

    {"cbc:ID": text("number"), "cac:InvoicePeriod": group("period", Period, {...})}

Names are ``prefix:local``. An element that only leads to others is a plain dict. What an element means besides its
place (UBL's PartyTaxScheme is a VAT number or something else) is told by a ``finish`` function of its group.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeAlias

from plainchant.einvoice.model import AllowanceCharge, Classification, Identifier, VatCategory
from plainchant.einvoice.model import Group as ModelGroup

from .reading import Element, Reading, Values, made
from .xml import WHITE_SPACE

Convert: TypeAlias = Callable[[Element, Reading], Any]
Finish: TypeAlias = Callable[[Element, Values, Values, Reading], None]
TRUE, FALSE = ("true", "1"), ("false", "0")
INVOICED_OBJECT, SUPPORTING = "130", "916"  # UNTDID 1001


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element whose text is a term. The first one wins unless ``many``.

    ``attributes`` are terms too: pairs of an attribute's name and the field it goes to.
    """

    field: str
    convert: Convert
    many: bool = False
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def is_text(self) -> bool:
        """Plain text: the walk reads it without a call."""
        return self.convert is _text and not self.many


@dataclass(frozen=True, slots=True)
class TermGroup:
    """An element that is a group of terms. ``finish(element, values, above, reading)`` replaces the default building:
    it gets the group's values, may take out those named ``_…`` (the model does not know them) and put what it makes
    into ``above``, the values of the group that holds it.
    """

    field: str
    model: type[ModelGroup] | None
    children: dict[str, Any]
    many: bool = False
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """An element that leads to others and has something to say of itself when they are read."""

    children: dict[str, Any] = dataclass_field(default_factory=dict)
    finish: Finish | None = None


def string(element: Element) -> str:
    """The text of an element as XPath's normalize-space would have its ends: "" when there is none."""
    if len(element):
        return "".join(element.itertext()).strip(WHITE_SPACE)
    text = element.text
    return text.strip(WHITE_SPACE) if text else ""


def _text(element: Element, reading: Reading) -> str:
    if len(element):
        return string(element)
    text = element.text
    return text.strip(WHITE_SPACE) if text else ""


def _amount(element: Element, reading: Reading) -> Decimal | None:
    """A number as XML Schema writes it. No exponent, no NaN: neither is a decimal there.

    One that is written as a Decimal would not write itself (+5, 05, 5.) is told too: some rules look at the writing.
    """
    text = element.text
    if text is None or len(element):
        text = string(element)
    text = text.strip(WHITE_SPACE)
    value, is_odd = _number(text) if len(text) <= MAX_DIGITS else (None, False)
    if value is None:
        reading.unreadable(element, text, "number")
    elif is_odd:
        reading.unreadable(element, text, "writing")
    return value


@lru_cache(maxsize=4096)
def _number(text: str) -> tuple[Decimal | None, bool]:
    """The number, and whether it would write itself otherwise. Kept: rates, quantities and prices come again."""
    if text.strip("0123456789+-."):
        return None, False
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None, False
    return value, (text[0] in "0+-." or text[-1] == ".") and str(value) != text


MAX_DIGITS = 40  # far above any amount; Decimal is exact up to 28 significant digits, which the context may raise


def _iso_date(element: Element, reading: Reading) -> datetime.date | None:
    """xs:date; a time zone after it is dropped, as no rule looks at it."""
    text = string(element)
    if len(text) >= 10 and text[4] == "-":
        try:
            day = datetime.date.fromisoformat(text[:10])
        except ValueError:
            pass
        else:
            if len(text) > 10:
                reading.unreadable(element, text, "writing")
            return day
    reading.unreadable(element, text, "date")
    return None


def _identifier(element: Element, reading: Reading) -> Identifier:
    return Identifier(string(element), element.get("schemeID"))


def text(field: str, *, many: bool = False, **attributes: str) -> Leaf:
    """``text("mandate", schemeID="scheme")``: the text, and an attribute that is a term of the same group."""
    return Leaf(field, _text, many, tuple(attributes.items()))


def amount(field: str, **attributes: str) -> Leaf:
    return Leaf(field, _amount, attributes=tuple(attributes.items()))


def iso_date(name: str) -> Leaf:
    return Leaf(name, _iso_date)


def identifier(name: str, *, many: bool = False) -> Leaf:
    return Leaf(name, _identifier, many)


def group(
    name: str,
    model: type[ModelGroup] | None,
    children: dict[str, Any],
    *,
    many: bool = False,
    finish: Finish | None = None,
) -> TermGroup:
    return TermGroup(name, model, children, many, finish)


def classification(name: str, *, many: bool = False) -> Leaf:
    return Leaf(name, _classification, many)


def _classification(element: Element, reading: Reading) -> Classification:
    return Classification(string(element), element.get("listID"), element.get("listVersionID"))


def filler(word: str) -> Leaf:
    """An element that a schema wants and that is no term: only another word than the writers' says something."""

    def noted(element: Element, reading: Reading) -> None:
        if string(element) != word:
            reading.leave(element)

    return Leaf(f"_{word}", noted)


def keep(above: Values, name: str, value: object, element: Element, reading: Reading, *, below: str = "") -> None:
    """The first value of a term that stands once; another one is left, and with it ``element``, or what is ``below``
    it.
    """
    if name not in above:
        above[name] = value
    elif above[name] != value:
        left = element.find(below) if below else element
        if left is not None:
            reading.leave(left)


def leave_parts(element: Element, reading: Reading, *names: str) -> None:
    """What these children say has no place in the term that was made of the others."""
    for name in names:
        for child in element.iterchildren(f"{{*}}{name}"):
            reading.leave(child)


def vat_category(element: Element, values: Values, above: Values, reading: Reading) -> None:
    values.setdefault("tax_type", None)
    keep(above, "vat", made(VatCategory, values, element), element, reading)


def discount_on_price(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """A charge on a price is no discount (BT-147): it is left, and the net price holds it."""
    if values.pop("_is_charge", "") in TRUE:
        values.pop("discount", None)
        reading.leave(element)


def allowance_or_charge(element: Element, values: Values, above: Values, reading: Reading) -> None:
    """Which of the two it is must be said; what does not say it is neither, as for the official rules."""
    indicator = values.pop("_is_charge", "")
    name = "charges" if indicator in TRUE else "allowances" if indicator in FALSE else None
    if name is None:
        reading.leave(element)
    else:
        above.setdefault(name, []).append(made(AllowanceCharge, values, element))
