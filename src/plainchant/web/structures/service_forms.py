"""A service of a public body, and what the body demands on invoices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plainchant.portal.directory.services import LONGEST_CODE, BodyDemands, ServiceDetails
from plainchant.portal.invoices.lifecycle import OPTIONAL_STEPS
from plainchant.portal.structures.models import Service, Structure, UnknownCommitment
from plainchant.web.account.fields import AddressField, LineField
from plainchant.web.forms_rendering import DayInput

_NO_DATE = {"invalid": "Ce n’est pas une date. Écrivez le jour, le mois et l’année, par exemple 31/12/2026."}
_ADDRESSES: dict[str, tuple[str, dict[str, bool]]] = {
    "none": ("Rien de plus\u00a0: ni service, ni numéro d’engagement", {}),
    "service": ("Le service à facturer (code service)", {"requires_service": True}),
    "commitment": ("Le numéro d’engagement, celui de la commande", {"requires_commitment": True}),
    "both": ("Les deux", {"requires_service": True, "requires_commitment": True}),
    "one_of": ("L’un des deux au moins", {"requires_service_or_commitment": True}),
}


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
    unknown_commitment = forms.ChoiceField(
        label="Si le numéro d’engagement n’est pas dans votre liste",
        choices=[("", "Ne rien vérifier"), *UnknownCommitment.choices],
        widget=forms.RadioSelect,
        required=False,
        help_text="C’est la liste que vous importez dans « Engagements ». Tant qu’elle est vide, rien n’est vérifié.",
    )
    is_works_authority_only = forms.BooleanField(label="Nous ne recevons que des factures de travaux", required=False)
    steps = forms.MultipleChoiceField(
        label="Quelles étapes signalez-vous ici ?",
        choices=[(move.action, move.label) for move in OPTIONAL_STEPS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Celles que vous décochez ne sont plus proposées à vos agents.",
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "address": _address_of(structure),
            "reports_no_payment": structure.reports_no_payment,
            "unknown_commitment": structure.unknown_commitment,
            "is_works_authority_only": structure.is_works_authority_only,
            "steps": [step.action for step in OPTIONAL_STEPS if step.action not in structure.unused_steps.split()],
        }
        super().__init__(*args, **kwargs)

    @property
    def demands(self) -> BodyDemands:
        typed = self.cleaned_data
        flags = _ADDRESSES[typed["address"]][1]
        return BodyDemands(
            reports_no_payment=typed["reports_no_payment"],
            unknown_commitment=typed["unknown_commitment"],
            is_works_authority_only=typed["is_works_authority_only"],
            unused_steps=" ".join(step.action for step in OPTIONAL_STEPS if step.action not in typed["steps"]),
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
