"""What a campaign saw: how often which fault struck, what was acknowledged, what the judge found wrong with it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.campaigns.judge import Acknowledged
from tests.campaigns.portal import KILLED

PROCESS_SECONDS = 10.0  # a process of the portal was killed: pages are back so soon
ELSEWHERE_SECONDS = 60.0  # its database, its machine or what it depends on was away, and is back; or it hung


def goal(fault: str) -> float:
    """Seconds within which pages are to be back after a fault has been mended."""
    return PROCESS_SECONDS if fault in KILLED else ELSEWHERE_SECONDS


def recovery_lines(recovery: Mapping[str, Sequence[float]]) -> list[str]:
    """How soon pages were back, in seconds: a row a fault, and whether the worst of each kind was what it should be.

    ``recovery``: of each round, by fault.
    """
    rows = [f"{'seconds until pages were back':<40} {'rounds':>6} {'median':>8} {'p99':>8} {'worst':>8}"]
    for fault, seconds in sorted(recovery.items()):
        figures = "".join(f" {figure:>8.1f}" for figure in (median(seconds), percentile(seconds, 99), max(seconds)))
        rows.append(f"{fault:<40} {len(seconds):>6}{figures}")
    return [*rows, _verdict(recovery)]


def percentile(figures: Sequence[float], rank: int) -> float:
    """The smallest that ``rank`` percent of them do not exceed: of less than a hundred the p99 is the worst."""
    return sorted(figures)[math.ceil(len(figures) * rank / 100) - 1]


def _verdict(recovery: Mapping[str, Sequence[float]]) -> str:
    parts = []
    for most, kind in ((PROCESS_SECONDS, "processes"), (ELSEWHERE_SECONDS, "others")):
        of_kind = [figure for fault, seconds in recovery.items() if goal(fault) == most for figure in seconds]
        if of_kind:
            in_time = sum(figure <= most for figure in of_kind)
            reached = "reached" if in_time == len(of_kind) else "missed"
            parts.append(
                f"{kind}: {in_time} of {len(of_kind)} within {most:.0f} s, worst {max(of_kind):.1f}: {reached}"
            )
    return "recovery of " + "; ".join(parts or ["nothing"])


@dataclass
class Outcome:
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: Acknowledged = field(default_factory=Acknowledged)
    unanswered: int = 0
    not_taken: int = 0
    unavailable: int = 0
    recovery: dict[str, list[float]] = field(default_factory=dict)  # fault → of each round, until pages were back
    server_errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)  # people, and why: the rounds end then
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return not (self.wrong or self.server_errors or self.gave_up)

    @property
    def members(self) -> int:
        """Invoices in the flows that were acknowledged."""
        return sum(len(lot.good) + lot.bad for lot in self.acknowledged.flows.values())

    def record(self) -> str:
        """A line for the tally."""
        row: dict[str, Any] = {
            "seed": self.seed,
            "seconds": round(self.seconds),
            "faults": self.faults,
            "recovery": {name: [round(figure, 1) for figure in seconds] for name, seconds in self.recovery.items()},
            "pdfs": len(self.acknowledged.deposits),
            "flows": len(self.acknowledged.flows),
            "members": self.members,
            "unanswered": self.unanswered,
            "unavailable": self.unavailable,
            "server_errors": len(self.server_errors),
            "wrong": len(self.wrong),
            "gave_up": len(self.gave_up),
        }
        return json.dumps(row)

    def __str__(self) -> str:
        deposits, flows = len(self.acknowledged.deposits), len(self.acknowledged.flows)
        count = deposits + flows + self.members
        faults = ", ".join(f"{name} {number}" for name, number in sorted(self.faults.items()))
        bound = f" (below {3 / count:.2%} with 95 % confidence)" if count and not self.wrong else ""
        return "\n".join(
            [
                f"seed {self.seed}, {self.seconds:.0f} s, {self.faults.total()} rounds: {faults}",
                f"acknowledged: {deposits} PDFs, {flows} flows of {self.members} invoices",
                f"requests without an answer, sent again: {self.unanswered}; answers 5xx: {len(self.server_errors)}",
                f"answers « later » (503): {self.unavailable}; files not taken, handed in anew: {self.not_taken}",
                *recovery_lines(self.recovery),
                f"lost, doubled, changed or half there: {len(self.wrong)} / {count}{bound}",
                *self.gave_up,
                *self.server_errors[:10],
                *self.wrong[:50],
            ]
        )
