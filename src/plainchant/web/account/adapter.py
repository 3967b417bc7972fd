"""How allauth behaves here: French, through our outbox, our operations and our public address only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from plainchant.portal.accounts import links, operations, passwords, queries
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import now

from .device import device_of
from .sessions import DEVICE


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
        "enter_current_password": "Ce n’est pas votre mot de passe actuel. Réécrivez-le.",
        "invalid_password_reset": "Ce lien ne sert plus.",
        "account_inactive": "Ce compte est fermé.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Two messages remain allauth's to decide; both are written by our operations."""
        if template_prefix == "account/email/password_reset_key":
            operations.send_password_reset(user=context["user"], link=context["password_reset_url"], at=now())
        elif template_prefix == "account/email/unknown_account":
            operations.resend_activation(email=email, at=now())
        else:
            raise NotImplementedError(f"No message is written for {template_prefix}.")

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
        try:
            super().pre_authenticate(request, **credentials)
            email = str(credentials.get("email", ""))
            key = f"{email}{queries.unlocked(email=email)}"
            self._tries = ratelimit.consume(request, app="allauth.account", action="login_account", key=key)
            if not self._tries:
                raise self.validation_error("account_locked")
        except ValidationError:
            record(SecurityEvent.LOG_IN_LOCKED, person=_number(credentials), visitor=self.get_client_ip(request))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
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
