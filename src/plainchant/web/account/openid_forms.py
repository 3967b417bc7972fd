"""The questions to somebody who arrives by another service for the first time."""

from __future__ import annotations

from django import forms

from .fields import NameField
from .forms import terms_field
from .second_factor_forms import CodeField


class ArrivalForm(forms.Form):
    """Open an account: who it is, and the code that shows that the address is theirs."""

    code = CodeField(
        label="Le code reçu par courriel", missing="Écrivez le code.", help_text="Six chiffres, dans notre message."
    )
    first_name = NameField(label="Votre prénom", longest=100, missing="Écrivez votre prénom.")
    last_name = NameField(label="Votre nom", longest=100, missing="Écrivez votre nom de famille.")
    terms = terms_field()
