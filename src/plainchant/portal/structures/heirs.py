"""A SIRET changes: a new structure goes on for the old one, with its people, their grants, its programs,
accounts and delegations.

The old one keeps its invoices and its people, who read them there; it is closed to new ones. What other apps carry over
stands in `portal.succession`, which calls this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.einvoice.identifiers import SIREN_DIGITS, grouped_siret
from plainchant.portal.lib.errors import Refused
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor

from . import mails, queries
from .activity import note
from .closing import why_closed
from .models import ActivityEntry, BankAccount, Delegation, DelegationRequest, Grant, Invitation, Membership, Structure

_Row = TypeVar("_Row", bound=Model)


class SiretNotPossible(Refused):
    """The new SIRET is somebody else's, or not of the same company; or the structure has changed its SIRET already."""

    code = "siret_not_possible"


@dataclass(frozen=True)
class Inheritance:
    """Who goes on for whom. ``accounts``: the bank accounts of the old one → those of the new one."""

    former: Structure
    heir: Structure
    accounts: dict[UUID, UUID]


def take_over(*, former: Structure, siret: str, actor: Actor, at: datetime) -> Inheritance:
    """Make the structure that goes on, with all that this app knows of the old one, and close that. Asks for no right.

    ``siret`` is clean. ``actor`` is a manager, or the portal for the operator, who may name a SIRET of another company
    and a public body of the directory in which nobody is yet. Raises SiretNotPossible.
    """
    with transaction.atomic():
        former = Structure.objects.select_for_update(no_key=True).get(pk=former.pk)
        is_operator = actor.author is None
        if not former.is_active:
            raise SiretNotPossible(why_closed(former))
        if not is_operator and former.identifier_type == SIRET_TYPE:
            _require_the_same_company(former, siret)
        heir = _heir(former, siret, may_exist=is_operator, at=at)
        services = _carry_services(former, heir)
        _carry_people(former, heir, services)
        _carry_delegations(former, heir, services)
        _carry_programs(former, heir, services)
        accounts = _carry_accounts(former, heir)
        Structure.objects.filter(pk=former.pk).update(is_active=False)
        former.is_active = False
        _tell(former, heir, actor, at)
    return Inheritance(former, heir, accounts)


def _require_the_same_company(former: Structure, siret: str) -> None:
    if siret[:SIREN_DIGITS] != former.identifier[:SIREN_DIGITS]:
        raise SiretNotPossible(
            "Les neuf premiers chiffres (le SIREN) ne sont pas les mêmes\u00a0: ce SIRET est celui d’une autre "
            "entreprise. Ajoutez-la comme une nouvelle structure.",
            field="siret",
        )


def _heir(former: Structure, siret: str, *, may_exist: bool, at: datetime) -> Structure:
    known = queries.with_identifier(identifier=siret)
    if known is None:
        try:
            with transaction.atomic():
                heir = _copy(former, identifier_type=SIRET_TYPE, identifier=siret, origin_id=former.pk, created_at=at)
                heir.save(force_insert=True)
                return heir
        except IntegrityError:
            known = queries.with_identifier(identifier=siret)
    is_free = known is not None and known.origin_id is None and not known.memberships.exists()
    if known is None or not (may_exist and is_free and known.is_public == former.is_public and known.pk != former.pk):
        raise SiretNotPossible(
            f"Le SIRET {grouped_siret(siret)} est déjà celui d’une structure de ce portail. Vérifiez-le\u00a0; s’il "
            "est bien le vôtre, demandez à y être rattaché.",
            field="siret",
        )
    Structure.objects.filter(pk=known.pk).update(origin=former, is_active=True)
    known.refresh_from_db()
    return known


def _copy(row: _Row, **changes: object) -> _Row:
    """The same row once more, not yet kept."""
    own = {"id", "uid"}
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in own}
    return type(row)(**{**values, **changes})


def _carry_services(former: Structure, heir: Structure) -> dict[int, int]:
    """The keys of the old one's services → those of the new one. What the directory says of the new one stays."""
    there = dict(heir.services.values_list("code", "pk"))
    keys = {}
    for service in former.services.all():
        if service.code not in there:
            copy = _copy(service, structure_id=heir.pk)
            copy.save(force_insert=True)
            there[service.code] = copy.pk
        keys[service.pk] = there[service.code]
    return keys


def _carry_people(former: Structure, heir: Structure, services: dict[int, int]) -> None:
    """Those attached, suspended ones too, are so in both; who waits for an answer waits for it in the new one."""
    states = (Membership.State.ACCEPTED, Membership.State.DISABLED)
    for membership in former.memberships.filter(state__in=states).prefetch_related("grants"):
        copy = _copy(membership, structure_id=heir.pk)
        copy.save(force_insert=True)
        _carry_grants(list(membership.grants.all()), services, membership_id=copy.pk)
    former.memberships.filter(state=Membership.State.PENDING).update(structure=heir)
    waiting = former.invitations.filter(state=Invitation.State.OPEN)
    for key, service in Grant.objects.filter(invitation__in=waiting, service__isnull=False).values_list(
        "pk", "service"
    ):
        Grant.objects.filter(pk=key).update(service=services[service])
    waiting.update(structure=heir)


def _carry_delegations(former: Structure, heir: Structure, services: dict[int, int]) -> None:
    for side in ("client_id", "delegate_id"):
        rows = Delegation.objects.filter(**{side: former.pk}, ended_at__isnull=True).prefetch_related("grants")
        for delegation in rows:
            copy = _copy(delegation, **{side: heir.pk})
            copy.save(force_insert=True)
            of_the_client = services if side == "client_id" else {}
            _carry_grants(list(delegation.grants.all()), of_the_client, delegation_id=copy.pk)
    waiting = DelegationRequest.objects.filter(state=DelegationRequest.State.OPEN)
    waiting.filter(delegate=former).update(delegate=heir)
    asked_already = waiting.filter(siret=heir.identifier).values("delegate")
    waiting.filter(siret=former.identifier).exclude(delegate__in=list(asked_already)).update(siret=heir.identifier)


def _carry_programs(former: Structure, heir: Structure, services: dict[int, int]) -> None:
    """Programs go on with the same identifier and password. They also reach what was sent before (`reach`)."""
    serving = former.technical_accounts.filter(revoked_at__isnull=True)
    for grant in Grant.objects.filter(technical_account__in=serving, service__isnull=False):
        Grant.objects.filter(pk=grant.pk).update(service=services[grant.service_id or 0])
    serving.update(structure=heir)
    former.applications.filter(revoked_at__isnull=True).update(structure=heir)


def _carry_grants(grants: list[Grant], services: dict[int, int], **holder: int) -> None:
    Grant.objects.bulk_create(
        _copy(grant, **holder, service_id=services.get(grant.service_id or 0, grant.service_id)) for grant in grants
    )


def _carry_accounts(former: Structure, heir: Structure) -> dict[UUID, UUID]:
    uids = {}
    kept = Q(is_active=True) | Q(is_waiting=True)  # one that waits for a second person goes on waiting
    there = set(heir.bank_accounts.filter(kept).values_list("iban", flat=True))
    for account in former.bank_accounts.filter(kept):
        if account.iban not in there:
            copy: BankAccount = _copy(account, structure_id=heir.pk)
            copy.save(force_insert=True)
            uids[account.uid] = copy.uid
    return uids


def _tell(former: Structure, heir: Structure, actor: Actor, at: datetime) -> None:
    is_operator = actor.author is None
    for structure in (former, heir):
        note(
            structure=structure,
            kind=ActivityEntry.Kind.SIRET_CHANGED,
            actor=actor,
            at=at,
            about=f"{former.known_as} → {heir.known_as}",
            origin=ActivityEntry.Origin.COMMAND if is_operator else ActivityEntry.Origin.PAGE,
        )
    for person in queries.accepted_people(structure=heir):
        mail = mails.siret_changed(structure=former, heir=heir, actor=None if is_operator else actor)
        post(
            kind="siret_changed",
            recipient=person.notice_address,
            mail=mail,
            event=f"{former.uid}:{at.isoformat()}",
            at=at,
        )
