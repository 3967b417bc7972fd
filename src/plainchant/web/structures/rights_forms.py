"""What somebody may do for a structure, asked and answered: profiles, services, spaces."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.portal.rights.profiles import BY_SERVICE, PROFILES, SPACE_NAMES, AccessProfile, ProfileRow
from plainchant.portal.rights.rights import SPACES_FOR_PEOPLE, Mode, Space
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.spaces import used_by
from plainchant.web.account.fields import AddressField, LineField, NameField


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
        rows = [row for row in PROFILES if _is_offered(row, used)]
        self.fields["profiles"].choices = [(row.profile.value, f"{row.name} – {row.meaning_in(used)}") for row in rows]  # type: ignore[attr-defined]
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


def _is_offered(row: ProfileRow, used: set[Space]) -> bool:
    """Whether a profile means something here: what it is for is used; of one that opens everything, two spaces are."""
    if row.narrower:
        return len(used.intersection(space for space, _ in row.spaces)) > 1
    return row.is_for in used


class ProgramForm(RightsForm):
    """How a program is called, and what it may do."""

    name = NameField(
        label="Comment s’appelle ce logiciel\u00a0?",
        help_text="Vous le lirez dans l’historique de vos factures\u00a0: «\u00a0le logiciel Compta Facile\u00a0».",
        longest=80,
        missing="Écrivez le nom de ce logiciel, pour le reconnaître.",
    )
    field_order = ["name", "profiles", "services"]

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, structure=structure, **kwargs)
        profiles = self.fields["profiles"]
        profiles.label = "Que pourra faire ce logiciel\u00a0?"
        profiles.help_text = "Il ne pourra jamais gérer votre structure, ni changer où vous êtes payé."
        profiles.error_messages["required"] = "Choisissez au moins une chose que ce logiciel pourra faire."
        opened = {row.profile.value: {space for space, _ in row.spaces} for row in PROFILES}
        choices = profiles.choices  # type: ignore[attr-defined]
        profiles.choices = [row for row in choices if not SPACES_FOR_PEOPLE & opened[row[0]]]  # type: ignore[attr-defined]
        if "services" in self.fields:
            self.fields[
                "services"
            ].help_text = (
                "N’en cochez aucun pour qu’il voie les factures de tous les services, et celles qui n’en nomment pas."
            )


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
