"""Come in by another service (`openid`): the way there and back, the first arrival, and what opens one's account.

The way there is a link, not a form: browsers that keep our content security policy would stop a form at its door.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.constants import LoginStageKey as AccountStage
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.internal.constants import LoginStageKey as FactorStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache

from plainchant.access.permissions import LINK_OWN_ACCOUNT, LOG_IN_ELSEWHERE
from plainchant.portal.accounts import departures, identities
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import now
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from . import openid
from .limits import too_many, unhurried
from .openid_forms import ArrivalForm
from .proof import is_fresh, needs_proof
from .visitor import ELSEWHERE, person

log = logging.getLogger(__name__)

ID_TOKEN = "openid_id_token"  # noqa: S105 - in the session: shown to the service again at the log-out
_ASKED, _ARRIVAL = "openid_asked", "openid_arrival"
_MOST_ASKED = 5  # tabs that began a log-in
_WRONG_CODE = (
    "Ce n’est pas le code de notre dernier message, ou il est trop ancien. Recopiez-le, ou demandez un autre message."
)
_CODE_LASTS = timedelta(minutes=10)


class NotAskedHere(Refused):
    """Nobody began this log-in in this browser, or too long ago."""

    code = "identity_not_asked_here"

    def __init__(self) -> None:
        super().__init__(
            f"Cette connexion par {settings.OIDC_NAME} n’a pas été commencée ici, ou il y a trop longtemps\u00a0: vous "
            "n’êtes pas connecté."
        )


class NotBelieved(Refused):
    """The other service said something that it should not have."""

    code = "identity_not_believed"

    def __init__(self) -> None:
        super().__init__(f"La connexion par {settings.OIDC_NAME} n’a pas abouti\u00a0: vous n’êtes pas connecté.")


class WithoutAddress(Refused):
    """Nobody opens an account without an address."""

    code = "identity_without_address"

    def __init__(self) -> None:
        super().__init__(
            f"{settings.OIDC_NAME} ne nous a pas donné votre adresse électronique\u00a0: sans elle, pas de compte."
        )


# The way there and back


@page(get=LOG_IN_ELSEWHERE)
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Go there: to log in, or to link the account of whoever is logged in and has just proved who they are."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return redirect("account_login")  # no other site logs people in here
    if limited := too_many(request, action="openid"):
        return limited
    is_linking = request.user.is_authenticated
    if is_linking and not is_fresh(request):
        return redirect("account_identities")
    whose = person(request).pk if is_linking else None
    state, asked, address = openid.begun(next=get_next_redirect_url(request) or "", person=whose, at=now())
    waiting = list(request.session.get(_ASKED, {}).items())[1 - _MOST_ASKED :]
    request.session[_ASKED] = {**dict(waiting), state: asdict(asked)}
    return HttpResponseRedirect(address)


@page(get=LOG_IN_ELSEWHERE)
@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    if limited := too_many(request, action="openid"):
        return limited
    asked = _asked(request)
    error = request.GET.get("error", "")
    if error == "access_denied":
        messages.info(request, f"Vous avez renoncé à passer par {settings.OIDC_NAME}\u00a0: rien n’a changé.")
        return redirect("account_identities" if asked.person else "account_login")
    try:
        if error or request.GET.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
            raise openid.BadAnswer("it came back with an error, or from another issuer")
        arrival = openid.came_back(code=request.GET.get("code", ""), asked=asked, at=now())
    except openid.BadAnswer as reason:
        log.warning("a log-in by another service failed: %s", reason)
        record(SecurityEvent.IDENTITY_REFUSED, person=asked.person, visitor=_visitor(request))
        raise NotBelieved from reason
    if asked.person is not None:
        return _link(request, arrival, asked)
    user = identities.owner_of(issuer=arrival.issuer, subject=arrival.subject)
    if user is not None:
        return _enter(request, user, arrival, next=asked.next)
    return _greet(request, arrival)


def _asked(request: HttpRequest) -> openid.Asked:
    """What was begun under this state, which serves once. Raises NotAskedHere."""
    waiting = request.session.get(_ASKED, {})
    kept = waiting.pop(request.GET.get("state", ""), None)
    request.session[_ASKED] = waiting
    if kept is None:
        raise NotAskedHere
    asked = openid.Asked(**kept)
    whose = person(request).pk if request.user.is_authenticated else None
    is_another = asked.person is not None and asked.person != whose
    if is_another or now().timestamp() - asked.begun_at > openid.ASKED_SECONDS:
        raise NotAskedHere
    return asked


def _enter(request: HttpRequest, user: User, arrival: openid.Arrival, *, next: str) -> HttpResponse:
    """Log in, past the second factor that this portal asks for unless the other service has seen to it."""
    if not user.is_active:
        is_own = user.closed_by_owner_at is not None
        if is_own and ratelimit.consume(request, app="allauth.account", action="mail_code", user=user):
            departures.offer_return(user=user, at=now())
        return render(request, "account/closed.html", {"is_own": is_own}, status=403)
    request.session[ID_TOKEN] = arrival.id_token
    record_authentication(request, user, ELSEWHERE, is_strong=arrival.is_strong)
    login = Login(user=user, redirect_url=next or None)
    if arrival.is_strong:
        stages = (FactorStage.MFA_AUTHENTICATE, AccountStage.LOGIN_BY_CODE)
        login.state["stages"] = {stage.value: {"handled": True} for stage in stages}
    answer: HttpResponse = perform_login(request, login)
    request.session.set_expiry(0)
    return answer


def _visitor(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


# The first arrival


def _greet(request: HttpRequest, arrival: openid.Arrival) -> HttpResponse:
    if not arrival.email:
        raise WithoutAddress
    request.session[_ARRIVAL] = {"arrival": asdict(arrival), "digest": "", "until": 0}
    return _mail_code(request, arrival) or redirect("openid_arrive")


def _mail_code(request: HttpRequest, arrival: openid.Arrival) -> HttpResponse | None:
    """Send a code, or word that there is an account; the page that says so where there have been too many."""
    if limited := too_many(request, action="resend_activation", key=arrival.email):
        return limited
    at, code = now(), f"{secrets.randbelow(10**6):06}"
    with unhurried():
        is_sent = identities.greet(
            email=arrival.email,
            code=code,
            minutes=int(_CODE_LASTS.total_seconds()) // 60,
            service=settings.OIDC_NAME,
            at=at,
        )
    kept = request.session[_ARRIVAL]
    until = (at + _CODE_LASTS).timestamp()
    request.session[_ARRIVAL] = {**kept, "digest": _digest(code) if is_sent else "", "until": until}
    return None


@page(get=LOG_IN_ELSEWHERE, post=LOG_IN_ELSEWHERE)
@never_cache
def arrive(request: HttpRequest) -> HttpResponse:
    """Show that one reads one's address, and open an account. The same page whether the address has one."""
    kept = request.session.get(_ARRIVAL)
    if kept is None or request.user.is_authenticated:
        return redirect("account_login")
    arrival = openid.Arrival(**kept["arrival"])
    names = {"first_name": arrival.first_name, "last_name": arrival.last_name}
    if request.method == "POST" and request.POST.get("action") == "resend":
        return _mail_code(request, arrival) or redirect("openid_arrive")
    form = ArrivalForm(request.POST if request.method == "POST" else None, initial=names)
    if form.is_valid():
        if limited := too_many(request, action="arrival_code", key=arrival.email):
            return limited
        if not _is_the_code(request, form.cleaned_data["code"]):
            form.add_error("code", _WRONG_CODE)
        else:
            with refusals_on(form):
                user = identities.open_account(
                    issuer=arrival.issuer,
                    subject=arrival.subject,
                    email=arrival.email,
                    first_name=form.cleaned_data["first_name"],
                    last_name=form.cleaned_data["last_name"],
                    siret=arrival.siret,
                    at=now(),
                )
                del request.session[_ARRIVAL]
                messages.success(request, "Votre compte est ouvert. Dernière étape\u00a0: votre structure.")
                return _enter(request, user, arrival, next=_attachment(arrival.siret))
    return render(request, "account/arrive.html", {"form": form, "address": arrival.email, "name": settings.OIDC_NAME})


def _attachment(siret: str) -> str:
    """The page that asks to be attached: what the service says of a structure is a proposal."""
    return reverse("structures_add_siret", kwargs={"siret": siret}) if siret else reverse("structures_add")


def _is_the_code(request: HttpRequest, code: str) -> bool:
    """Whether this is the code that was mailed last, in time."""
    kept: dict[str, Any] = request.session[_ARRIVAL]
    figures = "".join(sign for sign in code if sign.isdigit())
    return constant_time_compare(kept["digest"], _digest(figures)) and now().timestamp() < kept["until"]


def _digest(code: str) -> str:
    return salted_hmac("plainchant.arrival", code, algorithm="sha256").hexdigest()


# What opens one's account


@page(get=LINK_OWN_ACCOUNT, post=LINK_OWN_ACCOUNT, back="account_identities")
@needs_proof()
def identities_page(request: HttpRequest) -> HttpResponse:
    """What opens the visitor's account by the other service; the proof is asked before the page, whose link leaves."""
    me = person(request)
    if request.method != "POST":
        raise_if_reauthentication_required(request, app="allauth.account")
        rows = identities.linked(user=me, issuer=settings.OIDC_ISSUER)
        return render(request, "account/identities.html", {"identities": rows, "name": settings.OIDC_NAME})
    key = request.POST.get("identity", "")
    if key.isascii() and key.isdigit():
        identities.unlink(user=me, key=int(key), issuer=settings.OIDC_ISSUER, service=settings.OIDC_NAME, at=now())
        messages.success(request, f"C’est fait\u00a0: {settings.OIDC_NAME} n’ouvre plus votre compte.")
    return redirect("mfa_index")


def _link(request: HttpRequest, arrival: openid.Arrival, asked: openid.Asked) -> HttpResponse:
    identities.link(
        user=person(request), issuer=arrival.issuer, subject=arrival.subject, service=settings.OIDC_NAME, at=now()
    )
    request.session[ID_TOKEN] = arrival.id_token
    messages.success(request, f"C’est fait\u00a0: {settings.OIDC_NAME} ouvre maintenant votre compte.")
    return redirect("mfa_index")
