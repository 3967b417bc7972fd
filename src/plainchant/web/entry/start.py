"""Begin to enter an invoice: for whom, under which mandate, as what kind of supplier."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.portal.drafts import operations, queries
from plainchant.portal.drafts.operations import MandateMissing
from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.invoices.queries import issued_for
from plainchant.portal.lib.time import now
from plainchant.portal.mandates.permissions import GIVE_MANDATE
from plainchant.portal.mandates.queries import in_force, structures_with_mandate
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import named_like
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.drafts.addresses import asked_recipient
from plainchant.web.fields import MANY, with_uid
from plainchant.web.routes import page

SHOWN = 20  # structures to choose from at a time
OTHERS = "autre"  # in the address: ask in whose name, whomever one acts for


@page(get=BEGIN_INVOICE, post=BEGIN_INVOICE)
def start(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """Choose the structure; without a mandate, say how one is given. Then the first question."""
    sellers = structures.filter(is_active=True).order_by("name", "pk")
    few = list(sellers[: MANY + 1])
    if not few:
        return render(request, "deposit/no_structure.html")
    only = few[0] if len(few) == 1 else None
    if request.method != "POST":
        chosen = None if OTHERS in request.GET else chosen_among(request, sellers)
        return _asked(request, sellers, few, only=only or chosen)
    seller = with_uid(sellers, request.POST.get("seller", "")) or only
    if seller is None:
        return _asked(request, sellers, few, only=None, wrong="Choisissez au nom de qui vous facturez.")
    buyer = asked_recipient(request)
    try:
        draft = operations.start(
            seller=seller, actor=acting(request), at=now(), fields={"buyer": buyer.identifier} if buyer else None
        )
    except MandateMissing:
        return _without_mandate(request, seller)
    if queries.settings_of(structure=seller) is None:
        return redirect("entry_preset", uid=draft.invoice.uid)
    return redirect("entry_work" if buyer else "entry_recipient", uid=draft.invoice.uid)


def _asked(
    request: HttpRequest,
    sellers: QuerySet[Structure],
    few: list[Structure],
    *,
    only: Structure | None,
    wrong: str = "",
) -> HttpResponse:
    """In whose name; of many, those with the name that was looked for."""
    if only is not None and in_force(structure=only) is None:
        return _without_mandate(request, only)
    is_searched = len(few) > MANY
    text = storable(request.GET.get("q", "")).strip()[:100] if is_searched else ""
    shown = list(named_like(structures=sellers, text=text)[: SHOWN + 1]) if is_searched else few
    drafts = queries.sheets_to_resume(issued=issued_for(actor=acting(request), right=Right.PREPARE))[:5]
    context = {
        "sellers": _with_state([] if only else shown[:SHOWN]),
        "has_more": len(shown) > SHOWN,
        "is_searched": is_searched,
        "text": text,
        "only": only,
        "has_others": len(few) > 1,
        "drafts": drafts,
        "wrong": wrong,
    }
    return render(request, "entry/start.html", context, status=422 if wrong else 200)


def _without_mandate(request: HttpRequest, seller: Structure) -> HttpResponse:
    is_manager = may(acting(request), GIVE_MANDATE, seller)
    return render(request, "entry/no_mandate.html", {"seller": seller, "is_manager": is_manager})


def _with_state(sellers: list[Structure]) -> list[dict[str, object]]:
    with_mandate = structures_with_mandate(structures=sellers)
    return [{"structure": seller, "has_mandate": seller.pk in with_mandate} for seller in sellers]
