"""What a recipient says when he acts on an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from plainchant.einvoice.codes.reasons import REASON_OF, reasons_for
from plainchant.portal.invoices.lifecycle import BuyersMove
from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT
from plainchant.web.filters import MoneyField


@dataclass(frozen=True)
class ReadyText:
    """What an agent may write with one choice, and the reason that it brings. ``key``: as the form sends it."""

    key: str
    words: str
    reason_code: str


class ProcessForm(forms.Form):
    """A reason where the lifecycle wants one, a mandate number where it is known, a word: typed, or kept by the body.

    A text that the body keeps brings its reason with it.
    """

    text = forms.ChoiceField(label="Un texte prêt", required=False, widget=forms.Select(attrs={"data-fills": ""}))
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

    def __init__(self, *args: Any, move: BuyersMove, texts: Sequence[ReadyText] = (), **kwargs: Any) -> None:
        """``texts``: those offered for this move, each as it reads."""
        super().__init__(*args, **kwargs)
        self.texts = {text.key: text for text in texts}
        self._offer_texts()
        if move.needs_reason:
            field = self.fields["reason_code"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(reason.code, reason.label) for reason in reasons_for(move.action)]
            field.required = not self.texts
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

    def _offer_texts(self) -> None:
        if not self.texts:
            del self.fields["text"]
            return
        groups: dict[str, list[tuple[str, str]]] = {}
        for text in self.texts.values():
            groups.setdefault(REASON_OF[text.reason_code].label, []).append((text.key, text.words))
        field = self.fields["text"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Aucun"), *groups.items()]
        field.help_text = "Il s’écrit dans votre message, où vous pouvez le changer, et choisit le motif."

    def clean(self) -> dict[str, Any]:
        """A text that nobody has put into the message, without scripts, is the message, or begins it."""
        chosen = self.texts.get(self.cleaned_data.pop("text", ""))
        if chosen is not None:
            comment = self.cleaned_data.get("comment", "")
            if chosen.words not in comment:
                comment = f"{chosen.words} {comment}".strip()
            if len(comment) > MAX_HISTORY_COMMENT:
                self.add_error("comment", f"Avec ce texte, votre message dépasse {MAX_HISTORY_COMMENT} caractères.")
            self.cleaned_data["comment"] = comment
            if not self.cleaned_data.get("reason_code"):
                self.cleaned_data["reason_code"] = chosen.reason_code
        return self.cleaned_data
