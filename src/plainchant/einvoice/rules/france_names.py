"""What UBL calls a rule of BR-FR: the official files of UBL and CII give the same rule different ids here and there.

The code knows a rule by its CII id. In UBL it has another one, or two.
"""

from __future__ import annotations

from typing import Any

from plainchant.einvoice.rule import Report

UBL_IDS: dict[str, tuple[str, ...]] = {
    "BR-FR-01_BT-1": ("BR-FR-01_BT-1-1",),
    "BR-FR-01_BT-25": ("BR-FR-01_BT-25-1",),
    "BR-FR-01_EXT-FR-FE-136": ("BR-FR-01_EXT-FR-FE-136-1",),
    "BR-FR-02_BT-1": ("BR-FR-01_BT-1-2", "BR-FR-02_BT-1"),
    "BR-FR-02_BT-25": ("BR-FR-01_BT-25-2", "BR-FR-02_BT-25"),
    "BR-FR-02_EXT-FR-FE-136": ("BR-FR-01_EXT-FR-FE-136-2", "BR-FR-02_EXT-FR-FE-136"),
    "BR-FR-03_EXT-FR-FE-134": ("BR-FR-03_BT-134",),
    "BR-FR-03_EXT-FR-FE-135": ("BR-FR-03_BT-135",),
    "BR-FR-05_BT-22_PMT": ("BR-FR-05_BT-22-1",),
    "BR-FR-05_BT-22_PMD": ("BR-FR-05_BT-22-2",),
    "BR-FR-05_BT-22_AAB": ("BR-FR-05_BT-22-3",),
    "BR-FR-06_BT-21_PMT": ("BR-FR-06_BT-21-1",),
    "BR-FR-06_BT-21_PMD": ("BR-FR-06_BT-21-2",),
    "BR-FR-06_BT-21_AAB": ("BR-FR-06_BT-21-3",),
    "BR-FR-06_BT-21_TXD": ("BR-FR-06_BT-21-4",),
    "BR-FR-15_BT-95_BT-102": ("BR-FR-15_BT-95_BT-102-1",),
    "BR-FR-15_BT-95_BT-102_LM": ("BR-FR-15_BT-95_BT-102-2",),
    "BR-FR-15_BT-95_BT-118": ("BR-FR-15_BT-118-1",),
    "BR-FR-15_BT-95_BT-118_LM": ("BR-FR-15_BT-118-2",),
    "BR-FR-15_BT-95_BT-151": ("BR-FR-15_BT-151-1",),
    "BR-FR-15_BT-95_BT-151_LM": ("BR-FR-08_BT-151-2",),  # so it is called
    "BR-FR-16_BT-96_BT-103": ("BR-FR-16_BT-96",),
    "BR-FR-31_BT-21": ("BR-FR-30_BT-21",),  # so it is called
    "BR-FR-32-GLOBALID": ("BR-FR-32-ID",),
    "BR-FR-CO-04_BT-4": ("BR-FR-CO-04_BT-3",),
    "BR-FR-BD-02_BT-31": ("BR-FR-BD-02_BT-30",),
    "BR-FR-BD-13_BT-3": ("BR-FR-MV-BD_BT-3",),  # so it is called
}

MAX_SHOWN = 80  # of a value in a sentence


class Failing:
    """Reports a rule, named by its CII id, under the ids of the syntax that is checked."""

    __slots__ = ("in_ubl", "report")

    def __init__(self, report: Report, *, in_ubl: bool) -> None:
        self.report = report
        self.in_ubl = in_ubl

    def __call__(self, rule: str, group: Any, field: str = "", **details: object) -> None:
        for name, value in details.items():
            if isinstance(value, str) and len(value) > MAX_SHOWN:
                details[name] = value[:MAX_SHOWN] + "…"
        for name in UBL_IDS.get(rule, (rule,)) if self.in_ubl else (rule,):
            self.report.fail(name, group, field, **details)
