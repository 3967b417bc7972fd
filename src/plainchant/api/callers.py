"""Who calls: an application by its token, and for whom it acts by a technical account (header `cpro-account`)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.structures.models import Application, TechnicalAccount
from plainchant.portal.structures.technical_accounts import as_actor, recognise

from .answers import Stopped
from .tokens import application_of

REALM = 'Bearer realm="DefaultRealm"'
NO_TOKEN = f'{REALM}, error="invalid_request", error_description="Unable to find token in the message"'
BAD_TOKEN = f'{REALM}, error="invalid_token", error_description="The access token expired or is invalid"'
UNKNOWN_ACCOUNT = "Impossible d'authentifier l'utilisateur dans le LDAP."


@dataclass(frozen=True)
class Caller:
    """``account`` is None where an operation needs none."""

    application: Application
    account: TechnicalAccount | None
    at: datetime

    @property
    def own_account(self) -> TechnicalAccount:
        """Of an operation that needs one: `caller_of` has refused whoever has none."""
        if self.account is None:
            raise LookupError("this operation is declared without an account")
        return self.account

    @property
    def actor(self) -> Actor:
        return SYSTEM if self.account is None else as_actor(self.account)

    def objects(self, permission: Permission) -> QuerySet[Any]:
        """What ``permission`` reaches."""
        return permission.reached_by(self.actor)


def caller_of(request: HttpRequest, *, at: datetime, is_without_account: bool) -> Caller:
    """Raises Stopped: 400 without a token, 401 with a bad one or a bad account, 429 when there are too many calls."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    if not token or scheme.lower() != "bearer":
        raise Stopped(400, "La requête ne porte pas de jeton.", headers={"WWW-Authenticate": NO_TOKEN})
    application = application_of(token.strip(), at=at)
    if application is None:
        raise Stopped(401, "Le jeton a pris fin, ou n’est pas de ce portail.", headers={"WWW-Authenticate": BAD_TOKEN})
    if not _RATE.takes(application.pk, at=at, most=settings.API_RATE):
        raise Stopped(429, "Trop d’appels en une seconde pour cette application.", headers={"Retry-After": "1"})
    given = request.headers.get("cpro-account", "")
    if is_without_account and not given:
        return Caller(application, None, at)
    login, secret = _opened(given)
    account = recognise(identifier=login, secret=secret, at=at) if login else None
    if account is None:
        raise Stopped(401, UNKNOWN_ACCOUNT)
    return Caller(application, account, at)


def _opened(given: str) -> tuple[str, str]:
    """Login and password of a `cpro-account`, empty where it is none."""
    try:
        text = b64decode("".join(given.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    login, _, secret = text.partition(":")
    return login, secret


class CallRate:
    """Calls of each application in a second of this process. Only the last MOST applications are remembered."""

    MOST = 10_000

    def __init__(self) -> None:
        self._counts: OrderedDict[int, tuple[int, int]] = OrderedDict()
        self._lock = Lock()

    def takes(self, key: int, *, at: datetime, most: int) -> bool:
        """Count one call; False if it is one too many. No limit if ``most`` is 0."""
        if not most:
            return True
        second = int(at.timestamp())
        with self._lock:
            then, count = self._counts.pop(key, (second, 0))
            count = count + 1 if then == second else 1
            self._counts[key] = (second, count)
            if len(self._counts) > self.MOST:
                self._counts.popitem(last=False)
        return count <= most


_RATE = CallRate()
