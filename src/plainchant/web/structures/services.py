"""The services of a public body: everybody of the body sees them, its managers keep them; and what it demands."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plainchant.einvoice import wording
from plainchant.portal.directory import services
from plainchant.portal.directory.queries import filtered
from plainchant.portal.invoices import service_codes
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.permissions import may
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE, SEE_STRUCTURE
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .service_forms import DemandsForm, ServiceForm

PER_PAGE = 50
LONGEST_TEXT = 200
_COLUMNS = [
    {"label": "Service", "kind": "text"},
    {"label": "Code service", "kind": "code"},
    {"label": "Numéro d’engagement", "kind": "text"},
    {"label": "État", "kind": "status"},
]


@page(get=SEE_STRUCTURE)
def listed(request: HttpRequest, structure: Structure) -> HttpResponse:
    """The services by code, closed ones too; the structure itself is not one of them."""
    _only_public(structure)
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    found = filtered(structure.services.order_by("code"), text=text)
    sheet = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    manages = may(acting(request), MANAGE_STRUCTURE, structure)
    columns = [{**_COLUMNS[0], "kind": "name"}, *_COLUMNS[1:]] if manages else _COLUMNS
    context = {
        "structure": structure,
        "manages": manages,
        "columns": columns,
        "rows": [_row(service) for service in sheet],
        "page": sheet,
        "text": text,
        "count": len(found),
    }
    return render(request, "structures/services.html", context)


def _row(service: Service) -> dict[str, object]:
    return {
        "url": reverse("structure_service", kwargs={"uid": service.structure.uid, "number": service.pk}),
        "cells": [
            service.name,
            service.code,
            "Obligatoire" if service.requires_commitment else "Facultatif",
            _state(service),
        ],
    }


def _state(service: Service) -> dict[str, str]:
    today = day_in_paris(now())
    if not service.is_active:
        return {"shape": "stopped", "word": "Fermé"}
    if service.valid_from and service.valid_from > today:
        return {"shape": "waiting", "word": f"Ouvre le {wording.day(service.valid_from)}"}
    if service.valid_until and service.valid_until < today:
        return {"shape": "stopped", "word": f"Terminé le {wording.day(service.valid_until)}"}
    return {"shape": "paid", "word": "Ouvert"}


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_services")
def add(request: HttpRequest, structure: Structure) -> HttpResponse:
    _only_public(structure)
    form = ServiceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            service = services.add(
                structure=structure,
                actor=acting(request),
                code=form.cleaned_data["code"],
                details=form.details,
                at=now(),
            )
            messages.success(request, f"Le service {service.code} est ajouté\u00a0: les fournisseurs le voient déjà.")
            return redirect("structure_services", uid=structure.uid)
    return render(request, "structures/service.html", {"form": form, "structure": structure, "service": None})


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_services")
def edit(request: HttpRequest, structure: Structure, number: int) -> HttpResponse:
    """Change a service, close it or open it again."""
    service = get_object_or_404(structure.services.select_related("structure"), pk=number)
    wanted = request.POST.get("wanted", "")
    if request.method == "POST" and wanted in ("close", "reopen"):
        act = services.close if wanted == "close" else services.reopen
        act(service=service, actor=acting(request), at=now())
        state = "fermé aux nouvelles factures" if wanted == "close" else "de nouveau ouvert"
        messages.success(request, f"Le service {service.code} est {state}.")
        return redirect("structure_services", uid=structure.uid)
    form = ServiceForm(request.POST if request.method == "POST" else None, service=service)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            service_codes.change_service(
                service=service, actor=acting(request), code=form.cleaned_data["code"], details=form.details, at=now()
            )
            messages.success(request, f"Le service {service.code} est enregistré.")
            return redirect("structure_services", uid=structure.uid)
    context = {
        "form": form,
        "structure": structure,
        "service": Service.objects.get(pk=service.pk),  # as it is kept, whatever was typed
        "is_named": service_codes.is_named(service=service),
    }
    return render(request, "structures/service.html", context)


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def demands(request: HttpRequest, structure: Structure) -> HttpResponse:
    """What the body demands on every invoice, asked in plain words."""
    _only_public(structure)
    form = DemandsForm(request.POST if request.method == "POST" else None, structure=structure)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.set_demands(structure=structure, actor=acting(request), demands=form.demands, at=now())
            messages.success(request, "C’est enregistré\u00a0: les fournisseurs le lisent dès maintenant.")
            return redirect("structure_sheet", uid=structure.uid)
    return render(request, "structures/demands.html", {"form": form, "structure": structure})


def _only_public(structure: Structure) -> None:
    if not structure.is_public:
        raise Http404
