"""Send what is ready of a drop: each invoice alone, with a certificate of its own; one refused stops no other."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.operations import submit
from plainchant.portal.flows.folder import Piece
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import receive_folder
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.lib.errors import Refused
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.queries import open_file
from plainchant.portal.structures.models import Structure

from .models import Drop, DroppedFile
from .permissions import SEND_DROP

log = logging.getLogger(__name__)

SEND = "drops.send"
_State = DroppedFile.State


@transaction.atomic
def send_ready(*, drop: Drop, revisions: Mapping[str, int], actor: Actor, at: datetime) -> int:
    """Have these files leave: uid of a file → the revision of its draft that was seen. How many were asked to.

    Asked twice, each leaves once. Raises NotAllowed over the drop; over each invoice it is asked when it leaves.
    """
    require(actor, SEND_DROP, drop)
    drafted = DroppedFile.objects.filter(
        drop=drop, uid__in=revisions, state=_State.DRAFTED, invoice__status=Status.DRAFT, sending_asked_at__isnull=True
    )
    count = 0
    for file in drafted.select_for_update(of=("self",)):
        count += 1
        DroppedFile.objects.filter(pk=file.pk).update(
            sending_asked_at=at, sending_revision=revisions[str(file.uid)], sentence=""
        )
        _enqueue(file, at=at)
    return count


def leaving(*, before: datetime) -> QuerySet[DroppedFile]:
    """Files that were asked to leave before that instant and have not."""
    return DroppedFile.objects.filter(sending_asked_at__lt=before).order_by("pk")


def ask_again(*, file: DroppedFile, at: datetime) -> None:
    """For the sweep."""
    _enqueue(file, at=at)


def send(*, file: DroppedFile, at: datetime) -> None:
    """Send one of them; nothing if that has been done. Why it could not is noted, and it stays a draft."""
    if file.sending_asked_at is None or file.invoice is None:
        return
    draft = Draft.objects.select_related("invoice__seller").get(invoice=file.invoice)
    sentence = ""
    try:
        submit(draft=draft, actor=Actor(file.drop.person), at=at, revision=file.sending_revision)
    except Refused as refused:
        log.info("a draft of drop %s stays: %s", file.drop.uid, refused.code)
        sentence = refused.findings[0].message if refused.findings else refused.sentence
    DroppedFile.objects.filter(pk=file.pk).update(sending_asked_at=None, sentence=sentence, looked_revision=None)


def send_electronic(*, drop: Drop, structure: Structure, actor: Actor, at: datetime) -> Flow:
    """Send the electronic invoices of a drop as they are: one flow, handed in by ``structure``.

    Raises what `flows.operations.receive_folder` raises.
    """
    require(actor, SEND_DROP, drop)
    files = list(
        DroppedFile.objects.filter(drop=drop, state=_State.ELECTRONIC).select_related("stored").order_by("position")
    )
    opened: list[Any] = []
    try:
        pieces = []
        for file in files:
            assert file.stored is not None  # noqa: S101 - kept until it has left
            opened.append(open_file(stored=file.stored))
            pieces.append(Piece(f"{file.position:03d}-{file.name}", opened[-1], file.stored.size))
        flow = receive_folder(
            structure=structure,
            pieces=pieces,
            name=f"{len(files)} factures électroniques",
            actor=actor,
            at=at,
            deposit_mode=DepositMode.FLOW,
        )
    finally:
        for each in opened:
            each.close()
    DroppedFile.objects.filter(pk__in=[file.pk for file in files]).update(state=_State.HANDED_ON, flow=flow)
    return flow


def _enqueue(file: DroppedFile, *, at: datetime) -> None:
    enqueue(task=SEND, key=str(file.uid), at=at, arguments={"uid": str(file.uid)})
