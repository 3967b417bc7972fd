"""Keep what a structure's invoices always say and how they look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure

from .models import InvoiceSettings
from .permissions import MANAGE_INVOICE_SETTINGS


@transaction.atomic
def save_settings(
    *, structure: Structure, values: Mapping[str, Any], actor: Actor, at: datetime, logo: StoredFile | None = None
) -> InvoiceSettings:
    """Keep a structure's settings. ``values`` are columns, already clean; ``logo`` replaces the one there was.

    Raises NotAllowed.
    """
    require(actor, MANAGE_INVOICE_SETTINGS, structure)
    columns = {**values, "updated_at": at, "updated_by": actor.account}
    if logo is not None:
        columns["logo"] = logo
    kept, _ = InvoiceSettings.objects.update_or_create(structure=structure, defaults=columns)
    return kept
