"""Ask again for every row that has waited too long: nothing depends on the queue's memory.

A worker runs this every minute. Asking twice is harmless: a waiting job is not doubled, a task done twice does nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from plainchant.portal.drafts import recognition
from plainchant.portal.drafts.operations import delete_untouched
from plainchant.portal.drops import reading, sending
from plainchant.portal.flows.models import NOT_ENDED, Flow, State
from plainchant.portal.flows.proposal import LOOK, PROCESS
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.lots import CARRY
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import without_notice
from plainchant.portal.mail import operations as mail
from plainchant.portal.mail.queries import waiting
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.store.operations import remove_orphans

EVERY = timedelta(minutes=1)
ORPHANS_EVERY = timedelta(hours=6)
TOO_LONG = timedelta(minutes=2)
AT_ONCE = 1000  # rows of each kind: the next sweep takes the rest


def sweep(*, at: datetime) -> int:
    """Re-enqueue what has waited since before ``at`` minus two minutes; how many rows were found waiting.

    Sheets that were begun and forgotten are deleted too.
    """
    before = at - TOO_LONG
    found = 0
    # One by one, even those that came in a lot: an invoice that can never be carried must not keep the others back.
    late = Invoice.objects.filter(status__in=[Status.DEPOSITED, Status.FORWARDING], status_at__lt=before)
    for uid in late.order_by("status_at").values_list("uid", flat=True)[:AT_ONCE]:
        enqueue(task=CARRY, key=str(uid), at=at, arguments={"uids": [str(uid)]})
        found += 1
    working = Flow.objects.filter(state__in=NOT_ENDED, state_at__lt=before)
    for uid in working.order_by("state_at").values_list("uid", flat=True)[:AT_ONCE]:
        enqueue(task=PROCESS, key=str(uid), at=at, arguments={"uid": str(uid)})
        found += 1
    unseen = Flow.objects.filter(state=State.PROPOSED, proposal__isnull=True, state_at__lt=before)
    for uid in unseen.order_by("state_at").values_list("uid", flat=True)[:AT_ONCE]:
        enqueue(task=LOOK, key=str(uid), at=at, arguments={"uid": str(uid)})
        found += 1
    for row in recognition.waiting(before=before).select_related("invoice")[:AT_ONCE]:
        recognition.ask_again(recognition=row, at=at)
        found += 1
    for file in reading.waiting(before=before)[:AT_ONCE]:
        reading.ask_again(file=file, at=at)
        found += 1
    for file in sending.leaving(before=before)[:AT_ONCE]:
        sending.ask_again(file=file, at=at)
        found += 1
    for dedup_key in waiting(at=at, asked_before=before).values_list("dedup_key", flat=True)[:AT_ONCE]:
        enqueue(task=mail.DELIVER, key=dedup_key, at=at, arguments={"dedup_key": dedup_key})
        found += 1
    for invoice in without_notice(before=before)[:AT_ONCE]:
        invoices.notify_late(invoice=invoice, at=at)
        found += 1
    return found + delete_untouched(at=at, at_once=AT_ONCE)


def take_out_orphans(*, at: datetime) -> int:
    """Remove documents whose deposit never committed."""
    return remove_orphans(at=at)
