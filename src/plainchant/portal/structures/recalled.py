"""Which secret was right a moment ago, so that a program that calls ten times a second pays for one Argon2.

Kept in this process, for SECONDS, under a keyed digest: neither the secret nor anything to try secrets on. It gives the
key of a row, which is read again at each call: what was ended or withdrawn since then opens nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from django.utils.crypto import salted_hmac

SECONDS = 60
MOST = 10_000


class Recalled:
    """One kind of secrets; ``kind`` keeps them apart."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._rows: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def row(self, name: str, secret: str, *, at: datetime) -> int | None:
        """The key of the row that they opened within SECONDS; None if they did not."""
        row, since = self._rows.get(self._key(name, secret), (None, at))
        return row if abs((at - since).total_seconds()) < SECONDS else None

    def keep(self, name: str, secret: str, *, row: int, at: datetime) -> None:
        with self._lock:
            self._rows[self._key(name, secret)] = (row, at)
            if len(self._rows) > MOST:
                self._rows.popitem(last=False)

    def _key(self, name: str, secret: str) -> str:
        return salted_hmac(f"plainchant.recalled.{self._kind}", f"{name}\0{secret}", algorithm="sha256").hexdigest()
