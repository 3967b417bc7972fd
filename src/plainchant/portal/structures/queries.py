"""Read structures, and who may act for them. An attachment counts only while it is accepted."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.accounts.models import User

from .models import BankAccount, Membership, Nature, Service, Structure


def accepted_memberships(*, user: User) -> QuerySet[Membership]:
    """The attachments that give this person access today."""
    return Membership.objects.filter(user=user, user__is_active=True, state=Membership.State.ACCEPTED).select_related(
        "structure"
    )


def structures_of(*, user: User) -> QuerySet[Structure]:
    """The structures this person may act for."""
    return Structure.objects.filter(pk__in=accepted_memberships(user=user).values("structure"))


def structures_managed_by(*, user: User) -> QuerySet[Structure]:
    """The structures this person manages (gestionnaire principal)."""
    return Structure.objects.filter(pk__in=accepted_memberships(user=user).filter(is_manager=True).values("structure"))


def memberships_to_decide(*, user: User) -> QuerySet[Membership]:
    """Requests waiting for this manager's answer, oldest first."""
    return (
        Membership.objects.filter(structure__in=structures_managed_by(user=user), state=Membership.State.PENDING)
        .select_related("user", "structure")
        .order_by("requested_at")
    )


def bank_accounts_of(*, user: User) -> QuerySet[BankAccount]:
    """Open bank accounts of the structures this person may act for."""
    return BankAccount.objects.filter(structure__in=structures_of(user=user), is_active=True)


def public_bodies() -> QuerySet[Structure]:
    """The recipients of the directory, active or not."""
    return Structure.objects.filter(nature=Nature.PUBLIC)


def services_open_on(*, structure: Structure, day: date, to_private_supplier: bool = True) -> QuerySet[Service]:
    """Services that can be invoiced on ``day``. Invoices between public bodies have a service of their own."""
    services = structure.services.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        is_active=True,
    )
    if to_private_supplier:
        services = services.exclude(code=Service.PUBLIC_INVOICES)
    return services.order_by("code")


def notice_addresses(*, structure: Structure) -> list[str]:
    """Where a structure is told that something waits for it: its people, and its own address."""
    people = Membership.objects.filter(
        structure=structure, state=Membership.State.ACCEPTED, user__is_active=True
    ).select_related("user")
    addresses = {membership.user.notice_address for membership in people}
    if structure.email:
        addresses.add(structure.email)
    return sorted(addresses)


def with_siret(*, siret: str) -> Structure | None:
    """The structure of a SIRET, whoever may see it."""
    return Structure.objects.filter(identifier_type=SIRET_TYPE, identifier=siret).first()


def accepted_people(*, structure: Structure) -> QuerySet[User]:
    """The people attached to a structure today, its manager first."""
    return User.objects.filter(
        memberships__structure=structure, memberships__state=Membership.State.ACCEPTED, is_active=True
    ).order_by("-memberships__is_manager", "last_name", "first_name", "pk")


def manager_of(*, structure: Structure) -> User | None:
    """Who answers requests to join; None when nobody can."""
    return accepted_people(structure=structure).filter(memberships__is_manager=True).first()


def memberships_of(*, user: User) -> QuerySet[Membership]:
    """Every attachment of a person, asked, accepted or refused, with its structure; the newest request first."""
    return Membership.objects.filter(user=user).select_related("structure").order_by("-requested_at", "pk")


def requests_for_operator() -> QuerySet[Membership]:
    """Requests to join a structure that nobody manages, oldest first."""
    managed = Membership.objects.filter(
        structure=OuterRef("structure"), state=Membership.State.ACCEPTED, is_manager=True, user__is_active=True
    )
    return (
        Membership.objects.filter(~Exists(managed), state=Membership.State.PENDING)
        .select_related("user", "structure")
        .order_by("requested_at")
    )
