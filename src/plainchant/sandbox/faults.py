"""Faults that a program is shown on demand: by a header of its call, or by a script, the same ones each time."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

HEADER = "X-Sandbox-Fault"
DEPOSIT = "/cpro/factures/v1/deposer/flux"
MOST_SECONDS = 60.0


@dataclass(frozen=True)
class FaultKind:
    """``says``: in French, for the page of exchanges. ``status``: what is answered; 200 where the call goes through.

    ``path``: the one operation it is about, if any.
    """

    says: str
    status: int = 200
    path: str = ""


KINDS: Mapping[str, FaultKind] = {
    "401": FaultKind("rien n’est fait, et le jeton est refusé", 401),
    "429": FaultKind("rien n’est fait : trop d’appels", 429),
    "500": FaultKind("rien n’est fait : panne", 500),
    "503": FaultKind("rien n’est fait : service arrêté", 503),
    "slow": FaultKind("c’est fait, mais la réponse tarde"),
    "lost": FaultKind("c’est fait, et la réponse se perd en route"),
    "stale": FaultKind("la réponse est celle que le même appel avait eue avant"),
    "incident": FaultKind("le flux est reçu, puis s’arrête sur un incident (IN_INCIDENTE)", path=DEPOSIT),
    "partial": FaultKind("la première facture du flux est refusée, les autres sont prises", path=DEPOSIT),
}


@dataclass(frozen=True)
class ShownFault:
    """What a call gets. ``kind``: a key of KINDS; ``seconds``: of a slow one; ``times``: how often at most, or 0."""

    kind: str
    path: str = ""  # empty: every operation
    probability: float = 1.0
    seconds: float = 0.0
    times: int = 0


class FaultUnknown(ValueError):
    """A fault of no kind that the sandbox knows, or of another operation."""


def fault_named(text: str, *, path: str) -> ShownFault:
    """`500`, `slow=2`: as the header says it, for a call of ``path``. Raises FaultUnknown."""
    kind, _, seconds = text.strip().partition("=")
    try:
        fault = ShownFault(kind, seconds=float(seconds or 0))
    except ValueError as error:
        raise FaultUnknown(text) from error
    if kind not in KINDS or not 0 <= fault.seconds <= MOST_SECONDS or KINDS[kind].path not in ("", path):
        raise FaultUnknown(text)
    return fault


@dataclass
class _Drawn:
    """A fault of the script, with its own luck: what other operations do changes nothing of it."""

    fault: ShownFault
    luck: random.Random
    shown: int = 0

    def strikes(self, path: str) -> bool:
        fault = self.fault
        if not {fault.path, KINDS[fault.kind].path} <= {"", path}:
            return False
        if (fault.times and self.shown >= fault.times) or self.luck.random() >= fault.probability:
            return False
        self.shown += 1
        return True


@dataclass
class FaultScript:
    """The faults of one process, in the order in which they are drawn: a sandbox serves from one."""

    seed: int = 1
    _rows: list[_Drawn] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, faults: Sequence[ShownFault], *, seed: int = 1) -> None:
        """These from now on and no others; with the same seed, the n-th call of an operation has the same fate."""
        with self._lock:
            self.seed = seed
            self._rows = [
                _Drawn(fault, random.Random(f"{seed} {place}"))  # noqa: S311 - luck that is the same each time
                for place, fault in enumerate(faults)
            ]

    def drawn(self, path: str) -> ShownFault | None:
        """The fault that this call is to have; None for most."""
        with self._lock:
            return next((row.fault for row in self._rows if row.strikes(path)), None)

    def shown(self) -> list[dict[str, Any]]:
        """As JSON has them, each with how often it was shown."""
        with self._lock:
            return [vars(row.fault) | {"shown": row.shown} for row in self._rows]


FAULTS = FaultScript()
