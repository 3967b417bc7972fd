"""Open an account, activate it, see it and change it. Logging in and forgotten passwords stand in `entrance`."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal.accounts import claims, operations, passwords, queries
from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.queries import LinkState
from plainchant.portal.codes import CODE_OF
from plainchant.portal.lib.time import now
from plainchant.web.routes import page

from .forms import ProfileForm, ResendActivationForm, SignupForm, TwicePasswordForm
from .limits import too_many, unhurried
from .proof import needs_proof
from .visitor import person

_SENT_TO = "activation_sent_to"
_STEPS = ("Vos informations", "Votre message", "Votre mot de passe", "Votre structure")


def steps(current: int) -> list[dict[str, str]]:
    """The way to a first invoice, with where one is."""
    return [
        {"label": label, "state": "done" if place < current else "current" if place == current else "next"}
        for place, label in enumerate(_STEPS)
    ]


@page(get=PUBLIC, post=PUBLIC)
@never_cache
def signup(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    form = SignupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        limited = too_many(request, action="signup", key=typed["email"])
        if limited:
            return limited
        with unhurried():
            operations.register(
                email=typed["email"],
                first_name=typed["first_name"],
                last_name=typed["last_name"],
                contact_email=typed["contact_email"],
                phone=typed["phone"],
                siret=typed["siret"],
                at=now(),
            )
        request.session[_SENT_TO] = typed["email"]
        return redirect("account_activation_sent")
    return render(request, "account/signup.html", {"form": form, "steps": steps(0)})


@page(get=PUBLIC)
@never_cache
def activation_sent(request: HttpRequest) -> HttpResponse:
    """One page for a new address, a known one and one that awaits activation: the mail says which."""
    context = {
        "address": request.session.get(_SENT_TO, ""),
        "minutes": settings.ACTIVATION_MINUTES,
        "mailbox": settings.MAILBOX_IS_VISIBLE,
        "steps": steps(1),
    }
    return render(request, "account/activation_sent.html", context)


@page(get=PUBLIC, post=PUBLIC)
@never_cache
def resend_activation(request: HttpRequest) -> HttpResponse:
    form = ResendActivationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        limited = too_many(request, action="resend_activation", key=email)
        if limited:
            return limited
        with unhurried():
            operations.resend_activation(email=email, at=now())
        request.session[_SENT_TO] = email
        return redirect("account_activation_sent")
    return render(request, "account/resend_activation.html", {"form": form})


@page(get=PUBLIC, post=PUBLIC)
@never_cache
@sensitive_post_parameters("password1", "password2")
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail scanners open every link. Sending the password uses it."""
    found = queries.link(token=token, at=now())
    if found.state is not LinkState.READY:
        return _link_is_worth_nothing(request, state=found.state)
    form = TwicePasswordForm(request.POST if request.method == "POST" else None, user=found.user)
    if request.method == "POST":
        limited = too_many(request, action="activate")
        if limited:
            return limited
        if form.is_valid():
            try:
                user = operations.activate(token=token, password=form.cleaned_data["password1"], at=now())
            except operations.ActivationRefused as refusal:
                return _link_is_worth_nothing(request, state=refusal.state)
            return _first_login(request, user=user)
    context = {"form": form, "person": found.user, "rules": passwords.RULES, "steps": steps(2)}
    return _keep_address_secret(render(request, "account/activate.html", context))


def _link_is_worth_nothing(request: HttpRequest, *, state: LinkState) -> HttpResponse:
    context = {"form": ResendActivationForm(), "minutes": settings.ACTIVATION_MINUTES}
    page = f"account/activate_{state.value}.html"
    return _keep_address_secret(render(request, page, context, status=CODE_OF[state.code].http))


def _keep_address_secret(response: HttpResponse) -> HttpResponse:
    # The address of this page is a secret. Not "no-referrer": browsers then hide the Origin that the form must show.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _first_login(request: HttpRequest, *, user: User) -> HttpResponse:
    record_authentication(request, user, "password")
    get_adapter().login(request, user)
    request.session.set_expiry(0)
    messages.success(request, "Votre compte est ouvert. Dernière étape\u00a0: votre structure.")
    if user.siret_at_registration:
        return redirect("structures_add_siret", siret=user.siret_at_registration)
    return redirect("structures_add")


def _moves_notices(request: HttpRequest) -> bool:
    """Whether this form sends a person's notices elsewhere."""
    typed = request.POST.get("contact_email", "").strip().lower()
    return typed not in (person(request).contact_email, person(request).notice_address)


@page(get=OWN_ACCOUNT, post=OWN_ACCOUNT)
@needs_proof(when=_moves_notices)
def profile(request: HttpRequest) -> HttpResponse:
    me = person(request)
    before = {
        "first_name": me.first_name,
        "last_name": me.last_name,
        "contact_email": me.contact_email,
        "phone": me.phone,
    }
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=before)
    waiting = claims.pending(by=me, at=now())
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        contact = typed["contact_email"]
        if contact and contact not in (me.contact_email, me.email, waiting.address if waiting else ""):
            limited = too_many(request, action="confirm_address", key=contact)
            if limited:
                return limited
        claim = operations.update_profile(
            user=me,
            first_name=typed["first_name"],
            last_name=typed["last_name"],
            contact_email=contact,
            phone=typed["phone"],
            at=now(),
        )
        if claim is not None and claim != waiting:
            messages.info(
                request,
                f"Vos informations sont enregistrées. Il reste à confirmer {claim.address}\u00a0: ouvrez le message "
                "que nous venons d’y envoyer.",
            )
        else:
            messages.success(request, "Vos informations sont enregistrées.")
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form, "person": me, "waiting": waiting})


@page(get=PUBLIC)
def closed(request: HttpRequest) -> HttpResponse:
    """For someone whose password is right and whose account was closed."""
    return render(request, "account/closed.html", status=403)
