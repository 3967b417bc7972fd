"""The services of a public body, and what it demands on invoices, as its managers keep them.

What they set stands: an import of the directory leaves it alone (`own_columns`). The structure itself is no service: an
invoice that names none is for it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.structures.activity import note
from plainchant.portal.structures.models import ActivityEntry, Service, Structure
from plainchant.portal.structures.ownership import with_own
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE

from .search import index

LONGEST_CODE = 100
_CODE = re.compile(r"\w(?:[\w -]*\w)?")


class WrongServiceCode(Refused):
    """A service cannot bear this code."""

    code = "wrong_service_code"


class ServiceNeeded(Refused):
    """A body that demands a service on its invoices has one that can be named."""

    code = "service_needed"


@dataclass(frozen=True, kw_only=True)
class ServiceDetails:
    """What a manager may write of a service, its code excepted. Values are already clean; both days count."""

    name: str
    requires_commitment: bool = False
    reports_no_payment: bool = False
    email: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class BodyDemands:
    """What a body demands on every invoice, and which steps it leaves out: columns of `Structure`."""

    requires_service: bool = False
    requires_commitment: bool = False
    requires_service_or_commitment: bool = False
    reports_no_payment: bool = False
    is_works_authority_only: bool = False
    unknown_commitment: str = ""  # of `UnknownCommitment`
    unused_steps: str = ""  # codes separated by spaces


def add(*, structure: Structure, actor: Actor, code: str, details: ServiceDetails, at: datetime) -> Service:
    """Add a service to a public body. Raises NotAllowed, WrongServiceCode."""
    with transaction.atomic():
        _begin(actor, structure)
        code = clean_code(code, services=structure.services.all())
        service = Service.objects.create(
            structure=structure, code=code, own_columns=" ".join(asdict(details)), **asdict(details)
        )
        _note(service, ActivityEntry.Kind.SERVICE_ADDED, actor, at)
    return service


def change(*, service: Service, actor: Actor, code: str, details: ServiceDetails, at: datetime) -> None:
    """Change a service. Another ``code`` is for one that no invoice names, which `invoices.service_codes` sees to.

    Raises NotAllowed, WrongServiceCode.
    """
    with transaction.atomic():
        _begin(actor, service.structure)
        values = {**asdict(details), "code": code}
        if code != service.code:
            others = service.structure.services.exclude(pk=service.pk)
            values["code"] = clean_code(code, services=others, former=service.code)
        changed = {name: value for name, value in values.items() if getattr(service, name) != value}
        if changed:
            _write(Service.objects.filter(pk=service.pk), service, changed)
            _note(service, ActivityEntry.Kind.SERVICE_CHANGED, actor, at)


def close(*, service: Service, actor: Actor, at: datetime) -> None:
    """Close a service to new invoices; those it has go on. Closing twice does nothing more.

    Raises NotAllowed, and ServiceNeeded if it is the last that can be named and the body demands one.
    """
    _open_or_close(service=service, actor=actor, is_active=False, at=at)


def reopen(*, service: Service, actor: Actor, at: datetime) -> None:
    """Open a service again. Raises NotAllowed."""
    _open_or_close(service=service, actor=actor, is_active=True, at=at)


def set_demands(*, structure: Structure, actor: Actor, demands: BodyDemands, at: datetime) -> None:
    """Say what every invoice to the body must carry. Raises NotAllowed, ServiceNeeded."""
    with transaction.atomic():
        _begin(actor, structure)
        if demands.requires_service and not _nameable(structure).exists():
            raise ServiceNeeded(
                "Pour demander un service sur chaque facture, il faut en avoir un d’ouvert. Ajoutez-le d’abord.",
                field="address",
            )
        changed = {name: value for name, value in asdict(demands).items() if getattr(structure, name) != value}
        if changed:
            _write(Structure.objects.filter(pk=structure.pk), structure, changed)
            note(structure=structure, kind=ActivityEntry.Kind.DEMANDS, actor=actor, at=at)


def clean_code(text: str, *, services: QuerySet[Service], former: str = "") -> str:
    """A code as it is kept. ``services``: those that have one already. Raises WrongServiceCode."""
    code = " ".join(text.split())
    if not _CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise WrongServiceCode(
            f"Un code service compte {LONGEST_CODE} caractères au plus\u00a0: lettres, chiffres, espace, tiret et "
            "tiret bas. Corrigez-le.",
            field="code",
        )
    if Service.PUBLIC_INVOICES in (code.upper(), former):
        raise WrongServiceCode(
            f"Le code {Service.PUBLIC_INVOICES} est réservé aux factures entre organismes publics. Gardez-le tel quel, "
            "ou choisissez-en un autre.",
            field="code",
        )
    # What is typed in other capitals or spaces finds the service too: two such codes could not be told apart.
    if any(_letters(code) == _letters(other) for other in services.values_list("code", flat=True)):
        raise WrongServiceCode(f"Un service a déjà le code {code}. Choisissez-en un autre.", field="code")
    return code


def _letters(code: str) -> str:
    return "".join(code.split()).casefold()


def _open_or_close(*, service: Service, actor: Actor, is_active: bool, at: datetime) -> None:
    with transaction.atomic():
        structure = service.structure
        _begin(actor, structure)
        if not is_active and structure.requires_service and not _nameable(structure).exclude(pk=service.pk).exists():
            raise ServiceNeeded(
                "C’est le dernier service ouvert, et vous demandez un service sur chaque facture. Ouvrez-en un autre, "
                "ou ne demandez plus de service."
            )
        in_the_other_state = Service.objects.filter(pk=service.pk, is_active=not is_active)
        if _write(in_the_other_state, service, {"is_active": is_active}):
            kinds = ActivityEntry.Kind
            _note(service, kinds.SERVICE_REOPENED if is_active else kinds.SERVICE_CLOSED, actor, at)


def _nameable(structure: Structure) -> QuerySet[Service]:
    """The services that suppliers of every kind may name."""
    return structure.services.filter(is_active=True).exclude(code=Service.PUBLIC_INVOICES)


def _begin(actor: Actor, structure: Structure) -> None:
    index.lock()  # not of the index, but of the one writer: an import would overwrite what it has just read
    require(actor, MANAGE_STRUCTURE, structure)
    structure.refresh_from_db()


def _write(rows: QuerySet[Service] | QuerySet[Structure], row: Service | Structure, values: dict[str, object]) -> bool:
    """Whether there was such a row; it is the managers' in these columns from now on."""
    row.own_columns = with_own(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    return bool(rows.update(**values, own_columns=row.own_columns))


def _note(service: Service, kind: ActivityEntry.Kind, actor: Actor, at: datetime) -> None:
    note(structure=service.structure, kind=kind, actor=actor, at=at, about=str(service))
