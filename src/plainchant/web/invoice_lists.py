"""A list of invoices as a page shows it, on either side: what is looked for, its columns, its rows, its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.delay import pays_in_silence
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.lists import LAST, MOST_COUNTED, InvoiceList, Order
from plainchant.portal.invoices.models import Invoice
from plainchant.web.filters import PLACE, FilterForm, sorted_columns
from plainchant.web.showing import ShownStatus, counted, status_of
from plainchant.web.templatetags.plainchant import NARROW

Row = Callable[[Invoice], dict[str, Any]]
SELECT = "facture"  # the name of the boxes that choose rows


def list_context(
    *,
    listed: InvoiceList,
    form: FilterForm,
    columns: Sequence[dict[str, str]],
    row: Row,
    by: Order,
    falls: bool,
    size: int,
    **kept: str,
) -> dict[str, Any]:
    """What the templates draw. ``by`` and ``falls``: the order where none is asked; ``kept``: of the address."""
    order, falling = form.order(by, falls=falls)
    sheet = listed.sheet(order=order, falling=falling, place=form.query.get(PLACE, ""), size=size)
    return {
        "form": form,
        "columns": sorted_columns(list(columns), form, order=order, falls=falling, **kept),
        "rows": [row(invoice) for invoice in sheet.invoices],
        "places": {
            "first": (form.address(**kept) or "?") if sheet.before else "",
            "before": form.address(**kept, **{PLACE: sheet.before}) if sheet.before else "",
            "after": form.address(**kept, **{PLACE: sheet.after}) if sheet.after else "",
            "last": form.address(**kept, **{PLACE: LAST}) if sheet.after else "",
        },
    }


def how_many(count: int) -> str:
    """« 12 », « plus de 1 000 »."""
    return f"plus de {MOST_COUNTED:,}".replace(",", NARROW) if count > MOST_COUNTED else str(count)


def invoices_in_words(count: int) -> str:
    """« 12 factures », « plus de 1 000 factures »."""
    return f"{how_many(count)} factures" if count > MOST_COUNTED else counted(count, "facture", "factures")


def status_in_list(invoice: Invoice, *, side: Side, assignee: User | None = None) -> ShownStatus:
    """Its status, that its recipient has downloaded it, and who deals with it there."""
    status = status_of(invoice, side=side)
    also = [invoice.kind.agreed("téléchargée")] if invoice.downloaded_at else []
    also += [f"à {assignee}"] if assignee else []
    return replace(status, official=" · ".join(filter(None, [status.official, *also])))


def due_cell(invoice: Invoice, *, side: Side, today: date) -> dict[str, Any]:
    """The last day to pay it, and how late it is. A body that tells nothing of its payments may have paid."""
    late = (today - invoice.due_on).days if invoice.due_on and invoice.due_on < today else 0
    if not late:
        return {"day": invoice.due_on, "late": ""}
    days = counted(late, "jour", "jours")
    if side is Side.SELLER and pays_in_silence(invoice=invoice):
        return {"day": invoice.due_on, "late": f"dépassé de {days}"}
    return {"day": invoice.due_on, "late": f"{days} de retard"}
