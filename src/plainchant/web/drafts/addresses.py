"""Where a draft is gone on with: beside the document that was handed in, or in the sheet that is typed."""

from __future__ import annotations

from django.urls import reverse

from plainchant.portal.drafts.fields import DraftSource
from plainchant.portal.drafts.models import Draft

_FORM = {DraftSource.DOCUMENT: "deposit_prepare", DraftSource.SHEET: "entry_sheet"}
_ATTACHMENTS = {
    DraftSource.DOCUMENT: ("deposit_prepare", "#pieces-jointes"),
    DraftSource.SHEET: ("entry_attachments", ""),
}


def form_url(draft: Draft) -> str:
    """The page with its form."""
    return reverse(_FORM[DraftSource(draft.source)], args=[draft.invoice.uid])


def attachments_url(draft: Draft) -> str:
    """The place where documents are joined to it and taken off."""
    name, anchor = _ATTACHMENTS[DraftSource(draft.source)]
    return reverse(name, args=[draft.invoice.uid]) + anchor
