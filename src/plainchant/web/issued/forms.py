"""What a supplier answers: a complement to a suspended invoice, a new address for one that was sent back."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.portal.invoices.lifecycle import NOT_SENT, STATUSES, Side, Status
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


ON_ITS_WAY = {*NOT_SENT, Status.DEPOSITED, Status.FORWARDING}  # a recipient never sees these


class FilterForm(forms.Form):
    """What to look for in a list of invoices."""

    marks_optional = False

    q = forms.CharField(
        label="Numéro, ou nom de l’autre partie",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 30}),
    )
    status = forms.ChoiceField(
        label="Statut",
        required=False,
    )

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unseen = {Status.DELETED} if side is Side.SELLER else ON_ITS_WAY
        self.fields["q"].label = f"Numéro, ou nom du {'destinataire' if side is Side.SELLER else 'fournisseur'}"
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Tous")] + [(row.status, row.label) for row in STATUSES if row.status not in unseen]
