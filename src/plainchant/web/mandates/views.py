"""Billing mandates: what they are, giving one, ending it, keeping its page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.drafts.uploads import check_attachment
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import now
from plainchant.portal.mandates import operations, queries
from plainchant.portal.mandates.models import BillingMandate, MandateFile
from plainchant.portal.mandates.page import draw
from plainchant.portal.mandates.permissions import GIVE_MANDATE, MANAGE_MANDATE, SEE_MANDATE, SEE_MANDATE_FILE
from plainchant.portal.mandates.text import CURRENT, VERSIONS
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.permissions import SEE_STRUCTURE
from plainchant.web import pages
from plainchant.web.account.visitor import acting, person
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page


def _list_of(mandate: BillingMandate) -> str:
    return reverse("mandate_list", args=[mandate.structure.uid])


class SubscribeForm(forms.Form):
    """A name, and having read."""

    name = forms.CharField(
        label="Comment appeler ce mandat ?",
        help_text="Pour le reconnaître, par exemple « Factures de l’atelier ».",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"size": 40}),
    )


class AttachForm(forms.Form):
    """A document to file with a mandate; `check_attachment` says what is wrong with it."""

    file = forms.FileField(
        label="Joindre un document", help_text="Un pouvoir, des statuts… 10 Mo au plus.", required=False
    )


@page(get=SEE_STRUCTURE)
def list_mandates(request: HttpRequest, structure: Structure) -> HttpResponse:
    """The mandates of a structure: the one in force, and those that ended."""
    mandates = queries.mandates_for(actor=acting(request), right=Right.SEE).filter(structure=structure)
    context = {
        "structure": structure,
        "attach_form": AttachForm(),
        "current": next((mandate for mandate in mandates if mandate.is_in_force), None),
        "former": [mandate for mandate in mandates if not mandate.is_in_force],
        "is_manager": may(acting(request), GIVE_MANDATE, structure),
    }
    return render(request, "mandates/list.html", context)


@page(get=GIVE_MANDATE, post=GIVE_MANDATE, back="mandate_list")
def subscribe(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Read the words, give the mandate."""
    form = SubscribeForm(request.POST or None, initial={"name": f"Factures {of(structure)}"[:100]})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            operations.subscribe(structure=structure, name=form.cleaned_data["name"], actor=acting(request), at=now())
            messages.info(request, "Le mandat est donné. Vous pouvez maintenant faire vos factures ici.")
            return redirect("mandate_list", uid=structure.uid)
    context = {"structure": structure, "form": form, "text": VERSIONS[CURRENT], "signatory": person(request)}
    return render(request, "mandates/subscribe.html", context, status=422 if form.errors else 200)


@page(get=SEE_MANDATE)
def document(request: HttpRequest, mandate: BillingMandate) -> HttpResponse:
    """The mandate as a page to keep."""
    return pages.pdf(content=draw(mandate=mandate), name="mandat-de-facturation.pdf")


@page(get=MANAGE_MANDATE, post=MANAGE_MANDATE, back=_list_of)
def revoke(request: HttpRequest, mandate: BillingMandate) -> HttpResponse:
    """End it, after having said what that means."""
    if request.method == "POST":
        operations.revoke(mandate=mandate, actor=acting(request), at=now())
        messages.info(request, "Le mandat est révoqué. Les factures déjà envoyées ne sont pas touchées.")
        return redirect("mandate_list", uid=mandate.structure.uid)
    return render(request, "mandates/revoke.html", {"mandate": mandate})


@page(post=MANAGE_MANDATE, back=_list_of)
def attach(request: HttpRequest, mandate: BillingMandate) -> HttpResponse:
    """File a document with it."""
    file = request.FILES.get("file")
    if file is None:
        messages.warning(request, "Choisissez d’abord le document à joindre au mandat.")
        return redirect("mandate_list", uid=mandate.structure.uid)
    check_attachment(name=file.name or "", size=file.size or 0)
    operations.attach(mandate=mandate, file=file, name=file.name or "", actor=acting(request), at=now())
    return redirect("mandate_list", uid=mandate.structure.uid)


@page(get=SEE_MANDATE_FILE)
def file(request: HttpRequest, file: MandateFile) -> FileResponse:
    """A document that was filed with it."""
    return pages.download(stored=file.stored, name=file.name)
