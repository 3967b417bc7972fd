"""Take a flow in, and carry each of its invoices as far as it may go.

Taking it in is short: the bytes are durable, the flow has its number, everything else is done in the background. There
each invoice is one transaction: the invoice and the line that says what became of it, or the line alone. So a worker
that dies at any point loses nothing and does nothing twice.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from plainchant.einvoice.model import Header
from plainchant.portal.accounts.models import User
from plainchant.portal.files.antivirus import Infected, ScannerAway, TooBigToScan
from plainchant.portal.files.flows import FlowDocument, FlowEnd, kind_of, read_flow
from plainchant.portal.files.flows import FlowInvoice as Found
from plainchant.portal.files.models import StoredFile
from plainchant.portal.files.operations import discard, sha256_of, store
from plainchant.portal.files.sandbox import ReaderFailed
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import NumberTaken
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.operations import party_of
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.structures.models import Structure

from . import notifications
from .acceptance import Addressed, addressed
from .codes import Row, row
from .collective import invoices_of
from .declaration import declared, official_name, settled
from .folder import Piece, packed
from .models import NOT_ENDED, Flow, FlowInvoice, Packaging, State
from .queries import same_invoice

log = logging.getLogger(__name__)

PROCESS = "flows.process"
AT_ONCE = 100  # invoices of one run of the task: a long flow must not keep others waiting
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
    user: User,
    at: datetime,
    deposit_mode: str,
    syntax: str = "",
    packaging: Packaging | None = None,
) -> Flow:
    """Keep a flow and give it its number; it is processed afterwards.

    The same bytes sent again by the same structure are the same flow. ``syntax`` is the syntaxeFlux that the sender
    declares, if any; ``packaging`` is told where the file itself cannot say it (a folder). Raises FlowRefused (empty,
    too big, broken, nothing in it is an invoice, a flow of this name exists), one of antivirus.REFUSALS, or
    sandbox.ReaderFailed: then nothing has been kept.
    """
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
    known = _same(structure, sha256_of(file))
    if known is not None:
        return known
    # Too big for one look of the antivirus, it is kept all the same: each document in it is scanned before it is taken.
    stored = store(file=file, name=name, media_type="application/octet-stream", at=at, members_follow=True)
    try:
        kind = kind_of(stored=stored)
    except ReaderFailed:
        discard(stored=stored, at=at)
        raise
    if kind.trouble or not kind.interface:
        discard(stored=stored, at=at)
        raise FlowRefused(
            kind.trouble
            or f"« {name[:60]} » ne contient pas de facture que nous sachions lire : ni UBL, ni CII, ni Factur-X. "
            "Vérifiez que c’est le bon fichier.",
            code=kind.code or "IRR_TYPE_F",
            field="file",
        )
    given = official_name(name)
    said = declared(syntax=syntax, name=name)
    interface, known_as = settled(said=said, interface=kind.interface, found=kind.syntax)
    try:
        with transaction.atomic():
            flow = Flow.objects.create(
                number=uuid.uuid4().hex[:25],
                interface=interface,
                syntax=known_as,
                structure=structure,
                sender=user,
                deposit_mode=deposit_mode,
                name=name[:255],
                given_number=given,
                declared=said,
                packaging=packaging or Packaging(kind.packaging),
                expected=kind.files,
                content=stored.sha256,
                stored=stored,
                state=State.RECEIVED,
                state_at=at,
                received_at=at,
            )
            flow.number = f"CPP001{interface[3:7]}{flow.pk:015d}"
            flow.save(update_fields=["number"])
            enqueue(task=PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})
    except IntegrityError:
        discard(stored=stored, at=at)
        known = _same(structure, stored.sha256)
        if known is not None:
            return known
        raise FlowRefused(
            f"Un flux nommé {given} a déjà été envoyé. Un nom de flux ne sert qu’une fois : changez sa séquence.",
            code="IRR_NOM_F",
            field="file",
        ) from None
    return flow


def receive_folder(
    *,
    structure: Structure,
    pieces: Sequence[Piece],
    name: str,
    user: User,
    at: datetime,
    deposit_mode: str,
    syntax: str = "",
) -> Flow:
    """The same for files that belong together: one flow, also of one file. Raises what `receive` raises."""
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
        "user": user,
        "at": at,
        "deposit_mode": deposit_mode,
        "syntax": syntax,
    }
    if len(pieces) == 1:
        [one] = pieces
        return receive(file=one.file, name=one.name, size=one.size, **sent)
    with packed(pieces=pieces) as file:
        return receive(file=file, name=name, size=file.size, packaging=Packaging.FOLDER, **sent)


def _same(structure: Structure, content: str) -> Flow | None:
    return Flow.objects.filter(structure=structure, content=content).exclude(state=State.REJECTED).first()


def process(*, flow: Flow, at: datetime) -> bool:
    """Carry the next invoices of a flow on; True once it has come to its end. Safe to run twice, also at once.

    Raises antivirus.ScannerAway: the flow then waits, and goes on where it was when it is processed again.
    """
    if flow.is_ended:
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
    return read_flow(stored=flow.stored, at=day_in_paris(at), start=start)


def _process(flow: Flow, at: datetime) -> bool:
    done = set(FlowInvoice.objects.filter(flow=flow).values_list("position", "part"))
    # The last file may hold several invoices, not all of them done: it is read again.
    start = max((position for position, _ in done), default=0)
    count = unreadable = 0
    while True:
        position = start
        try:
            for found in _found(flow, at, start):
                if isinstance(found, FlowEnd):
                    _end(flow=flow, trouble=found.trouble, code=found.code, at=at)
                    return True
                position = found.position
                if (found.position, found.part) in done:
                    continue
                if count >= AT_ONCE:
                    enqueue(task=PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})
                    return False
                _carry(flow=flow, found=found, at=at)
                done.add((found.position, found.part))
                count += 1
                position = found.position + 1
        except ReaderFailed as failed:
            if position > start:
                start = position  # perhaps what came before had used the child up: it is read again by a fresh one
                continue
            unreadable += 1
            log.warning("flow %s: its reader gave up on file %d (%s)", flow.number, position, failed.reason)
            _refuse(flow=flow, position=position, part=0, findings=[_UNREADABLE], at=at)
            start = position + 1
            if unreadable >= MAX_UNREADABLE:
                _end(flow=flow, trouble=_GIVEN_UP, code="FLUX-ABANDON", at=at)
                return True


_UNREADABLE = row(
    "FLUX-ILLISIBLE",
    "Ce fichier n’a pas pu être lu jusqu’au bout : il est trop lourd ou abîmé. "
    "Produisez-le à nouveau avec votre logiciel, puis envoyez-le seul.",
)
_GIVEN_UP = (
    f"Plus de {MAX_UNREADABLE} fichiers de ce flux n’ont pas pu être lus : le reste n’a pas été traité. "
    "Vérifiez l’archive, puis envoyez de nouveau ce qui manque."
)


def _carry(*, flow: Flow, found: Found, at: datetime) -> None:
    """One invoice: into the portal, or refused with everything that is wrong with it."""
    if found.header is None or found.findings:
        _refuse_found(flow, found, [*found.findings, *_more(found)], at)
        return
    wrong = _too_long(found.header)
    if wrong:
        _refuse_found(flow, found, wrong, at)
        return
    place = addressed(header=found.header, user=flow.sender, day=day_in_paris(at))
    if isinstance(place, list):
        _refuse_found(flow, found, [{**one, "path": found.places.get(str(one["field"]), "")} for one in place], at)
        return
    stored: list[StoredFile] = []
    try:
        stored += (_kept(document, at) for document in found.documents)
        with transaction.atomic():
            invoice = _integrated(flow, found.header, place, stored, found.documents, at)
            _write(flow, found, at, invoice=invoice)
    except NumberTaken as taken:
        _discard_all(stored, at)
        same = same_invoice(seller=place.seller, number=found.header.number, content=found.content)
        if same is not None:
            _taken_before(flow, found, same, at)
        else:
            _refuse_found(flow, found, [row("CPRO-G2.07", taken.sentence, "number")], at)
    except (Infected, TooBigToScan) as seen:
        _discard_all(stored, at)
        _refuse_found(flow, found, [row(seen.code, seen.sentence)], at)
    except ScannerAway:
        _discard_all(stored, at)
        raise
    except IntegrityError:
        # Another worker carried the same invoice meanwhile: its line is there, ours is undone.
        _discard_all(stored, at)
        if not FlowInvoice.objects.filter(flow=flow, position=found.position, part=found.part).exists():
            raise


def _taken_before(flow: Flow, found: Found, same: Invoice, at: datetime) -> None:
    """The mended archive sent whole again: what was good the first time is neither lost nor doubled."""
    told = row("FLUX-DEJA-PRISE", f"La facture {same.number} avait déjà été prise, la même : rien n’a été doublé.")
    try:
        with transaction.atomic():
            _write(flow, found, at, invoice=same, findings=[told])
    except IntegrityError:  # carried by another worker meanwhile
        log.info("flow %s: place %d.%d was done already", flow.number, found.position, found.part)


def _discard_all(stored: list[StoredFile], at: datetime) -> None:
    for one in stored:
        discard(stored=one, at=at)


def _kept(document: FlowDocument, at: datetime) -> StoredFile:
    return store(
        file=ContentFile(document.content, name=document.name),
        name=document.name,
        media_type=document.media_type,
        at=at,
    )


def _integrated(
    flow: Flow, header: Header, place: Addressed, stored: list[StoredFile], documents: list[FlowDocument], at: datetime
) -> Invoice:
    user = flow.sender
    draft = invoices.create_draft(seller=place.seller, deposit_mode=flow.deposit_mode, user=user, at=at)
    for kept, sent in zip(stored, documents, strict=True):
        invoices.add_file(
            invoice=draft, stored=kept, role=InvoiceFile.Role(sent.role), name=sent.name, user=user, at=at
        )
    values = {"buyer": place.buyer, "buyer_service": place.service, **_columns(header)}
    draft = invoices.save_draft(invoice=draft, typed={}, values=values, at=at)
    document = replace(
        header,
        seller=party_of(structure=place.seller),
        buyer=party_of(structure=place.buyer, service_code=place.service.code if place.service else ""),
    )
    invoices.submit(invoice=draft, document=document, user=user, at=at)
    return draft


def _columns(header: Header) -> dict[str, Any]:
    """The columns of an invoice that its header fills."""
    return {
        "number": header.number,
        "type_code": header.type_code,
        "issue_date": header.issue_date,
        "currency": header.currency,
        "billing_framework": header.billing_framework,
        "commitment": header.purchase_order_reference,
        "contract": header.contract_reference,
        "preceding_number": header.preceding_invoice,
        "tax_exclusive_amount": header.tax_exclusive_amount,
        "tax_amount": header.tax_amount,
        "tax_inclusive_amount": header.tax_inclusive_amount,
        "payable_amount": header.payable_amount,
        "comment": header.note[:2000],
    }


_NAMES = {
    "number": "Le numéro",
    "type_code": "Le type de document",
    "currency": "La devise",
    "billing_framework": "Le cadre de facturation",
    "commitment": "Le numéro d’engagement",
    "contract": "Le numéro de marché",
    "preceding_number": "Le numéro de la facture d’origine",
}


def _too_long(header: Header) -> list[Row]:
    """What the portal has no room for. The acceptance refuses nearly all of it before; this is the last door."""
    values = _columns(header)
    probe = Invoice(**values)
    try:
        probe.clean_fields(exclude={field.name for field in Invoice._meta.fields} - set(values))
    except ValidationError as error:
        return [
            row(
                "FLUX-VALEUR",
                f"{_NAMES.get(name, 'Un montant')} n’a pas la forme prévue, ou est trop long. Corrigez-le.",
                name,
            )
            for name in error.message_dict
        ]
    return []


def _more(found: Found) -> list[Row]:
    if not found.more:
        return []
    return [row("FLUX-SUITE", f"Le même fichier a {found.more} autres défauts. Corrigez d’abord ceux-ci.")]


def _refuse_found(flow: Flow, found: Found, findings: list[Row], at: datetime) -> None:
    try:
        with transaction.atomic():
            _write(flow, found, at, findings=findings)
    except IntegrityError:  # carried by another worker meanwhile
        log.info("flow %s: place %d.%d was done already", flow.number, found.position, found.part)


def _refuse(*, flow: Flow, position: int, part: int, findings: list[Row], at: datetime) -> None:
    FlowInvoice.objects.get_or_create(
        flow=flow, position=position, part=part, defaults={"findings": findings, "at": at, "name": ""}
    )


def _write(
    flow: Flow,
    found: Found,
    at: datetime,
    *,
    invoice: Invoice | None = None,
    findings: list[Row] | None = None,
) -> None:
    header = found.header or Header()
    FlowInvoice.objects.create(
        flow=flow,
        position=found.position,
        part=found.part,
        name=found.name,
        content=found.content,
        number=header.number[:100],
        seller_identifier=header.seller.identifier[:80],
        buyer_identifier=header.buyer.identifier[:80],
        invoice=invoice,
        findings=findings or [],
        at=at,
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
