"""Ask, answer, close and open again. Whoever is not there is told by mail, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from plainchant.portal.drafts.attachments import keep_attachment
from plainchant.portal.drafts.uploads import Upload, check_attachment
from plainchant.portal.invoices.lifecycle import IN_VALIDATION, IN_WORKS, NOT_SENT
from plainchant.portal.invoices.models import MAX_ACTOR_NAME, Invoice
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.lib.errors import Refused
from plainchant.portal.mail.operations import OutboxMail, post_all
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import may, require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import register
from plainchant.portal.structures.models import Structure

from . import mails, queries
from .models import MAX_TEXT, MAX_TITLE, Ticket, TicketFile, TicketMessage
from .permissions import ADD_TO_TICKET, ANSWER_TICKET, OPEN_TICKET
from .subjects import Step, Subject, TicketState

MOST_FILES = 5  # with one message
TOLD = "ticket"


class TicketRefused(Refused):
    """What was written cannot be sent. Each reason has its code."""


class TicketHasChanged(Refused):
    """Somebody wrote in the meantime, or closed the ticket."""

    code = "ticket_has_changed"


@dataclass(frozen=True, kw_only=True)
class TicketQuestion:
    """What somebody asks. ``invoice``: the one it is about; ``to_body``: its recipient answers, and not the portal."""

    subject: Subject
    title: str
    text: str
    invoice: Invoice | None = None
    to_body: bool = False


def ask(*, question: TicketQuestion, uploads: Sequence[Upload], actor: Actor, at: datetime) -> Ticket:
    """Send a question. Raises NotAllowed, TicketRefused, UploadRefused, QuotaReached, one of antivirus.REFUSALS.

    About an invoice only if the actor sees it; to its recipient only for its supplier's people, once it was sent.
    """
    require(actor, OPEN_TICKET)
    invoice = question.invoice
    is_suppliers = invoice is not None and may(actor, SEE_ISSUED_INVOICE, invoice)
    if invoice is not None and not is_suppliers:
        require(actor, SEE_RECEIVED_INVOICE, invoice)
    body, service, structure = None, None, None
    if invoice is not None:
        structure = invoice.seller if is_suppliers else invoice.buyer
    if question.to_body:
        unseen = (
            invoice is None or invoice.status in NOT_SENT | IN_VALIDATION | IN_WORKS
        )  # the body would hear of it too early
        if invoice is None or unseen or not is_suppliers or invoice.buyer is None:
            raise TicketRefused(
                "Un organisme public reçoit ici les questions sur une facture que vous lui avez envoyée. Ouvrez cette "
                "facture, puis «\u00a0Signaler un problème\u00a0».",
                code="ticket_without_invoice",
                field="to",
            )
        body, service = invoice.buyer, invoice.buyer_service
    if not question.title.strip():
        raise TicketRefused("Résumez votre demande en quelques mots.", code="ticket_without_words", field="title")
    kept = _kept(question.text, uploads, structure, actor, at)
    with transaction.atomic():
        ticket = Ticket.objects.create(
            asker=actor.account,
            asker_name=actor.name[:MAX_ACTOR_NAME],
            structure=structure,
            body=body,
            service=service,
            invoice=invoice,
            subject=question.subject,
            title=" ".join(question.title.split())[:MAX_TITLE],
            state=TicketState.OPEN,
            state_at=at,
            created_at=at,
        )
        message = _write(ticket, Step.ASKED, question.text, kept, actor, at)
        _tell_desk(ticket, message, at)
    return ticket


def add(
    *, ticket: Ticket, text: str, uploads: Sequence[Upload], actor: Actor, at: datetime, closes: bool = False
) -> None:
    """Whoever asked writes more, which opens a closed ticket again; or closes it, with or without a word.

    Raises NotAllowed, TicketRefused, TicketHasChanged, and what `ask` raises of files.
    """
    require(actor, ADD_TO_TICKET, ticket)
    kept = _kept(text, uploads, ticket.structure, actor, at, may_be_empty=closes)
    step = Step.CLOSED if closes else Step.ADDED if ticket.is_open else Step.REOPENED
    with transaction.atomic():
        _move(ticket, TicketState.CLOSED if closes else TicketState.OPEN, at)
        message = _write(ticket, step, text, kept, actor, at)
        if not closes:
            _tell_desk(ticket, message, at)


_AFTER_ANSWER = {
    Step.ANSWERED: TicketState.ANSWERED,
    Step.ASKED_MORE: TicketState.ASKS_MORE,
    Step.CLOSED: TicketState.CLOSED,
}


def answer(*, ticket: Ticket, step: Step, text: str, uploads: Sequence[Upload], actor: Actor, at: datetime) -> None:
    """Those who answer: an answer, a question back, or the end of it. ValueError for a step that is not theirs.

    Raises NotAllowed, TicketRefused, TicketHasChanged (also where it was closed), and what `ask` raises of files.
    """
    target = _AFTER_ANSWER.get(step)
    if target is None:
        raise ValueError(f"{step} is not for those who answer")
    require(actor, ANSWER_TICKET, ticket)
    if not ticket.is_open:
        raise _changed()
    kept = _kept(text, uploads, ticket.body, actor, at, may_be_empty=step is Step.CLOSED)
    with transaction.atomic():
        _move(ticket, target, at)
        message = _write(ticket, step, text, kept, actor, at)
        mail = mails.to_asker(ticket=ticket, message=message)
        post_all(mails=[OutboxMail(TOLD, str(message.pk), ticket.asker.notice_address, mail)], at=at)


def _kept(
    text: str,
    uploads: Sequence[Upload],
    structure: Structure | None,
    actor: Actor,
    at: datetime,
    *,
    may_be_empty: bool = False,
) -> list[StoredFile]:
    """The bytes of the files, durable, once everything else is in order."""
    if not text.strip() and not may_be_empty:
        raise TicketRefused("Écrivez votre message.", code="ticket_without_words", field="text")
    if len(text) > MAX_TEXT:
        raise TicketRefused(
            f"Votre message compte {len(text)} signes\u00a0; {MAX_TEXT} au plus. Mettez le reste dans un document.",
            code="ticket_too_long",
            field="text",
        )
    if len(uploads) > MOST_FILES:
        raise TicketRefused(
            f"{MOST_FILES} documents au plus avec un message. Envoyez les autres dans un second message.",
            code="ticket_too_many_files",
            field="attachments",
        )
    weight = 0
    names: list[str] = []
    for upload in uploads:
        check_attachment(name=upload.name, size=upload.size, other_bytes=weight, other_names=names)
        weight += upload.size
        names.append(upload.name)
    shares = shares_of(actor=actor, structure=structure)
    return [keep_attachment(upload=upload, owners=shares, at=at) for upload in uploads]


def _move(ticket: Ticket, target: TicketState, at: datetime) -> None:
    seen = Ticket.objects.filter(pk=ticket.pk, state=ticket.state, state_at=ticket.state_at)
    if not seen.update(state=target, state_at=at):
        raise _changed()
    ticket.state, ticket.state_at = target, at


def _changed() -> TicketHasChanged:
    return TicketHasChanged(
        "Quelqu’un a écrit entre-temps, ou clôturé cette demande. Lisez la suite, puis renvoyez votre message."
    )


def _write(
    ticket: Ticket, step: Step, text: str, kept: Sequence[StoredFile], actor: Actor, at: datetime
) -> TicketMessage:
    message = TicketMessage.objects.create(
        ticket=ticket,
        step=step,
        at=at,
        author=actor.account,
        author_name=actor.name[:MAX_ACTOR_NAME],
        text=text.strip(),
    )
    register(kept=kept)
    TicketFile.objects.bulk_create(
        TicketFile(message=message, stored=stored, name=stored.name[:200]) for stored in kept
    )
    return message


def _tell_desk(ticket: Ticket, message: TicketMessage, at: datetime) -> None:
    mail = mails.to_desk(ticket=ticket, message=message)
    addresses = queries.desk_addresses(ticket=ticket)
    post_all(mails=[OutboxMail(TOLD, str(message.pk), address, mail) for address in addresses], at=at)
