"""Tokens: signed, good for an hour, kept nowhere. Their application is read at each call, so that ending it counts."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from plainchant.portal.structures.applications import serving_application
from plainchant.portal.structures.models import Application

SECONDS = 3600
_SIGNER = Signer(salt="plainchant.api.tokens", sep=".")


def token_for(application: Application, *, at: datetime) -> str:
    """A new token; those of before go on."""
    return _SIGNER.sign(f"{application.client_id}.{at.timestamp():.6f}.{secrets.token_hex(4)}")


def application_of(token: str, *, at: datetime) -> Application | None:
    """The application that a token was given to; None if it has ended, or is none."""
    try:
        client_id, second, fraction, _ = _SIGNER.unsign(token).split(".")
        given_at = datetime.fromtimestamp(float(f"{second}.{fraction}"), UTC)
    except (BadSignature, ValueError, OverflowError, OSError):
        return None
    # A sandbox's clock is put forward by days: programs ask for a new token by their own.
    if not settings.SANDBOX and not given_at <= at < given_at + timedelta(seconds=SECONDS):
        return None
    application = serving_application(client_id=client_id)
    if application is None or (application.tokens_valid_from and given_at < application.tokens_valid_from):
        return None
    return application
