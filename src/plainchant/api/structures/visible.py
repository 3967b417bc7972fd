"""Which structures a program sees: those of the public directory, its own, and whoever sent it an invoice.

Nobody else's, whatever is asked.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from plainchant.api.callers import Caller
from plainchant.api.operation import WireObject
from plainchant.api.refusals import UnknownStructure, ValueMissing
from plainchant.portal.invoices.permissions import SEE_RECEIVED_INVOICE
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.permissions import SEE_STRUCTURE
from plainchant.portal.structures.queries import public_bodies

ACTIVE, INACTIVE = "ACTIF", "INACTIF"


class AdressePostale(WireObject):
    adresse: str | None = None
    codePostal: str | None = None
    complementAdresse1: str | None = None
    complementAdresse2: str | None = None
    fax: str | None = None
    indicatifFax: str | None = None
    indicatifTelephone: str | None = None
    pays: str | None = None
    telephone: str | None = None
    ville: str | None = None


def own(caller: Caller) -> QuerySet[Structure]:
    """Those that the technical account is for."""
    reached: QuerySet[Structure] = caller.objects(SEE_STRUCTURE)
    return reached


def visible_to(caller: Caller) -> QuerySet[Structure]:
    return public_bodies() | own(caller)


def with_suppliers(caller: Caller) -> QuerySet[Structure]:
    """The same, and the suppliers of the invoices that the program sees as their recipient.

    To be narrowed to one structure: invoices are looked for of each that is read.
    """
    received = caller.objects(SEE_RECEIVED_INVOICE).filter(seller=OuterRef("pk"))
    return visible_to(caller) | Structure.objects.filter(Exists(received))


def structure_of(caller: Caller, key: int | None, *, name: str, among: QuerySet[Structure] | None = None) -> Structure:
    """The structure of this key; ``name`` is the key's name in the request. Raises ValueMissing, UnknownStructure."""
    if key is None:
        raise ValueMissing(name)
    structure = (visible_to(caller) if among is None else among).filter(pk=key).first()
    if structure is None:
        raise UnknownStructure(name)
    return structure


def address_of(structure: Structure) -> AdressePostale:
    return AdressePostale(
        adresse=structure.address_line or None,
        codePostal=structure.postcode or None,
        complementAdresse1=structure.address_extra_1 or None,
        complementAdresse2=structure.address_extra_2 or None,
        pays=structure.country or None,
        ville=structure.city or None,
    )


def is_open(service: Service, caller: Caller) -> bool:
    """Whether invoices may be sent to it today."""
    today = day_in_paris(caller.at)
    begins, ends = service.valid_from, service.valid_until
    return service.is_active and (begins is None or begins <= today) and (ends is None or ends >= today)


def days_of(service: Service) -> dict[str, Any]:
    """dateDbtService and dateFinService, in the wire's minutes."""
    return {
        "dateDbtService": f"{service.valid_from} 00:00" if service.valid_from else None,
        "dateFinService": f"{service.valid_until} 00:00" if service.valid_until else None,
    }
