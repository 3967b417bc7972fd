"""How to pay: payment instructions (BG-16), credit transfer (BG-17), card (BG-18), direct debit (BG-19)."""

from __future__ import annotations

from dataclasses import dataclass

from .group import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransfer(Group):
    """BG-17."""

    account: str | None = None  # BT-84, IBAN or national number
    account_name: str | None = None  # BT-85
    service_provider: str | None = None  # BT-86, BIC
    is_proprietary: bool = False  # written as a national number (CII ProprietaryID), not as an IBAN


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCard(Group):
    """BG-18."""

    number: str | None = None  # BT-87: at most the last digits, never the whole number
    holder: str | None = None  # BT-88


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit(Group):
    """BG-19, without the creditor identifier (BT-90), which belongs to the invoice."""

    mandate: str | None = None  # BT-89
    debited_account: str | None = None  # BT-91


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans(Group):
    """BG-16. Several on one invoice are several accounts for one means."""

    code: str | None = None  # BT-81, UNTDID 4461
    text: str | None = None  # BT-82
    credit_transfer: CreditTransfer | None = None  # BG-17
    card: PaymentCard | None = None  # BG-18
    direct_debit: DirectDebit | None = None  # BG-19
