"""The pages for what goes wrong."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

from plainchant.portal.lib.outages import AWAY, RETRY_AFTER_SECONDS, Dependency, dependency_of
from plainchant.web.context import without_counts


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(without_counts(request), "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(without_counts(request), "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(without_counts(request), "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles what nobody has caught, in a view or in a middleware."""
    away = dependency_of(sys.exception())
    if away is not None:
        return unavailable(request, away)
    return HttpResponse(get_template("500.html").render(), status=500)


def unavailable(request: HttpRequest, away: Dependency) -> HttpResponse:
    """503: the same request works later. No session, no context, no database: it must work when nothing else does."""
    sentence = AWAY[away].sentence
    response: HttpResponse
    if "HX-Request" in request.headers:
        response = HttpResponse(sentence, content_type="text/plain; charset=utf-8")
    elif request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse({"message": sentence}, json_dumps_params={"ensure_ascii": False})
    else:
        response = HttpResponse(get_template("503.html").render({"sentence": sentence}))
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response
