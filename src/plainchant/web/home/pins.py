"""The links that each person keeps on the first page (raccourcis): shown there, chosen on a page of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plainchant.portal.lib.time import now
from plainchant.portal.pins import operations
from plainchant.portal.pins.models import Pin
from plainchant.portal.pins.permissions import KEEP_PINS
from plainchant.portal.pins.queries import pinnable, pins_of
from plainchant.portal.structures.models import Structure
from plainchant.web.account.visitor import acting
from plainchant.web.context import Uses, uses_of
from plainchant.web.routes import page

ADDRESSES: Mapping[Pin.Page, str] = {
    Pin.Page.DEPOSIT: "deposit_start",
    Pin.Page.ENTRY: "entry_start",
    Pin.Page.ISSUED: "issued_list",
    Pin.Page.TO_PROCESS: "received_to_process",
    Pin.Page.RECEIVED: "received_list",
    Pin.Page.FLOWS: "flows_list",
    Pin.Page.PIECES: "library_list",
    Pin.Page.TICKETS: "tickets",
    Pin.Page.DIRECTORY: "directory_search",
    Pin.Page.VERIFY: "verify",
    Pin.Page.STRUCTURES: "structures_mine",
    Pin.Page.NOTICES: "account_notifications",
}


@dataclass(frozen=True)
class ShownPin:
    """A link: ``note`` says what kind of thing it is, ``name`` and ``value`` what a form sends of it."""

    label: str
    url: str
    note: str
    name: str
    value: str


def shown(pins: Iterable[Pin]) -> list[ShownPin]:
    return [_of_structure(pin.structure) if pin.structure else _of_page(Pin.Page(pin.page)) for pin in pins]


def _of_page(kind: Pin.Page) -> ShownPin:
    return ShownPin(str(kind.label), reverse(ADDRESSES[kind]), "", "page", kind.value)


def _of_structure(structure: Structure) -> ShownPin:
    note = f"{structure.postcode} {structure.city}".strip()
    return ShownPin(str(structure), _url(structure), note, "structure", str(structure.uid))


def _url(structure: Structure) -> str:
    """A recipient's sheet of the directory, from which one invoices it; of another structure its own."""
    if structure.is_public:
        return reverse("directory_sheet", args=[structure.identifier])
    return reverse("structure_sheet", args=[structure.uid])


def offered(uses: Uses) -> list[Pin.Page]:
    """The pages that mean something to this person."""
    left_out = set() if uses.receives else {Pin.Page.RECEIVED}
    if not uses.processes:
        left_out.add(Pin.Page.TO_PROCESS)
    if not uses.follows and not uses.is_new:
        left_out |= {Pin.Page.DEPOSIT, Pin.Page.ENTRY, Pin.Page.ISSUED, Pin.Page.FLOWS, Pin.Page.PIECES}
    return [kind for kind in Pin.Page if kind not in left_out]


@page(get=KEEP_PINS, post=KEEP_PINS, back="pins")
def choose(request: HttpRequest) -> HttpResponse:
    """The links there are, and the pages that can be added; from the sheet of a structure, add or remove that one."""
    actor = acting(request)
    if request.method == "POST":
        kind, structure = _wanted(request)
        if request.POST.get("do") == "unpin":
            operations.unpin(actor=actor, page=kind, structure=structure)
            messages.success(request, "Ce raccourci est retiré de votre accueil.")
        else:
            operations.pin(actor=actor, page=kind, structure=structure, at=now())
            messages.success(request, "Ce raccourci est sur votre accueil.")
        if structure is not None and request.POST.get("from") == "sheet":
            return redirect(_url(structure))
        return redirect("pins")
    kept = list(pins_of(actor=actor))
    there = {pin.page for pin in kept}
    context = {
        "pins": shown(kept),
        "pages": [_of_page(kind) for kind in offered(uses_of(request)) if kind not in there],
        "most": operations.MOST,
    }
    return render(request, "home/pins.html", context)


def _wanted(request: HttpRequest) -> tuple[str, Structure | None]:
    """What the form names. 404 for what nobody can pin."""
    uid, kind = request.POST.get("structure", ""), request.POST.get("page", "")
    if kind in Pin.Page.values:
        return kind, None
    try:
        return "", get_object_or_404(pinnable(actor=acting(request)), uid=UUID(uid))
    except ValueError as error:
        raise Http404 from error
