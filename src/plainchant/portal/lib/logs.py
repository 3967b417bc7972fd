"""What the log looks like: plain or JSON lines, each with its request, none with a link that opens an account.

Errors may be told by mail too, in a few messages an hour however many there are.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import traceback
from collections import deque
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")

# What follows in these addresses opens an account, or chooses its password (a test compares them with the routes).
SECRET_PATHS = (
    "/compte/activer/",
    "/compte/mot-de-passe/nouveau/",
    "/compte/adresse/arreter/",  # before the next, which would take "arreter" for the token
    "/compte/adresse/",
    "/compte/notifications/arreter/",
    "/compte/revenir/",
)
_SECRET = re.compile(rf"({'|'.join(map(re.escape, SECRET_PATHS))})[^\s/?#\"'<>]+")
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({})))  # of every record: what is beside them was given as `extra`
_HIDDEN = "…"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def without_secrets(text: str) -> str:
    """The text with every such link cut short."""
    return _SECRET.sub(rf"\1{_HIDDEN}", text)


def _on_one_line(text: str) -> str:
    """The text with what would end its line, or steer a terminal, written as JSON writes it."""
    return _CONTROLS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


class WithRequest(logging.Filter):
    """Gives each record the id of the request it belongs to, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a refusal once its request is over: then the request itself still knows.
        record.request_id = request_id.get() or getattr(getattr(record, "request", None), "request_id", "-")
        return True


class PlainLines(logging.Formatter):
    """« time LEVEL module [request] message », the trace of an error below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """One line, whatever strangers put into an address: a line of theirs must not pass for one of ours."""
        return _on_one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Each line set in, for the same reason: an error may repeat what was sent."""
        return "\n".join(f"    {_on_one_line(line)}" for line in super().formatException(ei).splitlines())

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, request, message, what was given as `extra`, error."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        entry |= {
            name: value
            for name, value in vars(record).items()
            if name not in _OWN_FIELDS and isinstance(value, str | int | float | bool)
        }
        entry.pop("request_id", None)
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return _on_one_line(without_secrets(json.dumps(entry, ensure_ascii=False)))


class ErrorMails(logging.Handler):
    """Tells the operator of an error by mail: its place in the program, never what was typed.

    The same error once an hour, ten messages an hour in all. Sent by a thread of its own: nobody waits for it, and a
    mail server that is away loses the message, not the page.
    """

    SAME_SECONDS = 3600.0
    MOST_AN_HOUR = 10

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}
        self._sent: deque[float] = deque(maxlen=self.MOST_AN_HOUR)

    def emit(self, record: logging.LogRecord) -> None:
        place = f"{record.name}:{record.lineno}"
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)
            place = f"{kind.__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else kind.__name__
            text += "\n\n" + "".join(traceback.format_list(frames)) + kind.__name__
        if self._may_send(place, time.monotonic()):
            subject = without_secrets(f"{record.levelname} {record.name}: {place}"[:180])
            body = without_secrets(f"{getattr(record, 'request_id', '-')}\n\n{text}")
            threading.Thread(target=self._send, args=(subject, body), daemon=True).start()

    def _may_send(self, place: str, at: float) -> bool:
        with self._lock:
            if at - self._seen.get(place, -self.SAME_SECONDS) < self.SAME_SECONDS:
                return False
            if len(self._sent) == self.MOST_AN_HOUR and at - self._sent[0] < 3600.0:
                return False
            self._seen[place] = at
            self._sent.append(at)
            return True

    def _send(self, subject: str, body: str) -> None:
        from django.core.mail import mail_admins

        mail_admins(subject, body, fail_silently=True)
