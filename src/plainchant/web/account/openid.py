"""Logging in by another service (OpenID Connect, ProConnect): what it is asked, and what of its answer is believed.

The code flow, with a nonce always and PKCE where the service announces it (ProConnect refuses parameters that it does
not know). Every token is verified with the keys that the service publishes. What is published is kept for an hour, so
that a new key or address is known within that time; a failure is not kept. Nothing is loaded or asked while
PLAINCHANT_OIDC_ISSUER is empty (docs/decisions/0077).
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare

from plainchant.einvoice.identifiers import IdentifierError, clean_siret
from plainchant.portal.accounts import links
from plainchant.portal.accounts.addresses import one_spelling
from plainchant.portal.lib.fetching import fetched
from plainchant.portal.lib.outages import Dependency

from .fields import one_line

log = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]  # by public keys alone, never by the secret
KEPT_SECONDS = 3600.0
ASKED_SECONDS = 600  # to log in over there
_ANSWER_SECONDS = 5.0  # each request; somebody waits for the page
_MOST_BYTES = 256 * 1024
_LEEWAY_SECONDS = 60  # between two clocks
_LONGEST = 255  # of a subject (OpenID Connect Core, 2)


class IssuerAway(Exception):
    """The service does not answer, or with an error of its own: the same request works later."""

    away = Dependency.ISSUER


class BadAnswer(Exception):
    """The answer is not the one that was expected: the reason, in English and without tokens, is for the log."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """What the issuer publishes of itself, and the keys with which it signs."""

    authorization: str
    token: str
    userinfo: str  # these two: "" where there is none
    end_session: str
    keys_at: str
    keys: Any  # a joserfc KeySet
    has_pkce: bool
    takes_claims: bool
    takes_secret_in_form: bool
    fetched_at: float  # of the monotonic clock


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A log-in that was begun: kept in the visitor's session until it comes back with its state."""

    nonce: str
    verifier: str
    next: str
    person: int | None  # who links their account; None: somebody logs in
    begun_at: float  # Unix time


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Who came back. Only issuer and subject say who it is; the rest fills in a form. Texts are "" where unknown."""

    issuer: str
    subject: str
    email: str  # in its one spelling; nobody has shown that they read it
    first_name: str
    last_name: str
    siret: str
    is_strong: bool  # by what the operator accepts in place of a second factor
    id_token: str  # shown again at the log-out; opens nothing here


def callback_address() -> str:
    """Where the service sends people back to, of our public address only."""
    return links.public("/compte/connexion/externe/retour/")


def begun(*, next: str, person: int | None, at: datetime) -> tuple[str, Asked, str]:
    """A new log-in: its state, what is to be kept of it, the address to go to. Raises IssuerAway."""
    provider = _provider()
    state = secrets.token_urlsafe(32)  # ProConnect wants 32 characters or more, of the nonce too
    asked = Asked(
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        next=next,
        person=person,
        begun_at=at.timestamp(),
    )
    parameters = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": callback_address(),
        "scope": settings.OIDC_SCOPE,
        "state": state,
        "nonce": asked.nonce,
    }
    if provider.has_pkce:
        digest = hashlib.sha256(asked.verifier.encode()).digest()
        parameters["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        parameters["code_challenge_method"] = "S256"
    if settings.OIDC_ACR_VALUES:
        parameters["acr_values"] = settings.OIDC_ACR_VALUES
    if settings.OIDC_SECOND_FACTOR and provider.takes_claims:
        parameters["claims"] = json.dumps({"id_token": {"amr": {"essential": True}, "acr": None}})
    return state, asked, _with(provider.authorization, parameters)


def came_back(*, code: str, asked: Asked, at: datetime) -> Arrival:
    """Exchange the code for who it is. Raises IssuerAway and BadAnswer."""
    provider = _provider()
    answer = _json(_post(provider, code=code, verifier=asked.verifier))
    id_token, access_token = str(answer.get("id_token", "")), str(answer.get("access_token", ""))
    claims = _verified(id_token)
    _check(claims, nonce=asked.nonce, at=at)
    about = {**claims, **_userinfo(provider, access_token, subject=claims["sub"])}
    amr = claims.get("amr")
    shown = {claims.get("acr"), *(amr if isinstance(amr, list) else [amr])}
    return Arrival(
        issuer=settings.OIDC_ISSUER,
        subject=claims["sub"],
        email=_address(about.get("email")),
        first_name=_name(about.get("given_name")),
        last_name=_name(about.get("usual_name") or about.get("family_name")),
        siret=_siret(about.get(settings.OIDC_SIRET_CLAIM)),
        is_strong=any(value in settings.OIDC_SECOND_FACTOR for value in shown if isinstance(value, str)),
        id_token=id_token,
    )


def end_session_address(*, id_token: str) -> str:
    """Where a browser logs out of the service too; "" where it has no such address, or does not answer."""
    try:
        provider = _provider()
    except IssuerAway as error:
        log.warning("nobody was logged out of the other service", exc_info=error)
        return ""
    if not provider.end_session:
        return ""
    parameters = {
        "id_token_hint": id_token,
        "state": secrets.token_urlsafe(32),
        "post_logout_redirect_uri": links.home(),
    }
    return _with(provider.end_session, parameters)


# What the service publishes

_kept: dict[str, Provider] = {}


def forget_provider() -> None:
    """Ask anew what is published."""
    _kept.clear()


def _provider() -> Provider:
    issuer = settings.OIDC_ISSUER
    known = _kept.get(issuer)
    if known is not None and time.monotonic() - known.fetched_at < KEPT_SECONDS:
        return known
    published = _published(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if published.get("issuer") != issuer:
        raise IssuerAway(f"what is published there is of another issuer than {issuer}")
    auth_methods = published.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    keys_at = _endpoint(published, "jwks_uri")
    provider = Provider(
        authorization=_endpoint(published, "authorization_endpoint"),
        token=_endpoint(published, "token_endpoint"),
        userinfo=_endpoint(published, "userinfo_endpoint", is_needed=False),
        end_session=_endpoint(published, "end_session_endpoint", is_needed=False),
        keys_at=keys_at,
        keys=_keys(keys_at),
        has_pkce="S256" in (published.get("code_challenge_methods_supported") or ()),
        takes_claims=published.get("claims_parameter_supported") is True,
        takes_secret_in_form="client_secret_post" in auth_methods,
        fetched_at=time.monotonic(),
    )
    _kept[issuer] = provider
    return provider


def _endpoint(published: dict[str, Any], name: str, *, is_needed: bool = True) -> str:
    """An address that is published, as safe as the issuer's own."""
    address = published.get(name, "")
    if not address and not is_needed:
        return ""
    schemes = {"https", urlsplit(settings.OIDC_ISSUER).scheme}
    if not isinstance(address, str) or urlsplit(address).scheme not in schemes:
        raise IssuerAway(f"{name} is no address that may be asked")
    return address


def _keys(address: str) -> Any:
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    rows = _published(address).get("keys")
    usable = [
        row
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and row.get("kty") in ("RSA", "EC") and row.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise IssuerAway("its keys cannot be read") from error


def _published(address: str) -> dict[str, Any]:
    try:
        answer = json.loads(_asked_of(Request(address, headers=_HEADERS)))  # noqa: S310 - the operator's setting
    except (NotAnswered, ValueError) as error:
        raise IssuerAway(f"{address} gave nothing: {error}") from error
    if not isinstance(answer, dict):
        raise IssuerAway(f"{address} gave something else")
    return answer


# What it says of somebody


def _post(provider: Provider, *, code: str, verifier: str) -> bytes:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback_address()}
    headers = dict(_HEADERS)
    if provider.has_pkce:
        form["code_verifier"] = verifier
    if provider.takes_secret_in_form:
        form |= {"client_id": settings.OIDC_CLIENT_ID, "client_secret": settings.OIDC_CLIENT_SECRET}
    else:  # RFC 6749, 2.3.1: each is encoded as a form's value first
        pair = f"{quote(settings.OIDC_CLIENT_ID, safe='')}:{quote(settings.OIDC_CLIENT_SECRET, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return _of_somebody(Request(provider.token, data=urlencode(form).encode(), headers=headers))  # noqa: S310 - `_endpoint`


def _userinfo(provider: Provider, access_token: str, *, subject: str) -> dict[str, Any]:
    """What it knows beside the token: JSON, or a signed token as ProConnect's."""
    if not provider.userinfo or not access_token:
        return {}
    headers = {**_HEADERS, "Authorization": f"Bearer {access_token}"}
    body = _of_somebody(Request(provider.userinfo, headers=headers))  # noqa: S310 - `_endpoint`
    if body.lstrip()[:1] == b"{":
        about = _json(body)
    else:
        about = _verified(body.decode("ascii", errors="replace").strip())
        if about.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER or not _is_for_us(about, by_default=True):
            raise BadAnswer("what it says of the person is not for us")
    if about.get("sub") != subject:
        raise BadAnswer("what it says of the person is of another one")
    return about


def _verified(token: str) -> dict[str, Any]:
    """The claims of a token that one of the published keys has signed."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        try:
            return jwt.decode(token, _provider().keys, registry=registry).claims
        except InvalidKeyIdError:  # a new key
            forget_provider()
            return jwt.decode(token, _provider().keys, registry=registry).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadAnswer(f"a token is not signed as it should be ({type(error).__name__})") from error


def _check(claims: dict[str, Any], *, nonce: str, at: datetime) -> None:
    """OpenID Connect Core, 3.1.3.7."""
    now = at.timestamp()
    subject, ends, issued = claims.get("sub"), claims.get("exp"), claims.get("iat")
    if claims.get("iss") != settings.OIDC_ISSUER:
        raise BadAnswer("the token is of another issuer")
    if not _is_for_us(claims):
        raise BadAnswer("the token is for somebody else")
    if not isinstance(ends, int | float) or now > ends + _LEEWAY_SECONDS:
        raise BadAnswer("the token has ended")
    if not isinstance(issued, int | float) or issued > now + _LEEWAY_SECONDS:
        raise BadAnswer("the token is of the future")
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise BadAnswer("the token answers another request")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST:
        raise BadAnswer("the token says of nobody")


def _is_for_us(claims: dict[str, Any], *, by_default: bool = False) -> bool:
    audience = claims.get("aud")
    if audience is None:
        return by_default
    whom = audience if isinstance(audience, list) else [audience]
    presented_by = claims.get("azp", settings.OIDC_CLIENT_ID)
    return settings.OIDC_CLIENT_ID in whom and presented_by == settings.OIDC_CLIENT_ID


def _address(value: object) -> str:
    try:
        return one_spelling(one_line(value)) if isinstance(value, str) and value.strip() else ""
    except ValidationError:
        return ""


def _name(value: object) -> str:
    return one_line(value)[:100] if isinstance(value, str) else ""


def _siret(value: object) -> str:
    try:
        return clean_siret(str(value)) if isinstance(value, str | int) else ""
    except IdentifierError:
        return ""


# Requests

_HEADERS = {"Accept": "application/json, application/jwt", "User-Agent": "Plainchant"}


class NotAnswered(Exception):
    """There is no answer, or none that says anything. ``status`` is 0 where there was not even one."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(f"status {status}" if status else kind)
        self.status = status


def _asked_of(request: Request) -> bytes:
    try:
        return fetched(request, seconds=_ANSWER_SECONDS, most_bytes=_MOST_BYTES)
    except HTTPError as error:
        with error:
            raise NotAnswered(error.code, type(error).__name__) from None
    except (OSError, HTTPException) as error:
        raise NotAnswered(0, type(error).__name__) from error


def _of_somebody(request: Request) -> bytes:
    try:
        return _asked_of(request)
    except NotAnswered as error:
        if error.status and error.status < 500:  # it has understood, and says no
            raise BadAnswer(f"{urlsplit(request.full_url).path} answered {error.status}") from error
        raise IssuerAway(str(error)) from error


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise BadAnswer("an answer is not JSON") from error
    if not isinstance(answer, dict):
        raise BadAnswer("an answer has another shape")
    return answer


def _with(address: str, parameters: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
