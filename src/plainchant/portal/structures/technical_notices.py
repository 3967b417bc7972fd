"""The passwords of programs that end soon: their managers are told some days before, whatever day was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from plainchant.portal.mail.operations import post

from . import queries
from . import technical_mails as mails
from .models import Structure, TechnicalSecret

WARNED_DAYS = (0, 7, 30, 60)  # before the end; 0: it has come


def due(*, at: datetime) -> QuerySet[TechnicalSecret]:
    """The passwords that serve, or did until they ended, and whose managers have not been told of that yet."""
    untold = Q(pk__in=())
    for days in WARNED_DAYS:
        earlier = Q(warned_days__isnull=True) | Q(warned_days__gt=days)
        untold |= Q(ends_at__lte=at + timedelta(days=days)) & earlier
    return TechnicalSecret.objects.filter(
        untold, withdrawn_at__isnull=True, technical_account__revoked_at__isnull=True
    ).select_related("technical_account__structure")


def programs_to_mend(*, structure: Structure, at: datetime) -> list[str]:
    """The programs of a structure whose password ends within the longest of these days, or has ended."""
    latest = at + timedelta(days=max(WARNED_DAYS))
    ending = TechnicalSecret.objects.filter(
        technical_account__structure=structure,
        technical_account__revoked_at__isnull=True,
        withdrawn_at__isnull=True,
        ends_at__lte=latest,
    ).select_related("technical_account")
    return sorted({secret.technical_account.name for secret in ending})


def tell(*, secret: TechnicalSecret, at: datetime) -> None:
    """Tell the managers once of the nearest of these days; those that were missed are not told of any more.

    Nobody is told of a password that no program has used since another was made: the programs have moved on.
    """
    days = next((days for days in WARNED_DAYS if secret.ends_at <= at + timedelta(days=days)), None)
    if days is None:
        return
    with transaction.atomic():
        untold = TechnicalSecret.objects.filter(
            Q(warned_days__isnull=True) | Q(warned_days__gt=days), pk=secret.pk, withdrawn_at__isnull=True
        )
        if not untold.update(warned_days=days) or _is_replaced(secret):
            return
        mail = mails.ending(secret=secret, days=days)
        for manager in queries.managers_of(structure=secret.technical_account.structure):
            post(
                kind="technical_secret_ends",
                recipient=manager.notice_address,
                mail=mail,
                event=f"{secret.uid}:{days}",
                at=at,
            )


def _is_replaced(secret: TechnicalSecret) -> bool:
    newer = TechnicalSecret.objects.filter(
        technical_account=secret.technical_account, withdrawn_at__isnull=True, ends_at__gt=secret.ends_at
    ).first()
    return newer is not None and (secret.last_used_at is None or secret.last_used_at < newer.created_at)
