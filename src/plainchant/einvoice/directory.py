"""What rules ask a directory of recipients, where there is one. The portal answers it; a library's user may too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class RecipientService:
    """A part of a public body that takes invoices. ``is_for_public_sellers``: those of other public bodies only."""

    code: str
    name: str = ""
    is_active: bool = True
    valid_from: date | None = None
    valid_until: date | None = None
    commitment_required: bool = False
    is_for_public_sellers: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public body as the directory knows it, and what it demands on an invoice."""

    siret: str
    name: str
    is_active: bool = True
    service_required: bool = False
    commitment_required: bool = False
    service_or_commitment_required: bool = False
    services: Mapping[str, RecipientService] = field(default_factory=dict)  # by code
    # What becomes of an invoice whose commitment number is not among ``known_commitments``, in the form of
    # `rules.recipient.commitment_key`: nothing where they are not kept, or where it is not asked.
    unknown_commitment: Literal["", "remark", "refusal"] = ""
    known_commitments: frozenset[str] = frozenset()
    replaced_by: str = ""  # the SIRET under which it goes on, where it has another


class Directory(Protocol):
    """Looks a recipient up by SIRET. None: it receives nothing through Chorus Pro."""

    def recipient(self, siret: str) -> Recipient | None: ...
