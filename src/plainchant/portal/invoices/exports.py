"""A list of invoices as a table for spreadsheets: the columns are a table, read slice by slice in the list's own scope.

The list decides what is in it and in which order (`lists`); an export holds what its pages would show, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from plainchant.einvoice.codes.cadres import label_of
from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.table_file import Cell
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import Structure

from .assignment import assignee_of, with_assignees
from .criteria import BOTH, BUYER, SELLER
from .lifecycle import STATUS_ROWS, Action, Side, Status
from .lists import InvoiceList, Order
from .models import DepositMode, Event, Invoice, StatusChange
from .payments import NOTES

MOST_EXPORTED = 100_000  # rows: what a page makes before whoever asked has gone, and what a spreadsheet still opens
_SLICE = 500
# Read once a slice: a list has one party many times.
_NAMED = ("seller", "buyer", "buyer_service", "bank_account", "created_by", "assigned_to")


class TooManyToExport(Refused):
    """The list is longer than what is exported at once."""

    code = "too_many_to_export"

    def __init__(self) -> None:
        most = f"{MOST_EXPORTED:,}".replace(",", "\u202f")
        super().__init__(
            f"Cette liste compte plus de {most} factures\u00a0: elle ne peut pas être exportée d’un seul coup. "
            "Précisez la recherche, par exemple une année à la fois, puis exportez de nouveau."
        )


@dataclass(frozen=True, kw_only=True)
class ExportRow:
    """An invoice with what its histories say. ``reason`` and ``comment``: of what brought it where it is."""

    invoice: Invoice
    reason: str
    comment: str
    payment_order: str
    paid_on: date | None
    today: date


@dataclass(frozen=True)
class ExportColumn:
    label: str
    cell: Callable[[ExportRow], Cell]
    sides: frozenset[Side] = BOTH


def _identifier(structure: Structure | None) -> str:
    return structure.identifier if structure else ""


def _days_late(row: ExportRow) -> int | None:
    due, last = row.invoice.due_on, min(row.paid_on or row.today, row.today)
    return (last - due).days if due and due < last else None


COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn("Numéro", lambda row: row.invoice.number),
    ExportColumn("Type", lambda row: row.invoice.kind.name),
    ExportColumn("Cadre de facturation", lambda row: label_of(row.invoice.billing_framework)),
    ExportColumn("Fournisseur", lambda row: str(row.invoice.seller)),
    ExportColumn("Identifiant du fournisseur", lambda row: _identifier(row.invoice.seller)),
    ExportColumn("Destinataire", lambda row: str(row.invoice.buyer or "")),
    ExportColumn("Identifiant du destinataire", lambda row: _identifier(row.invoice.buyer)),
    ExportColumn("Code du service", lambda row: row.invoice.service_code),
    ExportColumn("Service", lambda row: row.invoice.buyer_service.name if row.invoice.buyer_service else ""),
    ExportColumn("Numéro d’engagement", lambda row: row.invoice.commitment),
    ExportColumn("Numéro de marché", lambda row: row.invoice.contract),
    ExportColumn("Facture d’origine", lambda row: row.invoice.preceding_number),
    ExportColumn("Date de la facture", lambda row: row.invoice.issue_date),
    ExportColumn("Déposée", lambda row: row.invoice.deposited_at),
    ExportColumn("Mise à disposition", lambda row: row.invoice.made_available_at),
    ExportColumn("Destinataire prévenu", lambda row: row.invoice.notified_at),
    ExportColumn("Téléchargée par le destinataire", lambda row: row.invoice.downloaded_at),
    ExportColumn("Statut", lambda row: STATUS_ROWS[Status(row.invoice.status)].label),
    ExportColumn("Code du statut", lambda row: STATUS_ROWS[Status(row.invoice.status)].edi or ""),
    ExportColumn("Dans ce statut depuis", lambda row: row.invoice.status_at),
    ExportColumn("Motif", lambda row: row.reason),
    ExportColumn("Commentaire", lambda row: row.comment),
    ExportColumn("Numéro de mandat", lambda row: row.payment_order),
    ExportColumn("À payer avant", lambda row: row.invoice.due_on),
    ExportColumn("Jours de retard", _days_late),
    ExportColumn("Payée", lambda row: row.paid_on),
    ExportColumn("Devise", lambda row: row.invoice.currency),
    ExportColumn("Total HT", lambda row: row.invoice.tax_exclusive_amount),
    ExportColumn("TVA", lambda row: row.invoice.tax_amount),
    ExportColumn("Total TTC", lambda row: row.invoice.tax_inclusive_amount),
    ExportColumn("Montant à payer", lambda row: row.invoice.to_pay),
    ExportColumn(
        "Compte bancaire", lambda row: row.invoice.bank_account.iban if row.invoice.bank_account else "", SELLER
    ),
    ExportColumn("Comment elle est arrivée", lambda row: DepositMode(row.invoice.deposit_mode).label),
    ExportColumn("Envoyée par", lambda row: str(row.invoice.created_by), SELLER),
    ExportColumn("Attribuée à", lambda row: str(assignee_of(row.invoice) or ""), BUYER),
    ExportColumn("Remarques", lambda row: len(row.invoice.remarks), BUYER),
    ExportColumn("Identifiant sur le portail", lambda row: str(row.invoice.uid)),
)  # fmt: skip


def columns_of(side: Side) -> list[ExportColumn]:
    return [column for column in COLUMNS if side in column.sides]


def require_exportable(listed: InvoiceList) -> None:
    """Raises TooManyToExport for a list longer than MOST_EXPORTED."""
    if listed.count(MOST_EXPORTED) > MOST_EXPORTED:
        raise TooManyToExport


def exported_rows(listed: InvoiceList, *, order: Order, falling: bool, today: date) -> Iterator[list[Cell]]:
    """A row of cells for each invoice of the list, in its order, in the columns of its side.

    Read as it is consumed. Of rows that arrive meanwhile, no more than MOST_EXPORTED in all.
    """
    columns = columns_of(listed.side)
    scope = with_assignees(listed.scope) if listed.side is Side.BUYER else listed.scope
    scoped = replace(listed, scope=scope.select_related(None).prefetch_related(*_NAMED))
    count = 0
    for invoices in scoped.whole(order=order, falling=falling, size=_SLICE):
        for row in _with_histories(invoices, side=listed.side, today=today):
            if count == MOST_EXPORTED:
                return
            count += 1
            yield [column.cell(row) for column in columns]


def _with_histories(invoices: Sequence[Invoice], *, side: Side, today: date) -> Iterator[ExportRow]:
    """Each with its own, in two statements for all of them."""
    keys = [invoice.pk for invoice in invoices]
    last: dict[int, tuple[str, str]] = {}
    orders: dict[int, str] = {}
    paid: dict[int, date] = {}
    history = StatusChange.objects.filter(invoice__in=keys).order_by("invoice", "sequence")
    for key, action, status, instant, reason, comment, payment_order, day in history.values_list(*_OF_A_LINE):
        last[key] = (reason, comment)
        if action == Action.ORDER_PAYMENT:
            orders[key] = payment_order
        if status == Status.PAID_OUT:
            paid[key] = day or day_in_paris(instant)
    noted: dict[int, date | None] = {}
    if side is Side.SELLER:  # the recipient reads nothing of it
        notes = Event.objects.filter(invoice__in=keys, kind__in=NOTES).order_by("at", "id")
        noted = dict(notes.values_list("invoice", "day"))  # the last one counts
    for invoice in invoices:
        reason, comment = last.get(invoice.pk, ("", ""))
        days = [day for day in (paid.get(invoice.pk), noted.get(invoice.pk)) if day]
        yield ExportRow(
            invoice=invoice,
            reason=REASON_OF[reason].label if reason else "",
            comment=comment,
            payment_order=orders.get(invoice.pk, ""),
            paid_on=min(days, default=None),  # as `payments.paid_on` says
            today=today,
        )


_OF_A_LINE = ("invoice", "action", "to_status", "at", "reason_code", "comment", "payment_order", "day")
