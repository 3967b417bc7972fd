"""Somebody closes their own account, and comes back by a link sent to its address. Nothing is deleted meanwhile.

Which structures keep them, and which they leave, stands in `structures.departures`, which calls `close`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post

from . import claims, log_ins, mails
from .models import User

BACK_WITHIN = timedelta(hours=72)  # a link; another is sent to whoever tries to log in
_SALT = "plainchant.departures"


class CannotComeBack(Refused):
    """The link opens no account (any more)."""

    code = "return_link_useless"

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne rouvre plus de compte. Essayez de vous connecter\u00a0: vous en recevrez un autre."
        )


class AlreadyClosed(Refused):
    """The account was closed meanwhile."""

    code = "wrong_account_state"


def close(*, user: User, at: datetime, erase: bool = False) -> None:
    """Shut the owner out everywhere, and send them the way back. ``erase``: they want to be forgotten, in a while.

    Raises AlreadyClosed.
    """
    with transaction.atomic():
        closed = User.objects.filter(pk=user.pk, is_active=True).update(
            is_active=False,
            closed_by_owner_at=at,
            operator_since=None,
            erasure_asked_at=at if erase else None,
        )
        if not closed:
            raise AlreadyClosed("Ce compte vient d’être fermé. Il n’y a plus rien à faire.")
        user.refresh_from_db()
        claims.give_up(by=user, at=at)
        claims.give_up(by=user, at=at, for_login=True)
        log_ins.end(user=user, at=at)
        offer_return(user=user, at=at)
        record(SecurityEvent.ACCOUNT_CLOSED, person=user.pk, by=user.pk)


def offer_return(*, user: User, at: datetime) -> None:
    """Send the way back to the login address of an account that its owner has closed."""
    closed_at = user.closed_by_owner_at.isoformat() if user.closed_by_owner_at is not None else ""
    token = signing.dumps([user.pk, closed_at, at.timestamp()], salt=_SALT)
    _post("closed_by_owner", user, mails.closed_by_owner(back=token), at, is_secret=True)


def returning(*, token: str, at: datetime) -> User | None:
    """Whose account a link opens again; None where it opens none. Reading it changes nothing."""
    try:
        key, closed_at, sent_at = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if at.timestamp() - sent_at > BACK_WITHIN.total_seconds():
        return None
    user = User.objects.filter(pk=key, is_active=False).first()
    closed = user.closed_by_owner_at if user is not None else None
    return user if closed is not None and closed.isoformat() == closed_at else None


def come_back(*, token: str, at: datetime) -> User:
    """Open the account again, with the password that it had. Raises CannotComeBack; of several uses one succeeds."""
    with transaction.atomic():
        user = returning(token=token, at=at)
        closed = User.objects.filter(pk=user.pk, closed_by_owner_at=user.closed_by_owner_at) if user else None
        if (
            user is None
            or closed is None
            or not closed.update(is_active=True, closed_by_owner_at=None, erasure_asked_at=None)
        ):
            raise CannotComeBack
        user.refresh_from_db()
        _post("came_back", user, mails.come_back(), at)
        record(SecurityEvent.ACCOUNT_REOPENED, person=user.pk, by=user.pk)
    return user


def _post(kind: str, user: User, mail: Mail, at: datetime, *, is_secret: bool = False) -> None:
    for recipient in sorted({user.email} if is_secret else {user.email, user.notice_address}):
        post(kind=kind, recipient=recipient, mail=mail, event=at.isoformat(), at=at, is_secret=is_secret)
