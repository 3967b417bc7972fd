"""Raise the curtain: the directory, the cast, and a few invoices in the middle of their lives."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click
from django.core.files.base import ContentFile
from django.db import transaction

from plainchant.capture.commitment_table import CommitmentRow
from plainchant.einvoice.codes.cadres import OF_SUBCONTRACTOR
from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.operations import enrol
from plainchant.portal.commitments.operations import import_rows
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.operations import change, submit
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.assignment import assign
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.security import unrecorded
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import record_sent
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import bank_accounts, managers
from plainchant.portal.structures import operations as structures
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.queries import with_identifier

from . import cast, directory
from .paper import PrintedInvoice, print_invoice


def load_if_empty(*, with_invoices: bool = True) -> bool:
    """Load the demonstration unless somebody already has an account here; whether it was loaded."""
    if User.objects.exists():
        return False
    with unrecorded(), transaction.atomic():  # stopped half way, it starts again from nothing
        _raise_the_curtain(now(), with_invoices=with_invoices)
    return True


def play(*, at: datetime) -> None:
    """The invoices of the demonstration, and the commitments they name, once its directory and people are there."""
    people = {person.email: User.objects.get(email=person.email) for person in cast.PEOPLE}
    with unrecorded(), transaction.atomic():
        _commit(people, at)
        _plot(people, at)
        _deliver_everything(at)


def _raise_the_curtain(at: datetime, *, with_invoices: bool) -> None:
    directory.seed(at=at)
    people = {person.email: _enrol(person, at) for person in cast.PEOPLE}
    workshops = (*cast.WORKSHOPS, cast.ARCHITECT_FIRM) if with_invoices else cast.WORKSHOPS
    for workshop in workshops:
        owner = next(person for person in cast.PEOPLE if person.siret == workshop.siret)
        _open_workshop(workshop, people[owner.email], at)
    for person in cast.PEOPLE:
        if with_identifier(identifier=person.siret):
            managers.appoint_manager(email=person.email, siret=person.siret, at=at)
    if with_invoices:
        _commit(people, at)
        _plot(people, at)
        _before_the_buyer(people, at)
    _deliver_everything(at)


def print_welcome(url: str) -> None:
    """Where the portal is and, if the cast is on stage, what to type to enter."""
    click.echo(f"\n  Plainchant est prêt : {url}\n")
    if User.objects.filter(email=cast.ARTIST.email).exists():
        click.echo(f"  Courriels envoyés par la démonstration : {url}/mailbox/")
        click.echo(f"  Mot de passe de toute la distribution : {cast.PASSWORD}\n")
        for person in cast.PEOPLE:
            click.echo(f"    {person.email:<28} {person.first_name} {person.last_name}, {person.part}")
    click.echo("\n  Ctrl-C pour arrêter.\n")


def _enrol(person: cast.Person, at: datetime) -> User:
    return enrol(
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        password=cast.PASSWORD,
        siret=person.siret,
        at=at,
    )


def _open_workshop(workshop: cast.Workshop, owner: User, at: datetime) -> None:
    sheet = structures.StructureDetails(
        label=workshop.label,
        address_line=workshop.address_line,
        postcode=workshop.postcode,
        city=workshop.city,
    )
    structure = structures.create(
        actor=Actor(owner), identifier=workshop.siret, name=LegalName(name=workshop.name), sheet=sheet, at=at
    ).structure
    long_ago = at - timedelta(days=_PLOT[0][0] + 30)  # as the invoices of the plot were sent, it was no new account
    bank_accounts.add(
        structure=structure, actor=Actor(owner), label="Compte de l’atelier", iban=workshop.iban, bic="", at=long_ago
    )


# -- The plot: (days ago, number, object, amount, buyer, service, commitment, what the buyer then does) ---------

_PLOT: tuple[tuple[int, str, str, int, str, str, str, tuple[Action, ...]], ...] = (
    (41, "LR-2026-011", "Restauration d’un bas-relief", 2400, directory.TOWN_HALL, "CULTURE", "", (Action.CONFIRM_SERVICE, Action.ORDER_PAYMENT, Action.PAY_OUT)),
    (19, "LR-2026-012", "Exposition « Terres brunes », droit de présentation", 1000, directory.MUSEUM, "", "ENG-2026-114", (Action.CONFIRM_SERVICE, Action.ORDER_PAYMENT)),
    (9, "LR-2026-013", "Atelier modelage, deux classes", 480, directory.TOWN_HALL, "ECOLES", "", (Action.SUSPEND,)),
    (3, "LR-2026-014", "Rencontre à la médiathèque", 320, directory.TOWN_HALL, "CULTURE", "2026-CULT-014", ()),
)  # fmt: skip


# -- What bodies have committed themselves to pay to her: (body, number, service, amount in euros, subject) ---------

_COMMITMENTS = (
    (directory.TOWN_HALL, "2026-CULT-014", "CULTURE", 1500, "Rencontres à la médiathèque"),
    (directory.TOWN_HALL, "2026-ECOL-007", "ECOLES", 480, "Ateliers de modelage, deux classes"),
    (directory.MUSEUM, "ENG-2026-114", "", 3000, "Exposition « Terres brunes »"),
)


def _commit(people: dict[str, User], at: datetime) -> None:
    for person in cast.PEOPLE:
        rows = [
            CommitmentRow(
                place, number, str(amount), subject, service, cast.SCULPTOR_WORKSHOP.siret, cast.SCULPTOR_WORKSHOP.name
            )
            for place, (siret, number, service, amount, subject) in enumerate(_COMMITMENTS, 2)
            if siret == person.siret
        ]
        if rows:
            body = Structure.objects.get(identifier=person.siret)
            import_rows(structure=body, rows=rows, replaces=True, actor=Actor(people[person.email]), at=at)


def _plot(people: dict[str, User], at: datetime) -> None:
    artist = people[cast.ARTIST.email]
    seller = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    agents = {person.siret: people[person.email] for person in cast.PEOPLE}
    for days_ago, number, thing, amount, siret, service, commitment, acts in _PLOT:
        then = at - timedelta(days=days_ago)
        buyer = Structure.objects.get(identifier=siret)
        draft = _deposit(seller, artist, buyer, number, thing, amount, commitment, then)
        _fill_in(draft, buyer, number, amount, then, buyer_service=service, commitment=commitment)
        submit(draft=draft, actor=Actor(artist), at=then)
        _carry(draft.invoice, then)
        for step, action in enumerate(acts, 1):
            _act(draft.invoice, action, agents[siret], then + timedelta(days=2 * step))
        if not acts:  # somebody has said that they deal with it
            assign(invoice=draft.invoice, to=agents[siret], seen=None, actor=Actor(agents[siret]), at=at)
    # And a draft that waits, so that the difference between keeping and sending can be seen.
    town = Structure.objects.get(identifier=directory.TOWN_HALL)
    _deposit(seller, artist, town, "LR-2026-015", "Dessins pour le bulletin municipal", 150, "", at)


# -- What others look at before the town hall does: (number, object, amount, fields that name the architect) ---------

_BEFORE_THE_BUYER: tuple[tuple[str, str, int, dict[str, str]], ...] = (
    ("LR-2026-016", "Maquettes en terre du nouveau préau", 640, {"billing_framework": OF_SUBCONTRACTOR, "validator": cast.ARCHITECT_FIRM.siret}),
    ("LR-2026-017", "Bas-reliefs du préau, travaux du mois", 3600, {"billing_framework": "A4", "moe": cast.ARCHITECT_FIRM.siret}),
)  # fmt: skip


def _before_the_buyer(people: dict[str, User], at: datetime) -> None:
    """A sub-contractor's invoice that waits for its validator, and the first piece of a dossier of works."""
    artist = people[cast.ARTIST.email]
    seller = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    town = Structure.objects.get(identifier=directory.TOWN_HALL)
    then = at - timedelta(days=2)
    for number, thing, amount, named in _BEFORE_THE_BUYER:
        draft = _deposit(seller, artist, town, number, thing, amount, "", then)
        _fill_in(draft, town, number, amount, then, buyer_service="ECOLES", contract="2026-PREAU", **named)
        submit(draft=draft, actor=Actor(artist), at=then)


def _fill_in(draft: Draft, buyer: Structure, number: str, amount: int, at: datetime, **more: str) -> None:
    fields = {
        "buyer": buyer.identifier,
        "number": number,
        "issue_date": f"{day_in_paris(at):%d/%m/%Y}",
        "vat_regime": "SANS_TVA",
        "bank_account": str(draft.invoice.seller.bank_accounts.get().uid),
        "tax_exclusive_amount": str(amount),
        "tax_amount": "0",
        "tax_inclusive_amount": str(amount),
        "payable_amount": str(amount),
        **more,
    }
    change(draft=draft, fields=fields, actor=Actor(draft.invoice.created_by), at=at)


def _deposit(
    seller: Structure, user: User, buyer: Structure, number: str, thing: str, amount: int, commitment: str, at: datetime
) -> Draft:
    workshop = cast.SCULPTOR_WORKSHOP
    day: date = day_in_paris(at)
    content = print_invoice(
        PrintedInvoice(
            number=number,
            day=f"{day:%d/%m/%Y}",
            seller=workshop.name,
            seller_address=f"{workshop.address_line}, {workshop.postcode} {workshop.city}",
            seller_siret=workshop.siret,
            buyer=buyer.name,
            buyer_siret=buyer.identifier,
            commitment=commitment,
            object=thing,
            amount=f"{amount:,}".replace(",", " ") + ",00",
            iban=workshop.iban,
        )
    )
    name = f"facture-{number}.pdf"
    upload = Upload(file=ContentFile(content, name=name), name=name, size=len(content))
    return deposit_document(seller=seller, upload=upload, actor=Actor(user), at=at)


def _carry(invoice: Invoice, at: datetime) -> None:
    carry_lot(uids=[str(invoice.uid)], at=at)
    for message in Message.objects.filter(notices__invoice=invoice):
        record_sent(message=message, at=at)
        invoices.record_notification(message=message, at=at)
    invoice.refresh_from_db()


def _act(invoice: Invoice, action: Action, agent: User, at: datetime) -> None:
    suspended = action is Action.SUSPEND
    invoices.process(
        invoice=invoice,
        action=action,
        actor=Actor(agent),
        at=at,
        reason_code="JUSTIF_ABS" if suspended else "",
        comment="Pouvez-vous joindre la liste des élèves présents ?" if suspended else "",
        payment_order="M-2026-0412" if action is Action.ORDER_PAYMENT else "",
    )


def _deliver_everything(at: datetime) -> None:
    """The demonstration's past mails have been delivered: nothing is left to send at the first start."""
    for message in Message.objects.filter(sent_at__isnull=True):
        record_sent(message=message, at=max(at, message.created_at))
