"""A new address is confirmed by whoever reads it; who asked for it has the link sent again, or gives it up.

For notices, and for the log-in, whose address of before can stop the change.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal.accounts import claims, login_address, operations
from plainchant.portal.accounts.login_address import Stopping
from plainchant.portal.accounts.queries import LinkState
from plainchant.portal.lib.time import now
from plainchant.portal.structures import operations as structures
from plainchant.web.routes import page

from .forms import LoginAddressForm
from .limits import too_many, unhurried
from .proof import needs_proof
from .visitor import person


@page(get=PUBLIC, post=PUBLIC, before_second_factor=True)
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail scanners open every link. Pressing the button uses it."""
    limited = too_many(request, action="activate") if request.method == "POST" else None
    if limited:
        return limited
    state, claim = claims.found(token=token, at=now())
    if state is LinkState.READY and claim is not None and request.method == "POST":
        if claim.for_login:
            login_address.confirm(claim=claim, at=now(), stays=request.session.session_key or "")
        elif claim.structure:
            structures.confirm_address(claim=claim, at=now())
        else:
            operations.confirm_contact(claim=claim, at=now())
        state = LinkState.USED
    context = {"state": state.value, "claim": claim, "is_done": state is LinkState.USED}
    status = {LinkState.READY: 200, LinkState.USED: 200, LinkState.UNKNOWN: 404}.get(state, 410)
    response = render(request, "account/confirm_address.html", context, status=status)
    return _secret(response)


def _secret(response: HttpResponse) -> HttpResponse:
    # The address of this page is a secret. Not "no-referrer": browsers then hide the Origin that the form must show.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@page(get=PUBLIC, post=PUBLIC, before_second_factor=True)
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The address of before stops the change of a login address, or undoes it, by a press of the button."""
    limited = too_many(request, action="activate") if request.method == "POST" else None
    if limited:
        return limited
    state, claim = login_address.found_stop(token=token, at=now())
    is_done = request.method == "POST" and claim is not None and state is not Stopping.NOTHING
    if is_done and claim is not None:
        login_address.stop(claim=claim, at=now())
    context = {"state": state.value, "claim": claim, "is_done": is_done}
    status = 410 if state is Stopping.NOTHING else 200
    return _secret(render(request, "account/stop_login_address.html", context, status=status))


@page(get=OWN_ACCOUNT, post=OWN_ACCOUNT)
@needs_proof()
def change_login(request: HttpRequest) -> HttpResponse:
    """Ask for another login address; the same page whether or not it has an account."""
    me, at = person(request), now()
    waiting = claims.pending(by=me, at=at, for_login=True)
    if request.POST.get("wanted") == "give_up":
        claims.give_up(by=me, at=at, for_login=True)
        messages.success(request, f"C’est fait\u00a0: vous vous connectez toujours avec {me.email}.")
        return redirect("account_profile")
    form = LoginAddressForm(request.POST if request.method == "POST" else None, user=me)
    if form.is_valid():
        address = form.cleaned_data["email"]
        limited = too_many(request, action="confirm_address", key=address)
        if limited:
            return limited
        with unhurried():
            login_address.ask(user=me, address=address, at=at)
        messages.info(request, f"Ouvrez le message que nous venons d’envoyer à {address}, et suivez son lien.")
        return redirect("account_login_address")
    context = {"form": form, "person": me, "waiting": waiting}
    return render(request, "account/login_address.html", context)


@page(post=OWN_ACCOUNT)
def again(request: HttpRequest) -> HttpResponse:
    """Send the link again, or give the new address up."""
    me, at = person(request), now()
    waiting = claims.pending(by=me, at=at)
    if request.POST.get("wanted") == "give_up":
        claims.give_up(by=me, at=at)
        messages.success(request, f"C’est fait\u00a0: les avis continuent d’arriver à {me.notice_address}.")
    elif waiting is not None:
        limited = too_many(request, action="confirm_address", key=waiting.address)
        if limited:
            return limited
        operations.ask_contact(user=me, address=waiting.address, at=at)
        messages.success(request, f"Un autre message est parti à {waiting.address}. Suivez le lien du dernier.")
    return redirect("account_profile")
