"""A clock that is put forward, shared by the processes of a sandbox through a small file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plainchant.portal.lib.time import PARIS

Reading = tuple[datetime, datetime, float]  # the real instant it was set at, what it showed then, its speed


class Backwards(ValueError):
    """A clock that is put back would write histories that run backwards."""


def _real() -> datetime:
    return datetime.now(tz=UTC)


def instant(text: str) -> datetime:
    """As a person writes it, such as 2026-12-01T09:00; in Paris where it names no zone. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=PARIS)).astimezone(UTC)


class SandboxClock:
    """Called, it returns the instant it shows, in UTC. ``real`` is the machine's own clock."""

    def __init__(self, file: Path, *, real: Callable[[], datetime] = _real) -> None:
        self.file, self.real = file, real
        self._seen: tuple[int, int] | None = None
        self._reading: Reading | None = None

    def __call__(self) -> datetime:
        real = self.real()
        reading = self._read()
        if reading is None:
            return real
        since, shown, speed = reading
        return shown + (real - since) * speed

    @property
    def speed(self) -> float:
        """Seconds it shows for each real one."""
        reading = self._read()
        return reading[2] if reading else 1.0

    def put(self, at: datetime, *, speed: float | None = None) -> None:
        """Show ``at`` from now on. Raises Backwards."""
        if at < self():
            raise Backwards
        self._write(at, self.speed if speed is None else speed)

    def advance(self, by: timedelta) -> None:
        """Raises Backwards."""
        self.put(self() + by)

    def run(self, *, speed: float) -> None:
        """``speed`` seconds for each real one from now on; 0 stops it."""
        self._write(self(), speed)

    def begin(self, at: datetime | None) -> None:
        """Show ``at`` from now on, whatever was shown before; None: what the machine's clock shows."""
        if at is None:
            self.file.unlink(missing_ok=True)
        else:
            self._write(at, 1.0)

    def _write(self, at: datetime, speed: float) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({"since": self.real().isoformat(), "shown": at.isoformat(), "speed": speed}))
        new.replace(self.file)

    def _read(self) -> Reading | None:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return None
        seen = found.st_ino, found.st_mtime_ns
        if seen != self._seen:
            kept = json.loads(self.file.read_text())
            since, shown = (datetime.fromisoformat(kept[name]) for name in ("since", "shown"))
            self._seen, self._reading = seen, (since, shown, float(kept["speed"]))
        return self._reading
