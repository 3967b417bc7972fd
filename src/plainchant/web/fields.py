"""Form fields that several pages ask for: a day as French people write it, any number of files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import strip_tags

from plainchant.portal.drafts.values import NotUnderstood, day
from plainchant.portal.structures.models import Structure
from plainchant.web.templatetags.plainchant import siret


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


class StructureField(forms.ModelChoiceField):
    """One of several structures. Two may bear the same name: each is shown with its SIRET and its town."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Structure.objects.none(), to_field_name="uid", **kwargs)

    def label_from_instance(self, obj: Structure) -> str:
        return " · ".join(filter(None, [str(obj), strip_tags(str(siret(obj.identifier))), obj.city]))

    def offer(self, structures: QuerySet[Structure]) -> Structure | None:
        """Offer these. Where there is but one nothing is asked, and it is returned."""
        self.queryset = structures
        few = list(structures[:2])
        if len(few) != 1:
            return None
        self.widget = forms.HiddenInput()
        return few[0]


class InWhoseNameForm(forms.Form):
    """In whose name something is done; asked only where there are several."""

    structure = StructureField(
        label="Au nom de quelle structure ?",
        empty_label="Choisissez",
        error_messages={"required": "Choisissez au nom de quelle structure."},
    )

    def __init__(self, *args: Any, structures: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["structure"]
        assert isinstance(field, StructureField)  # noqa: S101 - declared above
        only = field.offer(structures)
        if only is not None:
            self.initial["structure"] = only.uid


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
