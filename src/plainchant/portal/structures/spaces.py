"""Which spaces a structure uses, and which of them somebody has there, how far and why. It only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from plainchant.portal.rights.actor import Actor, Behalf
from plainchant.portal.rights.profiles import BY_SERVICE
from plainchant.portal.rights.rights import Mode, Right, Space

from .models import Membership, Service, SpaceRequest, Structure
from .reach import acting_for, reached, services_reached

# The rights by which one tells that a space is open, to look at it and to act in it.
_TO_SEE: Mapping[Space, Right] = {
    Space.ISSUED: Right.SEE_ISSUED,
    Space.RECEIVED: Right.SEE_RECEIVED,
    Space.VALIDATION: Right.SEE_VALIDATION,
    Space.WORKS: Right.SEE_WORKS,
    Space.FLOWS: Right.SEE_FLOWS,
    Space.COMMITMENTS: Right.SEE_COMMITMENTS,
    Space.TICKETS: Right.SEE_TICKETS,
    Space.MANAGEMENT: Right.MANAGE,
}
_TO_ACT: Mapping[Space, Right] = {
    Space.ISSUED: Right.PREPARE,
    Space.RECEIVED: Right.PROCESS,
    Space.VALIDATION: Right.VALIDATE,
    Space.WORKS: Right.WORK,
    Space.FLOWS: Right.SEND,
    Space.COMMITMENTS: Right.KEEP_COMMITMENTS,
    Space.TICKETS: Right.ANSWER_TICKETS,
    Space.MANAGEMENT: Right.MANAGE,
}


_OF_FIRMS = (Space.ISSUED, Space.VALIDATION, Space.WORKS, Space.FLOWS, Space.MANAGEMENT)


class Why(StrEnum):
    """Where a space comes from."""

    MANAGER = "manager"
    OWN = "own"  # the person's own attachment opens it
    DELEGATION = "delegation"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class HeldSpace:
    """A space that a structure uses, and what the actor has of it: ``mode`` None for nothing.

    ``services``: those that it is limited to, none for the whole structure. ``is_asked``: a request waits.
    """

    space: Space
    mode: Mode | None
    why: Why
    services: list[Service] = field(default_factory=list)
    behalf: Behalf | None = None
    is_asked: bool = False


def used_by(structure: Structure) -> tuple[Space, ...]:
    """The spaces that a structure uses: those that its managers chose, or what its nature says."""
    if structure.spaces is not None:
        return tuple(space for space in Space if space in structure.spaces)
    return tuple(Space) if structure.is_public else _OF_FIRMS


def spaces_of(*, actor: Actor, structures: Collection[Structure]) -> dict[int, list[HeldSpace]]:
    """What the actor has of each of ``structures``, by its key; the same number of queries for one as for twenty."""
    keys = {structure.pk for structure in structures}
    seen, acted = _whole(actor, keys, _TO_SEE), _whole(actor, keys, _TO_ACT)
    seen_parts, acted_parts = (
        {space: _parts(actor, keys, rights[space]) for space in BY_SERVICE} for rights in (_TO_SEE, _TO_ACT)
    )
    acting = {space: acting_for(actor=actor, structures=structures, right=right) for space, right in _TO_SEE.items()}
    managed = set(
        Membership.objects.filter(
            user=actor.person, structure__in=keys, state=Membership.State.ACCEPTED, is_manager=True
        ).values_list("structure", flat=True)
    )
    asked = set(
        SpaceRequest.objects.filter(
            membership__user=actor.person, membership__structure__in=keys, state=SpaceRequest.State.OPEN
        ).values_list("membership__structure", "space")
    )

    def held(key: int, space: Space) -> HeldSpace:
        is_asked = (key, space.value) in asked
        if key in seen[space]:
            behalf = acting[space][key].behalf
            why = Why.MANAGER if key in managed else Why.DELEGATION if behalf else Why.OWN
            mode = Mode.MODIFICATION if key in acted[space] else Mode.CONSULTATION
            return HeldSpace(space=space, mode=mode, why=why, behalf=behalf, is_asked=is_asked)
        services = seen_parts[space].get(key, []) if space in BY_SERVICE else []
        if not services:
            return HeldSpace(space=space, mode=None, why=Why.NOTHING, is_asked=is_asked)
        mode = Mode.MODIFICATION if key in acted_parts[space] else Mode.CONSULTATION
        return HeldSpace(space=space, mode=mode, why=Why.OWN, services=services, is_asked=is_asked)

    return {structure.pk: [held(structure.pk, space) for space in used_by(structure)] for structure in structures}


def _whole(actor: Actor, keys: Collection[int], rights: Mapping[Space, Right]) -> dict[Space, set[int]]:
    return {
        space: set(reached(actor=actor, right=right).filter(pk__in=keys).values_list("pk", flat=True))
        for space, right in rights.items()
    }


def _parts(actor: Actor, keys: Collection[int], right: Right) -> dict[int, list[Service]]:
    parts: dict[int, list[Service]] = {}
    for service in services_reached(actor=actor, right=right).filter(structure__in=keys).order_by("code"):
        parts.setdefault(service.structure_id, []).append(service)
    return parts
