"""Back to the page, and to the field, that somebody left to read the help."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

PARAMETER = "retour"
FIELD = "champ"
_LONGEST = 500


def way_back(request: HttpRequest) -> str:
    """The local address in `?retour=`, or the field that one comes from; empty for none, or no page of this portal."""
    asked = (request.GET.get(PARAMETER) or _field_left(request))[:_LONGEST]
    if not asked.startswith("/") or not url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return ""
    try:
        resolve(urlsplit(asked).path)
    except Resolver404:
        return ""
    return asked


def _field_left(request: HttpRequest) -> str:
    """The page that `Referer` names and the field in `?champ=`: a field does not know on which page it is drawn."""
    field = request.GET.get(FIELD, "")
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not re.fullmatch(r"[\w-]{1,80}", field):
        return ""
    return f"{page.path}{'?' + page.query if page.query else ''}#{field}"


def address(slug: str, *, back: str, anchor: str = "") -> str:
    """The guide's address, with the way back to ``back`` (a local address, with its #field where there is one)."""
    return f"{reverse('help_guide', args=[slug])}?{urlencode({PARAMETER: back})}" + (f"#{anchor}" if anchor else "")
