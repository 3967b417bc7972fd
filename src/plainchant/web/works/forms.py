"""What is asked of whoever acts on a piece of works: a reason and a word, another actor, the next piece."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.portal.invoices.lifecycle import Action, WorksMove
from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT
from plainchant.web.fields import FilesField

_AMOUNT = {"size": 14, "inputmode": "decimal"}


class PieceAnswerForm(forms.Form):
    """A reason where the lifecycle wants one, a word."""

    reason_code = forms.ChoiceField(label="Pourquoi ?", required=False, widget=forms.RadioSelect)
    comment = forms.CharField(
        label="Un mot pour le titulaire",
        help_text=f"Il le lira dans l’histoire de la pièce. {MAX_HISTORY_COMMENT} caractères au plus.",
        required=False,
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, move: WorksMove | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move is None or not move.needs_reason:
            del self.fields["reason_code"]
            return
        field = self.fields["reason_code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(reason.code, reason.label) for reason in reasons_for(move.action)]
        field.required = True
        field.error_messages["required"] = "Choisissez un motif : le titulaire doit savoir quoi corriger."


class WorksActorForm(forms.Form):
    """Who is the maître d'œuvre, or the maître d'ouvrage, in place of the one who is not."""

    comment = forms.CharField(
        label="Un mot pour lui",
        help_text=f"{MAX_HISTORY_COMMENT} caractères au plus.",
        required=False,
        max_length=MAX_HISTORY_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.who = "moe" if action is Action.NAME_MOE else "moa"  # as findings name the field
        name = "maître d’œuvre" if action is Action.NAME_MOE else "maître d’ouvrage"
        self.fields[self.who] = forms.CharField(
            label=f"Le SIRET du {name}",
            max_length=30,
            widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
            error_messages={"required": f"Indiquez le SIRET du {name}."},
        )
        self.order_fields([self.who, "comment"])


class NextPieceForm(forms.Form):
    """The next piece, filled in with the amounts of the one before; `drafts.next_piece` understands what is typed."""

    number = forms.CharField(label="Numéro de votre pièce", max_length=40, widget=forms.TextInput(attrs={"size": 22}))
    issue_date = forms.CharField(label="Date", max_length=20, widget=forms.TextInput(attrs={"size": 14}))
    tax_exclusive_amount = forms.CharField(
        label="Total HT que vous retenez", max_length=30, widget=forms.TextInput(attrs=_AMOUNT)
    )
    tax_amount = forms.CharField(label="TVA", max_length=30, widget=forms.TextInput(attrs=_AMOUNT))
    tax_inclusive_amount = forms.CharField(label="Total TTC", max_length=30, widget=forms.TextInput(attrs=_AMOUNT))
    payable_amount = forms.CharField(label="À payer", max_length=30, widget=forms.TextInput(attrs=_AMOUNT))
    document = forms.FileField(
        label="Votre pièce, en PDF",
        help_text="10 Mo au plus. Sans elle, les montants ci-dessus font foi.",
        required=False,
        allow_empty_file=True,
        max_length=None,
    )
    attachments = FilesField(
        label="Autres documents",
        help_text="10 Mo et un nom de 50 caractères au plus chacun. Ceux de la pièce précédente suivent d’eux-mêmes.",
        required=False,
    )
    comment = forms.CharField(
        label="Un mot pour qui la reçoit",
        help_text="Dites pourquoi vous corrigez un montant.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
