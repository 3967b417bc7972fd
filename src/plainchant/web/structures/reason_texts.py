"""The texts that a public body keeps for the invoices that it stops: its managers write them, its agents use them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from plainchant.einvoice.codes.reasons import REASON_OF, REASONS
from plainchant.portal.invoices import reason_texts
from plainchant.portal.invoices.models import MAX_REASON_TEXT, ReasonText
from plainchant.portal.lib.time import now
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page


class ReasonTextForm(forms.Form):
    """A text and the reason that it goes with."""

    reason_code = forms.ChoiceField(
        label="Avec quel motif ?",
        choices=[("", "Choisissez"), *((reason.code, reason.label) for reason in REASONS)],
        error_messages={"required": "Choisissez le motif avec lequel ce texte va."},
    )
    text = forms.CharField(
        label="Ce que le fournisseur lira",
        max_length=MAX_REASON_TEXT,
        help_text=f"{MAX_REASON_TEXT} caractères au plus. Vous pouvez y mettre {', '.join(reason_texts.FIELDS)} : ils "
        "sont remplis pour chaque facture.",
        error_messages={"required": "Écrivez le texte à garder."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def listed(request: HttpRequest, structure: Structure) -> HttpResponse:
    """All of them by reason, and one more."""
    _only_public(structure)
    form = ReasonTextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reason_texts.keep(structure=structure, actor=acting(request), at=now(), **form.cleaned_data)
            messages.success(request, "Le texte est gardé : vos agents le trouvent dès maintenant.")
            return redirect("reason_texts", uid=structure.uid)
    groups: dict[str, list[ReasonText]] = {}
    for text in reason_texts.texts_of(structure=structure):
        groups.setdefault(REASON_OF[text.reason_code].label, []).append(text)
    context: dict[str, Any] = {"structure": structure, "groups": groups, "form": form}
    return render(request, "structures/reason_texts.html", context, status=422 if form.errors else 200)


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="reason_texts")
def edit(request: HttpRequest, structure: Structure, number: int) -> HttpResponse:
    """Write one anew, or keep it no longer."""
    text = get_object_or_404(ReasonText.objects.select_related("structure"), structure=structure, pk=number)
    if request.method == "POST" and request.POST.get("wanted") == "remove":
        reason_texts.remove(text=text, actor=acting(request), at=now())
        messages.success(request, "Le texte est retiré.")
        return redirect("reason_texts", uid=structure.uid)
    as_it_is = {"reason_code": text.reason_code, "text": text.text}
    form = ReasonTextForm(request.POST if request.method == "POST" else None, initial=as_it_is)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reason_texts.keep(
                structure=structure, actor=acting(request), at=now(), instead_of=text, **form.cleaned_data
            )
            messages.success(request, "Le texte est enregistré.")
            return redirect("reason_texts", uid=structure.uid)
    context = {"structure": structure, "form": form}
    return render(request, "structures/reason_text.html", context, status=422 if form.errors else 200)


def _only_public(structure: Structure) -> None:
    if not structure.is_public:
        raise Http404
