"""Form fields that several pages ask for: a day as French people write it, any number of files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet

from plainchant.portal.drafts.values import NotUnderstood, day
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import named_like
from plainchant.reader.text import storable

MANY = 8  # structures beyond which one is looked for instead of read among the others
MOST_CHOSEN = 200  # boxes of a list at once
MOST_PROPOSED = 300  # that the browser proposes while one types: the others are found by their name all the same


def uids_among(values: Sequence[str], *, most: int = MOST_CHOSEN) -> list[UUID]:
    """The rows that chosen boxes name, ``most`` of them; what is no identifier is left out."""
    found = []
    for value in values[:most]:
        with suppress(ValueError):
            found.append(UUID(value))
    return found


class DateField(forms.CharField):
    """12/03/2026 or « 12 mars 2026 » → date. Empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 14, "placeholder": ""}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return day(super().clean(value))
        except NotUnderstood as error:
            raise forms.ValidationError(str(error), code="date") from error


class StructureSearch(forms.TextInput):
    """A structure looked for by name or SIRET, where there are too many to be read one by one."""

    template_name = "components/widgets/structure_search.html"
    structures: QuerySet[Structure] = Structure.objects.none()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = self.structures.only("name", "label", "identifier", "identifier_type", "city")[:MOST_PROPOSED]
        return {
            **context,
            "list_id": f"{name}-proposed",
            "proposed": [structure_in_words(structure) for structure in shown],
        }


class StructureField(forms.ModelChoiceField):
    """One of several structures. Two may bear the same name: each is shown with its SIRET and its town.

    More than `MANY` are looked for by name or SIRET. In an address it is the structure's uid, as everywhere.
    """

    is_asked = False  # whether there is a choice at all

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Structure.objects.none(), to_field_name="uid", **kwargs)

    def label_from_instance(self, obj: Structure) -> str:
        return structure_in_words(obj)

    def offer(self, structures: QuerySet[Structure]) -> Structure | None:
        """Offer these. Where there is but one nothing is asked, and it is returned."""
        self.queryset = structures
        few = list(structures[: MANY + 1])
        self.is_asked = len(few) > 1
        if len(few) == 1:
            self.widget = forms.HiddenInput()
            return few[0]
        if len(few) > MANY:
            self.widget = StructureSearch(attrs={"autocomplete": "off", "size": 40, "maxlength": 300})
            self.widget.structures = structures
            self.help_text = self.help_text or "Tapez le début du nom, ou le SIRET."
        return None

    def to_python(self, value: Any) -> Structure | None:
        if not isinstance(self.widget, StructureSearch) or _is_uid(value):
            return super().to_python(value)
        text = storable(str(value or "")).strip()
        if not text:
            return None
        siret_typed = re.search(r"[0-9]{14}", re.sub(r"\s", "", text))
        found = (
            self.widget.structures.filter(identifier=siret_typed[0])
            if siret_typed
            else _named(self.widget.structures, text)
        )
        few = list(found[:2])
        if not few:
            raise forms.ValidationError("Aucune de vos structures n’a ce nom, ou ce SIRET.", code="unknown")
        if len(few) > 1:
            raise forms.ValidationError(
                "Plusieurs de vos structures répondent à ce nom. Choisissez-en une dans la liste, ou écrivez son "
                "SIRET.",
                code="several",
            )
        return few[0]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(self.widget, StructureSearch) and _is_uid(value):
            chosen = with_uid(self.widget.structures, str(value))
            return structure_in_words(chosen) if chosen else ""
        return super().prepare_value(value)


def _named(structures: QuerySet[Structure], text: str) -> QuerySet[Structure]:
    same = structures.filter(Q(name__iexact=text) | Q(label__iexact=text))
    return same if same.exists() else named_like(structures=structures, text=text)


def structure_in_words(structure: Structure) -> str:
    """« Atelier Lumen · 123 456 789 00012 · Valbrume »."""
    return " · ".join(filter(None, [str(structure), structure.known_as, structure.city]))


def with_uid(structures: QuerySet[Structure], uid: str) -> Structure | None:
    """The one of ``structures`` that an address or a button names, None if it is none of them."""
    return structures.filter(uid=uid).first() if _is_uid(uid) else None


def _is_uid(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


class InWhoseNameForm(forms.Form):
    """In whose name something is done; asked only where there are several."""

    structure = StructureField(
        label="Au nom de quelle structure ?",
        empty_label="Choisissez",
        error_messages={"required": "Choisissez au nom de quelle structure."},
    )

    def __init__(
        self, *args: Any, structures: QuerySet[Structure], chosen: Structure | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["structure"]
        assert isinstance(field, StructureField)  # noqa: S101 - declared above
        proposed = field.offer(structures) or chosen
        if proposed is not None:
            self.initial["structure"] = proposed.uid


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        # Sizes, names and extensions are the operation's to judge: one sentence, in one place.
        return [item for item in (data if isinstance(data, list) else [data]) if item]

    def to_python(self, data: Any) -> Any:
        return data
