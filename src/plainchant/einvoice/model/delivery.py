"""Where and when the goods or services were delivered, for the invoice or for one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .group import Group
from .party import Address, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Group):
    """BG-13; on a line, its own place and day (Factur-X EXTENDED, BG-X-7)."""

    name: str | None = None  # BT-70
    location: Identifier | None = None  # BT-71; on a line EXT-FR-FE-146
    other_locations: tuple[Identifier, ...] = ()  # further identifiers of the same place (CII: GlobalID again)
    legal_registration: Identifier | None = None  # of the party delivered to: Factur-X EXTENDED, EXTENDED-CTC-FR
    actual_date: date | None = None  # BT-72; on a line EXT-FR-FE-158
    address: Address | None = None  # BG-15
