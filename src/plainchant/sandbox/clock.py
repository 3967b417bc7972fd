"""A clock that is put forward, shared by the processes of a sandbox through a small file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from plainchant.portal.lib.time import PARIS

FIRST_YEAR, LAST_YEAR = 2000, 2100  # that it may be set to: delays and rates of the law are looked for around it


class ClockReading(NamedTuple):
    """The real instant it was set at, what it showed then, its speed; and the speed it goes on with, if it is held."""

    since: datetime
    shown: datetime
    speed: float
    held: float | None = None


class Backwards(ValueError):
    """A clock that is put back would write histories that run backwards."""


def _real() -> datetime:
    return datetime.now(tz=UTC)


def instant(text: str) -> datetime:
    """As a person writes it, such as 2026-12-01T09:00; in Paris where it names no zone. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"{text} is not of the years {FIRST_YEAR} to {LAST_YEAR}")
    return (at if at.tzinfo else at.replace(tzinfo=PARIS)).astimezone(UTC)


class SandboxClock:
    """Called, it returns the instant it shows, in UTC. ``real`` is the machine's own clock."""

    def __init__(self, file: Path, *, real: Callable[[], datetime] = _real) -> None:
        self.file, self.real = file, real
        self._seen: tuple[int, int] | None = None
        self._reading: ClockReading | None = None

    def __call__(self) -> datetime:
        real = self.real()
        reading = self._read()
        if reading is None:
            return real
        return reading.shown + (real - reading.since) * reading.speed

    @property
    def speed(self) -> float:
        """Seconds it shows for each real one."""
        reading = self._read()
        return reading.speed if reading else 1.0

    def put(self, at: datetime) -> None:
        """Show ``at`` from now on. Raises Backwards."""
        if at < self():
            raise Backwards
        reading = self._read()
        self._write(at, self.speed, held=reading.held if reading else None)

    def advance(self, by: timedelta) -> None:
        """Raises Backwards."""
        self.put(self() + by)

    def run(self, *, speed: float) -> None:
        """``speed`` seconds for each real one from now on; 0 stops it."""
        self._write(self(), speed)

    def hold(self) -> None:
        """Stand still until `resume`, which another process may call when this one was killed."""
        reading = self._read()
        if reading is None or reading.held is None:
            self._write(self(), 0, held=self.speed)

    def resume(self) -> None:
        """Go on as before it was held; does nothing where it is not."""
        reading = self._read()
        if reading is not None and reading.held is not None:
            self.run(speed=reading.held)

    def begin(self, at: datetime | None) -> None:
        """Show ``at`` from now on, whatever was shown before; None: what the machine's clock shows."""
        if at is None:
            self.file.unlink(missing_ok=True)
        else:
            self._write(at, 1.0)

    def _write(self, at: datetime, speed: float, *, held: float | None = None) -> None:
        new = self.file.with_suffix(".new")
        kept = {"since": self.real().isoformat(), "shown": at.isoformat(), "speed": speed, "held": held}
        new.write_text(json.dumps(kept))
        new.replace(self.file)

    def _read(self) -> ClockReading | None:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return None
        seen = found.st_ino, found.st_mtime_ns
        if seen != self._seen:
            kept = json.loads(self.file.read_text())
            since, shown = (datetime.fromisoformat(kept[name]) for name in ("since", "shown"))
            self._seen, self._reading = seen, ClockReading(since, shown, float(kept["speed"]), kept.get("held"))
        return self._reading
