"""Read structures, and who may act for them. An attachment counts only while it is accepted."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from plainchant.portal.accounts.models import User

from .models import BankAccount, Membership, Nature, Service, Structure


def accepted_memberships(*, user: User) -> QuerySet[Membership]:
    """The attachments that give this person access today."""
    return Membership.objects.filter(
        user=user, user__is_active=True, state=Membership.State.ACCEPTED
    ).select_related("structure")


def structures_of(*, user: User) -> QuerySet[Structure]:
    """The structures this person may act for."""
    return Structure.objects.filter(pk__in=accepted_memberships(user=user).values("structure"))


def structures_managed_by(*, user: User) -> QuerySet[Structure]:
    """The structures this person manages (gestionnaire principal)."""
    return Structure.objects.filter(
        pk__in=accepted_memberships(user=user).filter(is_manager=True).values("structure")
    )


def memberships_to_decide(*, user: User) -> QuerySet[Membership]:
    """Requests waiting for this manager's answer, oldest first."""
    return (
        Membership.objects.filter(
            structure__in=structures_managed_by(user=user), state=Membership.State.PENDING
        )
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
