"""A document that says the same invoice twice, to people and to programs: where the two do not agree.

A misread page must not accuse a correct file. A difference is told when the page was read with certainty and says
something else, or when it says something else and what the data say is nowhere to be seen on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from plainchant.capture.amounts import amounts_in
from plainchant.capture.dates import dates_in
from plainchant.capture.identifiers import ibans_in, sirets_in
from plainchant.capture.lines import TextLine, lines_of
from plainchant.capture.place import Document, Place
from plainchant.capture.proposal import FieldReading, ReadField
from plainchant.einvoice.codes.en16931 import DOCUMENT_TYPES_UBL_CREDIT_NOTE
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE

COMPARED = (
    "number",
    "issue_date",
    "due_date",
    "type_code",
    "seller_siret",
    "buyer_siret",
    "buyer_reference",
    "purchase_order_reference",
    "contract_reference",
    "currency",
    "tax_exclusive_amount",
    "tax_amount",
    "tax_inclusive_amount",
    "payable_amount",
    "iban",
)
# Words, not values: their mere absence from the page says nothing.
_UNDERSTOOD = ("type_code", "currency")


@dataclass(frozen=True, slots=True)
class PageDifference:
    """`on_page` is empty when the value of the data is nowhere on the page and nothing else was read in its stead."""

    field: str
    on_page: str
    in_data: str
    place: Place | None = None


def differences(document: Document, reading: FieldReading, stated: Mapping[str, str]) -> list[PageDifference]:
    """Where the page of an invoice and its data differ, in the order of COMPARED; none for a page without text."""
    if not document.has_text:
        return []
    lines = lines_of(document)
    found = []
    for name in COMPARED:
        value, read = stated.get(name, ""), reading.fields.get(name)
        if not value or (read is not None and _same(name, read.value, value)):
            continue
        if read is not None and read.certainty == "certain":
            if name != "type_code" or (read.value == CREDIT_NOTE) != (value in DOCUMENT_TYPES_UBL_CREDIT_NOTE):
                found.append(PageDifference(name, read.text, value, read.place))
        elif name not in _UNDERSTOOD and not _is_shown(name, value, lines):
            found.append(_unseen(name, read, value))
    return found


def _unseen(name: str, read: ReadField | None, value: str) -> PageDifference:
    if read is None or read.certainty == "doubtful":
        return PageDifference(name, "", value)
    return PageDifference(name, read.text, value, read.place)


def _same(name: str, value: str, other: str) -> bool:
    if name.endswith("_amount"):
        first, second = _amount(value), _amount(other)
        return first is not None and first == second
    return _squeezed(value) == _squeezed(other)


def _is_shown(name: str, value: str, lines: list[TextLine]) -> bool:
    """Whether a value stands anywhere on the pages, however it is written."""
    if name.endswith("_amount"):
        amount = _amount(value)
        return amount is not None and any(amount in _amounts(line) for line in lines)
    if name.endswith("_date"):
        return any(date.value.isoformat() == value[:10] for line in lines for date in dates_in(line.plain))
    finder: Callable[[str], object] | None = {
        "iban": ibans_in,
        "seller_siret": sirets_in,
        "buyer_siret": sirets_in,
    }.get(name)
    wanted = _squeezed(value)
    if finder is not None and any(wanted == match.value for line in lines for match in finder(line.text)):  # type: ignore[attr-defined]
        return True
    return any(wanted in _squeezed(line.text) for line in lines)


def _amounts(line: TextLine) -> set[Decimal]:
    values = {amount.value for amount in amounts_in(line.text)}
    return values | {-value for value in values}  # the sign of a credit note may be in its title only


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum()).casefold()
