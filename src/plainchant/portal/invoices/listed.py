"""What a row of invoices keeps besides, to be listed quickly: names to sort by, what is to be paid, words to search.

They follow from the other columns and from who is named then, and are written with them: `listed_columns` by whatever
writes the columns of an invoice, `note_due_days` by whatever makes a delay run or stop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from plainchant.portal.directory.search.text import fold

from .delay import delay_of
from .models import Invoice, StatusChange
from .payment_clock import ClockState

MAX_WORDS = 4_000


def listed_columns(invoice: Invoice, values: Mapping[str, Any]) -> dict[str, Any]:
    """``values``, the columns about to be written of ``invoice``, with those that follow from them all."""
    would_be = copy(invoice)
    for name, value in values.items():
        setattr(would_be, name, value)
    seller, buyer, service = would_be.seller, would_be.buyer, would_be.buyer_service
    return {
        **values,
        "seller_name": str(seller),
        "buyer_name": str(buyer) if buyer else "",
        "service_code": service.code if service else "",
        "to_pay": would_be.kind.to_pay,
        "words": words_of(
            would_be.number,
            would_be.commitment,
            would_be.contract,
            would_be.preceding_number,
            *(part for party in (seller, buyer) if party for part in (party.name, party.label, party.identifier)),
            *((service.code, service.name) if service else ()),
            *(in_french(amount) for amount in (would_be.payable_amount, would_be.tax_inclusive_amount) if amount),
            would_be.comment,
        ),
    }


def words_of(*parts: str) -> str:
    """What is searched in an invoice: its parts as they are compared, each once."""
    return " ".join(dict.fromkeys(compared(part) for part in parts if part))[:MAX_WORDS]


def compared(text: str) -> str:
    """Lower case, without accents, one kind of apostrophe, one blank between words."""
    return " ".join(fold(text).replace("’", "'").split())


def in_french(amount: Decimal) -> str:
    """1200.5 → « 1200,50 », as an amount is searched."""
    return f"{amount:.2f}".replace(".", ",")


def note_due_days(*, invoices: Sequence[Invoice], first_told: bool = False, **columns: Any) -> None:
    """Write down until when each may be paid, None where no delay runs; and ``columns``, of them all.

    In the transaction that changed it. ``invoices`` are as they are from now on, their buyers with them.
    ``first_told``: their delay begins now, so that nothing of their histories has stopped it.
    """
    lines: dict[int, list[StatusChange]] = defaultdict(list)
    if not first_told:
        for change in StatusChange.objects.filter(invoice__in=invoices).order_by("invoice", "sequence"):
            lines[change.invoice_id].append(change)
    changed: dict[date | None, list[int]] = defaultdict(list)
    for invoice in invoices:
        delay = delay_of(invoice=invoice, history=lines[invoice.pk])
        due_on = delay.due_on if delay.state is ClockState.RUNNING else None
        if columns or invoice.due_on != due_on:
            invoice.due_on = due_on
            changed[due_on].append(invoice.pk)
    for due_on, keys in changed.items():
        Invoice.objects.filter(pk__in=keys).update(due_on=due_on, **columns)


def fill(*, lot: int = 500) -> int:
    """Write what lists need of the rows that lack it: of before there were such columns. How many there were."""
    without = Invoice.objects.filter(words="").select_related("seller", "buyer", "buyer_service").order_by("pk")
    filled, last = 0, 0
    while rows := list(without.filter(pk__gt=last)[:lot]):
        last = rows[-1].pk
        for invoice in rows:
            for name, value in listed_columns(invoice, {}).items():
                setattr(invoice, name, value)
        with transaction.atomic():
            Invoice.objects.bulk_update(
                rows, ["seller_name", "buyer_name", "service_code", "to_pay", "words"], batch_size=100
            )
            note_due_days(invoices=rows)
        filled += len(rows)
    return filled
