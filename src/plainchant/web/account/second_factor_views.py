"""A log-in's second step, and « Sécurité »: what is asked for besides the password, and where one is logged in.

Allauth's views, each with a permission and our templates, as in `entrance`.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.safestring import mark_safe

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal.accounts import log_ins, operations, second_factor
from plainchant.portal.lib.time import now
from plainchant.portal.structures.queries import must_have_second_factor
from plainchant.web.routes import page

from .limits import too_many
from .proof import ProofView, prove_new_factor
from .resuming import carried_by, offer_again
from .second_factor_adapter import passkeys_work
from .visitor import must_add_second_factor, person

_SECURITY = reverse_lazy("mfa_index")


# The second step of a log-in


class _SecondStepView(base.AuthenticateView):
    """A code or a passkey. What was typed before an expired log-in is carried through (`resuming`)."""

    template_name = "account/second_step.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not {"code", "credential"} & set(request.POST):  # the log-in sends its own form on, with what it carries
            self.request.method = "GET"
            self._build_forms()
            answer: HttpResponse = self.get(request, *args, **kwargs)
            return answer
        posted: HttpResponse = super().post(request, *args, **kwargs)
        return posted

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        return _taken_up(self.request, answer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        context = super().get_context_data(**kwargs)
        ways = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        if Authenticator.Type.TOTP not in ways and context["form"]:
            context["form"].fields["code"].help_text = "Huit chiffres, sur la feuille que vous avez imprimée ou notée."
        return {
            **context,
            "carried": carried_by(self.request),
            "has_passkey": Authenticator.Type.WEBAUTHN in ways,
            "has_application": Authenticator.Type.TOTP in ways,
        }


class _MailCodeView(account.ConfirmLoginCodeView):
    template_name = "account/mail_code_step.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not {"code", "action"} & set(request.POST):
            answer: HttpResponse = self.render_to_response(self.get_context_data(form=self._empty_form()))
            return answer
        posted: HttpResponse = super().post(request, *args, **kwargs)
        return posted

    def _empty_form(self) -> forms.Form:
        form: forms.Form = self.get_form_class()(user=self.stage.login.user)
        return form

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs if self._action == "resend" else {**kwargs, "user": self.stage.login.user}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        return _taken_up(self.request, answer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "carried": carried_by(self.request)}


def _taken_up(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    carried = carried_by(request)
    return offer_again(request, carried) if carried and request.user.is_authenticated else answer


class _PasskeyLogInView(webauthn.LoginWebAuthnView):
    """A passkey instead of address and password: a script asks for the challenge, then sends the form."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limited = too_many(request, action="passkey_challenge")  # each is kept in a session
        return limited or JsonResponse({"request_options": auth.begin_authentication(user=None)})

    def form_valid(self, form: forms.Form) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = flows.perform_passwordless_login(self.request, authenticator, login)
        return answer


# « Sécurité »


@page(get=OWN_ACCOUNT, before_second_factor=True)
def security(request: HttpRequest) -> HttpResponse:
    me, at = person(request), now()
    authenticators = list(Authenticator.objects.filter(user=me).order_by("created_at"))
    key = request.session.session_key or ""
    context = {
        "must_add": must_add_second_factor(request),
        "is_asked": must_have_second_factor(user=me),
        "application": next((row for row in authenticators if row.type == Authenticator.Type.TOTP), None),
        "passkeys": [row for row in authenticators if row.type == Authenticator.Type.WEBAUTHN],
        "passkeys_work": passkeys_work(),
        "codes_left": second_factor.recovery_codes_left(user=me),
        "mail_code": me.mail_codes_since is not None,
        "mails_a_code": second_factor.mails_a_code(user=me),
        "elsewhere": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "address": me.email,
        "log_ins": [
            {
                "name": log_ins.name_of(key=row.session_key),
                "device": row.device or "Un appareil",
                "begun_at": row.begun_at,
                "is_this": row.session_key == key,
            }
            for row in log_ins.open_log_ins(user=me, at=at)
        ],
    }
    return render(request, "account/security.html", context)


@page(post=OWN_ACCOUNT)
def end_log_ins(request: HttpRequest) -> HttpResponse:
    """One of them, by its name, or all but this one."""
    ended = operations.end_own_log_ins(
        user=person(request), only=request.POST.get("name", ""), but=request.session.session_key or "", at=now()
    )
    if ended:
        whose = "ces appareils devront" if ended > 1 else "cet appareil devra"
        messages.success(request, f"C’est fait\u00a0: {whose} se connecter de nouveau.")
    return redirect(_SECURITY)


@page(get=OWN_ACCOUNT, post=OWN_ACCOUNT, before_second_factor=True)
@reauthentication_required(app="allauth.mfa")
def mail_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code by mail at each log-in, or no longer."""
    me, at = person(request), now()
    is_on = me.mail_codes_since is not None
    if request.method != "POST":
        return render(request, "account/mail_code.html", {"is_on": is_on, "address": me.email})
    if request.POST.get("wanted") == "on":
        log_ins.end(user=me, at=at, but=request.session.session_key or "")
        second_factor.turn_mail_code_on(user=me, at=at)
        messages.success(request, f"C’est fait. À la prochaine connexion, un code arrivera à l’adresse {me.email}.")
        return redirect("home" if not is_on else _SECURITY)
    second_factor.turn_mail_code_off(user=me, at=at)
    messages.success(request, "C’est fait\u00a0: plus de code par courriel.")
    return redirect(_SECURITY)


class _AddApplicationView(totp.ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Figures of a path, drawn by qrcode. Written into the page: our policy refuses pictures of data: addresses.
        square = context["totp_svg"][context["totp_svg"].index("viewBox=") :]
        return {**context, "square": mark_safe(square)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        raise_if_reauthentication_required(self.request, app="allauth.mfa")
        prove_new_factor(self.request, Authenticator.Type.TOTP)
        answer: HttpResponse = super().form_valid(form)
        return answer


class _AddPasskeyView(webauthn.AddWebAuthnView):
    """Always one that also logs in alone: it is kept by the device, which asks for a finger, a face or a code."""

    template_name = "account/add_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        options = flows.begin_registration(self.request, self.request.user, passwordless=True)
        return {**context, "js_data": {"creation_options": options}, "passkeys_work": passkeys_work()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        raise_if_reauthentication_required(self.request, app="allauth.mfa")
        prove_new_factor(self.request, Authenticator.Type.WEBAUTHN)
        answer: HttpResponse = super().form_valid(form)
        return answer


class _RemovePasskeyView(webauthn.RemoveWebAuthnView):
    template_name = "account/remove_passkey.html"
    success_url = _SECURITY


_public = page(get=PUBLIC, post=PUBLIC)
_own = page(get=OWN_ACCOUNT, post=OWN_ACCOUNT)
_adding = page(get=OWN_ACCOUNT, post=OWN_ACCOUNT, before_second_factor=True)
_shown = page(get=OWN_ACCOUNT, before_second_factor=True)

second_step = _public(_SecondStepView.as_view())
mail_code_step = _public(_MailCodeView.as_view())
passkey_log_in = _public(_PasskeyLogInView.as_view())
proof_again = _adding(ProofView.as_view())
add_application = _adding(_AddApplicationView.as_view(template_name="account/add_application.html"))
remove_application = _own(
    totp.DeactivateTOTPView.as_view(template_name="account/remove_application.html", success_url=_SECURITY)
)
add_passkey = _adding(_AddPasskeyView.as_view())
remove_passkey = _own(_RemovePasskeyView.as_view())
recovery_codes = _shown(recovery.ViewRecoveryCodesView.as_view(template_name="account/recovery_codes.html"))
new_recovery_codes = _own(recovery.GenerateRecoveryCodesView.as_view(template_name="account/new_recovery_codes.html"))
