"""The programming interface, for whoever writes a program: its operations, each one to try from the page.

What is shown is the OpenAPI document, which the page's script reads. Calls leave from the browser, with secrets that
stay in it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.access.permissions import PUBLIC
from plainchant.web.routes import page

DOCUMENT = "/api/openapi.json"


@page(get=PUBLIC)
def explorer(request: HttpRequest) -> HttpResponse:
    """404 where the operator lets no program in."""
    if not settings.API:
        raise Http404
    context = {"document": DOCUMENT, "sandbox": "/sandbox/" if settings.SANDBOX else ""}
    return render(request, "programs/explorer.html", context)
