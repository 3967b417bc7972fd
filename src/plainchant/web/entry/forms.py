"""The sheet as it is shown. Understanding what is typed is `portal.drafts.typed`'s."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.urls import reverse

from plainchant.einvoice.codes.cadres import ENTERED
from plainchant.einvoice.codes.invoice_types import ENTERED_CHOICES
from plainchant.einvoice.codes.payment_means import PAYMENT_MODES
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.exemptions import EXEMPTIONS
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.numbering import next_number
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web.drafts.forms import DraftForm


class EntryForm(DraftForm):
    """Every field of the sheet but its lines. All may stay empty: a draft keeps whatever is there."""

    type_code = forms.ChoiceField(label="Que faites-vous ?", choices=ENTERED_CHOICES, widget=forms.RadioSelect)
    number = forms.CharField(
        label="Numéro de la facture",
        help_text="Le suivant de votre suite. Vous pouvez en écrire un autre : 20 caractères au plus.",
        widget=forms.TextInput(attrs={"size": 22, "autocomplete": "off"}),
    )
    preceding_date = forms.CharField(label="Date de la facture d’origine", widget=forms.TextInput(attrs={"size": 14}))
    delivery_date = forms.CharField(
        label="Quand l’avez-vous fait, ou livré ?",
        help_text="Le jour de la prestation. Pour une période, son premier jour.",
        widget=forms.TextInput(attrs={"size": 14}),
    )
    delivery_end = forms.CharField(label="Jusqu’au (si cela a duré)", widget=forms.TextInput(attrs={"size": 14}))
    vat_regime = forms.ChoiceField(
        label="Comment la TVA s’applique‑t‑elle ?",
        choices=[(regime.code, regime.label) for regime in VAT_REGIMES],
        widget=forms.RadioSelect,
    )
    exemption = forms.ChoiceField(
        label="Pourquoi sans TVA ?",
        choices=[("", "Choisissez"), *((row.code, row.label) for row in EXEMPTIONS)],
    )
    exemption_text = forms.CharField(
        label="Mention à écrire, si elle diffère (facultatif)",
        widget=forms.TextInput(attrs={"size": 40}),
    )
    discount = forms.CharField(
        label="Remise sur toute la facture, hors taxes (facultatif)",
        widget=forms.TextInput(attrs={"size": 14, "inputmode": "decimal"}),
    )
    discount_reason = forms.CharField(label="Pourquoi cette remise ?", widget=forms.TextInput(attrs={"size": 40}))
    prepaid_amount = forms.CharField(
        label="Combien avez-vous déjà reçu ?",
        help_text="Toutes taxes comprises. Cette somme est retirée de ce qui reste à payer.",
        widget=forms.TextInput(attrs={"size": 14, "inputmode": "decimal"}),
    )
    prepaid_date = forms.CharField(label="Quel jour ?", widget=forms.TextInput(attrs={"size": 14}))
    payment_mode = forms.ChoiceField(
        label="Comment voulez-vous être payé ?", choices=[(row.mode, row.choice) for row in PAYMENT_MODES]
    )
    billing_framework = forms.ChoiceField(label="Qui facture ?", choices=ENTERED, widget=forms.RadioSelect)

    def __init__(self, *, draft: Draft, findings: Iterable[Finding] = ()) -> None:
        super().__init__(draft=draft, findings=findings)
        self.next_number = next_number(structure=draft.invoice.seller, on=day_in_paris(now()))
        if not draft.fields["number"].strip():
            self.data = {**self.data, "number": self.next_number}
        self.fields["number"].widget.attrs |= {
            "hx-post": reverse("entry_number", args=[draft.invoice.uid]),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#number-state",
            "hx-sync": "this:replace",
            "aria-describedby": "number-state",
        }

    def routing_attributes(self) -> dict[str, str]:
        return {**super().routing_attributes(), "hx-post": reverse("entry_routing", args=[self.invoice.uid])}
