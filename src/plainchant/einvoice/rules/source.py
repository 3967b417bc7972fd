"""What only the file itself can say: whether an element stands there at all and how often, which the model forgets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from plainchant.einvoice.amounts import total
from plainchant.einvoice.model import AllowanceCharge, VatCategory


def holds(group: Any, name: str) -> bool:
    """Whether the element a group was read from has a child of this local name. True for what was made here."""
    source = getattr(group, "source", None)
    return source is None or any(_is(child, name) for child in source)


def holds_bare(group: Any, name: str) -> bool:
    """Whether it has such a child without a schemeID. False for what was made here: a writer knows better."""
    source = getattr(group, "source", None)
    return source is not None and any(_is(child, name) and child.get("schemeID") is None for child in source)


def count(group: Any, path: str) -> int:
    """How many elements stand at this path (``{*}a/{*}b``) below the one a group was read from; 0 if made here."""
    source = getattr(group, "source", None)
    return 0 if source is None else sum(1 for _ in source.iterfind(path))


def references_without_file(invoice: Any, types: Collection[str]) -> Iterator[tuple[str, str]]:
    """Type and number of each reference of these types that a CII holds without a file; none for what was made here."""
    for cited in invoice.source.iterfind(_REFERENCES) if invoice.source is not None else ():
        kind = cited.findtext("{*}TypeCode", "").strip()
        if kind in types and cited.find("{*}AttachmentBinaryObject") is None:
            yield kind, cited.findtext("{*}IssuerAssignedID", "").strip()


def cites(line: Any, number: str | None) -> bool:
    """Whether a line of a UBL cites the invoice of that number."""
    cited = "{*}BillingReference/{*}InvoiceDocumentReference/{*}ID"
    return line.source is not None and any(
        (found.text or "").strip() == number for found in line.source.iterfind(cited)
    )


def logistics_charges(invoice: Any) -> tuple[AllowanceCharge, ...]:
    """The charges for transport that a CII of a profile EXTENDED holds (BG-X-42), which the model has no place for."""
    if invoice.source is None:
        return ()
    return tuple(
        AllowanceCharge(amount=_number(charge.findtext("{*}AppliedAmount")), vat=_vat(charge), source=charge)
        for charge in invoice.source.iterfind(f"{_SETTLEMENT}/{{*}}SpecifiedLogisticsServiceCharge")
    )


def _vat(charge: Any) -> VatCategory | None:
    tax = charge.find("{*}AppliedTradeTax")
    if tax is None:
        return None
    code, reason, reason_code = (
        (tax.findtext(f"{{*}}{name}") or "").strip() or None
        for name in ("CategoryCode", "ExemptionReason", "ExemptionReasonCode")
    )
    rate = _number(tax.findtext("{*}RateApplicablePercent"))
    return VatCategory(code=code, rate=rate, exemption_reason=reason, exemption_reason_code=reason_code)


def collected_for_others(invoice: Any) -> Decimal:
    """What a CII says to be collected for a third party (BT-179), 0 where it says nothing."""
    places = invoice.source.iterfind(_COLLECTED) if invoice.source is not None else ()
    return total(_number(place.text) for place in places)


def _number(text: str | None) -> Decimal | None:
    written = (text or "").strip()
    try:
        return Decimal(written) if len(written) <= _MAX_DIGITS and not written.strip("0123456789+-.") else None
    except InvalidOperation:
        return None


def has_due_date(invoice: Any, *, in_ubl: bool, is_credit_note: bool) -> bool:
    """Whether the due date stands where BR-FR-03 looks: UBL may give it with the means of payment instead."""
    return not in_ubl or (not is_credit_note and holds(invoice, "DueDate"))


def due_dates(invoice: Any, *, in_ubl: bool) -> list[str]:
    """All due dates the file gives, as YYYYMMDD or as they are if they are none: the model keeps one of them."""
    source = invoice.source
    if source is None:
        return [] if invoice.due_date is None else [f"{invoice.due_date:%Y%m%d}"]
    found = [element.text for path in _DUE_DATES[in_ubl] for element in source.iterfind(path)]
    return [text.strip().replace("-", "")[:8] for text in found if text is not None and text.strip()]


_REFERENCES = "{*}SupplyChainTradeTransaction/{*}ApplicableHeaderTradeAgreement/{*}AdditionalReferencedDocument"
_SETTLEMENT = "{*}SupplyChainTradeTransaction/{*}ApplicableHeaderTradeSettlement"
_MAX_DIGITS = 40  # as of a number that the reader takes
_COLLECTED = f"{_SETTLEMENT}/{{*}}SpecifiedFinancialAdjustment/{{*}}ActualAmount"
_DUE_DATES = {
    True: ("{*}DueDate", "{*}PaymentMeans/{*}PaymentDueDate"),
    False: (f"{_SETTLEMENT}/{{*}}SpecifiedTradePaymentTerms/{{*}}DueDateDateTime/{{*}}DateTimeString",),
}


def dates(reference: Any) -> bool:
    """Whether the file gives a date to a cited invoice, be it one that the calendar does not have."""
    if reference.issue_date is not None:
        return True
    source = reference.source
    return source is not None and any(
        _is(element, "IssueDate") or _is(element, "DateTimeString") for element in source.iter()
    )


def _is(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and element.tag.endswith("}" + name)
