"""What a recipient says when he acts on an invoice."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.portal.invoices.lifecycle import BuyersMove
from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT
from plainchant.web.filters import MoneyField


class ProcessForm(forms.Form):
    """A reason where the lifecycle wants one, a mandate number where it is known, a word."""

    reason_code = forms.ChoiceField(label="Pourquoi ?", required=False, widget=forms.RadioSelect)
    payment_order = forms.CharField(
        label="Numéro de mandat", required=False, max_length=50, widget=forms.TextInput(attrs={"size": 20})
    )
    amount = MoneyField(label="La somme que vous ne contestez pas", required=False)
    comment = forms.CharField(
        label="Un mot pour le fournisseur",
        help_text=f"Dites ce que vous attendez de lui. {MAX_HISTORY_COMMENT} caractères au plus.",
        required=False,
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, move: BuyersMove, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.needs_reason:
            field = self.fields["reason_code"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(reason.code, reason.label) for reason in reasons_for(move.action)]
            field.required = True
            field.error_messages["required"] = "Choisissez un motif : le fournisseur doit savoir quoi corriger."
        else:
            del self.fields["reason_code"]
            self.fields["comment"].help_text = f"Il le lira sur sa facture. {MAX_HISTORY_COMMENT} caractères au plus."
        if move.asks_amount:
            self.fields["amount"].required = self.fields["comment"].required = True
            self.fields["comment"].label = "Que contestez-vous ?"
        else:
            del self.fields["amount"]
        if not move.asks_payment_order:
            del self.fields["payment_order"]
