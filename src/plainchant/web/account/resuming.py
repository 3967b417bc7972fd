"""What was typed survives an expired log-in: the visitor's own pages carry it, the server keeps nothing for a stranger.

A form sent by somebody who is no longer logged in is answered with the log-in page, which holds what was sent in a
hidden field. After the log-in, a page offers to send it again. The same page answers a form whose CSRF token is no
longer the right one, as is the case after a log-in in another tab, provided that the form was sent from a page of ours.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from .forms import LoginForm

FIELD = "carried"
MOST_CHARACTERS = 1_000_000  # a sheet of five hundred lines has half of it
_NOT_CARRIED = "password"  # in the name of every field of a password (`tests/house`)


_OPEN_FOR_LONG = "Cette page est restée ouverte trop longtemps. Écrivez de nouveau votre adresse et votre mot de passe."


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A form that was sent and not taken. ``files``: names of what cannot be carried, and is to be chosen again."""

    address: str  # a path of ours
    pairs: list[tuple[str, str]]
    files: list[str]

    @property
    def texts(self) -> list[str]:
        """What was written in words, for its author to recognise."""
        return [value for _, value in self.pairs if " " in value.strip()]

    @property
    def as_json(self) -> str:
        return json.dumps(asdict(self))


def sent_by(request: HttpRequest) -> Carried | None:
    """The form of this request, without its passwords; None for one that cannot be read or is too long to carry."""
    try:
        posted, files = request.POST, request.FILES
    except UnreadablePostError:
        return None
    carried = Carried(
        address=request.get_full_path(),
        pairs=[
            (name, value)
            for name, values in posted.lists()
            for value in values
            if name != "csrfmiddlewaretoken" and _NOT_CARRIED not in name.lower()
        ],
        files=[str(file.name) for name in files for file in files.getlist(name)],
    )
    return carried if len(carried.as_json) <= MOST_CHARACTERS else None


def carried_by(request: HttpRequest) -> Carried | None:
    """What the log-in page carries in this request; None if nothing, or nothing that came from `sent_by`."""
    text = request.POST.get(FIELD, "")
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        answer = json.loads(text)
        carried = Carried(
            address=str(answer["address"]),
            pairs=[(str(name), str(value)) for name, value in answer["pairs"]],
            files=[str(name) for name in answer["files"]],
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return carried if _is_a_page_of_ours(carried.address) else None


def ask_to_log_in(request: HttpRequest, carried: Carried | None, *, trouble: str = "") -> HttpResponse:
    """The log-in page, with what was typed in it; it says so where that is too long to be carried, and any trouble."""
    context = {
        "form": LoginForm(request=request),
        "carried": carried,
        "trouble": trouble,
        "is_refused": True,
        "redirect_field_name": "next",
        "redirect_field_value": _came_from(request),
    }
    return _never_stored(render(request, "account/login.html", context, status=403))


def offer_again(request: HttpRequest, carried: Carried, *, status: int = 200) -> HttpResponse:
    """A page that sends the form again, to the same address, when its author presses the button."""
    return _never_stored(render(request, "account/resume.html", {"carried": carried}, status=status))


class LogInMiddleware(LoginRequiredMiddleware):
    """Django's, which keeps what was typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=401)  # the page stays as it is, and says so (plainchant.js)
        if request.method == "POST":
            return ask_to_log_in(request, sent_by(request))
        answer: HttpResponse = super().handle_no_permission(request, view_func)
        return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the right token. Sent from a page of ours, it is offered again, with a token that is right.

    Nothing is done here: it takes a press of the button, on a page that cannot be framed. A form sent from elsewhere,
    or from who knows where, gets a page that says nothing of what it held.
    """
    get_token(request)  # the cookie may be what is missing
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=401 if _is_stranger_to(request, request.path) else 403)
    if not _is_sent_from_here(request):
        return render(request, "403_csrf.html", status=403)
    carried = carried_by(request)
    if request.path == reverse("account_login") and carried is None:
        if request.user.is_authenticated:
            return HttpResponseRedirect("/")
        return ask_to_log_in(request, None, trouble=_OPEN_FOR_LONG)
    carried = carried or sent_by(request)
    if _is_stranger_to(request, carried.address if carried else request.path):
        return ask_to_log_in(request, carried)
    if carried is None:
        return render(request, "403_csrf.html", status=403)
    return offer_again(request, carried, status=403)


def _is_sent_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent this form: by its Origin, or by its Referer where a browser sends no Origin."""
    referer = _referer(request)
    origin = request.headers.get("Origin", f"{referer.scheme}://{referer.netloc}")
    return origin in (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that holds the form, "" for another's."""
    path = _referer(request).path
    return path if _is_sent_from_here(request) and _is_a_page_of_ours(path) else ""


def _referer(request: HttpRequest) -> SplitResult:
    try:
        return urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # an address with half a bracket
        return urlsplit("")


def _is_a_page_of_ours(address: str) -> bool:
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    try:
        resolve(urlsplit(address).path)
    except Resolver404:
        return False
    return True


def _is_stranger_to(request: HttpRequest, address: str) -> bool:
    """Whether this page of ours needs a log-in that the visitor does not have."""
    view = resolve(urlsplit(address).path).func
    return not request.user.is_authenticated and bool(getattr(view, "login_required", True))


def _never_stored(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
