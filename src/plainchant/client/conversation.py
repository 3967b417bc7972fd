"""What is sent, in which order, after which answer: token, call, renewed token, another try. Nothing here does it.

A conversation is a generator. It yields `Send`, to be answered with a `ServerAnswer` or a `NoAnswer`, and `Pause`.
`sync` and `asynchronous` carry it out, each in its way.
"""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from .errors import (
    AccessDenied,
    CallRefused,
    ClientError,
    ContractBroken,
    LimitReached,
    NotAuthenticated,
    RefusalReason,
    ServerUnavailable,
)
from .servers import Credentials, Server

T = TypeVar("T")

RENEW_BEFORE_SECONDS = 60.0
_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)  # nothing was done, says the server
_UNSURE = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.GATEWAY_TIMEOUT,
)


@dataclass(frozen=True, kw_only=True)
class Call(Generic[T]):
    """``path`` is below the address of operations, or from the root where it begins with « / »: what a Plainchant has
    beside the wire.

    ``changes``: made twice, it might do something twice. A Plainchant does it once, by its Idempotency-Key, which
    Chorus Pro does not read. ``nothing_found``: the codeRetour of a search without a result; ``read`` is then given an
    empty object.
    """

    path: str
    read: Callable[[dict[str, Any]], T]
    body: Mapping[str, Any] | None = None
    changes: bool = False
    seconds: float = 60.0
    nothing_found: int | None = None


@dataclass(frozen=True)
class Send:
    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    seconds: float


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class ServerAnswer:
    """``headers`` with names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class NoAnswer:
    """``was_sent``: the request, or some of it, may have arrived."""

    why: str
    was_sent: bool


@dataclass(frozen=True, kw_only=True)
class Retries:
    """``tries`` in all, with pauses that double from ``first`` to ``longest`` seconds, each shortened by chance.

    A server that says when to come back is believed, up to ``longest``.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 30.0
    chance: Callable[[], float] = random.random

    def pause(self, failures: int, *, wanted: float | None) -> float:
        if wanted is not None:
            return min(wanted, self.longest)
        whole = min(self.first * 2 ** (failures - 1), self.longest)
        return whole * (0.5 + self.chance() / 2)


Steps = Generator[Send | Pause, ServerAnswer | NoAnswer | None, T]


class Conversation:
    """With one server, for one technical account. ``clock`` counts seconds from anywhere, and never goes back."""

    def __init__(
        self, server: Server, credentials: Credentials, *, retries: Retries, clock: Callable[[], float]
    ) -> None:
        self.server, self.credentials, self.retries, self.clock = server, credentials, retries, clock
        self._token, self._until = "", 0.0
        pair = f"{credentials.login}:{credentials.password}"
        self._account = b64encode(pair.encode()).decode()

    def steps(self, call: Call[T]) -> Steps[T]:
        """Those of a call, with what it gives back. Raises ClientError."""
        is_ours = call.path.startswith("/")
        if is_ours and not self.server.is_plainchant:
            raise AccessDenied(f"{self.server.origin} n’a pas {call.path} : seul un Plainchant l’a. Choisissez-en un.")
        may_repeat = not call.changes or self.server.is_plainchant
        content = b"" if call.body is None else json.dumps(call.body).encode()
        headers = {"Accept": "application/json", "cpro-account": self._account}
        if call.body is not None:
            headers["Content-Type"] = "application/json;charset=utf-8"
        if call.changes:
            headers["Idempotency-Key"] = str(uuid4())
        url = f"{self.server.origin}{call.path}" if is_ours else f"{self.server.api_url}/{call.path}"
        is_new = False
        while True:
            if not self._token or self.clock() >= self._until:
                yield from self._renew()
                is_new = True
            send = Send(
                "GET" if call.body is None else "POST",
                url,
                {**headers, "Authorization": f"Bearer {self._token}"},
                content,
                call.seconds,
            )
            answer = yield from self._answered(send, may_repeat=may_repeat, changes=call.changes)
            if answer.status == HTTPStatus.UNAUTHORIZED and not is_new:
                self._token = ""  # it may have been cancelled before its hour
                continue
            return call.read(_understood(answer, send, nothing_found=call.nothing_found))

    def _renew(self) -> Steps[None]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.credentials.client_id,
            "client_secret": self.credentials.client_secret,
            "scope": "openid",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        send = Send("POST", self.server.token_url, headers, urlencode(form).encode(), 30.0)
        answer = yield from self._answered(send, may_repeat=True, changes=False)
        given = _json(answer, send)
        if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
            raise NotAuthenticated(
                f"{self.server.token_url} ne reconnaît pas cette application "
                f"({given.get('error_description') or given.get('error') or answer.status}). "
                "Vérifiez client_id et client_secret, ou demandez-en d’autres à un gestionnaire de la structure."
            )
        if answer.status != HTTPStatus.OK:
            raise _unexpected(answer, send)
        token, seconds = given.get("access_token"), given.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise ContractBroken(f"{send.url} a répondu sans jeton.")
        self._token, self._until = token, self.clock() + seconds - RENEW_BEFORE_SECONDS

    def _answered(self, send: Send, *, may_repeat: bool, changes: bool) -> Steps[ServerAnswer]:
        """The answer, after as many tries as it takes. Raises ServerUnavailable and LimitReached."""
        failures = 0
        while True:
            answer = yield send
            assert answer is not None  # noqa: S101 - what follows a Send
            if isinstance(answer, ServerAnswer) and answer.status not in (*_LATER, *_UNSURE):
                return answer
            failures += 1
            is_unsure = answer.was_sent if isinstance(answer, NoAnswer) else answer.status in _UNSURE
            if failures >= self.retries.tries or (is_unsure and not may_repeat):
                raise _given_up(answer, send, may_be_done=is_unsure and changes)
            wanted = _retry_after(answer) if isinstance(answer, ServerAnswer) else None
            yield Pause(self.retries.pause(failures, wanted=wanted))


def _given_up(answer: ServerAnswer | NoAnswer, send: Send, *, may_be_done: bool) -> ClientError:
    if isinstance(answer, ServerAnswer) and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return LimitReached(f"{send.url} : trop d’appels. Attendez un peu, puis recommencez.")
    why = answer.why if isinstance(answer, NoAnswer) else f"statut {answer.status}"
    advice = (
        "On ne sait pas si la demande a été faite : vérifiez avant de la refaire."
        if may_be_done
        else "Vérifiez l’adresse et votre connexion, ou recommencez plus tard."
    )
    return ServerUnavailable(f"{send.url} ne répond pas ({why}). {advice}", may_be_done=may_be_done)


def _retry_after(answer: ServerAnswer) -> float | None:
    given = answer.headers.get("retry-after", "")
    return float(given) if given.isdecimal() else None


def _understood(answer: ServerAnswer, send: Send, *, nothing_found: int | None) -> dict[str, Any]:
    """The object of an answer whose codeRetour is 0, or that has none. Raises ClientError."""
    if answer.status != HTTPStatus.OK:
        raise _unexpected(answer, send)
    given = _json(answer, send)
    number = given.get("codeRetour", 0)
    if not isinstance(number, int):
        raise ContractBroken(f"{send.url} a répondu « codeRetour » : {number!r}, qui n’est pas un nombre.")
    if number == 0:
        return given
    if number == nothing_found:
        return {}
    raise _refused(given, number)


def _refused(given: Mapping[str, Any], number: int) -> CallRefused:
    ours = given.get("plainchant")
    if not isinstance(ours, dict):
        return CallRefused(f"{given.get('libelle') or 'Refusé'} (code {number})", number=number)
    reasons = tuple(
        RefusalReason(
            code=str(each.get("code", "")),
            message=str(each.get("message", "")),
            mend=str(each.get("mend", "")),
            field=str(each.get("field", "")),
        )
        for each in ours.get("findings") or ()
    )
    return CallRefused(
        str(ours.get("message", "")),
        number=number,
        code=str(ours.get("code", "")),
        mend=str(ours.get("mend", "")),
        reasons=reasons,
    )


def _unexpected(answer: ServerAnswer, send: Send) -> ClientError:
    """What a status says that is neither 200 nor one after which to try again."""
    words = _words(answer)
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return NotAuthenticated(
                f"{send.url} n’accepte pas ce compte technique{words}. Vérifiez son identifiant et son mot de passe, "
                "et qu’il sert encore."
            )
        case HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
            return AccessDenied(
                f"{send.url} : ce serveur n’a pas cette adresse, ou votre application n’y a pas droit{words}. "
                "Demandez l’accès à qui gère l’application."
            )
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return LimitReached(f"{send.url} : c’est trop lourd{words}. Envoyez-le en plusieurs fois, ou allégez-le.")
    return ContractBroken(f"{send.url} a répondu {answer.status}{words}, ce qui n’est pas prévu ici.")


def _words(answer: ServerAnswer) -> str:
    try:
        given = json.loads(answer.content)
    except ValueError:
        return ""
    words = given.get("libelle") or given.get("Description") if isinstance(given, dict) else None
    return f" ({words})" if words else ""


def _json(answer: ServerAnswer, send: Send) -> dict[str, Any]:
    try:
        given = json.loads(answer.content, parse_float=Decimal)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise ContractBroken(
            f"{send.url} a répondu {answer.status} avec autre chose que du JSON. Est-ce bien l’adresse d’un serveur ?"
        )
    return given
