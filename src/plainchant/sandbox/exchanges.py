"""What programs have asked of the sandbox and what it answered; and the faults that they asked it to show."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

KEPT = 500  # exchanges
MOST = 64 * 1024  # bytes of each body


@dataclass(frozen=True)
class Exchange:
    """One call of the interface: both bodies, as far as MOST."""

    at: datetime
    method: str
    path: str
    status: int
    request: str
    response: str
    fault: str = ""
    correlation: str = ""

    def shown(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat()}


@dataclass(frozen=True)
class ShownFault:
    """What a call gets in place of its answer. ``kind``: see KINDS; ``seconds`` of a slow one."""

    kind: str
    path: str = ""  # empty: every operation
    probability: float = 1.0
    seconds: float = 0.0


KINDS: Mapping[str, int] = {"401": 401, "429": 429, "500": 500, "503": 503, "slow": 200, "lost": 200}


class FaultUnknown(ValueError):
    """A fault of no kind that the sandbox knows."""


def fault_named(text: str) -> ShownFault:
    """`500`, `slow=2`: as the header X-Sandbox-Fault says it. Raises FaultUnknown."""
    kind, _, seconds = text.strip().partition("=")
    try:
        fault = ShownFault(kind, seconds=float(seconds or 0))
    except ValueError as error:
        raise FaultUnknown(text) from error
    if kind not in KINDS or not 0 <= fault.seconds <= 60:
        raise FaultUnknown(text)
    return fault


@dataclass
class Exchanges:
    """The log of one process: a sandbox serves from one."""

    kept: deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT))
    faults: list[ShownFault] = field(default_factory=list)
    _draw: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - the same faults each time
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, exchange: Exchange) -> None:
        with self._lock:
            self.kept.append(exchange)

    def drawn(self, path: str) -> ShownFault | None:
        """The fault that this call is to have, by the script; None for most."""
        with self._lock:
            for fault in self.faults:
                if fault.path in ("", path) and self._draw.random() < fault.probability:
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self.kept.clear()
            self.faults.clear()
            self._draw.seed(1)


EXCHANGES = Exchanges()
