"""Errors for a Sentry that the operator names: where in the program and of which kind, never what was typed.

The client is used for its transport alone. What leaves is built here, part by part, from the record of the log: none of
the client's own integrations looks at requests, variables or people.
"""

from __future__ import annotations

import logging
import re
import traceback

import sentry_sdk
from sentry_sdk.types import Event

from .logs import without_secrets

_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
_NUMBER = re.compile(r"\d{6,}")  # a SIRET, a telephone, a code, an IBAN


class SentryErrors(logging.Handler):
    """Hands each error on. A thread of its own sends: nobody waits, and a Sentry that is away loses it."""

    def __init__(self, *, dsn: str, release: str) -> None:
        super().__init__(level=logging.ERROR)
        self._client = sentry_sdk.Client(
            dsn=dsn,
            release=release,
            server_name="",  # else the name of the machine
            data_collection={"user_info": False, "http_bodies": [], "stack_frame_variables": False},
            include_source_context=False,
            max_breadcrumbs=0,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
        )

    def emit(self, record: logging.LogRecord) -> None:
        self._client.capture_event(event_of(record))

    def close(self) -> None:
        """At the end of the process: what is on its way has two seconds."""
        self._client.close(timeout=2.0)
        super().close()


def event_of(record: logging.LogRecord) -> Event:
    """What is told of an error. Of its sentence the words that stand in our code, not what was put into them."""
    event: Event = {
        "level": "fatal" if record.levelno >= logging.CRITICAL else "error",
        "logger": record.name,
        "logentry": {"message": _bare(str(record.msg))},
        "tags": {"request": getattr(record, "request_id", "-")},
    }
    if record.exc_info and record.exc_info[0] is not None:
        kind, _, trace = record.exc_info
        frames = [
            {"filename": frame.filename, "function": frame.name, "lineno": frame.lineno}
            for frame in traceback.extract_tb(trace)
        ]
        # Without the error's own sentence: a database repeats there what it was given.
        event["exception"] = {
            "values": [{"type": kind.__name__, "module": kind.__module__, "stacktrace": {"frames": frames}}]
        }
    return event


def _bare(text: str) -> str:
    return _NUMBER.sub("…", _ADDRESS.sub("…", without_secrets(text)))[:500]
