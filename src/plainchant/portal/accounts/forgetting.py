"""What is no longer needed of people who have gone, or never came."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from .models import Activation, LogIn, User


def ended_sessions(*, before: datetime) -> QuerySet[LogIn]:
    """Log-ins that ended before that instant."""
    return LogIn.objects.filter(expire_date__lt=before)


def old_links(*, before: datetime) -> QuerySet[Activation]:
    """Activation links that stopped working before that instant. Of an account that still waits the last one stays."""
    return Activation.objects.filter(expires_at__lt=before).exclude(
        user__is_active=False, user__password__startswith=UNUSABLE_PASSWORD_PREFIX
    )


def unopened_accounts(*, before: datetime) -> QuerySet[User]:
    """Accounts that were asked for before that instant, and never opened."""
    return User.objects.filter(
        is_active=False, password__startswith=UNUSABLE_PASSWORD_PREFIX, created_at__lt=before, memberships__isnull=True
    )


def forget_sessions(*, before: datetime) -> int:
    return ended_sessions(before=before).delete()[0]


def forget_links(*, before: datetime) -> int:
    return old_links(before=before).delete()[0]


def forget_unopened(*, before: datetime) -> int:
    """Delete them; how many went. One that a row of another kind names stays."""
    return sum(forget_if_unopened(user=user) for user in unopened_accounts(before=before))


def forget_if_unopened(*, user: User) -> bool:
    """Delete an account that was never opened; whether it went. One that a row of another kind names stays."""
    never = User.objects.filter(pk=user.pk, is_active=False, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    try:
        with transaction.atomic():
            return bool(never.delete()[0])
    except ProtectedError:
        return False
