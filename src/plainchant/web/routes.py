"""How a page declares itself: the permission that each of its methods needs.

    @page(get=SEE_ISSUED_INVOICE)
    def show(request, invoice): ...

    @page(get=SEE_INVOICE_SETTINGS, post=MANAGE_INVOICE_SETTINGS)
    def settings(request, structure): ...

Other methods are not answered; HEAD goes with GET. A permission with a scope gives the view what it reaches: the
object, if the address carries ``<uuid:uid>``, else the queryset, for a list or a choice. Someone else's object and one
that does not exist give the visitor the same 404. What an operation refuses is answered here too (`refusals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import get_resolver, reverse
from django.views.decorators.http import require_http_methods

from plainchant.portal.lib.replica import OWN_WRITES_SECONDS, has_replica, read_lagging
from plainchant.portal.rights.permissions import Permission
from plainchant.web.account.visitor import acting

from .refusals import REFUSALS, answer_to

View = Callable[..., HttpResponseBase]
Back = str | Callable[[Any], str]


def page(
    *,
    get: Permission | None = None,
    post: Permission | None = None,
    back: Back = "",
    bears_lag: bool = False,
    before_second_factor: bool = False,
) -> Callable[[View], View]:
    """Declare what a view answers, and what each method needs. ValueError if some need a log-in and some do not.

    ``before_second_factor``: also for people who still have to add the second factor that is asked of them.
    ``back`` is the page that says what an operation refused and the view did not keep on a form: the name of an
    address about the same object, or what makes the address from the object (None for a page about none).

    ``bears_lag``: a list or an export, which only reads. It may come from a replica that lacks the last seconds, but
    never what this visitor has just done.
    """
    needed = {method: row for method, row in (("GET", get), ("HEAD", get), ("POST", post)) if row is not None}
    if len({row.anonymous for row in needed.values()}) != 1:
        raise ValueError("a page needs a permission, and either all or none of its methods need a log-in")

    if bears_lag and post is not None:
        raise ValueError("a page that writes reads what is there now")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if bears_lag and HAS_JUST_WRITTEN not in request.COOKIES:
                return read_lagging(lambda: answered(request, *args, **dict(kwargs)))
            response = answered(request, *args, **kwargs)
            if request.method == "POST" and has_replica():
                _remember_writing(response)
            return response

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            permission = needed[request.method or "GET"]
            if not permission.allowed():
                raise Http404
            if permission.held_by is not None and not permission.may_be_held_by(acting(request)):
                raise Http404
            given: list[Any] = []
            about = None
            if permission.scope is not None:
                reached = permission.reached_by(acting(request))
                about = get_object_or_404(reached, uid=kwargs.pop("uid")) if "uid" in kwargs else None
                given = [reached if about is None else about]
            try:
                return view(request, *given, *args, **kwargs)
            except REFUSALS as refused:
                return answer_to(request, refused, back=_address(back, about))

        answer: Any = require_http_methods(list(needed))(guarded)
        if any(row.anonymous for row in needed.values()):
            answer = login_not_required(answer)
        answer.permissions = needed
        answer.before_second_factor = before_second_factor
        return answer

    return declare


# Kept by the browser for as long as a replica may lack what was written, whichever machine answers next.
HAS_JUST_WRITTEN = "ecrit"


def _remember_writing(response: HttpResponseBase) -> None:
    response.set_cookie(
        HAS_JUST_WRITTEN,
        "1",
        max_age=OWN_WRITES_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _address(back: Back, about: Any = None) -> str:
    if not isinstance(back, str):
        return back(about)
    return reverse(back, kwargs={} if about is None else {"uid": about.uid}) if back else ""


def declared_routes() -> Iterator[tuple[str, str, Permission]]:
    """Every address of the site, each method it answers, and the permission that this needs.

    Raises LookupError for a view that declares none.
    """
    for address, view in all_routes():
        if not hasattr(view, "permissions"):
            raise LookupError(f"{address} ({view.__module__}) declares no permission")
        for method, permission in view.permissions.items():
            if method != "HEAD":
                yield address, method, permission


def all_routes() -> Iterator[tuple[str, Any]]:
    """Every address pattern of the site with its view."""
    for address, view, _ in named_routes():
        yield address, view


def named_routes() -> Iterator[tuple[str, Any, str]]:
    """The same, and the name of each; empty where it has none."""
    yield from _walk(get_resolver().url_patterns, "/")


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any, str]]:
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry.url_patterns, address)
        else:
            yield address, entry.callback, entry.name or ""
