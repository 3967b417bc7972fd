"""The code of a service changes only while no invoice names it: bodies route by it, and papers cite it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plainchant.portal.directory import services
from plainchant.portal.directory.services import ServiceDetails, WrongServiceCode
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Service

from .models import Invoice


def is_named(*, service: Service) -> bool:
    """Whether an invoice, sent or not, is addressed to this service."""
    return Invoice.objects.filter(buyer_service=service).exists()


def change_service(*, service: Service, actor: Actor, code: str, details: ServiceDetails, at: datetime) -> None:
    """Change a service, and its code where that may be. Raises NotAllowed, WrongServiceCode."""
    former = service.code
    with transaction.atomic():
        services.change(service=service, actor=actor, code=code, details=details, at=at)
        if service.code != former and is_named(service=service):
            raise WrongServiceCode(
                f"Des factures nomment le service {former}\u00a0: son code ne peut plus changer. Fermez-le et "
                "ajoutez-en un autre, si besoin.",
                field="code",
            )
