"""The pages of an invoice as people read them, whatever it came as: a PDF, a workbook, a picture, typed, or data alone.

``pages_of`` is what every page that shows an invoice asks. The document that was handed in is read by people; an
invoice that came as data alone is drawn when it is first opened, for the drawing costs more than all the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from plainchant.portal.store import antivirus
from plainchant.portal.store.operations import keep, register
from plainchant.portal.store.pages import MOST_SIZED, count_pages, one_try
from plainchant.portal.store.queries import local_file
from plainchant.reader import sandbox
from plainchant.reader.flows import page_of
from plainchant.reader.reasons import FailureReason, ReaderFailed

from .models import Invoice, InvoiceFile

log = logging.getLogger(__name__)

MOST_SHOWN = MOST_SIZED

_BUSY = (
    "Beaucoup de documents sont ouverts en ce moment. Rechargez cette page dans une minute, ou téléchargez celui-ci."
)
_NOT_DRAWN = "Ses pages n’ont pas pu être dessinées. Rien n’est perdu : téléchargez le document pour le lire."
_DATA_NOT_DRAWN = (
    "Cette facture est arrivée sous forme de données, et sa page n’a pas pu être dessinée. "
    "Toutes ses données sont là : téléchargez-les, ou lisez « Détails de la facture »."
)
_NOTHING = "Aucun document n’accompagne cette facture. Ce qu’elle dit est dans « Détails de la facture »."
_LOST = (
    "Le portail ne parvient pas à lire ce document dans son stock de fichiers. Réessayez plus tard ; "
    "si cela dure, prévenez la personne qui gère le portail."
)


# What may keep a document from being drawn: the reader, the antivirus that looks at the drawing, the store.
UNREADABLE = (ReaderFailed, *antivirus.REFUSALS, OSError)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """``count`` pages, and the size in points of the first MOST_SHOWN; or no page, and ``trouble`` says why.

    ``document`` is what people download and read. It is None for an entry that was not sent, and where ``data``, which
    the invoice came as, could not be drawn.
    """

    document: InvoiceFile | None
    data: InvoiceFile | None = None
    count: int = 0
    sizes: tuple[tuple[float, float], ...] = ()
    trouble: str = ""


def pages_of(*, invoice: Invoice, at: datetime) -> Pages:
    """What there is to show of ``invoice``. Never raises for what the document is: the page around it must be shown."""
    document: InvoiceFile | None = None
    try:
        document = document_of(invoice=invoice, at=at)
        if document is None:
            return Pages(document=None, trouble=_NOTHING)
        count_pages(stored=document.page, at=at)
    except (ReaderFailed, *antivirus.REFUSALS) as failed:
        reason = failed.reason if isinstance(failed, ReaderFailed) else failed.code
        log.warning("the pages of invoice %s cannot be shown: %s", invoice.uid, reason)
        usual = _NOT_DRAWN if document else _DATA_NOT_DRAWN
        data = None if document else _data(invoice)
        return Pages(document=document, data=data, trouble=_BUSY if reason is FailureReason.BUSY else usual)
    except OSError:
        log.exception("a document of invoice %s cannot be read in the store", invoice.uid)
        return Pages(document=document, trouble=_LOST)
    return Pages(
        document=document,
        count=document.page.page_count or 0,
        sizes=tuple((width, height) for width, height in document.page.page_sizes),
    )


def pages_of_drawing(*, draw: Callable[[], bytes]) -> Pages:
    """What there is to show of a drawing that is not kept: the page of a draft as it would be sent."""
    try:
        count, sizes = sandbox.page_sizes(draw(), most=MOST_SHOWN)
    except ReaderFailed as failed:
        log.warning("a drawing cannot be shown: %s", failed.reason)
        return Pages(document=None, trouble=_BUSY if failed.reason is FailureReason.BUSY else _NOT_DRAWN)
    return Pages(document=None, count=count, sizes=tuple(sizes))


def document_of(*, invoice: Invoice, at: datetime) -> InvoiceFile | None:
    """The invoice's principal document, drawn and kept the first time it is asked for. Raises UNREADABLE.

    The same data always give the same page: it loses nothing by waiting. None if there is nothing to draw.
    """
    document = _principal(invoice)
    data = _data(invoice) if document is None else None
    if document is not None or data is None or data.part is None:
        return document
    with one_try(stored=data.stored, at=at):
        pdf = page_of(document=local_file(stored=data.stored), part=data.part)
    name = f"{data.name.rpartition('.')[0]}.pdf"
    stored = keep(file=ContentFile(pdf), name=name, media_type="application/pdf", at=at)
    try:
        with transaction.atomic():
            register(kept=[stored])
            # Not `write_file`: showing an invoice does not change it.
            return InvoiceFile.objects.create(
                invoice=invoice,
                stored=stored,
                role=InvoiceFile.Role.INVOICE,
                name=name[:200],
                added_at=at,
                added_by=data.added_by,
            )
    except IntegrityError:  # somebody else asked at the same moment: theirs is the same page
        return _principal(invoice)


def _principal(invoice: Invoice) -> InvoiceFile | None:
    files = InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.INVOICE)
    return files.select_related("stored", "legible").first()


def _data(invoice: Invoice) -> InvoiceFile | None:
    """The data that the invoice came as, if it came as data."""
    files = InvoiceFile.objects.filter(invoice=invoice, part__isnull=False)
    return files.select_related("stored", "added_by").first()
