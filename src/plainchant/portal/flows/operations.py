"""Take a flow in, and carry each of its invoices as far as it may go.

Taking it in is short: the bytes are durable, the flow has its number, everything else is done in the background, in
`lots`: a worker that dies at any point loses nothing and does nothing twice.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.operations import delete as delete_draft
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.invoices.permissions import SEND_INVOICES
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.antivirus import ScannerAway
from plainchant.portal.store.operations import keep, register, sha256_of
from plainchant.portal.store.queries import local_file
from plainchant.portal.store.quotas import refuse_flow
from plainchant.portal.structures.models import Structure
from plainchant.reader.flows import FlowEnd, kind_of, read_flow
from plainchant.reader.flows import InvoiceInFlow as Found
from plainchant.reader.sandbox import FailureReason, ReaderFailed

from . import notifications
from .codes import Row, row
from .collective import invoices_of
from .declaration import declared, official_name, settled
from .folder import Piece, packed
from .lots import Lot
from .models import NOT_ENDED, Flow, FlowInvoice, Packaging, State
from .proposal import LOOK, PROCESS, as_shown, look_again, shown_of

log = logging.getLogger(__name__)

AT_ONCE = 250  # invoices of one run of the task: a long flow must not keep others waiting
MAX_UNREADABLE = 20  # invoices that kill their reader, of one flow: then it is given up
MAX_FLOW_BYTES = 1 << 30
MAX_FILES = 500  # of a folder: an invoice each


class FlowRefused(Refused):
    """A file that cannot be taken in as a flow."""

    code = "IRR_TYPE_F"


def receive(
    *,
    structure: Structure,
    file: File,
    name: str,
    size: int,
    actor: Actor,
    at: datetime,
    deposit_mode: DepositMode,
    syntax: str = "",
    packaging: Packaging | None = None,
    draft: Draft | None = None,
    is_confirmed: bool = True,
) -> Flow:
    """Keep a flow and give it its number; it is processed afterwards.

    A table that is not ``is_confirmed`` is looked at, and waits for `proposal.confirm`.

    The same bytes sent again by the same structure are the same flow. ``syntax`` is the syntaxeFlux that the sender
    declares, if any; ``packaging`` is told where the file itself cannot say it (a folder); ``draft`` goes in the same
    transaction. Raises NotAllowed (the actor may not send in the structure's name; each invoice is asked for its own
    supplier later), FlowRefused (empty, too big, broken, nothing in it is an invoice, a flow of this name exists),
    QuotaReached, StatusHasChanged (of the draft), one of antivirus.REFUSALS, or sandbox.ReaderFailed: then nothing has
    been kept.
    """
    require(actor, SEND_INVOICES, structure)
    if size == 0:
        raise FlowRefused(
            f"Le fichier « {name[:60]} » est vide. Choisissez celui qui contient vos factures.",
            code="IRR_VIDE_F",
            field="file",
        )
    if size > MAX_FLOW_BYTES:
        raise FlowRefused(
            "Un flux ne peut pas dépasser 1 Go. Répartissez vos factures en plusieurs envois.",
            code="IRR_TAILLE_F",
            field="file",
        )
    shares = shares_of(structure=structure, actor=actor)
    _require_flows_left(structure, actor, at)
    known = _same(structure, sha256_of(file))
    if known is not None:
        if known.state == State.PROPOSED:
            look_again(flow=known, actor=actor, at=at)
        return _replacing(known, draft, actor, at)
    # Too big for one look of the antivirus, it is kept all the same: each document in it is scanned before it is taken.
    stored = keep(
        file=file, name=name, media_type="application/octet-stream", at=at, members_follow=True, owners=shares
    )
    kind = kind_of(document=local_file(stored=stored))
    if kind.trouble or not kind.interface:
        raise FlowRefused(
            kind.trouble
            or f"« {name[:60]} » ne contient pas de facture que nous sachions lire : ni UBL, ni CII, ni Factur-X. "
            "Vérifiez que c’est le bon fichier.",
            code=kind.code or "IRR_TYPE_F",
            field="file",
        )
    given = official_name(name)
    declared_syntax = declared(syntax=syntax, name=name)
    interface, known_as = settled(announced=declared_syntax, interface=kind.interface, found=kind.syntax)
    waits = kind.packaging == Packaging.WORKBOOK and not is_confirmed
    try:
        with transaction.atomic():
            register(kept=[stored])
            flow = Flow.objects.create(
                number=uuid.uuid4().hex[:25],
                interface=interface,
                syntax=known_as,
                structure=structure,
                sender=actor.account,
                deposit_mode=deposit_mode,
                name=name[:255],
                given_number=given,
                declared=declared_syntax,
                packaging=packaging or Packaging(kind.packaging),
                expected=kind.files,
                content=stored.sha256,
                stored=stored,
                state=State.PROPOSED if waits else State.RECEIVED,
                state_at=at,
                received_at=at,
            )
            flow.number = f"CPP001{interface[3:7]}{flow.pk:015d}"
            flow.save(update_fields=["number"])
            enqueue(task=LOOK if waits else PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})
            return _replacing(flow, draft, actor, at)
    except IntegrityError:
        known = _same(structure, stored.sha256)
        if known is not None:
            return _replacing(known, draft, actor, at)
        raise FlowRefused(
            f"Un flux nommé {given} a déjà été envoyé. Un nom de flux ne sert qu’une fois : changez sa séquence.",
            code="IRR_NOM_F",
            field="file",
        ) from None


def _replacing(flow: Flow, draft: Draft | None, actor: Actor, at: datetime) -> Flow:
    """The flow, once the draft that it was has gone."""
    if draft is not None:
        delete_draft(draft=draft, actor=actor, at=at)
    return flow


def receive_folder(
    *,
    structure: Structure,
    pieces: Sequence[Piece],
    name: str,
    actor: Actor,
    at: datetime,
    deposit_mode: DepositMode,
    syntax: str = "",
    is_confirmed: bool = True,
) -> Flow:
    """The same for files that belong together: one flow, also of one file. Raises what `receive` raises."""
    require(actor, SEND_INVOICES, structure)
    if not pieces:
        raise FlowRefused("Il n’y a aucun fichier à envoyer.", code="IRR_VIDE_F", field="file")
    if len(pieces) > MAX_FILES:
        raise FlowRefused(
            f"Un flux contient {MAX_FILES} factures au plus, et il y a {len(pieces)} fichiers. "
            "Envoyez-les en plusieurs fois.",
            code="IRR_TAILLE_F",
            field="file",
        )
    sent: dict[str, Any] = {
        "structure": structure,
        "actor": actor,
        "at": at,
        "deposit_mode": deposit_mode,
        "syntax": syntax,
    }
    if len(pieces) == 1:
        [piece] = pieces
        return receive(file=piece.file, name=piece.name, size=piece.size, is_confirmed=is_confirmed, **sent)
    with packed(pieces=pieces) as file:
        return receive(file=file, name=name, size=file.size, packaging=Packaging.FOLDER, **sent)


def _require_flows_left(structure: Structure, actor: Actor, at: datetime) -> None:
    lately = Flow.objects.filter(received_at__gt=at - timedelta(days=1))
    sent = {"structure": lately.filter(structure=structure), "person": lately.filter(sender=actor.account)}
    for owner in shares_of(structure=structure, actor=actor):
        refuse_flow(owner=owner, sent=sent[owner.key.partition(":")[0]].count())


def _same(structure: Structure, content: str) -> Flow | None:
    return Flow.objects.filter(structure=structure, content=content).exclude(state=State.REJECTED).first()


def process(*, flow: Flow, at: datetime) -> bool:
    """Carry the next invoices of a flow on; True once it has come to its end. Safe to run twice, also at once.

    Raises antivirus.ScannerAway: the flow then waits, and goes on where it was when it is processed again.
    """
    if flow.is_ended or flow.state == State.PROPOSED:
        return True
    Flow.objects.filter(pk=flow.pk, state__in=[State.RECEIVED, State.WAITING]).update(state=State.WORKING, state_at=at)
    try:
        return _process(flow, at)
    except ScannerAway:
        Flow.objects.filter(pk=flow.pk, state=State.WORKING).update(state=State.WAITING, state_at=at)
        raise


def _found(flow: Flow, at: datetime, start: int) -> Iterator[Found | FlowEnd]:
    if flow.packaging == Packaging.WORKBOOK:
        return invoices_of(flow=flow, at=day_in_paris(at), start=start)
    assert flow.stored is not None  # noqa: S101 - let go only once it has ended
    return read_flow(document=local_file(stored=flow.stored), at=day_in_paris(at), start=start)


def _process(flow: Flow, at: datetime) -> bool:
    done = set(FlowInvoice.objects.filter(flow=flow).values_list("position", "part"))
    # ``position`` is the file that the reader is at, ``start`` the last one that gave anything: it may hold more.
    start = max((position for position, _ in done), default=0)
    proposed = shown_of(flow)
    count = unreadable = 0
    tries: Counter[int] = Counter()
    while True:
        position = start
        lot = Lot(flow=flow, at=at)
        try:
            for found in _found(flow, at, start):
                if isinstance(found, FlowEnd):
                    lot.carry()
                    _end(flow=flow, trouble=found.trouble, code=found.code, at=at)
                    return True
                start, position = found.position, found.position + 1
                if (found.position, found.part) in done:
                    continue
                lot.add(as_shown(proposed, found))
                done.add((found.position, found.part))
                if lot.is_full:
                    count += lot.carry()
                    if count >= AT_ONCE:
                        enqueue(task=PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})
                        return False
        except ReaderFailed as failed:
            lot.carry()
            if failed.reason is FailureReason.BUSY:  # other flows have the readers: nothing is known of this one
                enqueue(task=PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})
                return False
            log.warning("flow %s: its reader gave up on file %d (%s)", flow.number, position, failed.reason)
            tries[position] += 1
            # Once more: perhaps what came before had used the child up, and a fresh one reads it. More often behind the
            # last file: on a machine that is much too busy children end there of nothing, and it would be made up.
            if tries[position] < (_TRIES_AT_THE_END if position >= flow.expected else 2):
                continue
            unreadable += 1
            _refuse(flow=flow, position=position, part=0, findings=[_UNREADABLE], at=at)
            start = position + 1
            if unreadable >= MAX_UNREADABLE:
                _end(flow=flow, trouble=_GIVEN_UP, code="FLUX-ABANDON", at=at)
                return True


_TRIES_AT_THE_END = 6
_UNREADABLE = row(
    "FLUX-ILLISIBLE",
    "Ce fichier n’a pas pu être lu jusqu’au bout : il est trop lourd ou abîmé. "
    "Produisez-le à nouveau avec votre logiciel, puis envoyez-le seul.",
)
_GIVEN_UP = (
    f"Plus de {MAX_UNREADABLE} fichiers de ce flux n’ont pas pu être lus : le reste n’a pas été traité. "
    "Vérifiez l’archive, puis envoyez de nouveau ce qui manque."
)


STOPPED = "FLUX-INCIDENT"
_STOPPED = "Un incident a arrêté ce flux avant qu’une facture soit prise. Renvoyez le même fichier."


def stop(*, flow: Flow, at: datetime) -> None:
    """End a flow that nobody has begun to process: none of its invoices is taken, and its sender is told.

    Of one that has begun or ended nothing is changed: what was taken stays taken.
    """
    with transaction.atomic():
        if Flow.objects.select_for_update().filter(pk=flow.pk, state=State.RECEIVED).exists():
            _end(flow=flow, trouble=_STOPPED, code=STOPPED, at=at)


def _refuse(*, flow: Flow, position: int, part: int, findings: list[Row], at: datetime) -> None:
    FlowInvoice.objects.get_or_create(
        flow=flow, position=position, part=part, defaults={"findings": findings, "at": at, "name": ""}
    )


@transaction.atomic
def _end(*, flow: Flow, trouble: str, code: str, at: datetime) -> None:
    """Count, give the flow its last state, tell who sent it. Done once, whoever comes first."""
    counts = FlowInvoice.objects.filter(flow=flow).aggregate(
        accepted=Count("pk", filter=Q(invoice__isnull=False)), refused=Count("pk", filter=Q(invoice__isnull=True))
    )
    accepted, refused = counts["accepted"], counts["refused"]
    state = State.PARTLY if accepted and (refused or trouble) else State.INTEGRATED if accepted else State.REJECTED
    ended = Flow.objects.filter(pk=flow.pk, state__in=NOT_ENDED).update(
        state=state, state_at=at, trouble=trouble, trouble_code=code, accepted=accepted, refused=refused
    )
    flow.refresh_from_db()
    if ended:
        notifications.tell_sender(flow=flow, at=at)
        notifications.tell_sellers(flow=flow, at=at)
