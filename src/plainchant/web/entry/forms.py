"""The entry form as it is shown, and as it comes back. Understanding what is typed is `portal.drafts.typed`'s."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from plainchant.einvoice.codes.cadres import ENTERED
from plainchant.einvoice.codes.invoice_types import CHOICES
from plainchant.einvoice.codes.payment_means import PAYMENT_MODES
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.exemptions import EXEMPTIONS
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.portal.drafts.models import Entry
from plainchant.portal.drafts.typed import FIELDS, LINE_FIELDS, MAX_LINES
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.queries import public_bodies, services_open_on

_LINE_KEY = re.compile(r"lines-(\d{1,4})-([a-z]+)")


def typed_of(post: QueryDict, entry: Entry) -> dict[str, Any]:
    """What was typed, as `portal.drafts.typed.cleaned` takes it: fields by name, lines in the order of the page.

    A page that does not show a field leaves it as it was.
    """
    known = entry.typed["fields"]
    lines: dict[int, dict[str, str]] = {}
    for key in post:
        hit = _LINE_KEY.fullmatch(key)
        if hit and hit[2] in LINE_FIELDS:
            lines.setdefault(int(hit[1]), {})[hit[2]] = post.get(key, "")
    return {
        "fields": {name: post.get(name, known[name]) for name in FIELDS},
        "lines": [lines[place] for place in sorted(lines)][:MAX_LINES],
        "answers": entry.typed.get("answers", {}),
    }


class SheetForm(forms.Form):
    """Every field of the sheet but its lines. All may stay empty: a draft keeps whatever is there."""

    marks_optional = False

    buyer = forms.CharField(
        label="Destinataire : son SIRET",
        help_text="14 chiffres. Vous ne l’avez pas ? Cherchez par nom ou par ville dans l’annuaire.",
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric", "autocomplete": "off"}),
    )
    buyer_service = forms.ChoiceField(label="Service à facturer (code service)")
    commitment = forms.CharField(
        label="Numéro d’engagement",
        help_text="Ou numéro de bon de commande. C’est l’acheteur qui vous le donne avec sa commande.",
        widget=forms.TextInput(attrs={"size": 30}),
    )
    contract = forms.CharField(
        label="Numéro de marché (facultatif)", widget=forms.TextInput(attrs={"size": 30}), required=False
    )
    type_code = forms.ChoiceField(label="Que faites-vous ?", choices=CHOICES, widget=forms.RadioSelect)
    number = forms.CharField(
        label="Numéro de la facture",
        help_text="Proposé d’après le dernier. 20 caractères au plus ; il ne sert qu’une fois.",
        widget=forms.TextInput(attrs={"size": 22, "autocomplete": "off"}),
    )
    issue_date = forms.CharField(
        label="Date de la facture", help_text="Par exemple 12/03/2026.", widget=forms.TextInput(attrs={"size": 14})
    )
    preceding_number = forms.CharField(
        label="Numéro de la facture d’origine", widget=forms.TextInput(attrs={"size": 22}), required=False
    )
    preceding_date = forms.CharField(
        label="Date de la facture d’origine", widget=forms.TextInput(attrs={"size": 14}), required=False
    )
    delivery_date = forms.CharField(
        label="Quand l’avez-vous fait, ou livré ?",
        help_text="Le jour de la prestation. Pour une période, son premier jour.",
        widget=forms.TextInput(attrs={"size": 14}),
        required=False,
    )
    delivery_end = forms.CharField(
        label="Jusqu’au (si cela a duré)", widget=forms.TextInput(attrs={"size": 14}), required=False
    )
    vat_regime = forms.ChoiceField(
        label="Comment la TVA s’applique-t-elle ?",
        choices=[(regime.code, regime.label) for regime in VAT_REGIMES],
        widget=forms.RadioSelect,
    )
    exemption = forms.ChoiceField(
        label="Pourquoi sans TVA ?",
        choices=[("", "Choisissez"), *((row.code, row.label) for row in EXEMPTIONS)],
        required=False,
    )
    exemption_text = forms.CharField(
        label="Mention à écrire, si elle diffère (facultatif)",
        widget=forms.TextInput(attrs={"size": 40}),
        required=False,
    )
    discount = forms.CharField(
        label="Remise sur toute la facture, hors taxes (facultatif)",
        widget=forms.TextInput(attrs={"size": 14, "inputmode": "decimal"}),
        required=False,
    )
    discount_reason = forms.CharField(
        label="Pourquoi cette remise ?", widget=forms.TextInput(attrs={"size": 40}), required=False
    )
    payment_mode = forms.ChoiceField(
        label="Comment voulez-vous être payé ?", choices=[(row.mode, row.choice) for row in PAYMENT_MODES]
    )
    bank_account = forms.ChoiceField(label="Sur quel compte ?")
    currency = forms.CharField(label="Monnaie", help_text="EUR pour l’euro.", widget=forms.TextInput(attrs={"size": 4}))
    billing_framework = forms.ChoiceField(
        label="Qui facture ?",
        choices=ENTERED,
        widget=forms.RadioSelect,
    )
    validator = forms.CharField(
        label="Qui valide avant l’acheteur ? Son SIRET",
        help_text="Sous-traitant : le titulaire du marché. Cotraitant : le mandataire du groupement.",
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
        required=False,
    )
    comment = forms.CharField(
        label="Un mot pour le destinataire (facultatif)", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *, entry: Entry, findings: list[Finding] | None = None) -> None:
        typed: Mapping[str, str] = entry.typed["fields"]
        super().__init__(data={name: typed[name] for name in self.base_fields})
        self.entry = entry
        self.body = _body(typed["buyer"])
        self._offer("buyer_service", self._services(typed["buyer_service"]))
        self._offer("bank_account", self._accounts())
        for field in self.fields.values():
            field.required = False
        # A form of texts: whether they will do has been said by `understand`, in one place.
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        for finding in findings or []:
            if finding.severity == "fatal" and finding.field in self.fields:
                self.add_error(finding.field, finding.message)
        if self.body is None and typed["buyer"].strip() and findings is not None and "buyer" not in self.errors:
            self.add_error("buyer", "Aucune structure publique de l’annuaire n’a ce SIRET. Cherchez-la par son nom.")
        self.fields["buyer"].widget.attrs |= {
            "hx-post": reverse("entry_routing", args=[entry.invoice.uid]),
            "hx-trigger": "change",
            "hx-target": "#routing",
            "hx-swap": "outerHTML",
        }
        self.fields["number"].widget.attrs |= {
            "hx-post": reverse("entry_number", args=[entry.invoice.uid]),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#number-state",
            "hx-sync": "this:replace",
            "aria-describedby": "number-state",
        }

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def _services(self, chosen: str) -> list[tuple[str, str]]:
        if self.body is None:
            return [("", "Choisissez d’abord le destinataire")]
        seller = self.entry.invoice.seller
        found = services_open_on(
            structure=self.body,
            day=day_in_paris(self.entry.invoice.updated_at),
            to_private_supplier=not seller.is_public,
        )
        services = {service.code: service for service in found}
        if chosen and chosen not in services:  # closed since, or another body's: shown so that it can be refused
            other = Service.objects.filter(structure=self.body, code=chosen).first()
            if other:
                services[chosen] = other
        none = "Aucun service en particulier" if services else "Ce destinataire n’a pas de service à choisir"
        return [("", none), *((code, f"{service.name} ({code})") for code, service in services.items())]

    def _accounts(self) -> list[tuple[str, str]]:
        accounts = self.entry.invoice.seller.bank_accounts.filter(is_active=True).order_by("label")
        return [("", "Choisissez"), *((str(one.uid), f"{one.label} (…{one.iban[-4:]})") for one in accounts)]


def _body(typed: str) -> Structure | None:
    siret = re.sub(r"\D", "", typed)
    return public_bodies().filter(identifier=siret).first() if len(siret) == 14 else None
