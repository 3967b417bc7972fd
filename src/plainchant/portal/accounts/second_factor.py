"""What an account asks for besides its password: a passkey, a code of an application, or a code by mail.

Passkeys, applications and recovery codes are allauth's rows. The code by mail needs neither a telephone
nor an application. It is a column of the account, and asks nothing of people who have one of the others: those also
hold against whoever reads their mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.operations import post

from . import mails
from .models import User

_OF_ITS_OWN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes are worth something beside these


@dataclass(frozen=True)
class FactorChange:
    """A change of how somebody logs in: what the security log calls it, and what the owner is told."""

    event: SecurityEvent
    sentence: str


# By the names of allauth's mails about them, and ours.
CHANGES = {
    "totp_activated": FactorChange(
        SecurityEvent.SECOND_FACTOR_ADDED,
        "Pour vous connecter à Plainchant, il faut maintenant un code de l’application de votre téléphone.",
    ),
    "totp_deactivated": FactorChange(
        SecurityEvent.SECOND_FACTOR_REMOVED,
        "L’application de votre téléphone ne sert plus à vous connecter à Plainchant.",
    ),
    "webauthn_added": FactorChange(
        SecurityEvent.SECOND_FACTOR_ADDED,
        "Une clé d’accès a été ajoutée à votre compte Plainchant\u00a0: elle permet de vous connecter.",
    ),
    "webauthn_removed": FactorChange(
        SecurityEvent.SECOND_FACTOR_REMOVED, "Une clé d’accès a été retirée de votre compte Plainchant."
    ),
    "recovery_codes_generated": FactorChange(
        SecurityEvent.RECOVERY_CODES_MADE,
        "De nouveaux codes de secours ont été faits pour votre compte Plainchant. Les anciens ne servent plus.",
    ),
    "mail_code_on": FactorChange(
        SecurityEvent.SECOND_FACTOR_ADDED,
        "À chaque connexion à Plainchant, un code vous sera maintenant envoyé à cette adresse.",
    ),
    "mail_code_off": FactorChange(
        SecurityEvent.SECOND_FACTOR_REMOVED,
        "Plainchant ne vous enverra plus de code à chaque connexion.",
    ),
    "recovery_code_used": FactorChange(
        SecurityEvent.RECOVERY_CODE_USED,
        "Un de vos codes de secours vient de servir à se connecter à votre compte Plainchant. Il ne servira plus.",
    ),
}


def has_one(*, user: User) -> bool:
    """Whether this account asks for more than a password."""
    return user.mail_codes_since is not None or has_strong_one(user=user)


def has_strong_one(*, user: User) -> bool:
    """Whether it asks for what reading its mail does not give: a passkey, or a code of an application."""
    return Authenticator.objects.filter(user=user, type__in=_OF_ITS_OWN).exists()


def is_operator(user: User) -> bool:
    """Whether this person was named an operator, still is, and logs in with more than a password: asked afresh."""
    named = User.objects.filter(pk=user.pk, operator_since__isnull=False).first()
    return named is not None and has_one(user=named)


def mails_a_code(*, user: User) -> bool:
    """Whether a log-in of this account sends a code by mail."""
    return user.mail_codes_since is not None and not has_strong_one(user=user)


def recovery_codes_left(*, user: User) -> int | None:
    """How many are not spent; None where there are none to spend."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes else None


def turn_mail_code_on(*, user: User, at: datetime) -> bool:
    """Ask for a code by mail from now on; whether it was not so before."""
    with transaction.atomic():
        turned = User.objects.filter(pk=user.pk, mail_codes_since__isnull=True).update(mail_codes_since=at)
        if turned:
            note_change(user=user, change="mail_code_on", at=at)
    user.refresh_from_db(fields=["mail_codes_since"])
    return bool(turned)


def turn_mail_code_off(*, user: User, at: datetime) -> bool:
    """Ask for a code by mail no longer; whether it was so before."""
    with transaction.atomic():
        turned = User.objects.filter(pk=user.pk, mail_codes_since__isnull=False).update(mail_codes_since=None)
        if turned:
            note_change(user=user, change="mail_code_off", at=at)
    user.refresh_from_db(fields=["mail_codes_since"])
    return bool(turned)


def remove_all(*, user: User) -> int:
    """Leave the password alone to log in; how many other things were asked for. The caller tells the owner."""
    of_their_own = Authenticator.objects.filter(user=user, type__in=_OF_ITS_OWN).count()
    Authenticator.objects.filter(user=user).delete()
    by_mail = User.objects.filter(pk=user.pk, mail_codes_since__isnull=False).update(mail_codes_since=None)
    return of_their_own + by_mail


def note_change(*, user: User, change: str, at: datetime) -> None:
    """Write to the owner, and to the security log. KeyError for a change that is none of `CHANGES`."""
    row = CHANGES[change]
    with transaction.atomic():
        mail = mails.second_factor_changed(sentence=row.sentence, at=at)
        post(
            kind="second_factor_changed",
            event=f"{change}|{at.isoformat()}",
            recipient=user.email,
            mail=mail,
            at=at,
        )
        record(row.event, person=user.pk)


def send_code(*, user: User, code: str, at: datetime) -> None:
    """Send the code that a log-in waits for."""
    mail = mails.log_in_code(code=code, minutes=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60)
    with transaction.atomic():
        post(
            kind="log_in_code",
            event=at.isoformat(),
            recipient=user.email,
            mail=mail,
            at=at,
            is_secret=True,
        )


def send_proof_code(*, user: User, code: str, minutes: int, at: datetime) -> None:
    """Send the code that a change waits for; it is good for that many minutes."""
    mail = mails.proof_code(code=code, minutes=minutes)
    with transaction.atomic():
        post(
            kind="proof_code",
            event=at.isoformat(),
            recipient=user.email,
            mail=mail,
            at=at,
            is_secret=True,
        )
