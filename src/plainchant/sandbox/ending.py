"""End on demand what a program comes in with: its tokens, its client_secret, the password of its technical account.

As if its day had come, or its manager had done so; the programs of the structure have to ask for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.db import transaction

from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import applications, technical_accounts
from plainchant.portal.structures.models import Structure, TechnicalSecret

from .people import agent_of


class Ending(Protocol):
    def __call__(self, structure: Structure, *, at: datetime) -> int: ...


def end_tokens(structure: Structure, *, at: datetime) -> int:
    """Every token given so far is refused; of how many applications."""
    serving = applications.serving(structure=structure)
    for application in serving:
        applications.revoke_tokens(application=application, actor=Actor(agent_of(structure, at=at)), at=at)
    return len(serving)


def end_client_secrets(structure: Structure, *, at: datetime) -> int:
    """No client_secret gives a token any more; how many did."""
    secrets = [
        secret
        for application in applications.serving(structure=structure)
        for secret in applications.kept_secrets(application=application)
    ]
    for secret in secrets:
        applications.withdraw_secret(secret=secret, actor=Actor(agent_of(structure, at=at)), at=at)
    return len(secrets)


def end_passwords(structure: Structure, *, at: datetime) -> int:
    """The last day of every password of its technical accounts is over; how many there were."""
    with transaction.atomic():
        serving = technical_accounts.serving(structure=structure)
        kept = TechnicalSecret.objects.filter(technical_account__in=serving, withdrawn_at__isnull=True, ends_at__gt=at)
        return kept.update(ends_at=at)


SECRETS: Mapping[str, Ending] = {
    "token": end_tokens,
    "client_secret": end_client_secrets,
    "password": end_passwords,
}
