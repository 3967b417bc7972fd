"""The questions about a structure: which one it is, its sheet, its name, and requests to join it."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError

from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.identifier_types import (
    EU_VAT_TYPE,
    IDENTIFIER_TYPE_OF,
    IDENTIFIER_TYPES,
    INDIVIDUAL_TYPE,
    SIRET_TYPE,
    IdentifierType,
)
from plainchant.einvoice.identifiers import IdentifierError, clean_vat_number
from plainchant.einvoice.structure_identifiers import clean_identifier, country_of
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails
from plainchant.web.account.fields import AddressField, LineField, NameField, PhoneField, SiretField, warn_about_siret

_REGISTERED = ("RIDET", "TAHITI")  # without a SIRET, and in a French register of commerce all the same
_FOREIGN_VAT = (
    "Si elle en a un dans l’Union européenne\u00a0: les deux lettres du pays, puis le reste. Sinon, laissez vide."
)
_FIVE_DIGITS = ("FR", "NC", "PF")  # countries of French postcodes


class SiretForm(forms.Form):
    """Which structure?"""

    siret = SiretField(
        label="Le numéro SIRET de la structure",
        help_text="14 chiffres, écrits sur ses factures et son avis Insee. Les espaces ne gênent pas.",
    )
    siret_to_confirm = ""

    def clean(self) -> dict[str, Any]:
        warn_about_siret(self)
        return self.cleaned_data


class NewSiretForm(SiretForm):
    """Which SIRET has it now?"""

    siret = SiretField(
        label="Son nouveau numéro SIRET",
        help_text="14 chiffres, écrits sur l’avis de l’Insee. Les espaces ne gênent pas.",
    )


class WhoForm(forms.Form):
    """What kind of structure is it, if it has no SIRET?"""

    kind = forms.ChoiceField(
        label="Pourquoi n’a‑t‑elle pas de SIRET\u00a0?",
        choices=[(row.code, row.who) for row in IDENTIFIER_TYPES if row.who],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une des réponses.",
            "invalid_choice": "Choisissez une des réponses de la liste.",
        },
    )


class IdentifierForm(forms.Form):
    """What stands for a SIRET: a number, or what the official rules make of a name."""

    identifiant = LineField(
        label="",
        longest=100,
        missing="Écrivez cet identifiant.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 40}),
    )

    def __init__(self, *args: Any, row: IdentifierType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["identifiant"].label = row.label
        self.fields["identifiant"].help_text = row.hint

    def clean_identifiant(self) -> str:
        try:
            return clean_identifier(self.cleaned_data["identifiant"], identifier_type=self.row.code)
        except IdentifierError as error:
            raise ValidationError(error.sentence, code=error.code) from error


class StructureForm(forms.Form):
    """What a manager may change on a sheet."""

    label = LineField(
        label="Le nom d’usage (libellé)",
        longest=201,
        help_text="Comment vous l’appelez entre vous, s’il diffère\u00a0: «\u00a0L’atelier du pont\u00a0».",
    )
    address_line = LineField(
        label="Adresse",
        longest=255,
        missing="Écrivez le numéro et la rue, ou le lieu-dit.",
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    address_extra_1 = LineField(label="Complément d’adresse", longest=255)
    postcode = LineField(
        label="Code postal",
        longest=10,
        missing="Écrivez le code postal\u00a0: 5 chiffres.",
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric", "size": 10}),
    )
    city = LineField(
        label="Ville",
        longest=100,
        missing="Écrivez le nom de la ville.",
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "size": 40}),
    )
    country = forms.ChoiceField(
        label="Pays",
        choices=[("", "Choisissez"), *sorted(COUNTRY_NAMES.items(), key=lambda row: normalize("NFKD", row[1]))],
        error_messages={"required": "Choisissez le pays.", "invalid_choice": "Choisissez un pays de la liste."},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    vat_number = LineField(
        label="Numéro de TVA",
        longest=30,
        help_text="FR, 2 caractères, puis les 9 chiffres du SIREN. Vide si vous ne facturez pas la TVA.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 22}),
    )
    email = AddressField(
        label="Adresse électronique de la structure",
        help_text="Elle reçoit aussi les avis importants, comme un changement de coordonnées bancaires. Si elle n’est "
        "pas à vous, elle est d’abord à confirmer, par un message que nous y envoyons.",
        autocomplete="off",
    )
    phone = PhoneField(label="Téléphone de la structure")
    rcs_number = LineField(
        label="Numéro RCS",
        longest=100,
        help_text="Pour une société inscrite au registre du commerce, avec sa ville\u00a0: «\u00a0RCS Rennes "
        "732\u00a0829\u00a0320\u00a0». Il figure sur les factures saisies ici.",
    )

    def __init__(
        self, *args: Any, identifier_type: str, identifier: str, is_public: bool = False, **kwargs: Any
    ) -> None:
        """The questions that make sense for that type of identifier; what it tells itself is not asked."""
        super().__init__(*args, **kwargs)
        self.identifier_type, self.identifier = identifier_type, identifier
        self._country = country_of(identifier, identifier_type=identifier_type)
        row = IDENTIFIER_TYPE_OF[identifier_type]
        if row.code == SIRET_TYPE or row.countries:
            del self.fields["country"]
        else:
            self.fields["country"].initial = self._country or "FR"
            self.fields["postcode"].required = False
            self.fields["postcode"].widget.attrs.pop("inputmode")
        if row.code in (EU_VAT_TYPE, INDIVIDUAL_TYPE):
            del self.fields["vat_number"]
        elif row.code != SIRET_TYPE:
            self.fields["vat_number"].help_text = _FOREIGN_VAT
        if row.code not in (SIRET_TYPE, *_REGISTERED) or is_public:
            del self.fields["rcs_number"]

    def clean(self) -> dict[str, Any]:
        country = self.cleaned_data.get("country", self._country or "FR")
        postcode = self.cleaned_data.get("postcode")
        if country in _FIVE_DIGITS and postcode is not None:
            self.cleaned_data["postcode"] = postcode = re.sub(r"\s", "", postcode)
            if not re.fullmatch(r"[0-9]{5}", postcode):
                self.add_error(
                    "postcode", ValidationError("Un code postal compte 5 chiffres, comme 44000.", code="invalid")
                )
        return self.cleaned_data

    def clean_vat_number(self) -> str:
        typed = self.cleaned_data["vat_number"]
        if not typed:
            return ""
        try:
            return clean_vat_number(typed)
        except IdentifierError as error:
            raise ValidationError(error.sentence, code=error.code) from error

    def sheet(self, *, of: Structure | None = None) -> StructureDetails:
        """The answers; what the form does not ask stays as it was."""
        return StructureDetails(
            label=self.cleaned_data.get("label", ""),
            address_line=self.cleaned_data["address_line"],
            address_extra_1=self.cleaned_data["address_extra_1"],
            address_extra_2=of.address_extra_2 if of else "",
            postcode=self.cleaned_data["postcode"],
            city=self.cleaned_data["city"],
            country=self.cleaned_data.get("country") or (of.country if of else self._country or "FR"),
            vat_number=self._vat_number(),
            rcs_number=self.cleaned_data.get("rcs_number", ""),
            email=self.cleaned_data["email"],
            phone=self.cleaned_data["phone"],
        )

    def _vat_number(self) -> str:
        if self.identifier_type == EU_VAT_TYPE:
            return self.identifier
        return str(self.cleaned_data.get("vat_number", ""))


class _NamesForm(forms.Form):
    """What a structure is officially called; a person has two names."""

    name = LineField(
        label="La raison sociale",
        longest=201,
        missing="Écrivez le nom officiel de la structure.",
        help_text="Le nom officiel, comme sur l’avis Insee ou les statuts. "
        "Entreprise individuelle\u00a0: vos prénom et nom.",
    )
    first_name = NameField(label="Votre prénom", longest=100, missing="Écrivez votre prénom.")
    last_name = NameField(label="Votre nom", longest=100, missing="Écrivez votre nom.")

    def ask_names(self, *, is_individual: bool) -> None:
        for name in ("name",) if is_individual else ("first_name", "last_name"):
            del self.fields[name]

    @property
    def legal_name(self) -> LegalName:
        typed = self.cleaned_data
        return LegalName(**{name: typed.get(name, "") for name in ("name", "first_name", "last_name")})


class LegalNameForm(_NamesForm):
    """The name alone, to correct it."""

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        fields = _NamesForm.base_fields
        kwargs["initial"] = {name: getattr(structure, name) for name in fields}
        super().__init__(*args, **kwargs)
        self.ask_names(is_individual=structure.is_individual)


class NewStructureForm(StructureForm, _NamesForm):
    """A structure nobody has registered yet."""

    field_order = ("name", "first_name", "last_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_individual = self.identifier_type == INDIVIDUAL_TYPE
        self.ask_names(is_individual=is_individual)
        if is_individual:
            del self.fields["label"]


class JoinForm(forms.Form):
    """A word to the manager."""

    comment = LineField(
        label="Un mot pour vous présenter",
        longest=255,
        help_text="Qui vous êtes dans la structure\u00a0: «\u00a0comptable, bureau 12\u00a0».",
    )
