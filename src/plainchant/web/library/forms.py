"""What is asked about a document of a shelf: which it is, the file, its name, and for how long it holds."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.einvoice.codes.attachment_types import ATTACHMENT_TYPES
from plainchant.einvoice.codes.attachments import ATTACHMENT_EXTENSIONS, MAX_ATTACHMENT_NAME
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.library.models import LibraryFile, PieceStanding
from plainchant.portal.library.operations import Description
from plainchant.web.account.fields import LineField
from plainchant.web.forms_rendering import DayInput

_DATES = {"invalid": "Ce n’est pas une date. Écrivez le jour, le mois et l’année, par exemple 31/12/2026."}


class PieceForm(forms.Form):
    """A document that is added, or whose description or file changes."""

    type_code = forms.ChoiceField(
        label="Quel document est-ce ?",
        choices=[("", "Choisissez"), *((kind.code, kind.label) for kind in ATTACHMENT_TYPES)],
        error_messages={
            "required": "Dites quel document c’est : choisissez dans la liste.",
            "invalid_choice": "Dites quel document c’est : choisissez dans la liste.",
        },
    )
    file = forms.FileField(
        label="Le fichier",
        help_text="PDF, image, texte ou tableur : 10 Mo au plus.",
        allow_empty_file=True,  # an empty file gets the operation's own sentence
        max_length=None,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{extension}" for extension in sorted(ATTACHMENT_EXTENSIONS))}
        ),
        error_messages=dict.fromkeys(("required", "invalid", "missing"), "Choisissez le fichier à garder."),
    )
    name = LineField(
        label="Son nom",
        longest=MAX_ATTACHMENT_NAME,
        help_text="Celui que verra le destinataire, 50 caractères au plus. Laissez vide pour garder celui du fichier.",
    )
    valid_from = forms.DateField(label="Vaut à partir du", required=False, widget=DayInput, error_messages=_DATES)
    valid_until = forms.DateField(
        label="Vaut jusqu’au",
        required=False,
        widget=DayInput,
        help_text="Pour une dispense de précompte, laissez vide : l’année civile en cours est notée.",
        error_messages=_DATES,
    )

    def __init__(self, *args: Any, piece: LibraryFile | None = None, at: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.piece, self.at = piece, at
        if piece is not None:
            names = ("type_code", "name", "valid_from", "valid_until")
            self.initial = {name: getattr(piece, name) for name in names}
            self.fields["file"].required = False
            self.fields["file"].label = "Remplacer le fichier"
            self.fields["file"].help_text = "Les factures déjà préparées ou envoyées gardent l’ancien. 10 Mo au plus."

    def clean(self) -> dict[str, Any]:
        piece, until = self.piece, self.cleaned_data.get("valid_until")
        is_old_day = piece is not None and until is not None and until == piece.valid_until
        if piece and self.cleaned_data.get("file") and is_old_day and self._is_expired(piece):
            self.add_error(
                "valid_until", "C’est la date de l’ancien fichier. Écrivez jusqu’à quand vaut le nouveau, ou videz-la."
            )
        return self.cleaned_data

    def _is_expired(self, piece: LibraryFile) -> bool:
        return piece.standing(on=day_in_paris(self.at)) is PieceStanding.EXPIRED

    def description(self) -> Description:
        typed = self.cleaned_data
        return Description(
            type_code=typed["type_code"],
            name=typed["name"],
            valid_from=typed["valid_from"],
            valid_until=typed["valid_until"],
        )
