"""The first door and the last: no body too big to be honest, no view that has not said what it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.log import log_response

from plainchant.einvoice.codes.attachments import MAX_FOLDER_BYTES, MEBIBYTE
from plainchant.portal.drops.operations import MOST_BYTES as MAX_DROP_BYTES
from plainchant.portal.flows.operations import MAX_FLOW_BYTES
from plainchant.portal.lib.outages import dependency_of
from plainchant.portal.lib.sending import ASKS_TO_SEND, MAY_SEND

from .account.visitor import must_add_second_factor
from .errors import unavailable

# An invoice with all that goes with it; a lot of documents or a flow weighs more, each on its own page and only from
# somebody who has logged in.
AROUND = 5 * MEBIBYTE  # the form around the files


class BodySizeMiddleware:
    """Answers 413 to a request that says it is bigger than anything the portal takes, before reading any of it.

    It stands behind the session, which does not read the body, and before the first view, which may.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "0")
        limit = MAX_FOLDER_BYTES
        if request.user.is_authenticated:
            limit = {reverse("flows_start"): MAX_FLOW_BYTES, reverse("deposit_start"): MAX_DROP_BYTES}.get(
                request.path, limit
            )
        most = limit + AROUND
        if length.isdecimal() and int(length) > most:
            return render(request, "413.html", {"limit": limit}, status=413)
        if ASKS_TO_SEND in request.META:
            return HttpResponse(headers={MAY_SEND.decode(): str(most)})
        return self.get_response(request)


class OutageMiddleware:
    """Answers 503 where a view has found something away; `errors.server_error` does so for the middlewares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        away = dependency_of(error)
        if away is None:
            return None
        response = unavailable(request, away)
        log_response("%s: %s", away, request.path, response=response, request=request, exception=error)
        return response


class PermissionMiddleware:
    """Refuses to call a view without a declared permission (`tests/house` finds it before a visitor does)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            # What one person saw must not come back from a shared computer's cache after logging out.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any) -> None:
        if not hasattr(view, "permissions"):
            raise ImproperlyConfigured(f"{view.__module__}.{getattr(view, '__name__', view)} has no permission")


class SecondFactorMiddleware:
    """Leads people who must have a second factor, and have none, to where they add one, whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not must_add_second_factor(request) or getattr(view, "before_second_factor", False):
            return None
        there = reverse("mfa_index")
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Redirect": there})
        return HttpResponseRedirect(there)
