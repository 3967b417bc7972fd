"""What rules ask a directory of recipients, where there is one. The portal answers it; a library's user may too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public body as the directory knows it, and what it demands on an invoice."""

    siret: str
    name: str
    is_active: bool = True
    service_required: bool = False
    commitment_required: bool = False
    service_or_commitment_required: bool = False
    services: frozenset[str] = frozenset()  # codes of its active services
    services_requiring_commitment: frozenset[str] = frozenset()


class Directory(Protocol):
    """Looks a recipient up by SIRET. None: it receives nothing through Chorus Pro."""

    def recipient(self, siret: str) -> Recipient | None: ...
