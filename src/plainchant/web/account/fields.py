"""The kinds of answers that forms about people and structures ask for: clean them, or say how to mend them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plainchant.einvoice.identifiers import IdentifierError, clean_siret, key_agrees
from plainchant.portal.accounts import passwords
from plainchant.portal.accounts.addresses import LONGEST, one_spelling

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_NOT_A_NAME = re.compile(r"[<>{}\[\]\\/@|]|https?:|www\.", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9]{6,15}")

SIRET_KEY_WARNING = (
    "Il y a sans doute une faute de frappe\u00a0: le chiffre de contrôle de ce SIRET ne va pas avec les autres. "
    "Relisez-le\u00a0; s’il est écrit ainsi sur vos papiers, continuez quand même."
)


def one_line(text: str) -> str:
    """What was typed or pasted without what cannot be seen: line breaks, NUL, marks that turn the text around."""
    spaced = re.sub(r"\s+", " ", text)
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in _INVISIBLE).strip()


class LineField(forms.CharField):
    """A line of text. ``missing`` is the sentence when a required answer is not there."""

    def __init__(self, *, longest: int, missing: str = "", **kwargs: Any) -> None:
        super().__init__(max_length=longest, required=bool(missing), **kwargs)
        self.error_messages["required"] = missing
        self.error_messages["max_length"] = (
            "C’est trop long\u00a0: %(limit_value)d caractères au plus, il y en a %(show_value)d. Raccourcissez."
        )

    def to_python(self, value: Any) -> str:
        return one_line(str(super().to_python(value) or ""))


class NameField(LineField):
    """A person's name. Refuses what is not one: names go into messages to other people."""

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if _NOT_A_NAME.search(name):
            raise ValidationError(
                "Un nom ne contient ni adresse ni signe comme < > / @. Écrivez seulement le nom.", code="invalid"
            )
        return name


class AddressField(LineField):
    """An e-mail address, in its one spelling."""

    def __init__(self, *, missing: str = "", autocomplete: str = "email", **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
        super().__init__(longest=LONGEST, missing=missing, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        return one_spelling(address) if address else ""


class PhoneField(LineField):
    """A telephone number, kept as it was written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}), **kwargs)

    def clean(self, value: Any) -> str:
        phone = str(super().clean(value))
        if phone and not _PHONE.fullmatch(re.sub(r"[ .\-()/]", "", phone)):
            raise ValidationError(
                "Ce numéro n’est pas complet. Écrivez-le ainsi\u00a0: 06\u00a012\u00a034\u00a056\u00a078, "
                "ou +33\u00a06\u00a012\u00a034\u00a056\u00a078.",
                code="invalid",
            )
        return phone


class SiretField(LineField):
    """The 14 digits of a SIRET. Whether its key agrees is asked by `warn_about_siret`, which lets one go on."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "size": 22}
        )
        super().__init__(
            longest=60,
            missing="Écrivez le numéro SIRET de votre structure\u00a0: 14 chiffres.",
            widget=widget,
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        try:
            return clean_siret(str(super().clean(value)))
        except IdentifierError as error:
            raise ValidationError(error.sentence, code=error.code) from error


def warn_about_siret(form: forms.Form) -> None:
    """Stop once at a SIRET whose key does not agree; the page then offers to go on with ``siret_to_confirm``."""
    siret = form.cleaned_data.get("siret")
    if siret and not key_agrees(siret):
        form.siret_to_confirm = siret  # type: ignore[attr-defined]
        if form.data.get("siret_confirmed") != siret:
            form.add_error("siret", ValidationError(SIRET_KEY_WARNING, code="key"))


class NewPasswordField(forms.CharField):
    """A password that meets the rules for ``user``, which the form sets."""

    user: Any = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Votre mot de passe",
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-reveal": ""}),
            error_messages={"required": "Choisissez un mot de passe."},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        password = str(super().clean(value))
        found = passwords.weaknesses(password=password, user=self.user)
        if found:
            raise ValidationError(found)
        return password


class TypedPasswordField(forms.CharField):
    """A password as it stands: only looked at, never judged."""

    def __init__(self, *, label: str, missing: str, autocomplete: str = "current-password") -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=passwords.LONGEST,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "data-reveal": ""}),
            error_messages={
                "required": missing,
                "max_length": "C’est trop long pour être votre mot de passe\u00a0: vérifiez ce que vous avez collé.",
            },
        )
