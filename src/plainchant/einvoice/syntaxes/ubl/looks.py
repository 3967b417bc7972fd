"""The rules of UBL's syntax that a path and two numbers cannot say: conditions, comparisons, distinct values.

Their ids are EN 16931's; the plain ones are in `restrictions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from plainchant.einvoice.syntaxes.binding import INVOICED_OBJECT, Element, string
from plainchant.einvoice.syntaxes.reading import Reading, Restriction, Scope, local_name, parent_of

FATAL = frozenset(
    """
    UBL-SR-04 UBL-SR-12 UBL-SR-13 UBL-SR-18 UBL-SR-19 UBL-SR-20 UBL-SR-21 UBL-SR-29 UBL-SR-30 UBL-SR-31 UBL-SR-43
    UBL-SR-44 UBL-SR-46 UBL-SR-47 UBL-SR-51 UBL-SR-53 UBL-DT-01 UBL-DT-06 UBL-DT-07 UBL-CR-666 UBL-CR-673
    """.split()
)  # the others of this file are warnings


def _at(element: Element, *names: str) -> Iterator[Element]:
    """The elements a path of local names leads to."""
    if not names:
        yield element
        return
    for child in element.iterchildren(f"{{*}}{names[0]}"):
        yield from _at(child, *names[1:])


def _texts(element: Element, *names: str) -> list[str]:
    return [string(found) for found in _at(element, *names)]


def _address(element: Element, reading: Reading) -> None:
    if len(_texts(element, "AddressLine")) > 1:
        reading.fail("UBL-SR-51", element)


def _document(element: Element, reading: Reading) -> None:
    kinds = _texts(element, "DocumentTypeCode")
    is_object = INVOICED_OBJECT in kinds
    identifiers = list(_at(element, "ID"))
    with_scheme = [found for found in identifiers if found.get("schemeID") is not None]
    is_credit_note = local_name(element.getroottree().getroot()) == "CreditNote"
    if not (is_object or (is_credit_note and "50" in kinds) or (not with_scheme and not kinds)):
        reading.fail("UBL-SR-43", element)
    if is_object:
        for rule, name in (("UBL-CR-666", "Attachment"), ("UBL-CR-673", "DocumentDescription")):
            if next(_at(element, name), None) is not None:
                reading.fail(rule, element)
    if with_scheme and (not kinds or any(kind != INVOICED_OBJECT for kind in kinds)):
        reading.fail("UBL-CR-665", element)


def _amount(element: Element, reading: Reading) -> None:
    _, _, decimals = string(element).partition(".")
    if len(decimals) > 2:
        reading.fail("UBL-DT-01", element)


def _binary(element: Element, reading: Reading) -> None:
    for rule, name in (("UBL-DT-06", "mimeCode"), ("UBL-DT-07", "filename")):
        if element.get(name) is None:
            reading.fail(rule, element)


def _allowance(element: Element, reading: Reading) -> None:
    if len(_texts(element, "AllowanceChargeReason")) <= 1:
        return
    indicators = set(_texts(element, "ChargeIndicator"))
    if indicators & {"false", "0"}:
        reading.fail("UBL-SR-30", element)
    elif indicators & {"true", "1"}:
        reading.fail("UBL-SR-31", element)


def _tax_scheme(element: Element, reading: Reading) -> None:
    if next(_at(element, "TaxScheme", "ID"), None) is None or next(_at(element, "CompanyID"), None) is None:
        reading.fail("UBL-SR-53", element)


def _payee(element: Element, reading: Reading) -> None:
    """Three rules, one of which each breaks when the payee is the seller: the payee is named only if it is another."""
    above = parent_of(element)
    sellers = _texts(above, "AccountingSupplierParty", "Party", "PartyLegalEntity", "RegistrationName")
    names = _texts(element, "PartyName", "Name")
    differs = any(name != seller for name in names for seller in sellers)
    others = [
        found for found in _at(element, "PartyIdentification", "ID") if found.get("schemeID", "").upper() != "SEPA"
    ]
    for rule, count in (
        ("UBL-SR-19", len(names)),
        ("UBL-SR-20", len(others)),
        ("UBL-SR-21", len(_texts(element, "PartyLegalEntity", "CompanyID"))),
    ):
        if count > 1 or not differs:
            reading.fail(rule, element)


def _tax_numbers(element: Element, side: str) -> tuple[int, int]:
    """How many VAT numbers and how many other tax numbers a party has."""
    vat = other = 0
    for found in _at(element, side, "Party", "PartyTaxScheme"):
        count = len(_texts(found, "CompanyID"))
        schemes = [next(iter(_texts(scheme, "ID")), "").upper() for scheme in _at(found, "TaxScheme")]
        vat += count if "VAT" in schemes else 0
        other += count if any(scheme != "VAT" for scheme in schemes) else 0
    return vat, other


def _kept(element: Element, reading: Reading) -> None:
    """Kept for when the document closes: looking for them through all lines would cost as much as reading these."""
    reading.kept.setdefault(f"{local_name(element)}", []).append(element)


def _sepa(element: Element, reading: Reading) -> None:
    if element.get("schemeID", "").upper() == "SEPA":
        reading.kept["sepa"] = reading.kept.get("sepa", 0) + 1


def _whole(element: Element, reading: Reading) -> None:
    """What concerns the document as a whole."""
    payments, means = (
        {string(found) for found in reading.kept.pop(name, ())} for name in ("PaymentID", "PaymentMeansCode")
    )
    sepa = reading.kept.pop("sepa", 0)
    version = _texts(element, "UBLVersionID")
    objects = [
        found
        for document in _at(element, "AdditionalDocumentReference")
        if INVOICED_OBJECT in _texts(document, "DocumentTypeCode")
        for found in _at(document, "ID")
    ]
    seller_vat, seller_other = _tax_numbers(element, "AccountingSupplierParty")
    buyer_vat, _ = _tax_numbers(element, "AccountingCustomerParty")
    for rule, broken in (
        ("UBL-CR-002", bool(version) and "2.1" not in version),
        ("UBL-CR-412", _is(element, "Invoice") and bool(_texts(element, "PaymentMeans", "PaymentDueDate"))),
        ("UBL-CR-420", bool(_texts(element, "PaymentMeans", "CardAccount", "CV2ID"))),
        ("UBL-SR-04", len(objects) > 1),
        ("UBL-SR-12", seller_vat > 1),
        ("UBL-SR-13", seller_other > 1),
        ("UBL-SR-18", buyer_vat > 1),
        ("UBL-SR-29", sepa > 1),
        ("UBL-SR-44", len(payments) > 1),
        (
            "UBL-SR-46",
            sum(code.get("name") is not None for code in _at(element, "PaymentMeans", "PaymentMeansCode")) > 1,
        ),
        ("UBL-SR-47", len(means) > 1),
    ):
        if broken:
            reading.fail(rule, element)


def _is(element: Element | None, name: str) -> bool:
    return element is not None and local_name(element) == name


SCOPES: tuple[Scope, ...] = (
    Scope("looks", "cac:PostalAddress", look=_address),
    Scope("looks", "cac:Address", look=_address),
    Scope("looks", "cac:AdditionalDocumentReference", look=_document),
    Scope("looks", "cac:Price/cac:AllowanceCharge/cbc:*Amount"),
    Scope("looks", "cbc:*PriceAmount"),
    Scope("looks", "*Amount", look=_amount),
    Scope("looks", "*BinaryObject", look=_binary),
    Scope("looks", "cac:AllowanceCharge", look=_allowance),
    Scope("looks", "cac:PartyTaxScheme", look=_tax_scheme),
    Scope("looks", "cac:PayeeParty", look=_payee),
    Scope("looks", "/*", look=_whole),
    Scope("kept", "cbc:PaymentID", look=_kept),
    Scope("kept", "cbc:PaymentMeansCode", look=_kept),
    Scope("kept", "cac:PartyIdentification/cbc:ID", look=_sepa),
    Scope("UBL-DT-18", "cbc:PaymentMeansCode"),
    Scope("UBL-DT-18", "*", restrictions=(Restriction("UBL-DT-18", "@name"),)),
)
