"""Add campaigns up: rounds by fault, and what was acknowledged.

Run: python -m tests.campaigns.tally FILE… (the files that campaigns were given as --tally)
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.campaigns.outcome import recovery_lines


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Lines of text: the rounds, what was acknowledged in them, and how soon pages were back after each fault."""
    faults: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    recovery: dict[str, list[float]] = {}
    for row in rows:
        faults.update(row["faults"])
        sums.update({name: value for name, value in row.items() if isinstance(value, int) and name != "seed"})
        for name, seconds in row["recovery"].items():
            recovery.setdefault(name, []).extend(seconds)
    acknowledged = ", ".join(f"{name} {value}" for name, value in sums.items())
    return "\n".join([f"{faults.total()} rounds: {acknowledged}", *recovery_lines(recovery)])


if __name__ == "__main__":
    lines = [line for name in sys.argv[1:] for line in Path(name).read_text().splitlines()]
    sys.stdout.write(f"{table(json.loads(line) for line in lines)}\n")
