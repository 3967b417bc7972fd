"""Chorus Pro's codes of VAT rates (codeTauxTva), which its API takes in place of a rate.

Its list is given at run time and published nowhere. TVA1 and its label are what an integrator recorded; TVA5 is 20 % in
a published request whose totals say so. Between them the rates in force are in order, which is our inference: a program
that has asked for the list reads the same. A code that is not here is a rate written out, as « TVA20 ».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_WRITTEN = re.compile(r"TVA[ _]?([0-9]{1,2}(?:[.,_][0-9]{1,2})?)")


@dataclass(frozen=True, slots=True)
class VatCode:
    code: str
    label: str
    rate: Decimal  # in per cent


VAT_CODES: tuple[VatCode, ...] = (
    VatCode("TVA1", "Art 293B(FranchiseEnBase)", Decimal(0)),
    VatCode("TVA2", "2,1 %", Decimal("2.1")),
    VatCode("TVA3", "5,5 %", Decimal("5.5")),
    VatCode("TVA4", "10 %", Decimal(10)),
    VatCode("TVA5", "20 %", Decimal(20)),
    VatCode("TVA6", "8,5 %", Decimal("8.5")),
)
VAT_CODE_OF = {row.code: row for row in VAT_CODES}


def rate_of(code: str) -> Decimal | None:
    """The rate in per cent of a codeTauxTva; None for one that says none."""
    wanted = code.strip().upper()
    if wanted in VAT_CODE_OF:
        return VAT_CODE_OF[wanted].rate
    match = _WRITTEN.fullmatch(wanted)
    return Decimal(match[1].replace(",", ".").replace("_", ".")) if match else None
