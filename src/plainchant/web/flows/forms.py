"""What a visitor hands in, and what one looks for among what was handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.flows.models import State
from plainchant.portal.flows.queries import Wanted
from plainchant.portal.structures.models import Structure
from plainchant.reader.text import storable
from plainchant.web.fields import DateField, FilesField, InWhoseNameForm, MultipleFileInput, StructureField

from .states import STATES

MOST_TOGETHER = 100  # files a browser sends at once: more is an archive (DATA_UPLOAD_MAX_NUMBER_FILES)


class FlowForm(InWhoseNameForm):
    """The files, in whose name they are handed in, and what they are said to be."""

    file = FilesField(
        label="Votre fichier, ou vos fichiers",
        help_text=f"Une facture (XML ou PDF Factur-X), ou plusieurs choisies ensemble ({MOST_TOGETHER} au plus). "
        "Aussi une archive .zip ou .tar.gz de 500 au plus, ou le tableau de factures rempli.",
        allow_empty_file=True,  # an empty file gets the operation's own sentence
        widget=MultipleFileInput(attrs={"data-max-files": MOST_TOGETHER}),
        error_messages={"required": "Choisissez le fichier à envoyer."},
    )
    syntax = forms.ChoiceField(
        label="Format annoncé",
        help_text="Nous le reconnaissons au contenu. S’il n’est pas celui que vous annoncez, le compte rendu le dira.",
        required=False,
        choices=[("", "Je ne sais pas")] + [(code, f"{row.label} · {code}") for code, row in SYNTAX_OF.items()],
    )

    def clean_file(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["file"]
        if not files:
            raise forms.ValidationError(self.fields["file"].error_messages["required"])
        return files


class FlowFilterForm(forms.Form):
    """What to look for in « Suivi des flux »."""

    marks_optional = False

    q = forms.CharField(
        label="Numéro ou nom de fichier",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 30}),
    )
    state = forms.ChoiceField(
        label="Où il en est", required=False, choices=[("", "Tous"), *((state, STATES[state][1]) for state in State)]
    )
    since = DateField(label="Reçu à partir du", required=False)
    until = DateField(label="Jusqu’au", required=False)

    def wanted(self) -> Wanted:
        """What was asked for; what cannot be understood narrows nothing."""
        self.is_valid()
        values = self.cleaned_data
        return Wanted(
            text=storable(values.get("q") or "").strip(),
            state=values.get("state") or "",
            since=values.get("since"),
            until=values.get("until"),
        )


class RejectsForm(forms.Form):
    """Which day's rejects, and of which structure."""

    marks_optional = False

    day = DateField(label="Jour", required=False)
    structure = StructureField(label="Structure", empty_label="Toutes les vôtres", required=False)

    def __init__(self, *args: Any, structures: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["structure"]
        assert isinstance(field, StructureField)  # noqa: S101 - declared above
        field.offer(structures)
