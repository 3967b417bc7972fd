"""The mandate as a page to keep: its facts and its words, drawn from the row and from nothing else."""

from __future__ import annotations

from pathlib import Path

from plainchant.portal.lib.time import PARIS, instant_in_words
from plainchant.reader.drawings import draw_page

from .models import BillingMandate
from .text import VERSIONS

_TEMPLATE = Path(__file__).with_name("mandate.typ")


def draw(*, mandate: BillingMandate) -> bytes:
    """A PDF/A. The same row gives the same page; a revoked mandate says so. Raises ReaderFailed."""
    text = VERSIONS[mandate.text_version]
    subscribed = mandate.subscribed_at.astimezone(PARIS)
    revoked = mandate.revoked_at.astimezone(PARIS) if mandate.revoked_at else None
    sheet = {
        **mandate.facts,
        "title": text.title,
        "version": text.version,
        "name": mandate.name,
        "paragraphs": [{"title": title, "body": body} for title, body in text.paragraphs],
        "subscribed": instant_in_words(subscribed),
        "revoked": instant_in_words(revoked) if revoked else "",
        "date": {"year": subscribed.year, "month": subscribed.month, "day": subscribed.day},
        "reference": str(mandate.uid),
    }
    return draw_page(template=_TEMPLATE, sheet=sheet)
