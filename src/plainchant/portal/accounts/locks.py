"""The locks that too many wrong answers, or too many messages, put on an account; allauth counts them in the cache."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.core.cache import cache

from .models import User

_APP = "allauth.account"


def lift(*, user: User) -> None:
    """Forget the codes that were mailed, and the wrong codes and passwords that were typed once logged in, or nearly.

    Wrong passwords at the log-in are counted by address and visitor: `queries.unlocked` begins another count for them.
    """
    counted = {"mail_code": None, "reauthenticate": None, "login_failed": f"mfa-auth-user-{user.pk}"}
    for action, key in counted.items():
        for rate in ratelimit.get_rates(app=_APP, action=action):
            if rate.per != ("key" if key else "user"):
                continue
            cache.delete(ratelimit.get_cache_key(None, app=_APP, action=action, rate=rate, key=key, user=user))
