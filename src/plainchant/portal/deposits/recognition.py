"""Documents without text: where the recognition of characters is asked for, once their draft exists."""

from __future__ import annotations

from datetime import datetime

from plainchant.portal.invoices.models import Invoice

from .models import DocumentReading


def is_wanted(*, reading: DocumentReading) -> bool:
    """Whether the pages of a document are pictures: nothing could be read in them."""
    return "image_only" in reading.result.get("warnings", [])


def ask(*, invoice: Invoice, at: datetime) -> None:
    """Called in the transaction of the deposit, with a draft that is empty.

    Nothing here recognises characters yet: the draft stays empty, and its page says so beside the picture.
    """
