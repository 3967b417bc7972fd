"""Back to the page, and to the field, that somebody left to read the help."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

PARAMETER = "retour"
_LONGEST = 500


def way_back(request: HttpRequest) -> str:
    """The local address in `?retour=`; empty where there is none, or one that is no page of this portal."""
    asked = request.GET.get(PARAMETER, "")[:_LONGEST]
    if not asked.startswith("/") or not url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return ""
    try:
        resolve(urlsplit(asked).path)
    except Resolver404:
        return ""
    return asked


def address(slug: str, *, back: str, anchor: str = "") -> str:
    """The guide's address, with the way back to ``back`` (a local address, with its #field where there is one)."""
    return f"{reverse('help_guide', args=[slug])}?{urlencode({PARAMETER: back})}" + (f"#{anchor}" if anchor else "")
