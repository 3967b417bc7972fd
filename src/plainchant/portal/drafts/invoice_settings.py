"""Keep what a structure's invoices always say and how they look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from plainchant.einvoice.law.vat_rates import Territory, territory_of
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.operations import forget, keep, register
from plainchant.portal.structures.models import Structure

from .models import InvoiceSettings
from .permissions import MANAGE_INVOICE_SETTINGS

# The mainland's own code is empty, which stands here for what nobody has said.
_MAINLAND = "CONTINENT"
TERRITORIES = (
    ("", "D’après le code postal de la structure"),
    *((territory.value or _MAINLAND, territory.label) for territory in Territory),
)


def territory_where_due(*, seller: Structure, settings: InvoiceSettings | None) -> Territory:
    """Where the supplier's VAT is due: what it has said, or else what its postcode says. Raises NotKnown."""
    if settings is not None and settings.territory:
        return Territory(settings.territory if settings.territory != _MAINLAND else "")
    return territory_of(postcode=seller.postcode)


def save_settings(
    *, structure: Structure, values: Mapping[str, Any], actor: Actor, at: datetime, logo: bytes = b""
) -> InvoiceSettings:
    """Keep a structure's settings. ``values`` are columns, already clean; ``logo``, a PNG, replaces the one there was.

    Raises NotAllowed, one of antivirus.REFUSALS; nothing has changed then.
    """
    require(actor, MANAGE_INVOICE_SETTINGS, structure)
    columns = {**values, "updated_at": at, "updated_by": actor.account}
    if logo:
        name = "logo.png"
        columns["logo"] = keep(file=ContentFile(logo, name=name), name=name, media_type="image/png", at=at)
    with transaction.atomic():
        require(actor, MANAGE_INVOICE_SETTINGS, structure)  # again: keeping the bytes took a while
        former = InvoiceSettings.objects.select_for_update().filter(structure=structure).first()
        if logo:
            register(kept=[columns["logo"]])
        kept, _ = InvoiceSettings.objects.update_or_create(structure=structure, defaults=columns)
        if logo and former is not None and former.logo is not None:
            forget(stored=former.logo, at=at)
    return kept
