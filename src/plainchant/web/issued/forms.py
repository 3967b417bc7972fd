"""What a supplier answers: a complement to a suspended invoice, a new address for one that was sent back."""

from __future__ import annotations

from django import forms

from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT
from plainchant.web.drafts.forms import RoutingForm
from plainchant.web.fields import FilesField


class CompleteForm(forms.Form):
    """The documents asked for, and a word."""

    comment = forms.CharField(
        label="Votre réponse à l’acheteur",
        help_text=f"{MAX_HISTORY_COMMENT} caractères au plus.",
        required=False,
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attachments = FilesField(
        label="Les documents demandés",
        help_text="10 Mo et un nom de 50 caractères au plus par fichier.",
        required=False,
    )


class RecycleForm(RoutingForm):
    """Only the routing of an invoice: its number and its amounts stay as they were sent."""

    comment = forms.CharField(
        label="Un mot pour le destinataire (facultatif)",
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ValidatorForm(forms.Form):
    """Who validates in place of the one who is not the right one."""

    validator = forms.CharField(
        label="Qui valide avant l’acheteur ? Son SIRET",
        max_length=30,
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
    )
    comment = forms.CharField(
        label="Un mot pour lui (facultatif)",
        help_text=f"{MAX_HISTORY_COMMENT} caractères au plus.",
        required=False,
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
