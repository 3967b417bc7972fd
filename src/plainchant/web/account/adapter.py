"""How allauth behaves here: French, through our outbox, our operations and our public address only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from plainchant.portal.accounts import departures, links, log_ins, operations, passwords, queries, second_factor
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import now

from .device import device_of
from .locks import locked_until
from .proof import is_fresh
from .sessions import DEVICE

# By what is counted: for this visitor and address, or for the address from anywhere.
_LOCKED = {
    "login_failed": (
        "Trop d’essais en peu de temps. Réessayez à partir de {until}, ou choisissez un nouveau mot de passe."
    ),
    "login_account": (
        "Trop d’essais sur ce compte, venus de plusieurs endroits\u00a0: personne ne s’y connecte avec un mot de "
        "passe avant {until}. Pour entrer tout de suite, choisissez un nouveau mot de passe."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """The points where allauth asks its host."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez l’une et l’autre, "
            "ou choisissez un nouveau mot de passe."
        ),
        "too_many_login_attempts": (
            "Trop d’essais en peu de temps. Attendez un quart d’heure, ou choisissez un nouveau mot de passe."
        ),
        "account_locked": (
            "Trop d’essais sur ce compte, venus de plusieurs endroits\u00a0: personne ne s’y connecte avec un mot de "
            "passe pendant une heure. Pour entrer tout de suite, choisissez un nouveau mot de passe."
        ),
        "incorrect_password": "Ce n’est pas votre mot de passe. Réécrivez-le.",
        "rate_limited": "Trop d’essais en peu de temps. Attendez un peu, puis recommencez.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel. Réécrivez-le.",
        "invalid_password_reset": "Ce lien ne sert plus.",
        "account_inactive": "Ce compte est fermé.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Three messages remain allauth's to decide; all are written by our operations."""
        if template_prefix == "account/email/password_reset_key":
            operations.send_password_reset(user=context["user"], link=context["password_reset_url"], at=now())
        elif template_prefix == "account/email/unknown_account":
            operations.resend_activation(email=email, at=now())
        elif template_prefix == "account/email/login_code":
            self._send_code(code=context["code"], email=email)
        else:
            raise NotImplementedError(f"No message is written for {template_prefix}.")

    def _send_code(self, *, code: str, email: str) -> None:
        user = User.objects.get(email=email)
        if not ratelimit.consume(self.request, app="allauth.account", action="mail_code", user=user):
            record(SecurityEvent.SECOND_FACTOR_LOCKED, person=user.pk, visitor=self.get_client_ip(self.request))
            raise ImmediateHttpResponse(ratelimit.respond_429(self.request))
        second_factor.send_code(user=user, code=code, at=now())

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """A second factor has changed. Whoever was logged in elsewhere has not shown the new one."""
        prefix, _, change = template_prefix.rpartition("/")
        if prefix != "mfa/email":
            return
        at = now()
        if second_factor.CHANGES[change].event is SecurityEvent.SECOND_FACTOR_ADDED:
            log_ins.end(user=user, at=at, but=self.request.session.session_key)
        second_factor.note_change(user=user, change=change, at=at)

    def is_login_by_code_required(self, login: Login) -> bool:
        """After the password: a code by mail, for who has chosen it. A passkey needs nothing beside it."""
        return second_factor.mails_a_code(user=login.user) and not did_use_passwordless_login(self.request, login.user)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether somebody may be at another's screen: a log-in of a moment ago is as good as another proof."""
        return not is_fresh(self.request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return links.choose_new_password(key=key)

    def set_password(self, user: User, password: str) -> None:
        operations.change_password(user=user, password=password, at=now())

    def clean_password(self, password: str, user: User | None = None) -> str:
        found = passwords.weaknesses(password=password, user=user)
        if found:
            raise operations.WeakPassword(" ".join(found), field="password1")
        return password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Per address and visitor: ten wrong passwords from elsewhere must not shut the owner out.
        email = str(credentials.get("email", ""))
        return f"{self.get_client_ip(request)}:{email}{queries.unlocked(email=email)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try: for this visitor and address, then for the address, wherever the tries come from."""
        email = str(credentials.get("email", ""))
        action, key = "login_failed", self._get_login_attempts_cache_key(request, **credentials)
        try:
            super().pre_authenticate(request, **credentials)
            action, key = "login_account", f"{email}{queries.unlocked(email=email)}"
            self._tries = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not self._tries:
                raise self.validation_error("account_locked")
        except ValidationError as error:
            record(SecurityEvent.LOG_IN_LOCKED, person=_number(credentials), visitor=self.get_client_ip(request))
            until = locked_until(request, action=action, key=key)
            raise ValidationError(_LOCKED[action].format(until=until), code=error.code) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user and user.closed_by_owner_at is not None:
            # The page says what it says of a wrong password; the mail tells the owner, with the way back.
            self.authentication_failed(request, **credentials)
            if ratelimit.consume(request, app="allauth.account", action="mail_code", user=user):
                departures.offer_return(user=user, at=now())
            return None
        if user:
            self._tries.rollback()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        record(SecurityEvent.LOG_IN_FAILED, person=_number(credentials), visitor=self.get_client_ip(request))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[DEVICE] = device_of(request)
        record(SecurityEvent.LOGGED_IN, person=user.pk, visitor=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        record(SecurityEvent.LOGGED_OUT, person=request.user.pk, visitor=self.get_client_ip(request))
        super().logout(request)

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # one way of answering: pages


def _number(credentials: dict[str, Any]) -> int | None:
    """Of the account that somebody tries to enter, if there is one."""
    user = queries.with_login(email=credentials.get("email", ""))
    return user.pk if user else None
