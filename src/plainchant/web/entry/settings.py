"""What all of a structure's invoices say and how they look: its kind, its VAT, its legal words, its logo and colour."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.drawing.look import Look, LookRefused
from plainchant.einvoice.law.exemptions import EXEMPTIONS
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.einvoice.making.presets import PRESETS
from plainchant.portal.drafts import queries
from plainchant.portal.drafts.invoice_settings import TERRITORIES, save_settings
from plainchant.portal.drafts.models import InvoiceSettings
from plainchant.portal.drafts.permissions import MANAGE_INVOICE_SETTINGS, SEE_INVOICE_SETTINGS
from plainchant.portal.lib.time import now
from plainchant.portal.rights.permissions import may
from plainchant.portal.structures.models import Structure
from plainchant.reader import sandbox
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

MAX_LOGO = 2 << 20


class SettingsForm(forms.Form):
    """Everything may be left as it is proposed."""

    marks_optional = False
    preset = forms.ChoiceField(
        label="Vous êtes", choices=[("", "Autre"), *((preset.code, preset.label) for preset in PRESETS)], required=False
    )
    is_sole_trader = forms.BooleanField(
        label="Écrire « EI » après mon nom",
        help_text="Obligatoire pour un entrepreneur individuel, artiste-auteur compris.",
        required=False,
    )
    vat_regime = forms.ChoiceField(
        label="La TVA, d’habitude",
        choices=[("", "À choisir à chaque fois"), *((regime.code, regime.label) for regime in VAT_REGIMES)],
        required=False,
    )
    exemption = forms.ChoiceField(
        label="Pourquoi sans TVA",
        choices=[("", "Sans objet"), *((exemption.code, exemption.label) for exemption in EXEMPTIONS)],
        required=False,
    )
    territory = forms.ChoiceField(
        label="Où la TVA est due",
        choices=TERRITORIES,
        required=False,
        help_text="Les taux ne sont pas les mêmes en Corse et outre-mer.",
    )
    legal_information = forms.CharField(
        label="Mentions de votre entreprise (facultatif)",
        help_text="Pour une société : forme, capital, RCS. Pour une association : numéro RNA.",
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"size": 60}),
    )
    template = forms.ChoiceField(
        label="L’aspect de vos factures", choices=InvoiceSettings.Template.choices, widget=forms.RadioSelect
    )
    colour = forms.CharField(
        label="Votre couleur",
        help_text="Elle doit rester lisible sur du papier blanc : nous l’assombrissons s’il le faut.",
        required=False,
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control-color"}),
    )
    logo = forms.FileField(
        label="Votre logo (facultatif)",
        help_text="PNG ou JPEG, 2 Mo au plus.",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    def clean_colour(self) -> str:
        colour = self.cleaned_data["colour"].strip().lower()
        if colour and not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise forms.ValidationError("Une couleur s’écrit comme #5b2a4e. Choisissez-la dans la palette.")
        return str(colour)


@page(get=SEE_INVOICE_SETTINGS, post=MANAGE_INVOICE_SETTINGS)
def settings(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Everyone of the structure looks at it; its manager changes it."""
    known = queries.settings_of(structure=structure)
    initial: dict[str, Any] = {"template": InvoiceSettings.Template.PLAIN, "colour": "#5b2a4e"}
    if known is not None:
        initial |= {name: getattr(known, name) for name in SettingsForm.base_fields if name != "logo"}
        initial["colour"] = known.colour or "#5b2a4e"
    form = SettingsForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data.pop("logo", None)
        with refusals_on(form):
            Look(colour=form.cleaned_data["colour"])
            if upload and upload.size > MAX_LOGO:
                raise LookRefused("Ce logo pèse plus de 2 Mo. Réduisez-le, puis choisissez-le.", field="logo")
            logo = sandbox.normalise_logo(upload.read()) if upload else b""
            save_settings(structure=structure, values=form.cleaned_data, actor=acting(request), at=now(), logo=logo)
            messages.info(request, "C’est enregistré. Vos prochaines factures le suivront.")
            return redirect("entry_settings", uid=structure.uid)
    context = {
        "structure": structure,
        "form": form,
        "settings": known,
        "may_change": may(acting(request), MANAGE_INVOICE_SETTINGS, structure),
    }
    return render(request, "entry/settings.html", context, status=422 if form.errors else 200)
