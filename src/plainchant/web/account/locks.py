"""Until when a lock lasts. What is counted is what was typed, whether or not it names an account: it tells nothing."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from plainchant.portal.lib.time import PARIS

_APP = "allauth.account"


def locked_until(request: HttpRequest, *, action: str, key: str) -> str:
    """« 15 h 42 » in Paris: the first whole minute at which another try is looked at."""
    ends, now = [time.time()], time.time()
    for rate in ratelimit.get_rates(app=_APP, action=action):
        tries = cache.get(ratelimit.get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
        counted = sorted((at for at in tries if at > now - rate.duration), reverse=True)
        if len(counted) >= rate.amount:
            ends.append(counted[rate.amount - 1] + rate.duration)
    at = datetime.fromtimestamp(math.ceil(max(ends) / 60) * 60, UTC).astimezone(PARIS)
    return f"{at.hour}\u00a0h\u00a0{at.minute:02d}"
