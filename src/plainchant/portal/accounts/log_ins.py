"""The log-ins of a person: which there are now, and their end."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from .models import LogIn, User


def open_log_ins(*, user: User, at: datetime) -> QuerySet[LogIn]:
    """Those that have not ended, the newest first."""
    return LogIn.objects.filter(user=user, expire_date__gt=at).order_by("-begun_at")


def name_of(*, key: str) -> str:
    """What a page calls a log-in: its key would let whoever reads it in."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def end(*, user: User, at: datetime, only: str = "", but: str = "") -> int:
    """End a person's log-ins; how many there were. ``only``: the name of one; ``but``: the key of one that stays."""
    keys = [row.session_key for row in open_log_ins(user=user, at=at)]
    ended = [key for key in keys if key != but and (not only or name_of(key=key) == only)]
    return LogIn.objects.filter(user=user, pk__in=ended).delete()[0]
