"""A fresh proof that it is the person who acts: asked before what an open browser alone must not be enough for.

What proves it is what this account is best protected by: a passkey or a code of an application, else a code by mail,
else the password. The log-in counts, for ACCOUNT_REAUTHENTICATION_TIMEOUT seconds. A form that was sent without one is
carried in the page that asks (`resuming`), and goes on its way once the proof is given.

    @page(post=MANAGE_STRUCTURE)
    @needs_proof()
    def add(request, structure): ...
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from enum import Enum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve

from plainchant.portal.accounts import second_factor
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import now

from . import proof_by_mail
from .forms import PasswordAgainForm
from .resuming import Carried, carried_by, offer_again, sent_by
from .second_factor_forms import CodeAgainForm, MailCodeAgainForm, PasskeyAgainForm
from .visitor import must_add_second_factor, person


class Way(Enum):
    """How somebody proves who they are; the values are the methods of allauth's records that count."""

    FACTOR = ("mfa",)
    MAIL_CODE = ("code", "mfa")
    PASSWORD = ("password", "code", "mfa")


def way_of(user: User) -> Way:
    """The best protection that this account has. Without a password (it logs in elsewhere) a code is mailed."""
    if second_factor.has_strong_one(user=user):
        return Way.FACTOR
    return Way.MAIL_CODE if user.mail_codes_since is not None or not user.has_own_password else Way.PASSWORD


def is_fresh(request: HttpRequest) -> bool:
    """Whether this visitor has proved who they are within the last minutes."""
    me = person(request)
    counted = way_of(me).value
    given = [row["at"] for row in get_authentication_records(request, me) if row["method"] in counted]
    return now().timestamp() - max(given, default=0) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


View = Callable[..., HttpResponseBase]


def needs_proof(*, when: Callable[[HttpRequest], bool] = lambda request: True) -> Callable[[View], View]:
    """Below `@page`: what is posted to this view waits for a fresh proof, if it is such that it needs one."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and when(request) and not is_fresh(request):
                return _ask(request, sent_by(request))
            return view(request, *args, **kwargs)

        guarded.needs_proof = True  # type: ignore[attr-defined]
        return guarded

    return declare


def prove_new_factor(request: HttpRequest, kind: str) -> None:
    """A factor that has just shown that it works is a proof too: `is_fresh` was asked before."""
    record_authentication(request, person(request), "mfa", type=kind, reauthenticated=True)


def _ask(request: HttpRequest, carried: Carried | None) -> HttpResponse:
    """The page that asks, in answer to a form: nothing has been done yet, and nothing typed is lost."""
    asking = copy(request)
    asking.method = "GET"
    answer: HttpResponse = ProofView.as_view()(asking, carried=carried)
    answer.status_code = 403 if answer.status_code == 200 else answer.status_code
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


class ProofView(BaseReauthenticateView):
    """Asks for the proof, in the way that this account has; « carried » is the form that waits for it."""

    template_name = "account/proof.html"

    def dispatch(self, request: HttpRequest, *args: Any, carried: Carried | None = None, **kwargs: Any) -> Any:
        self.carried = carried or carried_by(request)
        self.way = way_of(person(request))
        self.has_passkey = Authenticator.objects.filter(user=person(request), type=Authenticator.Type.WEBAUTHN).exists()
        if request.method == "GET" and self.way is Way.MAIL_CODE:
            proof_by_mail.mail_code(request)
        if carried is not None:  # in the place of another page: the form has not been counted as a try
            return self.get(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[forms.Form]:
        if self.way is Way.PASSWORD:
            return PasswordAgainForm
        if self.way is Way.MAIL_CODE:
            return MailCodeAgainForm
        return PasskeyAgainForm if "credential" in self.request.POST else CodeAgainForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return {**kwargs, "user": person(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.way is Way.MAIL_CODE and request.POST.get("action") == "resend":
            proof_by_mail.forget(request)
            proof_by_mail.mail_code(request)
            again: HttpResponse = self.render_to_response(
                self.get_context_data(form=MailCodeAgainForm(user=person(request)))
            )
            return again
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: forms.Form) -> HttpResponse:
        me = person(self.request)
        if self.way is Way.FACTOR:
            form.save()  # type: ignore[attr-defined]
        else:
            method = "password" if self.way is Way.PASSWORD else "code"
            record_authentication(self.request, me, method, reauthenticated=True)
            proof_by_mail.forget(self.request)
        record(SecurityEvent.PROVED_AGAIN, person=me.pk)
        if self.carried is not None:
            return _go_on(self.request, self.carried)
        answer: HttpResponse = super().form_valid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {
            **super().get_context_data(**kwargs),
            "carried": self.carried,
            "way": self.way.name.lower(),
            "has_passkey": self.has_passkey,
        }
        is_about_code = "code" in context["form"].fields
        context["code_form"] = context["form"] if is_about_code else CodeAgainForm(user=person(self.request))
        if self.has_passkey and self.way is Way.FACTOR:
            context["js_data"] = {"request_options": auth.begin_authentication(person(self.request))}
        return context


def _go_on(request: HttpRequest, carried: Carried) -> Any:
    """What was sent before the proof was asked is done now, as if it were sent again.

    Only a page that asks for a proof is taken up like that; another is offered, as after a log-in.
    """
    address = urlsplit(carried.address)
    match = resolve(address.path)
    if not getattr(match.func, "needs_proof", False):
        return offer_again(request, carried)
    if must_add_second_factor(request):
        return redirect("mfa_index")
    again = copy(request)
    again.path = again.path_info = address.path
    again.GET = QueryDict(address.query)
    posted = QueryDict(mutable=True)
    for name, value in carried.pairs:
        posted.appendlist(name, value)
    again.POST = posted  # type: ignore[assignment]
    again.resolver_match = match
    return match.func(again, *match.args, **match.kwargs)
