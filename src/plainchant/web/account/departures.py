"""Take one's data away, close one's own account, and come back to it."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal import personal_data
from plainchant.portal.accounts import departures as accounts
from plainchant.portal.lib.time import day_in_paris, now
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
            departures.close_account(actor=acting(request), at=now(), erase=form.cleaned_data["erase"])
            logout(request)
            context = {"address": me.email, "is_to_be_erased": form.cleaned_data["erase"]}
            return render(request, "account/closed_now.html", context)
    context = {"form": form, "person": me, "leaving": departures.leaving(user=me)}
    return render(request, "account/close.html", context)


@page(get=OWN_ACCOUNT, post=OWN_ACCOUNT)
@needs_proof()
def my_data(request: HttpRequest) -> HttpResponseBase:
    """What the portal keeps of the visitor, as a file. The proof is asked before the page, which stays after it."""
    if request.method != "POST":
        raise_if_reauthentication_required(request, app="allauth.account")
        return render(request, "account/my_data.html")
    name = f"mes-donnees-{day_in_paris(now()).isoformat()}.json"
    return StreamingHttpResponse(
        personal_data.export(user=person(request)),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


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
