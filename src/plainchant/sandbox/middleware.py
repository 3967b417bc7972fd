"""Before everything else in a sandbox: its own addresses, the log of exchanges, the faults that were asked for."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, get_resolver

from plainchant.portal.lib.sending import ASKS_TO_SEND, is_for_programs
from plainchant.portal.lib.time import now

from .contract import breaches_of
from .deposits import deposited
from .exchanges import EXCHANGES, MASK, MOST, Exchange, login_of, masked, retour_of
from .faults import DEPOSIT, FAULTS, HEADER, KINDS, FaultUnknown, ShownFault, fault_named

log = logging.getLogger(__name__)

PAGES = "/sandbox/echanges/"  # of the site: `pages`


class SandboxMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASKS_TO_SEND in request.META or request.path_info.startswith(PAGES):
            return self.get_response(request)
        if request.path_info.startswith("/sandbox/"):
            return _control(request)
        if not is_for_programs(request.path_info):
            return self.get_response(request)
        return self._logged(request)

    def _logged(self, request: HttpRequest) -> HttpResponse:
        named = request.headers.get(HEADER)
        try:
            fault = fault_named(named, path=request.path_info) if named else FAULTS.drawn(request.path_info)
        except FaultUnknown:
            return JsonResponse({"message": f"{HEADER}: {', '.join(KINDS)}, slow=SECONDS. {_ONLY}"}, status=400)
        body = request._stream = _Recorded(request._stream)  # type: ignore[assignment]
        begun = time.monotonic()
        if fault is not None and fault.seconds:
            time.sleep(fault.seconds)
        response, kind = self._answer(request, fault)
        exchange = Exchange(
            at=now(),
            method=request.method or "",
            path=request.path_info,
            status=response.status_code,
            request=masked(body.head.decode(errors="replace")),
            response=masked(response.content[: 4 * MOST].decode(errors="replace")),
            fault=kind,
            correlation=response.headers.get("X-CorrelationId", ""),
            account=login_of(request.headers.get("cpro-account", "")),
            operation=_operation_of(request),
            retour=retour_of(response.content),
            milliseconds=round((time.monotonic() - begun) * 1000),
        )
        if kind == "stale" and (earlier := EXCHANGES.earlier_answer(exchange)) and MASK not in earlier:
            response.content = earlier.encode()
            exchange = replace(exchange, response=earlier)
        EXCHANGES.add(_checked(exchange, response) if not fault or KINDS[fault.kind].status == 200 else exchange)
        return response

    def _answer(self, request: HttpRequest, fault: ShownFault | None) -> tuple[HttpResponse, str]:
        """What the program gets, and the kind of the fault that it was shown."""
        if fault is None:
            return _whole(self.get_response(request)), ""
        if KINDS[fault.kind].status != 200:
            return _faulty(fault), fault.kind
        if KINDS[fault.kind].path == DEPOSIT:
            response, is_shown = deposited(lambda: _whole(self.get_response(request)), kind=fault.kind)
            return response, fault.kind if is_shown else ""
        response = _whole(self.get_response(request))
        # « lost »: it was done, and the program does not hear of it
        return (HttpResponse(status=504) if fault.kind == "lost" else response), fault.kind


_ONLY = "incident and partial: of deposer/flux."


def _checked(exchange: Exchange, response: HttpResponse) -> Exchange:
    """The exchange with what its answer does against the contract, which is logged too."""
    if exchange.status == 504:
        return exchange
    breaches = breaches_of(
        exchange.operation, status=exchange.status, kind=response.headers.get("Content-Type", ""), body=response.content
    )
    for breach in breaches or ():
        log.error("%s answered against the contract: %s", exchange.path, breach)
    return replace(exchange, breaches=tuple(breaches or ()), is_checked=breaches is not None)


def _operation_of(request: HttpRequest) -> str:
    """The address as the table of operations has it; empty where it has none."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    operation = getattr(match.func, "operation", None)
    return str(operation.path) if operation is not None else f"/{match.route}"


def _control(request: HttpRequest) -> HttpResponse:
    try:
        match = get_resolver("plainchant.sandbox.urls").resolve(request.path_info)
    except Resolver404:
        return JsonResponse({"message": "No such address: GET /sandbox/ lists them."}, status=404)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _faulty(fault: ShownFault) -> HttpResponse:
    """As the gateway in front of Chorus Pro answers: a body that no operation has."""
    status = KINDS[fault.kind].status
    response = HttpResponse(json.dumps({"error": f"sandbox fault {fault.kind}"}), status=status)
    response.headers["Content-Type"] = "application/json"
    if status in (429, 503):
        response.headers["Retry-After"] = "1"
    return response


class _Recorded:
    """A body that keeps the beginning of what is read of it."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.head = stream, b""

    def read(self, *size: int) -> bytes:
        return self._kept(self.stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._kept(self.stream.readline(*size))

    def _kept(self, read: bytes) -> bytes:
        self.head += read[: MOST - len(self.head)]
        return read


def _whole(response: HttpResponse) -> HttpResponse:
    """An answer that is sent piece by piece, in one: it is compared and kept."""
    if not response.streaming:
        return response
    whole = HttpResponse(b"".join(response), status=response.status_code, headers=dict(response.headers))
    response.close()
    return whole
