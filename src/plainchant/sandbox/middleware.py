"""Before everything else in a sandbox: its own addresses, the log of exchanges, the faults that were asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, get_resolver

from plainchant.portal.lib.sending import ASKS_TO_SEND, PROGRAM_PATHS
from plainchant.portal.lib.time import now

from .exchanges import EXCHANGES, KINDS, MOST, Exchange, FaultUnknown, ShownFault, fault_named

HEADER = "X-Sandbox-Fault"


class SandboxMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASKS_TO_SEND in request.META:
            return self.get_response(request)
        if request.path_info.startswith("/sandbox/"):
            return _control(request)
        if not request.path_info.startswith(PROGRAM_PATHS):
            return self.get_response(request)
        return self._logged(request)

    def _logged(self, request: HttpRequest) -> HttpResponse:
        try:
            named = request.headers.get(HEADER)
            fault = fault_named(named) if named else EXCHANGES.drawn(request.path_info)
        except FaultUnknown:
            return JsonResponse({"message": f"{HEADER}: {', '.join(KINDS)}, slow=SECONDS"}, status=400)
        body = request._stream = _Recorded(request._stream)  # type: ignore[assignment]
        if fault is not None and fault.seconds:
            time.sleep(fault.seconds)
        if fault is not None and KINDS[fault.kind] != 200:
            response = _faulty(fault)
        else:
            response = self.get_response(request)
            if fault is not None and fault.kind == "lost":  # it was done, and the program does not hear of it
                response = HttpResponse(status=504)
        EXCHANGES.add(
            Exchange(
                at=now(),
                method=request.method or "",
                path=request.path_info,
                status=response.status_code,
                request=body.head.decode(errors="replace"),
                response=_of(response),
                fault=fault.kind if fault else "",
                correlation=response.headers.get("X-CorrelationId", ""),
            )
        )
        return response


def _control(request: HttpRequest) -> HttpResponse:
    try:
        match = get_resolver("plainchant.sandbox.urls").resolve(request.path_info)
    except Resolver404:
        return JsonResponse({"message": "No such address: GET /sandbox/ lists them."}, status=404)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _faulty(fault: ShownFault) -> HttpResponse:
    """As the gateway in front of Chorus Pro answers: a body that no operation has."""
    status = KINDS[fault.kind]
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


def _of(response: HttpResponse) -> str:
    return "" if response.streaming else response.content[:MOST].decode(errors="replace")
