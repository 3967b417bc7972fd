"""How long a log-in lasts: until nobody has used it for a while, and never longer than a working day.

Django's sessions in the database, in rows that say whose they are, with an end. SESSION_COOKIE_AGE: seconds without a
request; SESSION_LIFETIME: seconds from the log-in, whatever was done meanwhile.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from plainchant.portal.accounts.models import LogIn
from plainchant.portal.lib.time import now

DEVICE = "_device"  # set by the log-in
_BEGUN = "_begun"  # seconds since 1970
_STEP = timedelta(minutes=5)  # the end is written again when it has moved by as much, not at each request


class SessionStore(DatabaseSessions):
    """Named by SESSION_ENGINE."""

    @classmethod
    def get_model_class(cls) -> type[LogIn]:
        return LogIn

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        if row.expire_date + _STEP <= _end(data):
            self.modified = True
        return data

    def cycle_key(self) -> None:
        """At a log-in: another key, and another beginning."""
        super().cycle_key()
        self[_BEGUN] = now().timestamp()

    def create_model_instance(self, data: dict[str, Any]) -> LogIn:
        data.setdefault(_BEGUN, now().timestamp())
        row = super().create_model_instance(data)
        assert isinstance(row, LogIn)  # noqa: S101 - of get_model_class; tells the type
        row.expire_date = _end(data)
        row.begun_at = datetime.fromtimestamp(data[_BEGUN], UTC)
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        return row


def _end(data: dict[str, Any]) -> datetime:
    at = now()
    begun = datetime.fromtimestamp(data.get(_BEGUN, at.timestamp()), UTC)
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(at + idle, begun + timedelta(seconds=settings.SESSION_LIFETIME))
