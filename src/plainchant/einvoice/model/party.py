"""Who is on an invoice: seller, buyer, payee, tax representative (BG-4, BG-7, BG-10, BG-11) and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass

from .group import Group


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value and the scheme that gives it meaning (ISO 6523 ICD, EAS, UNTDID 1153…), both as written."""

    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Group):
    """BG-5, BG-8, BG-12, BG-15."""

    line_1: str | None = None  # BT-35, BT-50, BT-64, BT-75
    line_2: str | None = None  # BT-36, BT-51, BT-65, BT-76
    line_3: str | None = None  # BT-162, BT-163, BT-164, BT-165
    city: str | None = None  # BT-37, BT-52, BT-66, BT-77
    postcode: str | None = None  # BT-38, BT-53, BT-67, BT-78
    subdivision: str | None = None  # BT-39, BT-54, BT-68, BT-79
    country: str | None = None  # BT-40, BT-55, BT-69, BT-80, ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Group):
    """BG-6, BG-9. ``name`` or ``department`` is the contact point (BT-41, BT-56)."""

    name: str | None = None
    department: str | None = None  # Chorus Pro's flows put the name of the buyer's service here
    telephone: str | None = None  # BT-42, BT-57
    email: str | None = None  # BT-43, BT-58


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Group):
    """A seller, a buyer, a payee, a tax representative, or Chorus Pro's *valideur*."""

    name: str | None = None  # BT-27, BT-44, BT-59, BT-62
    trading_name: str | None = None  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46, BT-60
    legal_registration: Identifier | None = None  # BT-30, BT-47, BT-61
    vat_identifier: str | None = None  # BT-31, BT-48, BT-63
    tax_registration: str | None = None  # BT-32
    legal_information: str | None = None  # BT-33
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None  # BG-5, BG-8, BG-12
    contact: Contact | None = None  # BG-6, BG-9
