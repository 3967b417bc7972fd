"""What a campaign saw: how often which fault struck, what was acknowledged, what the judge found wrong with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.campaigns.judge import Acknowledged
from tests.campaigns.portal import KILLED

PROCESS_SECONDS = 10.0  # a process of the portal was killed: pages are back so soon
ELSEWHERE_SECONDS = 60.0  # its database, its machine or what it depends on was away, and is back; or it hung


def goal(fault: str) -> float:
    """Seconds within which pages are to be back after a fault has been mended."""
    return PROCESS_SECONDS if fault in KILLED else ELSEWHERE_SECONDS


def recovery_line(recovery: Mapping[str, float]) -> str:
    """The worst of each kind, in seconds, and whether it was what it should be. ``recovery``: the worst by fault."""
    parts = []
    for most, kind in ((PROCESS_SECONDS, "processes"), (ELSEWHERE_SECONDS, "others")):
        worst = max((seconds for fault, seconds in recovery.items() if goal(fault) == most), default=None)
        if worst is not None:
            reached = "reached" if worst <= most else "missed"
            parts.append(f"{kind}: worst {worst:.1f} s, goal {most:.0f} s: {reached}")
    return "recovery of " + "; ".join(parts or ["nothing"])


@dataclass
class Outcome:
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: Acknowledged = field(default_factory=Acknowledged)
    unanswered: int = 0
    not_taken: int = 0
    unavailable: int = 0
    recovery: dict[str, float] = field(default_factory=dict)  # fault → the longest until pages were back
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
            "recovery": {name: round(seconds, 1) for name, seconds in self.recovery.items()},
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
                "seconds until pages were back, at most: "
                + ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(self.recovery.items())),
                recovery_line(self.recovery),
                f"lost, doubled, changed or half there: {len(self.wrong)} / {count}{bound}",
                *self.gave_up,
                *self.server_errors[:10],
                *self.wrong[:50],
            ]
        )
