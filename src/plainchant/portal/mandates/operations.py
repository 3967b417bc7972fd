"""Subscribe a mandate, revoke it, file documents with it. Only the manager of the structure does.

Deposits never need one: there the supplier has drawn up the invoice itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.operations import keep, register
from plainchant.portal.structures.models import Structure

from .models import BillingMandate, MandateFile
from .permissions import GIVE_MANDATE, MANAGE_MANDATE
from .text import CURRENT


class MandateRefused(Refused):
    """The mandate was not subscribed, or not changed. Each reason has its code."""


@transaction.atomic
def subscribe(*, structure: Structure, name: str, actor: Actor, at: datetime) -> BillingMandate:
    """Give the mandate, in the name of ``structure``, in the current words. Doing it twice gives it once.

    Raises NotAllowed, MandateRefused (no name, structure closed).
    """
    require(actor, GIVE_MANDATE, structure)
    name = " ".join(name.split())
    if not name:
        raise MandateRefused(
            "Donnez un nom à ce mandat, par exemple « Factures de l’atelier ».",
            code="mandate_name_missing",
            field="name",
        )
    if len(name) > 100:
        raise MandateRefused(
            f"Ce nom compte {len(name)} caractères ; 100 au plus conviennent.",
            code="mandate_name_too_long",
            field="name",
        )
    if not structure.is_active:
        raise MandateRefused(
            f"« {structure} » est inactive : elle ne peut plus facturer, ni donner de mandat.", code="structure_closed"
        )
    try:
        with transaction.atomic():
            return BillingMandate.objects.create(
                structure=structure,
                name=name,
                text_version=CURRENT,
                facts=_facts(structure, actor.account),
                subscribed_at=at,
                subscribed_by=actor.account,
            )
    except IntegrityError:  # pressed twice, or by two tabs
        return BillingMandate.objects.get(structure=structure, revoked_at__isnull=True)


def _facts(structure: Structure, signatory: User) -> dict[str, Any]:
    return {
        "structure": structure.name,
        "identifier": structure.identifier,
        "identifier_type": structure.identifier_type,
        "known_as": structure.known_as,
        "address": [line for line in _address_lines(structure) if line],
        "signatory": signatory.get_full_name(),
        "signatory_email": signatory.email,
    }


def _address_lines(structure: Structure) -> tuple[str, ...]:
    return (
        structure.address_line,
        structure.address_extra_1,
        structure.address_extra_2,
        f"{structure.postcode} {structure.city}".strip(),
    )


@transaction.atomic
def revoke(*, mandate: BillingMandate, actor: Actor, at: datetime) -> None:
    """End a mandate. What was invoiced under it stays. Revoking twice keeps the first date. Raises NotAllowed."""
    require(actor, MANAGE_MANDATE, mandate)
    BillingMandate.objects.filter(pk=mandate.pk, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=actor.account
    )
    mandate.refresh_from_db()


def attach(*, mandate: BillingMandate, file: File, name: str, actor: Actor, at: datetime) -> MandateFile:
    """File a document with a mandate; its name and size have been checked. Raises NotAllowed, MandateRefused."""
    require(actor, MANAGE_MANDATE, mandate)
    stored = keep(file=file, name=name, media_type="application/octet-stream", at=at)
    try:
        with transaction.atomic():
            require(actor, MANAGE_MANDATE, mandate)  # again: keeping the bytes took a while
            register(kept=[stored])
            return MandateFile.objects.create(
                mandate=mandate, stored=stored, name=name[:200], added_at=at, added_by=actor.account
            )
    except IntegrityError:
        raise MandateRefused(
            f"Un document s’appelle déjà « {name[:60]} ». Renommez celui-ci, puis ajoutez-le.",
            code="file_name_taken",
            field="file",
        ) from None
