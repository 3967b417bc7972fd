"""The questions about bank accounts."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from plainchant.einvoice.identifiers import IdentifierError, clean_bic, clean_iban
from plainchant.web.account.fields import LineField


class BankAccountForm(forms.Form):
    """Where the structure wants to be paid."""

    label = LineField(
        label="Un nom pour ce compte",
        longest=100,
        missing="Donnez un nom à ce compte, pour le reconnaître.",
        help_text="Par exemple\u00a0: «\u00a0Compte courant Crédit agricole\u00a0».",
        widget=forms.TextInput(attrs={"size": 40}),
    )
    iban = LineField(
        label="IBAN",
        longest=100,
        missing="Écrivez l’IBAN\u00a0: il est sur votre RIB.",
        help_text="27 caractères en France, commençant par FR. Les espaces ne gênent pas.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 40}),
    )
    bic = LineField(
        label="BIC",
        longest=30,
        help_text="8 ou 11 caractères, à côté de l’IBAN sur votre RIB.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 20}),
    )

    def clean_iban(self) -> str:
        try:
            return clean_iban(self.cleaned_data["iban"])
        except IdentifierError as error:
            raise ValidationError(error.sentence, code=error.code) from error

    def clean_bic(self) -> str:
        typed, iban = self.cleaned_data["bic"], self.cleaned_data.get("iban", "")
        if not typed:
            return ""
        try:
            return clean_bic(typed, iban=iban)
        except IdentifierError as error:
            if error.code == "disagreement" and not iban:
                return ""  # the IBAN is wrong already: one sentence is enough
            raise ValidationError(error.sentence, code=error.code) from error


class BankAccountAnswerForm(forms.Form):
    """A word of whoever refuses an account."""

    comment = LineField(
        label="Si vous refusez, un mot pour dire pourquoi",
        longest=255,
        help_text="Il est joint au courriel que reçoivent toutes les personnes de la structure.",
    )


class BankAccountNameForm(forms.Form):
    """Another name for an account."""

    label = LineField(
        label="Le nom de ce compte", longest=100, missing="Donnez un nom à ce compte, pour le reconnaître."
    )
