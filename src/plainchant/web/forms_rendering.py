"""How every form of the pages is drawn: FORM_RENDERER = "plainchant.web.forms_rendering.FormRenderer".

Forms stay plain Django forms: the classes, the width and the templates are chosen here from the widget alone, so
that no form has to know what it looks like.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

CHOICES = "components/widgets/choices.html"
TEMPLATES = {
    "django/forms/widgets/radio.html": CHOICES,
    "django/forms/widgets/checkbox_select.html": CHOICES,
    "django/forms/widgets/clearable_file_input.html": "components/widgets/file.html",
    "django/forms/widgets/file.html": "components/widgets/file.html",
}
# The longest text a class of width holds, shortest first: a field is as wide as its answer.
WIDTHS = ((5, "w-5ch"), (10, "w-10ch"), (22, "w-20ch"), (40, "w-30ch"))
NARROW_TYPES = {"number": "w-10ch", "date": "w-20ch", "time": "w-10ch", "tel": "w-20ch"}
UNDRESSED = {"hidden", "checkbox", "radio", "file"}


class DayInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO dates on the wire whatever language it shows."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FormRenderer(TemplatesSetting):
    """Django's own rendering with our templates and Bootstrap's class names."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def get_template(self, template_name: str) -> Any:
        """The template for a widget: ours where we have one."""
        return super().get_template(TEMPLATES.get(template_name, template_name))

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Dress the widget, then draw it."""
        if "widget" in context:
            dress(context["widget"])
        return super().render(template_name, context, request=request)


def dress(widget: dict[str, Any]) -> None:
    """Give a widget's context the class of its kind and the width of its answer."""
    for part in widget.get("subwidgets", ()):
        dress(part)
    kind = widget.get("type", "")
    if kind in UNDRESSED or "subwidgets" in widget or TEMPLATES.get(widget["template_name"]) == CHOICES:
        return
    attrs = widget["attrs"]
    classes = ["form-select"] if "optgroups" in widget else ["form-control", width(kind=kind, attrs=attrs)]
    attrs["class"] = " ".join(filter(None, [*classes, attrs.get("class", "")]))


def width(*, kind: str, attrs: dict[str, Any]) -> str:
    """The class of width for an input, from its size, its type or the longest answer it takes; "" is the whole line."""
    if "rows" in attrs:
        return ""
    if kind in NARROW_TYPES and "size" not in attrs:
        return NARROW_TYPES[kind]
    longest = int(attrs.get("size") or attrs.get("maxlength") or 0)
    return next((name for limit, name in WIDTHS if 0 < longest <= limit), "")
