"""The questions about a structure, its bank details, and requests to join it."""

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
from plainchant.einvoice.identifiers import IdentifierError, clean_bic, clean_iban, clean_vat_number
from plainchant.einvoice.structure_identifiers import clean_identifier, country_of
from plainchant.portal.directory.services import LONGEST_CODE, BodyDemands, ServiceDetails
from plainchant.portal.rights.profiles import BY_SERVICE, PROFILES, SPACE_NAMES, AccessProfile, ProfileRow
from plainchant.portal.rights.rights import Mode, Space
from plainchant.portal.structures.delegations import Terms
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails
from plainchant.portal.structures.spaces import used_by
from plainchant.web.account.fields import AddressField, LineField, NameField, PhoneField, SiretField, warn_about_siret
from plainchant.web.fields import DateField
from plainchant.web.forms_rendering import DayInput


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


class WhoForm(forms.Form):
    """What kind of structure is it, if it has no SIRET?"""

    kind = forms.ChoiceField(
        label="Pourquoi n’a-t-elle pas de SIRET\u00a0?",
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


_NO_DATE = {"invalid": "Ce n’est pas une date. Écrivez le jour, le mois et l’année, par exemple 31/12/2026."}
_REGISTERED = ("RIDET", "TAHITI")  # without a SIRET, and in a French register of commerce all the same
_FOREIGN_VAT = (
    "Si elle en a un dans l’Union européenne\u00a0: les deux lettres du pays, puis le reste. Sinon, laissez vide."
)
_FIVE_DIGITS = ("FR", "NC", "PF")  # countries of French postcodes


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


class RightsForm(forms.Form):
    """What a person may do for a structure, in the words of the profiles."""

    profiles = forms.MultipleChoiceField(
        label="Que pourra faire cette personne\u00a0?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une chose que cette personne pourra faire."},
    )
    services = forms.ModelMultipleChoiceField(
        label="Pour quels services\u00a0?",
        help_text="N’en cochez aucun pour qu’elle voie les factures de tous les services, et celles qui n’en nomment "
        "pas.",
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Ce service n’est pas de cette structure. Choisissez-en un de la liste."},
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the structure does not use, as a private one receives nothing here, would be words without a meaning.
        used = set(used_by(structure))
        rows = [row for row in PROFILES if used.issuperset(space for space, _ in row.spaces) or _is_wide(row, used)]
        self.fields["profiles"].choices = [(row.profile.value, f"{row.name} – {row.meaning}") for row in rows]  # type: ignore[attr-defined]
        services = structure.services.order_by("code") if structure.is_public else Service.objects.none()
        if services.exists():
            self.fields["services"].queryset = services  # type: ignore[attr-defined]
        else:
            del self.fields["services"]

    @property
    def opened(self) -> dict[str, Any]:
        """What operations take, of a form that is valid."""
        return {
            "profiles": [AccessProfile(code) for code in self.cleaned_data["profiles"]],
            "services": list(self.cleaned_data.get("services", ())),
        }


def _is_wide(row: ProfileRow, used: set[Space]) -> bool:
    """Whether a profile of several spaces is worth offering: two of them are used."""
    return len(used.intersection(space for space, _ in row.spaces)) > 1


class AskSpaceForm(forms.Form):
    """How far, and why."""

    mode = forms.ChoiceField(
        label="Pour quoi faire\u00a0?",
        choices=[
            (Mode.CONSULTATION.value, "Voir, sans rien y changer"),
            (Mode.MODIFICATION.value, "Voir et agir\u00a0: préparer, envoyer, décider"),
        ],
        initial=Mode.MODIFICATION.value,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une des deux réponses."},
    )
    comment = LineField(label="Un mot pour les gestionnaires", longest=255)


class SpaceAnswerForm(forms.Form):
    """For which services, and a word that goes with the answer."""

    services = forms.ModelMultipleChoiceField(
        label="Pour quels services\u00a0?",
        help_text="N’en cochez aucun pour l’ouvrir sur toute la structure.",
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Ce service n’est pas de cette structure. Choisissez-en un de la liste."},
    )
    comment = LineField(label="Un mot pour cette personne", longest=255, help_text="Il est joint à votre réponse.")

    def __init__(self, *args: Any, structure: Structure, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if space in BY_SERVICE and structure.services.exists():
            self.fields["services"].queryset = structure.services.order_by("code")  # type: ignore[attr-defined]
        else:
            del self.fields["services"]


class UsedSpacesForm(forms.Form):
    """Which spaces a structure uses; its management always is."""

    spaces = forms.MultipleChoiceField(
        label="Les espaces utilisés",
        choices=[(space.value, name) for space, name in SPACE_NAMES.items() if space is not Space.MANAGEMENT],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Gardez au moins un espace\u00a0: sans lui, la structure ne sert à rien ici."},
    )


class InvitationForm(RightsForm):
    """Who is invited, and what they will be able to do."""

    email = AddressField(
        label="Son adresse électronique",
        help_text="Celle avec laquelle cette personne se connecte, ou créera son compte.",
        missing="Écrivez l’adresse de la personne que vous invitez.",
        autocomplete="off",
    )
    field_order = ["email", "profiles", "services"]


class AnswerForm(RightsForm):
    """The answer to a request: what the person may do, and a word that goes with it."""

    comment = LineField(label="Un mot pour cette personne", longest=255, help_text="Il est joint à votre réponse.")


class TermsForm(RightsForm):
    """What another structure may do for this one, and until when."""

    begins_on = DateField(
        label="À partir de quel jour ?",
        error_messages={"required": "Écrivez le premier jour, par exemple 03/11/2026."},
    )
    ends_on = DateField(
        label="Jusqu’à quel jour compris ?",
        required=False,
        help_text="Vide : jusqu’à ce que vous y mettiez fin.",
    )
    comment = LineField(
        label="Un mot pour cette structure", longest=255, help_text="Elle le lit dans le courriel qui la prévient."
    )
    field_order = ["siret", "profiles", "begins_on", "ends_on", "comment"]

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, structure=structure, **kwargs)
        profiles = self.fields["profiles"]
        profiles.label = "Que pourra faire cette structure ?"
        profiles.help_text = "Elle ne pourra jamais gérer la vôtre, ni changer où vous êtes payé."
        profiles.error_messages["required"] = "Choisissez au moins une chose que cette structure pourra faire."
        choices = profiles.choices  # type: ignore[attr-defined]
        profiles.choices = [row for row in choices if row[0] != AccessProfile.MANAGE]  # type: ignore[attr-defined]
        self.fields.pop("services", None)

    @property
    def terms(self) -> Terms:
        """What operations take, of a form that is valid."""
        return Terms(
            profiles=self.opened["profiles"],
            begins_on=self.cleaned_data["begins_on"],
            ends_on=self.cleaned_data["ends_on"],
            comment=self.cleaned_data["comment"],
        )


class DelegationForm(TermsForm):
    """To whom, and on which terms."""

    siret = SiretField(
        label="Le numéro SIRET de la structure qui agira pour vous",
        help_text="Votre comptable, votre collectif… 14 chiffres, écrits sur ses papiers.",
    )
    siret_to_confirm = ""

    def clean(self) -> dict[str, Any]:
        warn_about_siret(self)
        return self.cleaned_data


class AskDelegationForm(SiretForm):
    """For whom one would like to act."""

    siret = SiretField(
        label="Le numéro SIRET de votre client", help_text="14 chiffres, écrits sur ses factures et son avis Insee."
    )
    comment = LineField(
        label="Un mot pour lui",
        longest=255,
        help_text="Qui vous êtes, et ce que vous feriez : « Cabinet Mercier, pour envoyer vos factures ».",
    )


class ServiceForm(forms.Form):
    """A service of a public body."""

    name = LineField(
        label="Son nom",
        longest=255,
        missing="Écrivez le nom du service.",
        help_text="Comme un fournisseur le reconnaîtra\u00a0: «\u00a0Service culture\u00a0».",
    )
    code = LineField(
        label="Son code",
        longest=LONGEST_CODE,
        missing="Écrivez le code du service.",
        help_text="Il est écrit sur les factures\u00a0: lettres, chiffres, espace, tiret et tiret bas. Court, et pour "
        "longtemps.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 40}),
    )
    requires_commitment = forms.BooleanField(
        label="Ce service demande un numéro d’engagement sur chaque facture", required=False
    )
    reports_no_payment = forms.BooleanField(
        label="Ce service n’annonce pas ici la mise en paiement",
        required=False,
        help_text="Les fournisseurs lisent alors de surveiller leur compte.",
    )
    email = AddressField(label="Adresse électronique du service", autocomplete="off")
    valid_from = forms.DateField(
        label="Reçoit des factures à partir du", required=False, widget=DayInput, error_messages=_NO_DATE
    )
    valid_until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=DayInput,
        error_messages=_NO_DATE,
        help_text="Vide\u00a0: sans fin prévue.",
    )

    def __init__(self, *args: Any, service: Service | None = None, **kwargs: Any) -> None:
        if service is not None:
            kwargs["initial"] = {name: getattr(service, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_until")
        if first and last and last < first:
            self.add_error(
                "valid_until", ValidationError("Ce jour vient avant le premier. Corrigez l’un des deux.", code="order")
            )
        return self.cleaned_data

    @property
    def details(self) -> ServiceDetails:
        return ServiceDetails(**{name: value for name, value in self.cleaned_data.items() if name != "code"})


_ADDRESSES: dict[str, tuple[str, dict[str, bool]]] = {
    "none": ("Rien de plus\u00a0: ni service, ni numéro d’engagement", {}),
    "service": ("Le service à facturer (code service)", {"requires_service": True}),
    "commitment": ("Le numéro d’engagement, celui de la commande", {"requires_commitment": True}),
    "both": ("Les deux", {"requires_service": True, "requires_commitment": True}),
    "one_of": ("L’un des deux au moins", {"requires_service_or_commitment": True}),
}


class DemandsForm(forms.Form):
    """What a public body demands: five flags of Chorus Pro as one question and two boxes."""

    address = forms.ChoiceField(
        label="Que doit indiquer chaque facture\u00a0?",
        choices=[(code, words) for code, (words, _) in _ADDRESSES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une des réponses."},
    )
    reports_no_payment = forms.BooleanField(
        label="Nous n’annonçons pas ici la mise en paiement",
        required=False,
        help_text="Les fournisseurs lisent alors de surveiller leur compte.",
    )
    is_works_authority_only = forms.BooleanField(label="Nous ne recevons que des factures de travaux", required=False)

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "address": _address_of(structure),
            "reports_no_payment": structure.reports_no_payment,
            "is_works_authority_only": structure.is_works_authority_only,
        }
        super().__init__(*args, **kwargs)

    @property
    def demands(self) -> BodyDemands:
        typed = self.cleaned_data
        flags = _ADDRESSES[typed["address"]][1]
        return BodyDemands(
            reports_no_payment=typed["reports_no_payment"],
            is_works_authority_only=typed["is_works_authority_only"],
            **flags,
        )


def _address_of(structure: Structure) -> str:
    if structure.requires_service_or_commitment:  # read before the two others, as everywhere
        return "one_of"
    if structure.requires_service and structure.requires_commitment:
        return "both"
    if structure.requires_service:
        return "service"
    return "commitment" if structure.requires_commitment else "none"
