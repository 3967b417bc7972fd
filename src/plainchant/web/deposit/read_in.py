"""Under each field of a draft: the cell it was read in, or what is asked of it."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html

from plainchant.portal.drafts.readiness import Readiness


def tell(form: forms.Form, readiness: Readiness) -> dict[str, str]:
    """Add to the help of each field what is asked of it, else the cell its value was read in, as long as it is still
    that one. The fields that something is asked of, and what."""
    asked: dict[str, str] = {}
    for finding in readiness.open:
        if finding.field in form.fields:
            asked.setdefault(finding.field, finding.message)
    for name in readiness.doubtful:
        value = readiness.values[name]
        where = f" {value.where}," if value.where else ""
        asked.setdefault(name, f"{value.doubt} (lu{where} sans certitude)")
    for name in form.fields:
        hint = _hint(name, form, readiness, asked)
        if hint:
            bound = form[name]  # kept by the form once it has been looked at
            bound.help_text = format_html("{} {}", bound.help_text, hint) if bound.help_text else hint
    return asked


def _hint(name: str, form: forms.Form, readiness: Readiness, asked: dict[str, str]) -> str:
    if name in asked:
        return "" if form.errors.get(name) else format_html('<strong class="read-in">{}</strong>', asked[name])
    value = readiness.values.get(name)
    if value is None or not value.where.startswith("en "):
        return ""
    return format_html('<span class="read-in">Lu {}.</span>', value.where)
