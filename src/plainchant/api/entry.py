"""The way in: a middleware that answers every address of the interface itself.

It stands behind those that log requests and lead to https, and before those of pages: no session, no cookie, no CSRF
token, no page of errors. Whatever happens, the answer is JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_resolver
from django.utils.log import log_response

from plainchant.portal.calls.models import MAX_KEY
from plainchant.portal.calls.operations import do_once
from plainchant.portal.lib.logs import request_id
from plainchant.portal.lib.outages import dependency_of
from plainchant.portal.lib.sending import ASKS_TO_SEND, MAY_SEND, is_for_programs
from plainchant.portal.lib.time import now

from .answers import CONTENT_TYPE, REFUSALS, Stopped, away, refusal, stopped, success, success_without_file, unrouted
from .bodies import BodyTooLarge, read_body
from .callers import Caller, caller_of
from .leniency import BodyNotUnderstood, understood
from .operation import Nothing, Operation


class WireMiddleware:
    """Answers at the addresses of programs; hands on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.API or not is_for_programs(request.path_info):
            return self.get_response(request)
        response = _answer(request)
        response.headers["X-CorrelationId"] = f"Id-{request_id.get()} 0"
        return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    try:
        match = get_resolver("plainchant.api.urls").resolve(request.path_info)
    except Resolver404:
        return unrouted()
    request.resolver_match = match
    try:
        return match.func(request, *match.args, **match.kwargs)
    except Stopped as why:
        return stopped(why)
    except Exception as error:  # noqa: BLE001 - this is the last to see it: logged, and answered as JSON
        dependency = dependency_of(error)
        if dependency is None:
            got_request_exception.send(sender=WireMiddleware, request=request)
            response = stopped(Stopped(500, "Le portail n’a pas pu répondre. L’incident est noté chez lui."))
        else:
            response = away(dependency)
        log_response("%s", request.path, response=response, request=request, exception=error)
        return response


def view_of(operation: Operation) -> Callable[[HttpRequest], HttpResponseBase]:
    """What answers the address of an operation."""

    def view(request: HttpRequest, **named: str) -> HttpResponseBase:
        if request.method != operation.method:
            return unrouted()
        caller = caller_of(request, at=now(), is_without_account=operation.is_without_account)
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > operation.most:
            raise Stopped(413, f"Cette requête dépasse {operation.most >> 20} Mo.")
        if ASKS_TO_SEND in request.META:
            return HttpResponse(headers={MAY_SEND.decode(): str(operation.most)})
        if length and operation.method != "GET":
            _require_json(request)
        try:
            key = _key_of(request) if operation.writes else ""
            with read_body(request, most=operation.most, is_fingerprinted=bool(key)) as body:  # type: ignore[arg-type]
                is_ignored = operation.method == "GET" or operation.request is Nothing
                asked = operation.request(**named) if is_ignored else understood(body, operation.request)
                if key:
                    return _once(operation, caller, asked, key=key, fingerprint=body.fingerprint)
                return success(operation.run(caller, asked), operation)
        except BodyTooLarge:
            raise Stopped(413, f"Cette requête dépasse {operation.most >> 20} Mo.") from None
        except BodyNotUnderstood as why:
            raise Stopped(400, str(why)) from None
        except REFUSALS as refused:
            return refusal(refused, operation)

    view.operation = operation  # type: ignore[attr-defined]
    return view


def _key_of(request: HttpRequest) -> str:
    """The Idempotency-Key of a call, "" without one. Raises Stopped for one that cannot be kept."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > MAX_KEY or not key.isprintable():
        raise Stopped(400, f"L’en-tête Idempotency-Key a {MAX_KEY} caractères au plus, tous visibles.")
    return key


def _once(operation: Operation, caller: Caller, asked: Any, *, key: str, fingerprint: str) -> HttpResponseBase:
    """The answer to a call that bears a key: that of the first, if it has been done before."""

    def run() -> str:
        return success_without_file(operation.run(caller, asked), operation).content.decode()

    answer, is_repeated = do_once(
        account=caller.own_account,
        key=key,
        fingerprint=hashlib.sha256(f"{operation.path} {fingerprint}".encode()).hexdigest(),
        files=operation.keeps + len(getattr(asked, "pieceJointeComplementaire", ())),
        run=run,
        at=caller.at,
    )
    response = HttpResponse(answer, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
    if is_repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _require_json(request: HttpRequest) -> None:
    if request.content_type != "application/json":
        raise Stopped(415, "Le corps de la requête doit être du JSON (Content-Type: application/json).")
