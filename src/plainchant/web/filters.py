"""What one looks for in a list of invoices, on either side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from plainchant.portal.invoices.lifecycle import HIDDEN_FROM, STATUSES, Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import matching


class FilterForm(forms.Form):
    """``side`` is whose list it is."""

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
        self.side = side
        self.fields["q"].label = f"Numéro, ou nom du {'destinataire' if side is Side.SELLER else 'fournisseur'}"
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Tous")] + [
            (row.status, row.label) for row in STATUSES if row.status not in HIDDEN_FROM[side]
        ]

    def found_in(self, invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
        """``invoices`` narrowed by what the visitor looks for; a filter that cannot be understood narrows nothing."""
        if not self.is_valid():
            return invoices
        looked_for = self.cleaned_data
        return matching(invoices=invoices, text=looked_for["q"], status=looked_for["status"], side=self.side)

    def address(self, **other: str) -> str:
        """The query string of the same search, with ``other`` before it; "" for none of both."""
        asked = {**other, **(self.cleaned_data if self.is_valid() else {})}
        text = urlencode({name: value for name, value in asked.items() if value})
        return f"?{text}" if text else ""
