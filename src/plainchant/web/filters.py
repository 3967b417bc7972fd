"""What one looks for in a list of invoices, on either side."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from plainchant.portal.invoices.lifecycle import HIDDEN_FROM, STATUSES, Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import matching
from plainchant.portal.structures.models import Structure
from plainchant.web.fields import StructureField


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

    structure = StructureField(label="Structure", empty_label="Toutes les vôtres", required=False)

    def __init__(
        self, data: QueryDict, *, side: Side, structures: QuerySet[Structure], chosen: Structure | None = None
    ) -> None:
        """``structures``: whose invoices are in the list. ``chosen``: the one to show where nothing else is asked."""
        if chosen is not None and "structure" not in data:
            data = data.copy()
            data["structure"] = str(chosen.uid)
        super().__init__(data)
        self.side = side
        self.is_chosen = chosen is not None
        of_whom = self.fields["structure"]
        assert isinstance(of_whom, StructureField)  # noqa: S101 - declared above
        of_whom.offer(structures)
        self.has_several = of_whom.is_asked
        if not self.has_several:
            del self.fields["structure"]
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
        if looked_for.get("structure"):
            invoices = invoices.filter(**{"seller" if self.side is Side.SELLER else "buyer": looked_for["structure"]})
        return matching(invoices=invoices, text=looked_for["q"], status=looked_for["status"], side=self.side)

    @property
    def names_structures(self) -> bool:
        """Whether the list holds invoices of several structures, so that each must say whose it is."""
        return self.has_several and not (self.is_valid() and self.cleaned_data["structure"])

    def address(self, **other: str) -> str:
        """The query string of the same search, with ``other`` before it; "" for none of both."""
        asked = {**other, **(self.cleaned_data if self.is_valid() else {})}
        if asked.get("structure"):
            asked["structure"] = asked["structure"].uid
        # Where one is chosen, all of them must be asked for.
        kept = {"structure"} if self.is_chosen and self.has_several else set()
        text = urlencode({name: value or "" for name, value in asked.items() if value or name in kept})
        return f"?{text}" if text else ""
