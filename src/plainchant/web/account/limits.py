"""How often the same visitor may ask for the same thing (settings.ACCOUNT_RATE_LIMITS), and how soon it is answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

UNHURRIED_SECONDS = 0.1  # more than any of these operations takes: measured, 10 to 35 ms


@contextmanager
def unhurried() -> Iterator[None]:
    """Take as long for an address that has an account as for one that has none: the difference was 1 to 2 ms."""
    end = time.monotonic() + UNHURRIED_SECONDS
    try:
        yield
    finally:
        time.sleep(max(0.0, end - time.monotonic()))


def too_many(request: HttpRequest, *, action: str, key: str | None = None) -> HttpResponse | None:
    """Count one try; the page « attendez un peu » when there were too many, else None.

    ``key`` is what was typed: it counts whether or not it names an account, so that the limit reveals nothing.
    """
    answer: HttpResponse | None = ratelimit.consume_or_429(request, action=action, key=key, limit_get=True)
    return answer
