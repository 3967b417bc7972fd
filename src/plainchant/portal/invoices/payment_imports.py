"""Payments that a public body's accounts know of: which invoices they pay, and the moves that follow from them.

`looked_at` says of each row of a table what would happen and why not; `pay_out` does it for those that were confirmed,
each in a transaction of its own and by the same move as at the desk. The same file twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from plainchant.capture.payment_table import PaymentRow
from plainchant.einvoice import wording
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor

from .lifecycle import MOVE_OF, STATUS_ROWS, Action, Status
from .listed import compared
from .models import Invoice, StatusChange
from .operations import process
from .permissions import PAY_INVOICE

_PAY_OUT = MOVE_OF[Action.PAY_OUT]


class PaymentRefused(Refused):
    """The day of a payment cannot be that of this invoice."""

    code = "payment_refused"


class RowMatch(StrEnum):
    """What becomes of a row."""

    PAYS = "pays"
    ALREADY = "already"  # it is there: the file has been taken before, or somebody did it by hand
    AMBIGUOUS = "ambiguous"
    NOT_MOVED = "not moved"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One that may be confirmed."""

    invoice: Invoice
    day: date


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """A row and what becomes of it. ``why``: a French sentence; "" for one that pays, whose ``payment`` is there."""

    row: PaymentRow
    match: RowMatch
    why: str = ""
    payment: Payment | None = None


def looked_at(*, rows: Sequence[PaymentRow], actor: Actor, today: date) -> list[LookedAt]:
    """What each row would do, in their order. Only invoices that the actor may pay are looked among."""
    numbers = {row.number for row in rows if not row.trouble}
    among: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in PAY_INVOICE.reached_by(actor).filter(number__in=numbers).defer("document", "words"):
        among[invoice.number].append(invoice)
    paid = _paid(invoice for invoices in among.values() for invoice in invoices)
    found: list[LookedAt] = []
    first: dict[int, int] = {}  # invoice → the row that pays it
    for row in rows:
        result = _looked_at(row, among[row.number], paid, today)
        if result.payment is not None:
            before = first.setdefault(result.payment.invoice.pk, row.row)
            if before != row.row:
                result = LookedAt(row=row, match=RowMatch.NOT_MOVED, why=f"La ligne {before} paie déjà cette facture.")
        found.append(result)
    return found


def _looked_at(row: PaymentRow, among: Sequence[Invoice], paid: Mapping[int, date], today: date) -> LookedAt:
    def no(why: str, match: RowMatch = RowMatch.NOT_MOVED) -> LookedAt:
        return LookedAt(row=row, match=match, why=why)

    if row.trouble:
        return no(row.trouble)
    if not among:
        return no(f"Aucune facture reçue ne porte le numéro {row.number}, ou vous n’avez pas le droit de la payer.")
    of_supplier = [invoice for invoice in among if _is_of(invoice, row)]
    if not of_supplier:
        return no(f"La facture {row.number} n’est pas de ce fournisseur\u00a0: elle est {of(_names(among))}.")
    if len(of_supplier) > 1:
        of_amount = [invoice for invoice in of_supplier if invoice.to_pay == Decimal(row.amount)]
        if len(of_amount) != 1:
            return no(
                f"Plusieurs factures portent ce numéro\u00a0: {_names(of_supplier)}. Ajoutez le SIRET du fournisseur.",
                RowMatch.AMBIGUOUS,
            )
        of_supplier = of_amount
    (invoice,) = of_supplier
    if invoice.status == Status.PAID_OUT:
        return no(f"Elle est déjà en paiement, depuis le {wording.day(paid.get(invoice.pk, today))}.", RowMatch.ALREADY)
    why = _unpayable(invoice, Decimal(row.amount)) or _wrong_day(invoice, date.fromisoformat(row.day), today)
    if why:
        return no(why)
    return LookedAt(row=row, match=RowMatch.PAYS, payment=Payment(invoice=invoice, day=date.fromisoformat(row.day)))


def _is_of(invoice: Invoice, row: PaymentRow) -> bool:
    """Whether it may be this supplier's: by identifier (a SIREN: any establishment), else by name, else it may."""
    if row.identifier:
        own = invoice.seller.identifier
        return own == row.identifier or (len(row.identifier) == 9 and own.startswith(row.identifier))
    if row.supplier:
        sought = compared(row.supplier)
        return any(
            sought in compared(name) for name in (invoice.seller.name, invoice.seller.label, invoice.seller_name)
        )
    return True


def _names(invoices: Iterable[Invoice]) -> str:
    return ", ".join(sorted({str(invoice.seller) for invoice in invoices})[:3])


def _unpayable(invoice: Invoice, amount: Decimal) -> str:
    """Why it cannot be said to be paid, "" if it can."""
    if not invoice.kind.is_owed:
        return invoice.kind.claim.why
    if invoice.status not in _PAY_OUT.sources:
        label = STATUS_ROWS[Status(invoice.status)].label
        return f"Elle est «\u00a0{label}\u00a0»\u00a0: elle ne peut pas être mise en paiement."
    owed = invoice.to_pay or Decimal(0)
    if amount == owed:
        return ""
    paid, asked = (wording.money(value, invoice.currency) for value in (amount, owed))
    if 0 < amount < owed:
        return f"Paiement partiel\u00a0: {paid} sur {asked}. Son statut ne change pas."
    return f"Le montant n’est pas le sien\u00a0: {paid} au lieu de {asked}."


def _wrong_day(invoice: Invoice, day: date, today: date) -> str:
    """Why it cannot have been paid on that day, "" if it can."""
    if day > today:
        return f"Le {wording.day(day)} n’est pas encore venu\u00a0: donnez le jour où elle a été payée."
    if invoice.issue_date and day < invoice.issue_date:
        return f"Le {wording.day(day)} est avant la date de la facture, le {wording.day(invoice.issue_date)}."
    return ""


def _paid(invoices: Iterable[Invoice]) -> dict[int, date]:
    """When those that are paid were, by key."""
    keys = [invoice.pk for invoice in invoices if invoice.status == Status.PAID_OUT]
    lines = StatusChange.objects.filter(invoice__in=keys, to_status=Status.PAID_OUT)
    return {line.invoice_id: line.day or day_in_paris(line.at) for line in lines}


def pay_out(
    *, payments: Sequence[Payment], actor: Actor, at: datetime
) -> tuple[list[Invoice], list[tuple[Invoice, Refused]]]:
    """Say of each of these invoices that it was paid that day: those of which it is said now, and the others.

    Of one that was paid meanwhile nothing changes. Raises nothing: each has its own reason.
    """
    moved: list[Invoice] = []
    refused: list[tuple[Invoice, Refused]] = []
    for payment in payments:
        invoice = payment.invoice
        try:
            wrong = _wrong_day(invoice, payment.day, day_in_paris(at))
            if wrong:
                raise PaymentRefused(wrong)
            process(invoice=invoice, action=Action.PAY_OUT, actor=actor, at=at, day=payment.day)
            moved.append(invoice)
        except Refused as reason:
            refused.append((invoice, reason))
    return moved, refused
