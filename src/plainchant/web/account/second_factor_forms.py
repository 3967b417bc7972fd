"""The questions about a second factor: allauth's checks in our words; wrong answers are counted and logged."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as base
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from plainchant.portal.accounts import second_factor
from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.queries import token_digest
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import now

from .fields import LineField, NameField
from .locks import locked_until
from .proof_by_mail import is_mailed_code

_LOCKED = (
    "Trop de mauvais codes pour ce compte\u00a0: aucun n’est regardé avant {until}, même juste. Attendez, puis "
    "recommencez avec le dernier code."
)
_WRONG_MAIL_CODE = (
    "Ce n’est pas le code du dernier message que nous vous avons envoyé. Ouvrez ce message, et recopiez ses six "
    "chiffres."
)
_WRONG_PASSKEY = (
    "Cette clé d’accès n’a pas été reconnue. Recommencez, ou choisissez un autre moyen de vous connecter ci-dessous."
)
_NOT_ADDED = (
    "La clé n’a pas été ajoutée\u00a0: l’appareil n’a pas donné la réponse attendue. Recommencez, ou choisissez un "
    "autre moyen."
)
_TOO_MANY = {"too_many_login_attempts", "rate_limited"}


class CodeField(LineField):
    """A code, with or without the spaces and dashes between its figures."""

    def __init__(self, *, label: str, missing: str, help_text: str = "") -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "size": 12}
        super().__init__(
            label=label, longest=40, missing=missing, help_text=help_text, widget=forms.TextInput(attrs=attrs)
        )


@contextmanager
def _watched(user: User) -> Iterator[None]:
    """A wrong answer is an event; one that is not even looked at is another, and says so."""
    try:
        yield
    except ValidationError as error:
        is_locked = getattr(error, "code", None) in _TOO_MANY
        event = SecurityEvent.SECOND_FACTOR_LOCKED if is_locked else SecurityEvent.SECOND_FACTOR_FAILED
        record(event, person=user.pk, visitor=_visitor())
        if is_locked:
            until = locked_until(context.request, action="login_failed", key=f"mfa-auth-user-{user.pk}")
            raise ValidationError(_LOCKED.format(until=until), code="locked") from error
        raise


def _visitor() -> str:
    from allauth.account.adapter import get_adapter  # it imports our own adapter, which imports this

    return str(get_adapter().get_client_ip(context.request))


def _spend(*, user: User, code: str) -> None:
    """A code of an application works once: as long as it would be taken, it is remembered."""
    lasts = settings.MFA_TOTP_TOLERANCE * 2 + 1
    figures = "".join(sign for sign in code if sign.isalnum())
    if not cache.add(f"spent:{user.pk}:{token_digest(figures)}", True, timeout=lasts * 30):
        raise ValidationError(
            "Ce code a déjà servi. Attendez que l’application en montre un autre, puis recopiez-le.", code="spent"
        )


class CodeForm(base.AuthenticateForm):
    """At a log-in: a code of the application, or a recovery code."""

    code = CodeField(
        label="Le code",
        missing="Écrivez le code.",
        help_text="Les six chiffres que montre l’application, ou un de vos codes de secours.",
    )

    def clean_code(self) -> str:
        with _watched(self.user):
            code = str(super().clean_code())
            if self.authenticator.type == Authenticator.Type.TOTP:
                _spend(user=self.user, code=code)
        return code

    def save(self) -> None:
        super().save()
        self._note_spent()

    def _note_spent(self) -> None:
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            second_factor.note_change(user=self.user, change="recovery_code_used", at=now())


class CodeAgainForm(CodeForm, base.ReauthenticateForm):
    """Before a change, some time after the log-in."""

    def save(self) -> None:
        base.ReauthenticateForm.save(self)
        self._note_spent()


class FirstCodeForm(totp.ActivateTOTPForm):
    """While an application is set up: that it shows the right codes."""

    code = CodeField(
        label="Le code que montre l’application",
        missing="Écrivez le code que montre l’application.",
        help_text="Six chiffres. Il change toutes les trente secondes\u00a0: prenez votre temps, le précédent marche "
        "encore.",
    )

    def clean_code(self) -> str:
        with _watched(self.user):
            code = str(super().clean_code())
            _spend(user=self.user, code=code)
        return code


class MailCodeForm(account.ConfirmLoginCodeForm):
    """At a log-in: the code that was sent by mail. ``user`` is whose it is."""

    code = CodeField(
        label="Le code du message",
        missing="Écrivez le code que vous avez reçu.",
        help_text="Six chiffres, dans le message que nous venons de vous envoyer.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        with _watched(self.user):
            forget_tries = check_rate_limit(self.user)
            try:
                code = str(super().clean_code())
            except ValidationError as error:
                raise ValidationError(_WRONG_MAIL_CODE, code="incorrect_code") from error
            forget_tries()
        return code


class MailCodeAgainForm(forms.Form):
    """Before a change, some time after the log-in: the code that was sent by mail. ``user`` is whose it is."""

    code = CodeField(
        label="Le code du message",
        missing="Écrivez le code que vous avez reçu.",
        help_text="Six chiffres, dans le message que nous venons de vous envoyer.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        with _watched(self.user):
            forget_tries = check_rate_limit(self.user)
            code = str(self.cleaned_data["code"])
            if not is_mailed_code(context.request, code):
                raise ValidationError(_WRONG_MAIL_CODE, code="incorrect_code")
            forget_tries()
        return code


class CredentialField(forms.JSONField):
    """What a browser answers about a passkey, as JSON in a hidden field. Anybody may send anything there."""

    _LONGEST = 20_000  # characters; an answer has about two thousand

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput, error_messages={"required": _WRONG_PASSKEY, "invalid": _WRONG_PASSKEY}
        )

    def to_python(self, value: Any) -> Any:
        if len(str(value or "")) > self._LONGEST:
            raise ValidationError(_WRONG_PASSKEY, code="invalid")
        with _anything_else_is_wrong():
            return super().to_python(value)


@contextmanager
def _anything_else_is_wrong() -> Iterator[None]:
    """Those who read a passkey's answer say in many ways that it is none."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error) as error:
        raise ValidationError(_WRONG_PASSKEY, code="incorrect_code") from error


class PasskeyForm(webauthn.AuthenticateWebAuthnForm):
    """At a log-in, after the password."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with _watched(self.user):
            return _recognised(super().clean_credential)


class PasskeyAgainForm(PasskeyForm):
    """Before a change, some time after the log-in."""

    reauthenticated = True


class PasskeyLogInForm(webauthn.LoginWebAuthnForm):
    """At a log-in, instead of the password. Nobody is known yet: no account is counted or named."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        return _recognised(super().clean_credential)


def _recognised(check: Any) -> Authenticator:
    try:
        with _anything_else_is_wrong():
            authenticator: Authenticator = check()
    except ValidationError as error:
        if getattr(error, "code", None) in _TOO_MANY:
            raise
        raise ValidationError(_WRONG_PASSKEY, code="incorrect_code") from error
    return authenticator


class NewPasskeyForm(webauthn.AddWebAuthnForm):
    """A passkey that is being made, and what its owner calls it."""

    passwordless = None
    credential = CredentialField()
    name = NameField(
        label="Le nom de cet appareil",
        longest=60,
        help_text="Pour le reconnaître plus tard, par exemple «\u00a0Mon téléphone\u00a0».",
    )

    def clean(self) -> dict[str, Any]:
        try:
            with _anything_else_is_wrong():
                return dict(super().clean())
        except ValidationError as error:
            raise ValidationError(_NOT_ADDED, code="incorrect_code") from error
