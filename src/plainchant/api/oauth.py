"""`POST /api/oauth/token`: an application gives its client_id and secret, and gets a token (RFC 6749, 4.4).

In the form, with a scope or without, or by HTTP Basic: programs do all three, and some ask again before each call. An
unknown client and a wrong secret are answered byte for byte alike.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from urllib.parse import unquote_plus

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, QueryDict

from plainchant.portal.lib.time import now
from plainchant.portal.structures.applications import authenticate

from .answers import Stopped, written
from .tokens import SECONDS, token_for

PATH = "/api/oauth/token"
MOST = 16 << 10
WRONG_TRY = "api_token_failed"  # in settings.ACCOUNT_RATE_LIMITS


def give_token(request: HttpRequest) -> HttpResponse:
    """A token, or the error that RFC 6749 names. Raises Stopped for a body that is no form."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        raise Stopped(413, "La demande est trop longue.")
    form = QueryDict(request.read(MOST), encoding="utf-8")
    at = now()
    client_id, secret = _basic(request) or (form.get("client_id", ""), form.get("client_secret", ""))
    if form.get("grant_type") != "client_credentials":
        kind = "unsupported_grant_type" if form.get("grant_type") else "invalid_request"
        return _error(kind, "Le seul grant_type possible est client_credentials.")
    # Each wrong try computes two hashes, and nobody has shown who they are.
    if not ratelimit.consume(request, action=WRONG_TRY, dry_run=True):
        raise Stopped(
            429, "Trop d’essais depuis cette adresse. Attendez un quart d’heure.", headers={"Retry-After": "900"}
        )
    application = authenticate(client_id=client_id, secret=secret, at=at)
    if application is None:
        ratelimit.consume(request, action=WRONG_TRY)
        return _error("invalid_client", "client_id ou client_secret inconnu.")
    token = token_for(application, at=at)
    return written(200, {"access_token": token, "token_type": "Bearer", "expires_in": SECONDS, "scope": "openid"})


def _error(kind: str, description: str) -> HttpResponse:
    return written(400, {"error": kind, "error_description": description})


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
