"""What a file says that the model has no term for and a rule looks at: the names readers and rules share."""

from __future__ import annotations

# True: an issue date is written, even if it is no date. BR-03 asks whether there is one, not whether it exists.
ISSUE_DATE_WRITTEN = "issue_date_written"
# CII, True: the issue date has no format="102", which BR-03 wants said.
ISSUE_DATE_WITHOUT_FORMAT_102 = "issue_date_without_format_102"
# Elements of periods whose two dates are written but cannot be compared (CII: no format="102"). BR-29, BR-30.
UNORDERED_PERIODS = "unordered_periods"
# Elements of periods that hold a date nobody can read: not empty in the sense of BR-CO-19 and BR-CO-20.
UNREADABLE_PERIODS = "unreadable_periods"
# (element, number) of the VAT numbers a party has beside its first: each has a prefix too (BR-CO-09).
OTHER_VAT_IDENTIFIERS = "other_vat_identifiers"
# CII, True: the seller's only tax number is of neither scheme VA nor FC, and so is none for BR-S-02 and its kin.
TAX_REGISTRATION_WITHOUT_SCHEME = "tax_registration_without_scheme"
# True: a form whose official template has no means of payment; Chorus Pro then takes a credit transfer (G1.14).
PAYMENT_OPTIONAL = "payment_optional"
