"""Read accounts: who has an address, and what an activation link is worth."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.cache import cache

from .models import Activation, User


class LinkState(Enum):
    """What happens to someone who follows an activation link."""

    READY = "ready"
    EXPIRED = "expired"
    USED = "used"
    SUPERSEDED = "superseded"  # a newer link was sent
    UNKNOWN = "unknown"

    @property
    def code(self) -> str:
        """The portal's code of a link that opens nothing."""
        return f"link_{self.value}"


@dataclass(frozen=True)
class Link:
    """An activation link as it stands at one instant. ``user`` is None when the link is unknown.

    ``typed``: what the account will say once the link has been used, by column; ``user`` has it already.
    """

    state: LinkState
    user: User | None = None
    typed: dict[str, str] = field(default_factory=dict)


def token_digest(token: str) -> str:
    """What is kept of a token: it can be recognised and never read back."""
    return hashlib.sha256(token.encode()).hexdigest()


def with_login(*, email: str) -> User | None:
    """The person's account of an address already in its one spelling (`addresses.one_spelling`)."""
    return User.objects.filter(email=email, is_technical=False).first()


def unlock_key(email: str) -> str:
    """Where the cache keeps that an operator has unlocked this address."""
    return f"unlocked:{token_digest(email)}"


def unlocked(*, email: str) -> str:
    """Empty, or what an operator's unlocking adds to the name of the counter of wrong passwords: a new one begins."""
    return str(cache.get(unlock_key(email), ""))


def awaits_activation(user: User) -> bool:
    """Registered and never opened. An account that was closed later had a password, and does not come back this way."""
    return not user.is_active and user.password.startswith(UNUSABLE_PASSWORD_PREFIX)


def link(*, token: str, at: datetime) -> Link:
    """What an activation link is worth now. Reading it changes nothing: mail scanners open every link."""
    activation = Activation.objects.filter(token_sha256=token_digest(token)).select_related("user").first()
    if activation is None:
        return Link(LinkState.UNKNOWN)
    user = activation.user
    if not awaits_activation(user):
        return Link(LinkState.USED, user)
    if Activation.objects.filter(user=user, pk__gt=activation.pk).exists():
        return Link(LinkState.SUPERSEDED, user)
    if activation.expires_at <= at:
        return Link(LinkState.EXPIRED, user)
    for column, value in activation.typed.items():
        setattr(user, column, value)
    return Link(LinkState.READY, user, activation.typed)


def typed_last(user: User) -> dict[str, str]:
    """What was typed for the newest link of an account that awaits activation."""
    newest = Activation.objects.filter(user=user).order_by("-pk").first()
    return newest.typed if newest else {}
