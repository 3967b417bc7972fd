"""What is delegated, to whom, and for how long."""

from __future__ import annotations

from typing import Any

from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.delegations import Terms
from plainchant.portal.structures.models import Structure
from plainchant.web.account.fields import LineField, SiretField, warn_about_siret
from plainchant.web.fields import DateField

from .forms import SiretForm
from .rights_forms import RightsForm


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
