"""What a page says and what is said beside it, by the data of a Factur-X or by who fills in a form: where they differ.

A misread page must not accuse a correct invoice. A difference is told when the page was read with certainty and says
something else, or when it says something else and what is said beside it is nowhere to be seen on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from plainchant.capture.amounts import amounts_in
from plainchant.capture.dates import dates_in
from plainchant.capture.identifiers import ibans_in, sirets_in
from plainchant.capture.lines import TextLine, lines_of
from plainchant.capture.place import Document, Place
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.codes.cadres import is_paid
from plainchant.einvoice.codes.en16931 import DOCUMENT_TYPES_UBL_CREDIT_NOTE
from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.model import Header, HeaderParty

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
# Written in groups, parted by spaces, points or hyphens; in a reference a hyphen is part of it.
_GROUPED = ("seller_siret", "buyer_siret", "iban")


@dataclass(frozen=True, slots=True)
class PageDifference:
    """`stated` is what is said beside the page; `on_page` is empty when that is nowhere on the page and nothing else
    was read in its stead."""

    field: str
    on_page: str
    stated: str
    place: Place | None = None


def stated_by(header: Header) -> dict[str, str]:
    """What an invoice says, under the names and in the writing of what is read; empty where it says nothing."""
    values = {
        "number": header.number,
        "issue_date": header.issue_date,
        "type_code": header.type_code,
        "seller_siret": _siret(header.seller),
        "buyer_siret": _siret(header.buyer),
        "buyer_reference": header.buyer.service_code,
        "purchase_order_reference": header.purchase_order_reference,
        "contract_reference": header.contract_reference,
        "currency": header.currency,
        "tax_exclusive_amount": header.tax_exclusive_amount,
        "tax_amount": header.tax_amount,
        "tax_inclusive_amount": header.tax_inclusive_amount,
        "payable_amount": header.payable_amount,
        "iban": header.payment_account,
    }
    return {name: "" if value is None else str(value) for name, value in values.items()}


def comparable(header: Header) -> dict[str, str]:
    """The same without what a page may well say otherwise: what was to pay, once it is paid."""
    stated = stated_by(header)
    if is_paid(header.billing_framework) and not header.payable_amount:
        stated["payable_amount"] = ""
    return stated


def _siret(party: HeaderParty) -> str:
    return party.identifier if party.identifier_scheme == SIRET_TYPE else ""


def differences(
    document: Document, reading: FieldReading, stated: Mapping[str, str], *, with_absent: bool = True
) -> list[PageDifference]:
    """Where a page and what is said beside it differ, in the order of COMPARED.

    Nothing can be looked for on a page without text: then only what was read with certainty counts. ``with_absent``:
    also what is nowhere on the page, where nothing was read in its stead.
    """
    shown = cache(lambda: lines_of(document))
    is_credit = _is_credit(reading, stated)
    found = []
    for name in COMPARED:
        value, read = stated.get(name, ""), reading.fields.get(name)
        if not value or (read is not None and _same(name, read.value, value, is_credit=is_credit)):
            continue
        if name == "payable_amount" and _same(name, str(reading.amount_due()), value, is_credit=is_credit):
            continue  # the page withholds something, and asks for the rest
        proposed = read if read is not None and read.certainty != "doubtful" else None
        is_certain = proposed is not None and proposed.certainty == "certain"
        is_sought = document.has_text and name not in _UNDERSTOOD and (proposed is not None or with_absent)
        if is_certain or (is_sought and not _is_shown(name, value, shown())):
            on_page = (proposed.text or proposed.value) if proposed else ""
            found.append(PageDifference(name, on_page, value, proposed.place if proposed else None))
    return found


def _is_credit(reading: FieldReading, stated: Mapping[str, str]) -> bool:
    """Whether either of the two says with certainty that money goes back: then a minus sign says nothing more."""
    read = reading.fields.get("type_code")
    is_read = read is not None and read.certainty == "certain" and read.value == CREDIT_NOTE
    return is_read or stated.get("type_code", "") in DOCUMENT_TYPES_UBL_CREDIT_NOTE


def _same(name: str, value: str, other: str, *, is_credit: bool) -> bool:
    if name.endswith("_amount"):
        first, second = _amount(value), _amount(other)
        if first is None or second is None:
            return False
        return first == second or (is_credit and abs(first) == abs(second))
    if name == "type_code":
        return (value == CREDIT_NOTE) == (other in DOCUMENT_TYPES_UBL_CREDIT_NOTE)
    if name in _GROUPED:
        return _squeezed(value) == _squeezed(other)
    return "".join(value.split()).casefold() == "".join(other.split()).casefold()


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
