"""Log in, log out, forgotten password: allauth's views, each with a permission and our templates."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from plainchant.access.permissions import OWN_ACCOUNT, PUBLIC
from plainchant.portal.accounts import passwords
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from . import openid
from .limits import unhurried
from .openid_views import ID_TOKEN
from .resuming import ask_to_log_in, carried_by, offer_again
from .second_factor_adapter import passkeys_work

_TOO_MANY = "Trop d’essais sont venus de votre connexion en peu de temps. Attendez une minute, puis réessayez ici."
_RULES = {"rules": passwords.RULES}


class _NewPasswordView(allauth.PasswordResetFromKeyView):
    def form_valid(self, form: forms.Form) -> HttpResponse:
        return _or_say_why(self, form, super().form_valid)


class _ChangePasswordView(allauth.PasswordChangeView):
    def form_valid(self, form: forms.Form) -> HttpResponse:
        return _or_say_why(self, form, super().form_valid)


def _or_say_why(view: Any, form: forms.Form, go_on: Any) -> HttpResponse:
    with refusals_on(form):
        answer: HttpResponse = go_on(form)
        return answer
    invalid: HttpResponse = view.form_invalid(form)
    return invalid


class _LogInView(allauth.LoginView):
    """Allauth's, which carries what was typed before (`resuming`) and offers it again after the log-in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        carried = carried_by(request)
        if carried and request.user.is_authenticated:  # in another tab, or this page was loaded again
            return offer_again(request, carried)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if carried and answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return ask_to_log_in(request, carried, trouble=_TOO_MANY)
        return answer

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        carried = carried_by(self.request)
        if carried and self.request.user.is_authenticated:
            return offer_again(self.request, carried)
        if carried and answer.status_code == HTTPStatus.FOUND and answer["Location"] in _second_steps():
            answer.status_code = HTTPStatus.TEMPORARY_REDIRECT  # the browser sends on what is carried
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "carried": carried_by(self.request),
            "passkeys_work": passkeys_work(),
            "elsewhere": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        }


def _second_steps() -> tuple[str, str]:
    return reverse("mfa_authenticate"), reverse("account_confirm_login_code")


@method_decorator(never_cache, name="dispatch")
class _ForgottenPasswordView(allauth.PasswordResetView):
    def form_valid(self, form: forms.Form) -> HttpResponse:
        with unhurried():
            answer: HttpResponse = super().form_valid(form)
        return answer


class _LogOutView(allauth.LogoutView):
    """Allauth's; whoever came in by another service is led there to log out too, or would be let in again unasked."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        id_token = request.session.get(ID_TOKEN, "") if settings.OIDC_ISSUER else ""
        answer: HttpResponse = super().post(request, *args, **kwargs)
        address = openid.end_session_address(id_token=id_token) if id_token else ""
        if not address:
            return answer
        context = {"address": address, "name": settings.OIDC_NAME}
        answer = render(request, "account/logged_out.html", context)
        answer.headers["Refresh"] = f"0; url={address}"  # a redirection of a form may not leave: form-action
        return answer


_public, _own = page(get=PUBLIC, post=PUBLIC), page(get=OWN_ACCOUNT, post=OWN_ACCOUNT)

login = _public(_LogInView.as_view(template_name="account/login.html"))
logout = page(get=PUBLIC, post=PUBLIC, before_second_factor=True)(
    _LogOutView.as_view(template_name="account/logout.html")
)
change_password = _own(_ChangePasswordView.as_view(template_name="account/change_password.html", extra_context=_RULES))
forgotten_password = _public(_ForgottenPasswordView.as_view(template_name="account/forgotten_password.html"))
forgotten_password_sent = page(get=PUBLIC)(
    allauth.PasswordResetDoneView.as_view(template_name="account/forgotten_password_sent.html")
)
new_password = _public(_NewPasswordView.as_view(template_name="account/new_password.html", extra_context=_RULES))
