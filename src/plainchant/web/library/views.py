"""One's documents and those of one's structures: see, add, describe, replace, remove."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.library import operations, queries
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.permissions import ADD_STRUCTURE_PIECE, CHANGE_PIECE, KEEP_PIECES, SEE_PIECE
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached
from plainchant.web import pages
from plainchant.web.account.visitor import acting, person
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .forms import PieceForm


def _shelf(piece: LibraryFile) -> str:
    """Where a document is seen among those of the same person or structure."""
    anchor = f"#structure-{piece.structure.uid}" if piece.structure else ""
    return reverse("library_list") + anchor


@page(get=SEE_PIECE, bears_lag=True)
def shelves(request: HttpRequest, pieces: QuerySet[LibraryFile]) -> HttpResponse:
    """« Mes pièces », then a shelf a structure."""
    user, actor, today = person(request), acting(request), day_in_paris(now())
    changeable = set(queries.changeable_by(actor=actor, right=Right.PREPARE).values_list("pk", flat=True))

    def shown(files: QuerySet[LibraryFile] | list[LibraryFile]) -> list[dict[str, Any]]:
        return [
            {"file": file, "standing": file.standing(on=today).value, "may_change": file.pk in changeable}
            for file in files
        ]

    visible = list(pieces)
    context = {
        "own": shown([file for file in visible if file.owner_id == user.pk]),
        "structures": [
            (structure, shown([file for file in visible if file.structure_id == structure.pk]))
            for structure in reached(actor=actor, right=Right.SEE_ISSUED).order_by("name")
        ],
    }
    return render(request, "library/list.html", context)


@page(get=KEEP_PIECES, post=KEEP_PIECES)
def add_own(request: HttpRequest) -> HttpResponse:
    return _add(request, None)


@page(get=ADD_STRUCTURE_PIECE, post=ADD_STRUCTURE_PIECE)
def add_for_structure(request: HttpRequest, structure: Structure) -> HttpResponse:
    return _add(request, structure)


def _add(request: HttpRequest, structure: Structure | None) -> HttpResponse:
    form = PieceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form):
            kept = operations.add(
                file=file,
                file_name=file.name,
                size=file.size,
                description=form.description(),
                actor=acting(request),
                at=now(),
                structure=structure,
            )
            messages.success(request, f"« {kept.name} » est gardée : vous pourrez la joindre à vos factures.")
            return redirect(_shelf(kept))
    context = {"form": form, "structure": structure}
    return render(request, "library/add.html", context, status=422 if form.errors else 200)


@page(get=CHANGE_PIECE, post=CHANGE_PIECE, back=_shelf)
def edit(request: HttpRequest, piece: LibraryFile) -> HttpResponse:
    """Its name, its type, its days; another file in its place."""
    at = now()
    form = PieceForm(request.POST or None, request.FILES or None, piece=piece, at=at)
    if request.method == "POST" and form.is_valid():
        file, actor = form.cleaned_data["file"], acting(request)
        with refusals_on(form):
            if file:
                operations.replace(
                    file=piece,
                    new=file,
                    file_name=file.name,
                    size=file.size,
                    description=form.description(),
                    actor=actor,
                    at=at,
                )
                messages.success(request, "Le fichier est remplacé. Les factures qui avaient l’ancien le gardent.")
            else:
                operations.describe(file=piece, description=form.description(), actor=actor, at=at)
                messages.success(request, "C’est noté.")
            return redirect(_shelf(piece))
    context = {"form": form, "piece": piece, "standing": piece.standing(on=day_in_paris(at)).value}
    return render(request, "library/edit.html", context, status=422 if form.errors else 200)


@page(get=SEE_PIECE)
def file(request: HttpRequest, piece: LibraryFile) -> FileResponse:
    """The file itself, to be saved."""
    return pages.download(stored=piece.stored, name=piece.name)


@page(get=CHANGE_PIECE, post=CHANGE_PIECE, back=_shelf)
def remove(request: HttpRequest, piece: LibraryFile) -> HttpResponse:
    """Take it off the shelf, after having said what that means."""
    if request.method == "POST":
        operations.remove(file=piece, actor=acting(request), at=now())
        messages.info(request, f"« {piece.name} » est retirée. Les factures qui l’ont la gardent.")
        return redirect(_shelf(piece))
    return render(request, "library/remove.html", {"piece": piece})
