"""« Mes structures »: one's own and those one acts for, what waits in each, and the one that is chosen to act for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from plainchant.access.permissions import OWN_ACCOUNT
from plainchant.portal.drafts.queries import Work, work_by_structure
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import queries
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import acting_for, reached
from plainchant.reader.text import storable
from plainchant.web.account.visitor import CHOSEN, acting, chosen_structure, person
from plainchant.web.fields import MANY, with_uid
from plainchant.web.routes import page
from plainchant.web.showing import counted

PER_PAGE = 20


def portfolio_page(request: HttpRequest) -> dict[str, Any]:
    """What the template shows: a page of structures, the search where there are many, and the one that is chosen."""
    everything = reached(actor=acting(request), right=Right.SEE).order_by("name", "pk")
    text = storable(request.GET.get("q", "")).strip()[:100]
    sheet = Paginator(queries.named_like(structures=everything, text=text), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "structures": _rows(request, sheet),
        "page": sheet,
        "text": text,
        "is_searched": bool(text) or sheet.paginator.count > MANY,
        "has_several": bool(text) or sheet.paginator.count > 1,
    }


def _rows(request: HttpRequest, sheet: Page[Structure]) -> list[dict[str, Any]]:
    """A row a structure, in as many queries for one as for twenty."""
    actor, chosen, structures = acting(request), chosen_structure(request), list(sheet)
    managed = set(
        queries.memberships_of(user=person(request))
        .filter(structure__in=structures, is_manager=True, state="VALIDEE")
        .values_list("structure", flat=True)
    )
    actors = acting_for(actor=actor, structures=structures, right=Right.SEE)
    work = work_by_structure(actor=actor, structures=structures)
    requests = queries.requests_by_structure(actor=actor, structures=structures)
    return [
        {
            "structure": structure,
            "is_manager": structure.pk in managed,
            "behalf": actors[structure.pk].behalf,
            "is_chosen": structure == chosen,
            "waiting": list(_waiting(structure, work[structure.pk], requests.get(structure.pk, 0))),
        }
        for structure in structures
    ]


def _waiting(structure: Structure, work: Work, requests: int) -> list[dict[str, str]]:
    """What waits for the visitor there, each with the page where it is done."""
    issued = reverse("issued_list") + f"?vue=a-faire&structure={structure.uid}"
    received = reverse("received_to_process") + f"?structure={structure.uid}"
    waiting = [
        (work.to_process, "facture à traiter", "factures à traiter", received),
        (work.to_answer, "réponse à donner", "réponses à donner", issued),
        (work.refused, "refus sans suite", "refus sans suite", issued),
        (work.drafts, "brouillon", "brouillons", issued),
        (requests, "demande", "demandes", "#demandes"),
    ]
    return [{"text": counted(count, singular, many), "url": url} for count, singular, many, url in waiting if count]


@page(post=OWN_ACCOUNT)
def choose(request: HttpRequest) -> HttpResponse:
    """Act for a structure from now on, or for none in particular: what pages propose first, never a right."""
    wanted = request.POST.get("structure", "")
    if not wanted:
        request.session.pop(CHOSEN, None)
        return redirect("structures_mine")
    structure = with_uid(reached(actor=acting(request), right=Right.SEE), wanted)
    if structure is None:
        messages.warning(request, "Vous n’agissez plus pour cette structure. Choisissez-en une de la liste.")
        return redirect("structures_mine")
    request.session[CHOSEN] = str(structure.uid)
    return redirect("structure_sheet", uid=structure.uid)
