"""Reasons in words."""

from __future__ import annotations

from django import template

from plainchant.einvoice.codes.reasons import REASON_OF

register = template.Library()


@register.filter
def reason(code: str) -> str:
    """« Il manque un justificatif » from JUSTIF_ABS; an unknown code stays itself."""
    found = REASON_OF.get(code)
    return found.label if found else code


@register.filter
def mend(code: str) -> str:
    """What the supplier should do about a reason."""
    found = REASON_OF.get(code)
    return found.mend if found else ""
