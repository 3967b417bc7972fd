"""The mails about an invoice: what they say and to whom, written in the transaction of what they announce."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from plainchant.einvoice import wording
from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.codes.works import WORKS_PIECE_OF, WORKS_PIECES
from plainchant.portal.accounts import links
from plainchant.portal.lib.elision import of, that
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.mails import Button, Mail, MailFact, MailFacts, rows_of
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import OutboxMail, post_all, write
from plainchant.portal.mail.strangers import named, quoted
from plainchant.portal.notices.queries import told_for_client, told_of_issued, told_of_received
from plainchant.portal.rights.rights import Right, Space
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import notice_addresses

from .kinds import counted
from .late_payment import AmountDue
from .lifecycle import MOE_MUST_ACT, MOVE_OF, STATUS_ROWS, URGENT_TO_SELLER, VALIDATION_DAYS, Action, Side, Status
from .models import Invoice, Notice, StatusChange
from .statement import days
from .story import acting_before_payer

AVAILABLE_TO_BUYER = "invoice_available"  # its sending is a legal event: it starts the payment delay
COMPLETED_FOR_BUYER = "invoice_completed"
STATUS_TO_SELLER = "invoice_status"
REMINDER_TO_BUYER = "invoice_reminder"
TO_DELEGATE = "invoice_of_client"  # starts no delay: the client's own notice does
# What a supplier may do about the part that is contested.
PART_ADMITTED = "Que faire : émettez un avoir de la part contestée si l’acheteur a raison. Sinon, répondez-lui."
TO_VALIDATOR = "invoice_to_validate"
TO_WORKS = "works_piece"

_CLOCK_STARTS = "Le délai de paiement court à compter de ce message (code de la commande publique, art. R2192-15)."
_CLOCK_OF_DOSSIER = (
    "Le délai de paiement court depuis que la première pièce du dossier a été reçue "
    "(code de la commande publique, art. R2192-12)."
)
CHANGE_RHYTHM = Button("Choisir ce que vous recevez, et quand", links.notifications())


def issued_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/factures/{invoice.uid}/"


def received_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/recues/{invoice.uid}/"


def validation_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/a-valider/{invoice.uid}/"


def works_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/travaux/{invoice.uid}/"


def tell_seller(*, moved: Sequence[tuple[Invoice, StatusChange]], at: datetime) -> list[str]:
    """Write to the suppliers' people what has become of their invoices; the messages, to be delivered by the caller.

    One mail tells them of a whole flow, when it ends: five hundred « déposée » would hide the one that matters.
    """
    return write(mails=[mail for invoice, change in moved for mail in _to_seller(invoice, change)], at=at)


def _to_seller(invoice: Invoice, change: StatusChange) -> Iterator[OutboxMail]:
    if invoice.is_told_with_flow:
        return
    row = STATUS_ROWS[Status(change.to_status)]
    if not row.mails_seller or invoice.buyer is None:
        return
    kind = invoice.kind
    reason = REASON_OF[change.reason_code] if change.reason_code else None
    agreed, sentence = (
        row.label.lower(),
        row.sentence(kind=kind, buyer=named(invoice.buyer), **acting_before_payer(invoice, named=named)),
    )
    mend = f"Que faire : {reason.mend}" if reason else ""
    facts = MailFacts((MailFact("Destinataire", named(invoice.buyer)), MailFact("Montant", _amount(invoice))))
    if change.amount is not None:
        agreed = MOVE_OF[Action(change.action)].history.lower()
        sentence = (
            f"{named(invoice.buyer)} admet {_sum(change.amount, invoice)} sur {_sum(invoice.payable_amount, invoice)}, "
            f"et conteste {_sum(invoice.contested_amount, invoice)}."
        )
        mend = PART_ADMITTED
    from_other = change.comment and change.party in (Side.BUYER, Side.VALIDATOR, Side.WORKS)
    mail = Mail(
        f"{invoice.title} : {kind.agreed(agreed)}",
        sentence,
        facts,
        f"Motif : {reason.label}." if reason else "",
        f"Message {of(named(change.actor_name))} : {named(change.comment)}" if from_other else "",
        mend,
        Button(f"Suivre {kind.words['this']}", issued_url(invoice)),
        note=CHANGE_RHYTHM,
    )
    event, addresses = f"{invoice.uid}:{change.sequence}", set()
    for addressee in told_of_issued(structure=invoice.seller, is_urgent=row.status in URGENT_TO_SELLER):
        addresses.add(addressee.address)
        yield OutboxMail(
            kind=STATUS_TO_SELLER,
            recipient=addressee.address,
            mail=mail,
            event=event,
            mute_token=addressee.mute_token,
        )
    yield from to_delegates(client=invoice.seller, space=Space.ISSUED, mail=mail, event=event, but=addresses)


def to_delegates(
    *,
    client: Structure,
    space: Space,
    mail: Mail,
    event: str,
    but: Collection[str] = (),
    to_readers: Mail | None = None,
) -> Iterator[OutboxMail]:
    """The same mail, which says for whom, to those who act for ``client`` and chose to be told at once.

    ``but``: addresses that have been told of it already. ``to_readers``: instead, to those who may not process it.
    """
    usual = mail
    for addressee in told_for_client(client=client, space=space):
        if addressee.address not in but:
            mail = usual if addressee.may_process or to_readers is None else to_readers
            yield OutboxMail(
                kind=TO_DELEGATE,
                recipient=addressee.address,
                mail=Mail(mail.subject, f"Pour votre client {named(client)}.", *mail.parts, note=mail.note),
                event=event,
                mute_token=addressee.mute_token,
            )


def tell_validator(*, invoices: Sequence[Invoice], event: str, at: datetime) -> list[str]:
    """Write to everyone of the validators of these invoices that their say is waited for, in one message a validator;
    the messages, to be delivered by the caller.

    Nobody chooses not to have it: silence is taken for an agreement.
    """
    by_validator: dict[int, tuple[Structure, list[Invoice]]] = {}
    for invoice in invoices:
        validator = invoice.last_validator
        if validator is not None:
            by_validator.setdefault(validator.pk, (validator, []))[1].append(invoice)
    return write(
        mails=[
            OutboxMail(TO_VALIDATOR, f"{theirs[0].uid}:{event}", recipient, _to_validate(validator, theirs))
            for validator, theirs in by_validator.values()
            for recipient in notice_addresses(structure=validator, right=Right.SEE_VALIDATION)
        ],
        at=at,
    )


def _to_validate(validator: Structure, invoices: Sequence[Invoice]) -> Mail:
    first = invoices[0]
    last_day = day_in_paris(first.status_at) + timedelta(days=VALIDATION_DAYS)
    silence = f"Répondez au plus tard le {wording.day(last_day)} : ensuite, votre accord est réputé donné."
    if len(invoices) > 1:
        return Mail(
            f"{how_many(invoices)} à valider",
            f"{how_many(invoices)} nomment {named(validator)} comme valideur, avant de partir vers l’acheteur public.",
            silence,
            rows_of((received_in_a_line(invoice), validation_url(invoice)) for invoice in invoices),
        )
    words = first.kind.words
    return Mail(
        f"{first.title}, {named(first.seller)} : à valider",
        f"{named(first.seller)} envoie {words['the']} {first.number} à {named(first.buyer)} et nomme "
        f"{named(validator)} comme valideur (cadre {first.billing_framework}).",
        MailFacts((MailFact("Destinataire", _recipient(first)), MailFact(first.kind.claim.label, _amount(first)))),
        silence,
        Button(f"Valider ou refuser {words['the']}", validation_url(first)),
    )


def tell_works(*, invoices: Sequence[Invoice], event: str, at: datetime) -> list[str]:
    """Write to everyone of whoever has these pieces of works now, in one message for each structure and part that it
    plays; the messages, to be delivered by the caller.

    Nobody chooses not to have it: the payment delay may run from it.
    """
    by_structure: dict[tuple[int, bool], tuple[Structure, list[Invoice]]] = {}
    for invoice in invoices:
        is_moe = invoice.status in MOE_MUST_ACT
        holder = invoice.moe if is_moe else invoice.moa
        if holder is not None:
            by_structure.setdefault((holder.pk, is_moe), (holder, []))[1].append(invoice)
    return write(
        mails=[
            OutboxMail(TO_WORKS, f"{theirs[0].uid}:{event}", recipient, _in_works(holder, theirs))
            for holder, theirs in by_structure.values()
            for recipient in notice_addresses(structure=holder, right=Right.SEE_WORKS)
        ],
        at=at,
    )


def _in_works(holder: Structure, invoices: Sequence[Invoice]) -> Mail:
    first = invoices[0]
    role = "maître d’œuvre" if first.status in MOE_MUST_ACT else "maître d’ouvrage"
    clock = _CLOCK_OF_DOSSIER if _is_paid_each_month(first) else ""
    if len(invoices) > 1:
        return Mail(
            f"{len(invoices)} pièces de travaux à traiter",
            f"{len(invoices)} pièces de travaux nomment {named(holder)} comme {role}.",
            rows_of((_piece_in_a_line(invoice), works_url(invoice)) for invoice in invoices),
        )
    return Mail(
        f"{first.title}, {named(first.seller)} : à traiter",
        f"{first.kind.words['The']} {first.number} {of(named(first.seller))} attend {named(holder)}, {role}.",
        MailFacts((MailFact("Payeur", _recipient(first)), MailFact("Montant", _sum(first.payable_amount, first)))),
        clock,
        Button("Ouvrir la pièce", works_url(first)),
    )


def tell_maker(*, invoice: Invoice, maker: Structure, change: StatusChange, at: datetime) -> None:
    """Tell whoever made a piece of works that it was refused, in the caller's transaction."""
    words = invoice.kind.words
    reason = REASON_OF[change.reason_code] if change.reason_code else None
    mail = Mail(
        f"{invoice.title}, {named(invoice.seller)} : refusé",
        f"{words['The']} {invoice.number}, {that(named(maker))} avait fait, est refusé. Le circuit s’arrête là.",
        f"Motif : {reason.label}." if reason else "",
        f"Message {of(named(change.actor_name))} : {named(change.comment)}" if change.comment else "",
        Button("Ouvrir la pièce", works_url(invoice)),
    )
    recipients = notice_addresses(structure=maker, right=Right.SEE_WORKS)
    event = f"{invoice.uid}:{change.sequence}"
    post_all(mails=[OutboxMail(TO_WORKS, event, recipient, mail) for recipient in recipients], at=at)


def _is_paid_each_month(invoice: Invoice) -> bool:
    """Whether the delay of what is paid in the end runs already."""
    following = WORKS_PIECE_OF[invoice.billing_framework]
    while not following.is_paid:
        following = next(row for row in WORKS_PIECES if following.code in row.answers)
    return following.delay_from_first


def _piece_in_a_line(invoice: Invoice) -> str:
    return f"{invoice.title}, {named(invoice.seller)} : {_sum(invoice.payable_amount, invoice)}"


def tell_first_validator(*, invoice: Invoice, change: StatusChange, at: datetime) -> None:
    """Tell the first validator that the second one whom it named is not the right one, in the caller's transaction."""
    assert invoice.validator is not None  # noqa: S101 - he named the second
    words = invoice.kind.words
    mail = Mail(
        f"{invoice.title}, {named(invoice.seller)} : valideur à corriger",
        f"{named(invoice.second_validator)} dit ne pas avoir à valider {words['the']} {invoice.number}. "
        "Nommez le bon second valideur.",
        f"Message {of(named(change.actor_name))} : {named(change.comment)}" if change.comment else "",
        Button(f"Ouvrir {words['the']}", validation_url(invoice)),
    )
    recipients = notice_addresses(structure=invoice.validator, right=Right.SEE_VALIDATION)
    event = f"{invoice.uid}:{change.sequence}"
    post_all(mails=[OutboxMail(TO_VALIDATOR, event, recipient, mail) for recipient in recipients], at=at)


def tell_buyer_available(*, invoices: Sequence[Invoice], event: str, at: datetime) -> list[str]:
    """Write to a recipient, in one message, that invoices are available; the messages, one an address, to be delivered
    by the caller. This starts the delay.

    The invoices are for one body and one service; a `Notice` says which ones each message tells of.
    """
    mails = _to_buyer(
        invoice=invoices[0],
        kind=AVAILABLE_TO_BUYER,
        mail=_available(invoices),
        event=event,
        to_readers=_available(invoices, to_process=False),
    )
    keys = write(mails=mails, at=at)
    messages = Message.objects.filter(dedup_key__in=keys)
    Notice.objects.bulk_create(
        [Notice(message=message, invoice=invoice) for message in messages for invoice in invoices],
        ignore_conflicts=True,
    )
    return keys


def tell_delegates_available(*, invoices: Sequence[Invoice], event: str, at: datetime) -> list[str]:
    """The same to those who act for that recipient and chose to be told at once; messages, for the caller to deliver.

    No `Notice` is of them, so that the delay starts with what the recipient itself is sent.
    """
    invoice = invoices[0]
    assert invoice.buyer is not None  # noqa: S101 - a sent invoice has a recipient
    mails = list(
        to_delegates(
            client=invoice.buyer,
            space=Space.RECEIVED,
            mail=_available(invoices, starts_clock=False),
            event=f"{invoice.uid}:{event}",
            to_readers=_available(invoices, starts_clock=False, to_process=False),
        )
    )
    if mails:
        addresses = {row.address for row in told_of_received(structure=invoice.buyer, service=invoice.buyer_service)}
        mails = [row for row in mails if row.recipient not in addresses]
    return write(mails=mails, at=at)


def _available(invoices: Sequence[Invoice], *, starts_clock: bool = True, to_process: bool = True) -> Mail:
    """``to_process``: False for whoever may only read them."""
    what = "à traiter" if to_process else "à consulter"
    return _of_one(invoices[0], starts_clock, what) if len(invoices) == 1 else _of_several(invoices, starts_clock, what)


def _of_one(invoice: Invoice, starts_clock: bool, what: str) -> Mail:
    kind = invoice.kind
    clock = _CLOCK_STARTS if starts_clock and invoice.notified_at is None else ""
    facts = (
        MailFact("Destinataire", _recipient(invoice)),
        *(MailFact("Engagement", invoice.commitment) for _ in range(bool(invoice.commitment))),
        MailFact(kind.claim.label, _amount(invoice)),
    )
    return Mail(
        f"{invoice.title}, {named(invoice.seller)} : {what}",
        f"{kind.words['The']} {invoice.number} ({named(invoice.seller)}) est à votre disposition sur Plainchant.",
        MailFacts(facts),
        clock if kind.is_owed else kind.claim.why,
        Button(f"Ouvrir {kind.words['the']}", received_url(invoice)),
        note=CHANGE_RHYTHM,
    )


def _of_several(invoices: Sequence[Invoice], starts_clock: bool, what: str) -> Mail:
    sellers = {invoice.seller_id: named(invoice.seller) for invoice in invoices}
    from_whom = next(iter(sellers.values())) if len(sellers) == 1 else f"{len(sellers)} fournisseurs"
    return Mail(
        f"{how_many(invoices)} {what}, {from_whom}",
        f"{how_many(invoices)} sont à votre disposition sur Plainchant.",
        MailFacts((MailFact("Destinataire", _recipient(invoices[0])),)),
        _clock_of_several(invoices) if starts_clock else "",
        rows_of((received_in_a_line(invoice), received_url(invoice)) for invoice in invoices),
        note=CHANGE_RHYTHM,
    )


def received_in_a_line(invoice: Invoice, *, with_service: bool = False) -> str:
    """What a recipient reads of one invoice among others."""
    line = f"{invoice.title}, {named(invoice.seller)} : {_amount(invoice)} {invoice.kind.claim.label.lower()}"
    line += f", service {named(invoice.buyer_service)}" if with_service and invoice.buyer_service else ""
    return line + (f", engagement {invoice.commitment}" if invoice.commitment else "")


def how_many(invoices: Sequence[Invoice]) -> str:
    """« 2 factures et 1 avoir »."""
    notes = sum(invoice.is_credit_note for invoice in invoices)
    return counted(invoices=len(invoices) - notes, credit_notes=notes)


def _clock_of_several(invoices: Sequence[Invoice]) -> str:
    owed = [invoice for invoice in invoices if invoice.kind.is_owed]
    if not owed:
        return "Rien n’est à payer et aucun délai de paiement ne court."
    which = "de chacune" if len(owed) == len(invoices) else "de ce qui est à payer"
    return _CLOCK_STARTS.replace("Le délai de paiement", f"Le délai de paiement {which}")


def _recipient(invoice: Invoice) -> str:
    return named(invoice.buyer) + (f", service {named(invoice.buyer_service)}" if invoice.buyer_service else "")


def _amount(invoice: Invoice) -> str:
    return _sum(invoice.kind.amount, invoice)


def _sum(value: Decimal | None, invoice: Invoice) -> str:
    return wording.money(value or Decimal(0), invoice.currency)


def tell_buyer_completed(*, invoice: Invoice, change: StatusChange, at: datetime) -> None:
    """Tell the recipient that a suspended invoice has been completed."""
    words = invoice.kind.words
    mail = Mail(
        f"{invoice.title}, {named(invoice.seller)} : complété{words['e']}",
        f"{words['The']} {invoice.number} ({named(invoice.seller)}), que vous aviez suspendu{words['e']}, "
        f"a été complété{words['e']}.",
        f"Message du fournisseur : {named(change.comment)}" if change.comment else "",
        Button(f"Ouvrir {words['the']}", received_url(invoice)),
        note=CHANGE_RHYTHM,
    )
    mails = _to_buyer(invoice=invoice, kind=COMPLETED_FOR_BUYER, mail=mail, event=str(change.sequence))
    addresses = {row.recipient for row in mails}
    if invoice.buyer:
        event = f"{invoice.uid}:{change.sequence}"
        mails += to_delegates(client=invoice.buyer, space=Space.RECEIVED, mail=mail, event=event, but=addresses)
    post_all(mails=mails, at=at)


def remind_buyer(
    *, invoice: Invoice, kind: str, subject: str, paragraphs: Sequence[str], due: AmountDue, at: datetime
) -> list[str]:
    """Write to a recipient, in the supplier's words, that an invoice is late; messages, for the caller to deliver."""
    words, seller = invoice.kind.words, named(invoice.seller)
    facts = (
        MailFact("Destinataire", _recipient(invoice)),
        *(MailFact("Engagement", invoice.commitment) for _ in range(bool(invoice.commitment))),
        MailFact(invoice.kind.claim.label, _amount(invoice)),
        MailFact("Dernier jour pour payer", wording.day(due.due_on)),
        MailFact("Retard", days(due.days_late)),
        *(MailFact("Répondre à", invoice.seller.email) for _ in range(bool(invoice.seller.email))),
    )
    mail = Mail(
        f"{invoice.title}, {seller} : {subject}",
        f"{seller} vous écrit à propos {words['of_the']} {invoice.number}. Voici son message :",
        *(f"«\u00a0{quoted(paragraph)}\u00a0»" for paragraph in paragraphs),
        MailFacts(facts),
        Button(f"Ouvrir {words['the']}", received_url(invoice)),
        note=CHANGE_RHYTHM,
    )
    return write(mails=_to_buyer(invoice=invoice, kind=REMINDER_TO_BUYER, mail=mail, event=kind), at=at)


def _to_buyer(
    *, invoice: Invoice, kind: str, mail: Mail, event: str, to_readers: Mail | None = None
) -> list[OutboxMail]:
    """One for each address of the recipient that is told at once; ``to_readers`` to those who may not process it."""
    assert invoice.buyer is not None  # noqa: S101 - a sent invoice has a recipient
    return [
        OutboxMail(
            kind=kind,
            event=f"{invoice.uid}:{event}",
            recipient=addressee.address,
            mail=mail if addressee.may_process or to_readers is None else to_readers,
            mute_token=addressee.mute_token,
        )
        for addressee in told_of_received(structure=invoice.buyer, service=invoice.buyer_service)
    ]
