"""A seller or a buyer (BG-4, BG-7)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """One side of an invoice. ``identifier_scheme`` is the portal's identifier type (`SIRET`, `RIDET`…)."""

    name: str = ""  # BT-27, BT-44
    identifier: str = ""  # BT-30, BT-47
    identifier_scheme: str = "SIRET"
    vat_identifier: str = ""  # BT-31, BT-48
    address_line: str = ""  # BT-35, BT-50
    postcode: str = ""  # BT-38, BT-53
    city: str = ""  # BT-37, BT-52
    country: str = "FR"  # BT-40, BT-55
    service_code: str = ""  # the buyer's routing code, BT-10
