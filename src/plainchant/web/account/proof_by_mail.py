"""The code by mail that proves who acts, for accounts without a passkey or an application."""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from plainchant.portal.accounts import second_factor
from plainchant.portal.lib.time import now

from .visitor import person

_KEPT = "proof_code"
_LASTS = timedelta(minutes=10)


def mail_code(request: HttpRequest) -> None:
    """Send a code, unless the last one is still good. Raises ImmediateHttpResponse where there have been too many."""
    if _kept(request):
        return
    me, at = person(request), now()
    if not ratelimit.consume(request, app="allauth.account", action="mail_code", user=me, limit_get=True):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    code = f"{secrets.randbelow(10**6):06}"
    second_factor.send_proof_code(user=me, code=code, minutes=int(_LASTS.total_seconds()) // 60, at=at)
    request.session[_KEPT] = {"digest": _digest(code), "until": (at + _LASTS).timestamp()}


def is_mailed_code(request: HttpRequest, code: str) -> bool:
    """Whether this is the code that was mailed last, in time."""
    figures = "".join(sign for sign in code if sign.isdigit())
    return constant_time_compare(_kept(request), _digest(figures))


def forget(request: HttpRequest) -> None:
    """It works once, and no longer when another is asked for."""
    request.session.pop(_KEPT, None)


def _kept(request: HttpRequest) -> str:
    kept = request.session.get(_KEPT)
    return str(kept["digest"]) if kept and kept["until"] > now().timestamp() else ""


def _digest(code: str) -> str:
    return salted_hmac("plainchant.proof", code, algorithm="sha256").hexdigest()
