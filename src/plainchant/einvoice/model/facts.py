"""What a file says that the model has no term for, and a rule or Chorus Pro looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

# Where EN 16931 has no term for what Chorus Pro reads: the cadre of a UBL minimal, its own types of identifiers.
ChorusFact = Literal["cadre", "seller_scheme_name", "buyer_scheme_name", "buyer_service", "vat_regime"]


@dataclass(slots=True)
class Facts:
    """Filled by the reader of a syntax, read by the rules. An element is only ever compared with itself."""

    # An issue date is written, even if it is no date: BR-03 asks whether there is one, not whether it exists.
    issue_date_written: bool = False
    # CII: the issue date has no format="102", which BR-03 wants said.
    issue_date_without_format_102: bool = False
    # Elements of periods whose two dates are written but cannot be compared (CII: no format="102"). BR-29, BR-30.
    unordered_periods: set[Any] = field(default_factory=set)
    # Elements of periods that hold a date nobody can read: not empty in the sense of BR-CO-19 and BR-CO-20.
    unreadable_periods: set[Any] = field(default_factory=set)
    # (element, number) of the VAT numbers a party has beside its first: each has a prefix too (BR-CO-09).
    other_vat_identifiers: list[tuple[Any, str]] = field(default_factory=list)
    # CII: the seller's only tax number is of neither scheme VA nor FC, and so is none for BR-S-02 and its kin.
    tax_registration_without_scheme: bool = False
    # A form whose official template has no means of payment; Chorus Pro then takes a credit transfer (G1.14).
    payment_optional: bool = False
    # CII: the element that marks the invoice as a test, which asks for no payment.
    test_indicator: Any = None
    chorus: dict[ChorusFact, str] = field(default_factory=dict)
