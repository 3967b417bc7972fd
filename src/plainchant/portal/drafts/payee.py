"""What whoever pays an invoice should know of the account that it names: new, unknown, or another than before.

The account is the one frozen in the invoice when it was sent. A document that came without a choice of account shows
its own: then it is what was read there, of bytes that never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plainchant.portal.invoices.models import Invoice
from plainchant.portal.structures.bank_accounts import is_recent
from plainchant.portal.structures.models import BankAccount

from .models import DocumentReading

_LOOKED_BACK = 200  # earlier invoices of the same supplier to the same recipient


@dataclass(frozen=True)
class EarlierPayee:
    """The account that an earlier invoice of the supplier named to the same recipient, and when that was sent."""

    iban: str
    sent_at: datetime


@dataclass(frozen=True)
class Payee:
    """``changed_at``: since when the account counts, of one that was new as the invoice was sent, or is new now.

    ``is_unknown``: it has never been on the supplier's sheet. ``other``: the last earlier invoice that named another
    account; ``same``: the last one that named this one. Both None: the supplier has never named an account here.
    """

    iban: str
    changed_at: datetime | None
    is_unknown: bool
    other: EarlierPayee | None
    same: EarlierPayee | None

    @property
    def is_other(self) -> bool:
        """Whether the supplier was paid elsewhere until now."""
        return self.other is not None and self.same is None

    @property
    def is_to_check(self) -> bool:
        """Whether something calls for asking the supplier."""
        return self.changed_at is not None or self.is_unknown or self.is_other


def payee_of(*, invoice: Invoice, at: datetime) -> Payee | None:
    """Where a sent invoice asks to be paid; None where neither its data nor its page says so, or nothing is due."""
    if not invoice.kind.is_owed:
        return None
    iban = str((invoice.document or {}).get("payment_account") or "") or _on_the_page(invoice)
    if not iban:
        return None
    account = _account(invoice, iban)
    earlier = _earlier(invoice, invoice.deposited_at or at)
    return Payee(
        iban=iban,
        changed_at=new_since(invoice=invoice, account=account, at=at),
        is_unknown=account is None,
        other=next((payee for payee in earlier if payee.iban != iban), None),
        same=next((payee for payee in earlier if payee.iban == iban), None),
    )


def new_since(*, invoice: Invoice, account: BankAccount | None, at: datetime) -> datetime | None:
    """Since when the account counts, where that was new as the invoice was sent or is new now; else None.

    An account that came to the sheet after the invoice was sent is new for three days, as for everybody.
    """
    if account is None:
        return None
    sent_at = invoice.deposited_at or at
    was_new = account.usable_since <= sent_at and is_recent(account, at=sent_at)
    return account.usable_since if was_new or is_recent(account, at=at) else None


def _on_the_page(invoice: Invoice) -> str:
    readings = DocumentReading.objects.filter(invoice=invoice)
    read: dict[str, Any] = readings.values_list("result__fields__iban", flat=True).first() or {}
    return str(read.get("value") or "")


def _account(invoice: Invoice, iban: str) -> BankAccount | None:
    """The one on the supplier's sheet, open or closed; one that nobody confirmed was never on it."""
    if invoice.bank_account is not None and invoice.bank_account.iban == iban:
        return invoice.bank_account
    same = BankAccount.objects.filter(structure=invoice.seller_id, iban=iban, is_waiting=False)
    return same.exclude(is_active=False, opened_at__isnull=True).order_by("-opened_at", "-pk").first()


def _earlier(invoice: Invoice, sent_at: datetime) -> list[EarlierPayee]:
    """The latest first."""
    sent = Invoice.objects.filter(
        seller=invoice.seller_id,
        buyer=invoice.buyer_id,
        deposited_at__lt=sent_at,
        made_available_at__isnull=False,
    ).exclude(pk=invoice.pk)
    rows = sent.order_by("-deposited_at", "-pk").values_list("document__payment_account", "deposited_at")
    return [EarlierPayee(iban, at) for iban, at in rows[:_LOOKED_BACK] if iban and at is not None]
