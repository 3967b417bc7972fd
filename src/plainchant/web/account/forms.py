"""The questions about a person’s account. Those of allauth keep its checks and take our words (ACCOUNT_FORMS)."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plainchant.portal.accounts.models import User

from .fields import (
    AddressField,
    NameField,
    NewPasswordField,
    PhoneField,
    SiretField,
    TypedPasswordField,
    warn_about_siret,
)

_SAME_TWICE = "Les deux mots de passe ne sont pas les mêmes. Écrivez deux fois le même."
_terms_label = lazy(
    lambda: format_html('J’accepte les <a href="{}">conditions d’utilisation</a>', reverse_lazy("terms")), SafeString
)


def terms_field() -> forms.BooleanField:
    """The box that whoever opens an account ticks."""
    return forms.BooleanField(
        label=_terms_label(),
        error_messages={"required": "Cochez la case pour accepter les conditions\u00a0: sans elles, pas de compte."},
    )


class SignupForm(forms.Form):
    """Open an account."""

    email = AddressField(
        label="Votre adresse électronique",
        missing="Écrivez votre adresse électronique\u00a0: elle vous servira à vous connecter.",
        help_text="C’est avec elle que vous vous connecterez. Vous devez pouvoir y lire vos messages maintenant.",
        autocomplete="username",
    )
    email2 = AddressField(
        label="La même adresse, une seconde fois",
        missing="Écrivez votre adresse une seconde fois\u00a0: une faute de frappe vous priverait du message.",
        autocomplete="email",
    )
    first_name = NameField(
        label="Votre prénom",
        longest=100,
        missing="Écrivez votre prénom.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "size": 40}),
    )
    last_name = NameField(
        label="Votre nom",
        longest=100,
        missing="Écrivez votre nom de famille.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "size": 40}),
    )
    siret = SiretField(
        label="Le numéro SIRET de votre structure",
        help_text="14 chiffres, écrits sur vos factures et votre avis Insee. Les espaces ne gênent pas.",
    )
    contact_email = AddressField(
        label="Une autre adresse pour les avis",
        help_text="Pour recevoir ailleurs les nouvelles de vos factures. Vide\u00a0: elles iront à l’adresse du haut.",
        autocomplete="off",
    )
    phone = PhoneField(label="Votre téléphone")
    terms = terms_field()
    siret_to_confirm = ""

    @property
    def must_unfold(self) -> bool:
        """Whether something is to be mended in the part that is folded at first."""
        return bool(self["contact_email"].errors or self["phone"].errors)

    def clean(self) -> dict[str, Any]:
        email, again = self.cleaned_data.get("email"), self.cleaned_data.get("email2")
        if email and again and email != again:
            self.add_error("email2", "Les deux adresses ne sont pas les mêmes. Comparez-les lettre par lettre.")
        warn_about_siret(self)
        return self.cleaned_data


class ResendActivationForm(forms.Form):
    """Ask for a new activation link."""

    email = AddressField(
        label="L’adresse avec laquelle vous avez créé le compte", missing="Écrivez l’adresse de votre compte."
    )


class TwicePasswordForm(forms.Form):
    """Choose a password, typed twice. ``user`` is whose it will be."""

    password1 = NewPasswordField()
    password2 = TypedPasswordField(
        label="Le même, une seconde fois",
        missing="Écrivez le mot de passe une seconde fois.",
        autocomplete="new-password",
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password1"].user = user  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _SAME_TWICE)
        return self.cleaned_data


class ProfileForm(forms.Form):
    """What a person may change about themselves."""

    first_name = NameField(label="Prénom", longest=100, missing="Écrivez votre prénom.")
    last_name = NameField(label="Nom", longest=100, missing="Écrivez votre nom de famille.")
    contact_email = AddressField(
        label="Adresse pour les avis",
        help_text="Vide\u00a0: les avis vont à votre adresse de connexion. Une autre adresse est d’abord à confirmer, "
        "par un message que nous y envoyons.",
    )
    phone = PhoneField(label="Téléphone")


class LoginAddressForm(forms.Form):
    """Another address to log in with. ``user`` is whose."""

    email = AddressField(
        label="Votre nouvelle adresse de connexion",
        missing="Écrivez la nouvelle adresse.",
        help_text="Vous devez pouvoir y lire vos messages maintenant.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address == self.user.email:
            raise forms.ValidationError("C’est déjà votre adresse de connexion. Écrivez la nouvelle.", code="same")
        return address


class CloseAccountForm(forms.Form):
    """The last question before an account is closed."""

    erase = forms.BooleanField(
        label="Effacer aussi mes informations, après trente jours",
        required=False,
        help_text="Vos adresses, votre téléphone, vos pièces personnelles et vos appareils. Votre nom reste là où la "
        "loi le demande\u00a0: dans l’histoire des factures et des structures. D’ici là, vous pouvez revenir.",
    )
    understood = forms.BooleanField(
        label="J’ai lu ce qui précède, et je veux fermer mon compte",
        error_messages={"required": "Cochez la case si vous voulez vraiment fermer votre compte."},
    )


class LoginForm(allauth.LoginForm):
    """Allauth's, with an address in its one spelling."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(
            label="Votre adresse électronique",
            missing="Écrivez l’adresse de votre compte.",
            autocomplete="username",
        )
        self.fields["password"] = TypedPasswordField(label="Votre mot de passe", missing="Écrivez votre mot de passe.")
        self.order_fields(["login", "password"])


class PasswordAgainForm(allauth.ReauthenticateForm):
    """Before a change of how one logs in, some time after the log-in."""

    password = TypedPasswordField(label="Votre mot de passe", missing="Écrivez votre mot de passe.")


class ForgottenPasswordForm(allauth.ResetPasswordForm):
    """Allauth's, with an address in its one spelling."""

    email = AddressField(
        label="L’adresse de votre compte", missing="Écrivez l’adresse de votre compte.", autocomplete="username"
    )


class NewPasswordForm(TwicePasswordForm, allauth.ResetPasswordKeyForm):
    """After « mot de passe oublié »."""

    def __init__(self, *args: Any, user: User | None = None, temp_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)


class ChangePasswordForm(TwicePasswordForm, allauth.ChangePasswordForm):
    """From « mon compte »: the present one first."""

    oldpassword = TypedPasswordField(label="Votre mot de passe actuel", missing="Écrivez votre mot de passe actuel.")
    field_order = ("oldpassword", "password1", "password2")
