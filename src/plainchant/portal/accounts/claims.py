"""A new address counts once somebody who reads it has said so: by a link, once, within a day.

Until then the address of before goes on receiving, and the new one receives nothing but that link. Whose address it is
to be, and who is told of what, stands in `operations` of accounts and of structures, and in `login_address`.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from plainchant.portal.lib.errors import Refused

from .models import AddressClaim, User
from .queries import LinkState, token_digest

VALID_FOR = timedelta(hours=24)


class ClaimRefused(Refused):
    """The link confirms nothing (any more)."""

    code = "address_link_useless"

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne confirme plus d’adresse. La personne qui l’a demandé peut en faire envoyer un autre."
        )


def ask(
    *, address: str, by: User, structure: uuid.UUID | None, at: datetime, for_login: bool = False
) -> tuple[AddressClaim, str]:
    """Note what is asked, in place of what was asked before; the claim and the token of its link, which is not kept."""
    token = secrets.token_urlsafe(32)
    claim = AddressClaim.objects.create(
        address=address,
        asked_by=by,
        structure=structure,
        for_login=for_login,
        token_sha256=token_digest(token),
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    return claim, token


def about(*, by: User, structure: uuid.UUID | None, for_login: bool = False) -> QuerySet[AddressClaim]:
    """All that was asked about this person's notices or log-in, or about this structure whoever asked."""
    of_whom = Q(structure=structure) if structure else Q(structure__isnull=True, asked_by=by)
    return AddressClaim.objects.filter(of_whom, for_login=for_login)


def pending(
    *, by: User, structure: uuid.UUID | None = None, at: datetime, for_login: bool = False
) -> AddressClaim | None:
    """What still waits for its link to be used, or None."""
    newest = about(by=by, structure=structure, for_login=for_login).order_by("-pk").first()
    return newest if newest is not None and _state(newest, at) is LinkState.READY else None


def give_up(*, by: User, structure: uuid.UUID | None = None, at: datetime, for_login: bool = False) -> int:
    """Nothing is waited for any more; how many links that made useless."""
    waiting = about(by=by, structure=structure, for_login=for_login).filter(
        used_at__isnull=True, given_up_at__isnull=True
    )
    return waiting.update(given_up_at=at)


def found(*, token: str, at: datetime) -> tuple[LinkState, AddressClaim | None]:
    """What a link is worth now. Reading it changes nothing: mail scanners open every link."""
    claim = AddressClaim.objects.filter(token_sha256=token_digest(token)).select_related("asked_by").first()
    return (LinkState.UNKNOWN, None) if claim is None else (_state(claim, at), claim)


def use(*, claim: AddressClaim, at: datetime) -> None:
    """Use a link, in the transaction that changes the address. Raises ClaimRefused; of several uses one succeeds."""
    waiting = AddressClaim.objects.filter(pk=claim.pk, used_at__isnull=True, given_up_at__isnull=True)
    if _state(claim, at) is not LinkState.READY or not waiting.update(used_at=at):
        raise ClaimRefused


def _state(claim: AddressClaim, at: datetime) -> LinkState:
    if claim.used_at is not None:
        return LinkState.USED
    same = about(by=claim.asked_by, structure=claim.structure, for_login=claim.for_login)
    is_newest = not same.filter(pk__gt=claim.pk).exists()
    if claim.given_up_at is not None or not is_newest:
        return LinkState.SUPERSEDED
    return LinkState.READY if claim.expires_at > at else LinkState.EXPIRED


def old(*, before: datetime) -> QuerySet[AddressClaim]:
    """Those whose link stopped working before that instant, used or not."""
    return AddressClaim.objects.filter(expires_at__lt=before)
