"""Where a draft is gone on with: beside the document that was handed in, or in the sheet that is typed."""

from __future__ import annotations

from django.urls import reverse

from plainchant.portal.drafts.fields import Source
from plainchant.portal.drafts.models import Draft

_FORM = {Source.DOCUMENT: "deposit_prepare", Source.SHEET: "entry_sheet"}
_ATTACHMENTS = {Source.DOCUMENT: ("deposit_prepare", "#pieces-jointes"), Source.SHEET: ("entry_attachments", "")}


def form_url(draft: Draft) -> str:
    """The page with its form."""
    return reverse(_FORM[Source(draft.source)], args=[draft.invoice.uid])


def attachments_url(draft: Draft) -> str:
    """The place where documents are joined to it and taken off."""
    name, anchor = _ATTACHMENTS[Source(draft.source)]
    return reverse(name, args=[draft.invoice.uid]) + anchor
