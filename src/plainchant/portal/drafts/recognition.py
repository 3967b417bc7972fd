"""Scans and photos: their characters are recognised in the background, once their draft exists, and fill what is empty.

A row waits until it has been read or given up; the queue only says when. One is read at a time on a machine: whoever
finds another at work leaves the row waiting, and whoever has finished asks for the next.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.lib.outages import StoreAway
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.store.queries import open_file
from plainchant.reader import scans
from plainchant.reader.reasons import FailureReason, ReaderFailed

from .models import DocumentReading, Draft, Recognition
from .operations import fill
from .proposal import propose

log = logging.getLogger(__name__)

RECOGNISE = "drafts.recognise"
MAX_ATTEMPTS = 3  # a document during which the worker ended that often is not read again

GIVEN_UP = (
    "La lecture de ce document s’est interrompue plusieurs fois. Recopiez ce que vous y voyez, la page est à côté."
)


def is_wanted(*, reading: DocumentReading) -> bool:
    """Whether what matters on a document is in pictures: nothing could be read in its text."""
    return scans.is_wanted(reading.result)


def known_at_once(*, reading: dict[str, Any]) -> dict[str, Any]:
    """What of a reading is proposed before its pages are recognised: nothing that only a scanner has seen.

    What it misread would stand in the form as if somebody had typed it, and our own reading fills what is empty.
    """
    return {} if "recognised_pages" in reading.get("warnings", ()) else reading


def ask(*, invoice: Invoice, at: datetime) -> None:
    """Have the document of a draft read as soon as the transaction has committed; again, if it is another one."""
    anew = {"state": Recognition.State.WAITING, "tried_at": None, "ended_at": None, "attempts": 0, "sentence": ""}
    Recognition.objects.update_or_create(invoice=invoice, defaults={**anew, "asked_at": at})
    _enqueue(uid=str(invoice.uid), at=at)


def waiting(*, before: datetime) -> QuerySet[Recognition]:
    """Rows that have waited, or been at work, since before that instant: the worker may have gone."""
    rows = Recognition.objects.filter(state=Recognition.State.WAITING)
    return (rows.filter(tried_at__isnull=True, asked_at__lt=before) | rows.filter(tried_at__lt=before)).order_by("pk")


def ask_again(*, recognition: Recognition, at: datetime) -> None:
    """For the sweep."""
    _enqueue(uid=str(recognition.invoice.uid), at=at)


def recognise(*, invoice: Invoice, at: datetime) -> None:
    """Read the document of a draft and fill what is still empty in it; nothing if that has been done.

    Leaves the row waiting when another document is being read on this machine.
    """
    row = Recognition.objects.filter(invoice=invoice, state=Recognition.State.WAITING).first()
    if row is None:
        return
    claimed = Recognition.objects.filter(
        pk=row.pk, state=Recognition.State.WAITING, attempts=row.attempts, tried_at=row.tried_at
    ).update(attempts=row.attempts + 1, tried_at=at)
    if not claimed:
        return  # another worker has it
    if invoice.status != Status.DRAFT or row.attempts >= MAX_ATTEMPTS:
        _end(row, sentence=GIVEN_UP, at=at)
        return
    try:
        file = InvoiceFile.objects.select_related("stored", "legible").get(
            invoice=invoice, role=InvoiceFile.Role.INVOICE
        )
        with open_file(stored=file.page) as opened:
            data = opened.read()
        read = scans.read_scan(data, patience=0)
    except StoreAway:
        _leave(row)
        raise
    except ReaderFailed as failed:
        if failed.reason is FailureReason.BUSY:
            _leave(row)
            return
        _fill(invoice=invoice, read=None, at=at)
        _end(row, sentence=failed.sentence, at=at)
    else:
        if read.reason is None:
            _fill(invoice=invoice, read=read, at=at)
        _end(row, sentence=read.sentence, at=at)
    _ask_for_the_next(at=at)


def _leave(row: Recognition) -> None:
    """To be asked again by the sweep: that was no attempt."""
    Recognition.objects.filter(pk=row.pk).update(attempts=F("attempts") - 1, tried_at=None)


def _end(row: Recognition, *, sentence: str, at: datetime) -> None:
    state = Recognition.State.FAILED if sentence else Recognition.State.READ
    Recognition.objects.filter(pk=row.pk).update(state=state, sentence=sentence, ended_at=at)


@transaction.atomic
def _fill(*, invoice: Invoice, read: scans.Recognised | None, at: datetime) -> None:
    """Keep what was read, and propose it where the draft says nothing; what somebody has typed stays.

    Without, it is what the file's own words say, if it has any.
    """
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    draft = Draft.objects.select_related("invoice__seller").get(invoice=invoice)
    if draft.invoice.status != Status.DRAFT:
        return
    if read is not None:
        DocumentReading.objects.filter(invoice=invoice).update(result=read.reading, pages=read.pages, read_at=at)
    reading = DocumentReading.objects.get(invoice=invoice).result
    proposed = propose(reading=reading, seller=draft.invoice.seller, buyer=None, at=at)
    if draft.fields["buyer"].strip() not in ("", proposed.get("buyer")):
        proposed.pop("buyer_service", None)  # of another body than the one that was chosen
    fill(draft=draft, read=proposed, at=at)


def _ask_for_the_next(*, at: datetime) -> None:
    following = Recognition.objects.filter(state=Recognition.State.WAITING, tried_at__isnull=True)
    row = following.select_related("invoice").order_by("pk").first()
    if row is not None:
        _enqueue(uid=str(row.invoice.uid), at=at)


def _enqueue(*, uid: str, at: datetime) -> None:
    enqueue(task=RECOGNISE, key=uid, at=at, arguments={"uid": uid})
