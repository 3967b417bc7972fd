"""An address for notices is confirmed by whoever reads it; who asked for it has the link sent again, or gives it up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal.accounts import claims, operations
from plainchant.portal.accounts.queries import LinkState
from plainchant.portal.lib.time import now
from plainchant.portal.structures import operations as structures
from plainchant.web.routes import page

from .limits import too_many
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
        if claim.structure:
            structures.confirm_address(claim=claim, at=now())
        else:
            operations.confirm_contact(claim=claim, at=now())
        state = LinkState.USED
    context = {"state": state.value, "claim": claim, "is_done": state is LinkState.USED}
    status = {LinkState.READY: 200, LinkState.USED: 200, LinkState.UNKNOWN: 404}.get(state, 410)
    response = render(request, "account/confirm_address.html", context, status=status)
    # The address of this page is a secret. Not "no-referrer": browsers then hide the Origin that the form must show.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


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
