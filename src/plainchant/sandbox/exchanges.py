"""What programs have asked of the sandbox and what it answered, without what opens anything."""

from __future__ import annotations

import json
import re
import threading
from base64 import b64decode
from binascii import Error as NotBase64
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

KEPT = 500  # exchanges
MOST = 64 * 1024  # characters of each body
MASK = "•••"
# What opens something, where bodies have it: the form of the token, its answer, and anything of that name.
_SECRETS = (
    re.compile(r"((?:^|&)client_secret=)[^&]*"),
    re.compile(r'("(?:access_token|client_secret|password|motDePasse)"\s*:\s*")[^"]*'),
)


@dataclass(frozen=True)
class Exchange:
    """One call of the interface: both bodies, as far as MOST. ``account``: login of the technical account, if any.

    ``operation``: the address as the table of operations has it. ``breaches``: what the answer does against the
    contract, in French; ``is_checked`` is false where nothing was compared: of a fault, of what is pinned nowhere.
    ``retour``: codeRetour of the answer, if it has one.
    """

    at: datetime
    method: str
    path: str
    status: int
    request: str
    response: str
    fault: str = ""
    correlation: str = ""
    account: str = ""
    operation: str = ""
    milliseconds: int = 0
    breaches: tuple[str, ...] = ()
    is_checked: bool = False
    retour: int | None = None
    number: int = 0

    def shown(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"at": self.at.isoformat()}


def masked(text: str) -> str:
    """The text of a body without its secrets, and no longer than is kept."""
    text = text[:MOST]
    for secret in _SECRETS:
        text = secret.sub(rf"\1{MASK}", text)
    return text


def login_of(header: str) -> str:
    """The login that a `cpro-account` names; its password is not kept."""
    try:
        return b64decode("".join(header.split()), validate=True).decode().partition(":")[0][:255]
    except (NotBase64, ValueError):
        return ""


@dataclass(frozen=True)
class ExchangeFilter:
    """Which exchanges are wanted; what is empty asks for nothing. ``text`` stands in a body or in the address."""

    operation: str = ""
    account: str = ""
    text: str = ""
    has_failed: bool = False  # a status or a codeRetour of failure
    has_breach: bool = False

    def fits(self, exchange: Exchange) -> bool:
        return (
            self.operation in ("", exchange.operation, exchange.path)
            and self.account in ("", exchange.account)
            and (not self.has_failed or has_failed(exchange))
            and (not self.has_breach or bool(exchange.breaches))
            and any(self.text.lower() in part.lower() for part in (exchange.request, exchange.response, exchange.path))
        )


def retour_of(body: bytes) -> int | None:
    """codeRetour of an answer; None where it has none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    retour = answer.get("codeRetour") if isinstance(answer, dict) else None
    return retour if isinstance(retour, int) else None


def has_failed(exchange: Exchange) -> bool:
    """Whether nothing came of the call."""
    return exchange.status >= 400 or bool(exchange.retour)


@dataclass
class Exchanges:
    """The log of one process: a sandbox serves from one."""

    _kept: deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT))
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, exchange: Exchange) -> None:
        """Keep it, with its number."""
        with self._lock:
            self._count += 1
            self._kept.append(replace(exchange, number=self._count))

    def __iter__(self) -> Iterator[Exchange]:
        """The newest first."""
        with self._lock:
            return iter(list(self._kept)[::-1])

    def numbered(self, number: int) -> Exchange | None:
        return next((exchange for exchange in self if exchange.number == number), None)

    def earlier_answer(self, exchange: Exchange) -> str | None:
        """What the same request of the same program was last answered otherwise, whole; None where it never was."""
        same = (
            other.response
            for other in self
            if (other.path, other.method, other.request, other.account, other.status)
            == (exchange.path, exchange.method, exchange.request, exchange.account, 200)
        )
        return next((answer for answer in same if answer != exchange.response and len(answer) < MOST), None)

    def clear(self) -> None:
        """Forget them; numbers go on, so that a link never shows another exchange."""
        with self._lock:
            self._kept.clear()


EXCHANGES = Exchanges()
