"""The recipient's lists: what waits, and everything; and where an invoice stands in the one it was opened from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.invoices.assignment import assignee_of, colleagues_of, with_assignees
from plainchant.portal.invoices.criteria import ME
from plainchant.portal.invoices.lifecycle import BUYER_MUST_ACT, BuyersMove, Side, Status, is_left_out, moves_of
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach, Order
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import record_downloads
from plainchant.portal.invoices.permissions import SEE_RECEIVED_INVOICE
from plainchant.portal.invoices.queries import received_for
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.rights import Right
from plainchant.portal.searches.models import SavedSearch
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.reach import reached_in_part
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.context import uses_of
from plainchant.web.filters import ASSIGNED, FilterForm
from plainchant.web.invoice_lists import SELECT, due_cell, invoices_in_words, list_context, status_in_list
from plainchant.web.list_files import ALL, bundled, downloads, export_links, exported
from plainchant.web.routes import page
from plainchant.web.saved_searches import searches_context
from plainchant.web.showing import amount_of, kind_in_list, remark_of

from .paying import imports_payments

PER_PAGE = 50
COLUMNS = [
    {"label": "Facture", "kind": "number", "order": "numero"},
    {"label": "Fournisseur", "kind": "text", "order": "fournisseur"},
    {"label": "Service", "kind": "code", "order": "service"},
    {"label": "Montant à payer", "kind": "money", "order": "montant"},
    {"label": "Où elle en est", "kind": "status", "order": "statut"},
    {"label": "Reçue", "kind": "day", "order": "recue"},
    {"label": "À payer avant", "kind": "due", "order": "echeance"},
]
_ORDER = {order.name: order for order in ORDERS[Side.BUYER]}


@dataclass(frozen=True)
class _List:
    """A list of this side: its page, what it holds, and its order where none is asked."""

    url_name: str
    file_name: str
    searches: SavedSearch.Listing
    by: Order
    falls: bool
    right: Right = Right.SEE_RECEIVED
    among: Collection[Status] | None = None


DUE_SOON = "semaine"  # the criterion of what is to be paid within a week
WITHIN = "dans"  # in the address of an invoice: the list that it was opened from, with what is looked for there
TO_PROCESS, EVERYTHING = "a-traiter", "toutes"
LISTS = {
    TO_PROCESS: _List(
        "received_to_process",
        "factures-a-traiter",
        SavedSearch.Listing.TO_PROCESS,
        _ORDER["echeance"],
        False,
        Right.PROCESS,
        BUYER_MUST_ACT,
    ),
    EVERYTHING: _List("received_list", "factures-recues", SavedSearch.Listing.RECEIVED, _ORDER["recue"], True),
}


@page(get=SEE_RECEIVED_INVOICE, bears_lag=True)
def to_process(request: HttpRequest, received: QuerySet[Invoice]) -> HttpResponse:
    """« À traiter »: what waits for this recipient, the latest to be paid first. Who may only consult has none."""
    uses = uses_of(request)
    if uses.receives and not uses.processes:
        return redirect("received_list")
    context = _context(request, TO_PROCESS)
    assigning = _assigning() if _shares_work(context["form"]) else []
    context["actions"] = [*_in_bulk(request), *assigning]
    context["views"] = _views(context["form"])
    return render(request, "received/to_process.html", context)


@page(get=SEE_RECEIVED_INVOICE, bears_lag=True)
def list_invoices(request: HttpRequest, received: QuerySet[Invoice]) -> HttpResponse:
    """Everything received."""
    return render(request, "received/list.html", _context(request, EVERYTHING))


@page(get=SEE_RECEIVED_INVOICE, bears_lag=True)
def export(request: HttpRequest, received: QuerySet[Invoice], extension: str) -> FileResponse:
    """One of the lists as a file, with what is looked for in it and in its order."""
    row = LISTS.get(request.GET.get(WITHIN, ""), LISTS[EVERYTHING])
    form = _search(request, row)
    return exported(
        _listed(request, form, row),
        form=form,
        by=row.by,
        falls=row.falls,
        extension=extension,
        name=row.file_name,
    )


@page(get=SEE_RECEIVED_INVOICE)
def bundle(request: HttpRequest, received: QuerySet[Invoice], kind: str) -> FileResponse:
    """The documents of several invoices in one archive; that each was downloaded is noted."""
    row = LISTS.get(request.GET.get(WITHIN, ""), LISTS[EVERYTHING])
    form = _search(request, row)
    answer, invoices = bundled(request, _listed(request, form, row), form=form, by=row.by, falls=row.falls, kind=kind)
    record_downloads(invoices=invoices, actor=acting(request), at=now())
    return answer


def address_of(move: BuyersMove, *, invoice: Invoice | None = None) -> str:
    """Where it is made, of one invoice or of several."""
    place = "pay" if move.right is Right.PAY else "process"
    slug = move.action.value.replace("_", "-")
    if invoice is None:
        return reverse(f"received_{place}_many", args=[slug])
    return reverse(f"received_{place}", args=[invoice.uid, slug])


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Where an invoice stands in the list it was opened from. ``query`` carries that list from page to page.

    ``before`` and ``after``: the pages of its neighbours, "" where there is none; ``list_url``: that of the list.
    """

    query: str
    before: str
    after: str
    list_url: str


def beside(request: HttpRequest, invoice: Invoice) -> Beside | None:
    """None where it was opened from nowhere."""
    name = request.GET.get(WITHIN, "")
    if name not in LISTS:
        return None
    form = _search(request, LISTS[name])
    listed = _listed(request, form, LISTS[name])
    order, falling = form.order(LISTS[name].by, falls=LISTS[name].falls)
    before, after = listed.beside(invoice, order=order, falling=falling)
    if after is None:  # from the first again: others may have arrived, or have been passed over
        first = listed.sheet(order=order, falling=falling, size=1).invoices
        after = first[0] if first and first[0].pk != invoice.pk else None
    query = form.address(**{WITHIN: name})
    return Beside(
        query=query,
        before=_url(before, query) if before else "",
        after=_url(after, query) if after else "",
        list_url=reverse(LISTS[name].url_name) + form.address(),
    )


def first_to_process(request: HttpRequest) -> str:
    """The page of the first invoice of « À traiter », whatever the address of this page asks; "" where none waits."""
    row = LISTS[TO_PROCESS]
    form = _search(request, row)
    order, falling = form.order(row.by, falls=row.falls)
    first = _listed(request, form, row).sheet(order=order, falling=falling, size=1).invoices
    return _url(first[0], form.address(**{WITHIN: TO_PROCESS})) if first else ""


def _url(invoice: Invoice, query: str) -> str:
    return reverse("received_invoice", args=[invoice.uid]) + query


def _context(request: HttpRequest, name: str) -> dict[str, Any]:
    row = LISTS[name]
    form = _search(request, row)
    listed = _listed(request, form, row)
    query = form.address(**{WITHIN: name})
    return {
        **list_context(
            listed=listed,
            form=form,
            columns=COLUMNS,
            row=partial(_row, query=query, today=day_in_paris(now())),
            by=row.by,
            falls=row.falls,
            size=PER_PAGE,
        ),
        "found": invoices_in_words(listed.count()),
        "receives": uses_of(request).receives,
        "may_pay": imports_payments(acting(request)),
        "exports": export_links("received_export", query=query),
        **searches_context(request, row.searches, form=form),
        "select": SELECT,
        "downloads": downloads("received_bundle"),
        "download_all": downloads("received_bundle", query=form.address(**{WITHIN: name, ALL: "1"})),
    }


def _views(form: FilterForm) -> list[dict[str, str]]:
    """One press away: what falls due within a week, what is one's own; or from there back. The late come first."""
    here = reverse("received_to_process")
    views = [(DUE_SOON, "on", "Ce qui échoit cette semaine", "Toutes les échéances")]
    if _shares_work(form):
        views.append((ASSIGNED, ME, "Ce qui m’est attribué", "À tout le monde"))
    return [
        {"label": back, "url": here + (form.address_without(name) or "?")}
        if form.values()[name]
        else {"label": there, "url": here + form.address(**{name: value})}
        for name, value, there, back in views
    ]


def _shares_work(form: FilterForm) -> bool:
    """Whether there is anybody else to process what is in the list."""
    return any(person != form.me for person in form.colleagues)


def _assigning() -> list[dict[str, str]]:
    return [
        {"label": "M’attribuer", "url": reverse("received_take_many")},
        {"label": "Attribuer à…", "url": reverse("received_assign_many")},
    ]


def _search(request: HttpRequest, row: _List) -> FilterForm:
    receiving = _receiving(request, row.right)
    chosen = chosen_among(request, receiving)
    actor = acting(request)
    return FilterForm(
        request.GET,
        side=Side.BUYER,
        structures=receiving,
        chosen=chosen,
        me=actor.person,
        colleagues=colleagues_of(actor=actor),
    )


def _listed(request: HttpRequest, form: FilterForm, row: _List) -> InvoiceList:
    actor = acting(request)
    return InvoiceList(
        side=Side.BUYER,
        scope=with_assignees(received_for(actor=actor, right=row.right)),
        reach=InvoiceReach.of(actor=actor, right=row.right, side=Side.BUYER, structure=form.whose),
        narrow=form.narrowing(today=day_in_paris(now())),
        statuses=form.statuses_among(row.among),
    )


def _receiving(request: HttpRequest, right: Right) -> QuerySet[Structure]:
    """The public bodies over whose received invoices the visitor has this right, or for some of their services."""
    over = reached_in_part(actor=acting(request), right=right)
    return over.filter(nature=StructureNature.PUBLIC).order_by("name")


def _in_bulk(request: HttpRequest) -> Sequence[dict[str, str]]:
    """What the visitor may do with several at once."""
    left_out = {
        right: list(reached_in_part(actor=acting(request), right=right).values_list("unused_steps", flat=True))
        for right in (Right.PROCESS, Right.PAY)
    }
    return [
        {"label": move.short_label, "url": address_of(move)}
        for move in sorted(moves_of(party=Side.BUYER), key=lambda move: getattr(move, "needs_reason", False))
        if isinstance(move, BuyersMove) and move.is_for_several
        if any(not is_left_out(move, unused) for unused in left_out[move.right])
    ]


def _row(invoice: Invoice, *, query: str, today: date) -> dict[str, Any]:
    return {
        "url": _url(invoice, query),
        "id": str(invoice.uid),
        "name": invoice.number,
        "what": kind_in_list(invoice),
        "remark": remark_of(invoice),
        "cells": [
            invoice.number,
            str(invoice.seller),
            invoice.service_code,
            amount_of(invoice),
            status_in_list(invoice, side=Side.BUYER, assignee=assignee_of(invoice)),
            invoice.made_available_at,
            due_cell(invoice, side=Side.BUYER, today=today),
        ],
    }
