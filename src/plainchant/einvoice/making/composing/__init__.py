"""From what a person says of an invoice to the whole invoice: totals, mentions, identifiers, in one of two codings.

`sheet` is what is said; `totals` the one arithmetic that the screen, the page and the XML share; `compose` the invoice.
"""

from plainchant.einvoice.law.french_vat import Nature

from .compose import Coding, compose, differences
from .sheet import DeductedDeposit, DepositRate, Sheet, SheetLine, SheetParty
from .totals import SheetTotals, totals_of

__all__ = [
    "Coding",
    "DeductedDeposit",
    "DepositRate",
    "Nature",
    "Sheet",
    "SheetLine",
    "SheetParty",
    "SheetTotals",
    "compose",
    "differences",
    "totals_of",
]
