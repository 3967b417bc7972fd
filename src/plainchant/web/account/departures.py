"""Close one's own account, and come back to it."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal.accounts import departures as accounts
from plainchant.portal.lib.time import now
from plainchant.portal.structures import departures
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .forms import CloseAccountForm
from .limits import too_many
from .proof import needs_proof
from .visitor import acting, person


@page(get=OWN_ACCOUNT, post=OWN_ACCOUNT, back="account_close")
@needs_proof()
def close(request: HttpRequest) -> HttpResponse:
    """Say what happens to each structure; then do it, and be logged out."""
    me = person(request)
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            departures.close_account(actor=acting(request), at=now())
            logout(request)
            return render(request, "account/closed_now.html", {"address": me.email})
    context = {"form": form, "person": me, "leaving": departures.leaving(user=me)}
    return render(request, "account/close.html", context)


@page(get=PUBLIC, post=PUBLIC, before_second_factor=True)
@never_cache
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail scanners open every link. Pressing the button opens the account again."""
    limited = too_many(request, action="activate") if request.method == "POST" else None
    if limited:
        return limited
    user = accounts.returning(token=token, at=now())
    is_done = False
    if request.method == "POST" and user is not None:
        accounts.come_back(token=token, at=now())
        is_done = True
    context = {"is_useless": user is None, "is_done": is_done}
    response = render(request, "account/come_back.html", context, status=410 if user is None else 200)
    # The address of this page is a secret. Not "no-referrer": browsers then hide the Origin that the form must show.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
