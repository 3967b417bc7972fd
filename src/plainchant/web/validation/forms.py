"""What a validator says when it answers."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.portal.invoices.lifecycle import Action, ValidatorsMove
from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT


class SayForm(forms.Form):
    """A reason where the lifecycle wants one, the second validator where there may be one, a word."""

    reason_code = forms.ChoiceField(label="Pourquoi ?", required=False, widget=forms.RadioSelect)
    second = forms.CharField(
        label="Quelqu’un d’autre doit-il valider après vous ? Son SIRET",
        help_text="Seulement si vous êtes cotraitant\u00a0: le mandataire du groupement. Sinon, laissez vide.",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
    )
    comment = forms.CharField(
        label="Un mot pour le fournisseur",
        help_text=f"Il le lira sur sa facture. {MAX_HISTORY_COMMENT} caractères au plus.",
        required=False,
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, move: ValidatorsMove, has_second: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.needs_reason:
            field = self.fields["reason_code"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(reason.code, reason.label) for reason in reasons_for(move.action)]
            field.required = True
            field.error_messages["required"] = "Choisissez un motif : le fournisseur doit savoir quoi corriger."
        else:
            del self.fields["reason_code"]
        if not (move.names_second and has_second):
            del self.fields["second"]
        elif move.action is Action.NAME_SECOND:
            self.fields["second"].label = "Le SIRET du second valideur"
            self.fields["second"].help_text = "Le mandataire du groupement."
            self.fields["second"].required = True
