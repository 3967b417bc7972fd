"""How a page declares itself: one permission, and the object it is about.

    @page(Permission.SEE_ISSUED_INVOICE)
    def show(request, invoice): ...

The address carries ``<uuid:uid>``; the view receives the object, or the visitor a 404 that is the same whether the
object is someone else's or does not exist. What an operation refuses is answered here too (`refusals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import get_resolver, reverse
from django.views.decorators.http import require_http_methods

from plainchant.access.matrix import MATRIX
from plainchant.access.permissions import Permission

from .refusals import REFUSALS, answer_to

View = Callable[..., HttpResponseBase]
Back = str | Callable[[Any], str]


def page(
    permission: Permission, *, methods: tuple[str, ...] = ("GET", "POST"), back: Back = ""
) -> Callable[[View], View]:
    """Declare what a view needs. ``methods`` are those it answers; HEAD goes with GET.

    ``back`` is the page that says what an operation refused and the view did not keep on a form: the name of an
    address about the same object, or what makes the address from the object (None for a page about none).
    """
    rule = MATRIX[permission]
    allowed_methods = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not rule.allowed():
                raise Http404
            about: list[Any] = []
            if rule.scope is not None:
                about = [get_object_or_404(rule.scope(request.user), uid=kwargs.pop("uid"))]  # type: ignore[arg-type]
            try:
                return view(request, *about, *args, **kwargs)
            except REFUSALS as refused:
                return answer_to(request, refused, back=_address(back, *about))

        answer: Any = require_http_methods(allowed_methods)(guarded)
        if rule.anonymous:
            answer = login_not_required(answer)
        answer.permission = permission
        return answer

    return declare


def _address(back: Back, about: Any = None) -> str:
    if not isinstance(back, str):
        return back(about)
    return reverse(back, kwargs={} if about is None else {"uid": about.uid}) if back else ""


def declared_routes() -> Iterator[tuple[str, Permission]]:
    """Every address of the site with its permission. Raises LookupError for a view that declares none."""
    for address, view in all_routes():
        if not hasattr(view, "permission"):
            raise LookupError(f"{address} ({view.__module__}) declares no permission")
        yield address, view.permission


def all_routes() -> Iterator[tuple[str, Any]]:
    """Every address pattern of the site with its view."""
    yield from _walk(get_resolver().url_patterns, "/")


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry.url_patterns, address)
        else:
            yield address, entry.callback
