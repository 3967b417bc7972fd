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

from tests.campaigns.outcome import recovery_line


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Lines of text: a fault, its rounds, and the longest it took until pages were back, in seconds."""
    faults: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    recovery: dict[str, float] = {}
    for row in rows:
        faults.update(row["faults"])
        sums.update({name: value for name, value in row.items() if isinstance(value, int) and name != "seed"})
        for name, seconds in row["recovery"].items():
            recovery[name] = max(seconds, recovery.get(name, 0.0))
    lines = [f"{name:<40} {count:>6} {recovery.get(name, 0.0):>8.1f}" for name, count in sorted(faults.items())]
    lines.append(f"{'together':<40} {faults.total():>6} {max(recovery.values(), default=0.0):>8.1f}")
    lines.append(", ".join(f"{name} {value}" for name, value in sums.items()))
    lines.append(recovery_line(recovery))
    return "\n".join(lines)


if __name__ == "__main__":
    lines = [line for name in sys.argv[1:] for line in Path(name).read_text().splitlines()]
    sys.stdout.write(f"{table(json.loads(line) for line in lines)}\n")
