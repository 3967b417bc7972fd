"""What an attachment, a delegation or a technical account opens: written whole, so that nothing older is left."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Model

from plainchant.portal.rights.profiles import BY_SERVICE, PROFILES, AccessProfile, spaces_of
from plainchant.portal.rights.rights import Mode, Space

from .models import Delegation, Grant, Invitation, Membership, Service, TechnicalAccount

Holder = Membership | Delegation | Invitation | TechnicalAccount
_FIELD: dict[type[Model], str] = {
    Membership: "membership",
    Delegation: "delegation",
    Invitation: "invitation",
    TechnicalAccount: "technical_account",
}


def give(
    *,
    holder: Holder,
    profiles: Collection[AccessProfile],
    services: Collection[Service] = (),
) -> None:
    """Open what ``profiles`` say and nothing else; what can be is opened for ``services`` alone, if there are any."""
    held = {_FIELD[type(holder)]: holder}
    Grant.objects.filter(**held).delete()
    Grant.objects.bulk_create(
        Grant(**held, space=space, mode=mode, service=service)
        for space, mode in spaces_of(profiles).items()
        for service in ((services or (None,)) if space in BY_SERVICE else (None,))
    )


def open_space(*, membership: Membership, space: Space, mode: Mode, services: Collection[Service] = ()) -> None:
    """Open one space of an attachment, in place of what it had of it, for the whole structure or for ``services``."""
    held = Grant.objects.filter(membership=membership, space=space)
    if services and held.filter(service__isnull=True, mode=Mode.MODIFICATION).exists():
        return  # it has more than that
    if services:
        held.filter(service__in=services).delete()
    else:
        held.delete()
    Grant.objects.bulk_create(
        Grant(membership=membership, space=space, mode=mode, service=service) for service in services or (None,)
    )


def move_to(*, membership: Membership, invitation: Invitation) -> None:
    """What an invitation offered becomes what an attachment opens."""
    Grant.objects.filter(membership=membership).delete()
    Grant.objects.filter(invitation=invitation).update(invitation=None, membership=membership)


def profiles_held(*, holder: Holder) -> tuple[list[AccessProfile], list[Service]]:
    """The fewest profiles that say what is open, widest first, and the services it is limited to, if any."""
    grants = holder.grants.all()  # loaded before, where a list shows many
    opened: dict[str, str] = {}
    for grant in grants:
        opened[grant.space] = grant.mode
    services = {grant.service.pk: grant.service for grant in grants if grant.service is not None}
    held: list[AccessProfile] = []
    covered: dict[Space, Mode] = {}
    for row in PROFILES:
        adds = any(covered.get(space) != mode for space, mode in row.spaces)
        if adds and all(opened.get(space) == mode for space, mode in row.spaces):
            held.append(row.profile)
            covered |= dict(row.spaces)
    return held, sorted(services.values(), key=lambda service: service.code)
