"""A supplier and a recipient, people of every standing in both, and one of everything that they may reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.db.models import Model

from plainchant.einvoice.codes.works import WORKS_PIECE_OF
from plainchant.portal.accounts.models import User
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.drafts import next_piece
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.operations import delete, submit
from plainchant.portal.drafts.splitting import split
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drops.models import Drop, DroppedFile
from plainchant.portal.drops.operations import hand_in
from plainchant.portal.drops.standing import look_at
from plainchant.portal.flows.models import Flow, State
from plainchant.portal.hooks.models import Webhook
from plainchant.portal.invoices import works
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile, ReasonText
from plainchant.portal.invoices.operations import Routing, process, recycle
from plainchant.portal.invoices.validation import decide
from plainchant.portal.mandates.operations import attach as attach_to_mandate
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Mode, Space
from plainchant.portal.store.operations import keep as keep_bytes
from plainchant.portal.store.operations import register
from plainchant.portal.structures import space_requests, technical_accounts
from plainchant.portal.structures.bank_accounts import add as add_account
from plainchant.portal.structures.delegations import Terms, ask, delegate
from plainchant.portal.structures.invitations import invite
from plainchant.portal.structures.models import BankAccount, Membership, Service, Structure
from plainchant.portal.tickets.models import TicketFile
from plainchant.portal.tickets.operations import TicketQuestion
from plainchant.portal.tickets.operations import ask as ask_ticket
from plainchant.portal.tickets.subjects import Subject
from tests.capture.samples import drawn
from tests.capture.test_invoices_of_a_document import BREAK, ONE, OTHER
from tests.capture.workbooks import LAYOUTS, as_xlsx, book_of
from tests.making import (
    a_draft,
    a_mandate,
    a_member,
    a_person,
    a_program,
    a_service,
    a_structure,
    a_town,
    an_application,
    an_attachment,
    an_entry,
    an_invoice_pdf,
    an_upload,
    made_available,
)
from tests.portal.flows.making_flows import archive
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow
from tests.portal.library.test_library import keep

OTHER_SUPPLIER = "Atelier de Grace"  # of the supplier's member alone
TWO_INVOICES = drawn(BREAK.join([ONE.page, OTHER.page]))
LOST = [state for state in Membership.State if state != Membership.State.ACCEPTED]


@dataclass
class Parties:
    """``actors`` by their standing; ``objects`` by what they are."""

    seller: Structure
    town: Structure
    actors: dict[str, Actor] = field(default_factory=dict)
    objects: dict[str, Model] = field(default_factory=dict)


def parties(*, at: datetime) -> Parties:
    seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at, name="Commune de Valbrume")
    made = Parties(seller, town)
    manager = a_member(structure=seller, at=at, name="Ada", is_manager=True)
    member = a_member(structure=seller, at=at, name="Grace")
    agent = a_member(structure=town, at=at, name="Basile")
    office = a_structure(at=at, name="Cabinet Mercier")
    delegate_for_invoices = a_member(structure=office, at=at, name="Odile")
    # Codes that no document of these tests names.
    culture, roads = a_service(structure=town, code="ESSAI-1"), a_service(structure=town, code="ESSAI-2")
    a_service(structure=town, code="ESSAI-3", is_active=False)
    made.actors = {
        "the supplier's manager": Actor(manager),
        "the supplier's member": Actor(member),
        "the town's manager": Actor(a_member(structure=town, at=at, name="Berthe", is_manager=True)),
        "the town's member": Actor(agent),
        "the supplier's reader": Actor(_attached(seller, at, profiles=[AccessProfile.FOLLOW])),
        "the town's reader": Actor(_attached(town, at, profiles=[AccessProfile.READ])),
        "the town's helper": Actor(_attached(town, at, profiles=[AccessProfile.HELP])),
        "the agent of a service": Actor(_attached(town, at, profiles=[AccessProfile.PROCESS], services=[culture])),
        "the reader of a service": Actor(_attached(town, at, profiles=[AccessProfile.READ], services=[culture])),
        "the agent of another service": Actor(_attached(town, at, profiles=[AccessProfile.PROCESS], services=[roads])),
        "somebody attached without a right": Actor(_attached(seller, at, profiles=[])),
        "the manager of others": Actor(a_member(structure=a_structure(at=at), at=at, is_manager=True)),
        "the member of another town": Actor(a_member(structure=a_town(at=at), at=at)),
        "the delegate": Actor(delegate_for_invoices),
        "the delegate's reader": Actor(_attached(office, at, profiles=[AccessProfile.FOLLOW])),
        "the validator": Actor(a_member(structure=(firm := a_structure(at=at, name="Grand Chantier")), at=at)),
        "the architect": Actor(
            a_member(structure=(office_of_plans := a_structure(at=at, name="Atelier des Plans")), at=at)
        ),
        "the second validator": Actor(
            a_member(structure=(leader := a_structure(at=at, name="Groupement", email="g@example.org")), at=at)
        ),
        "somebody without structure": Actor(a_person(at=at)),
        "somebody whose account was closed": Actor(_closed(made, at)),
        "the portal": SYSTEM,
    }
    program, _ = a_program(structure=seller, by=manager, at=at, profiles=[AccessProfile.INVOICE])
    gone, _ = a_program(structure=seller, by=manager, at=at, name="Ancien")
    technical_accounts.end(account=gone, actor=Actor(manager), at=at)
    made.actors |= {
        "the supplier's program": technical_accounts.as_actor(program),
        "a program that was ended": technical_accounts.as_actor(gone),
    }
    closed = a_structure(at=at, name="Atelier fermé", is_active=False)
    an_attachment(person=manager, structure=closed, at=at, is_manager=True)
    others = a_structure(at=at, name=OTHER_SUPPLIER)
    an_attachment(person=member, structure=others, at=at)
    dropped = hand_in(upload=an_upload(content=an_invoice_pdf()), actor=Actor(member), at=at)
    assert isinstance(dropped, DroppedFile)
    for state in LOST:
        made.actors[f"somebody {state.label.lower()}"] = Actor(_attached_to_both(made, state, at))
    made.objects = {
        "the supplier": seller,
        "the town": town,
        "a closed structure": closed,
        "a technical account": program,
        "an application": an_application(structure=seller, at=at, by=manager)[0],
        "a webhook": Webhook.objects.create(
            structure=seller, url="https://a.example.org/", created_at=at, created_by=manager, told_until=10**9
        ),
        "a commitment of a service": Commitment.objects.create(
            structure=town, service=culture, number="EJ-9", key="EJ9", amount=100, imported_at=at
        ),
        "a text of the town": ReasonText.objects.create(
            structure=town, reason_code="AUTRE", text="Appelez-nous.", written_at=at, written_by=agent
        ),
        "an account": add_account(
            structure=seller, actor=Actor(manager), label="C", iban="FR1420041010050500013M02606", bic="", at=at
        ),
        "an account that waits": BankAccount.objects.create(
            structure=seller,
            label="W",
            iban="DE89370400440532013000",
            is_active=False,
            is_waiting=True,
            created_at=at,
            created_by=manager,
        ),
        "a request": Membership.objects.get(structure=seller, state=Membership.State.PENDING),
        "the manager's own attachment": Membership.objects.get(structure=seller, user=manager),
        "a suspended attachment": Membership.objects.get(structure=seller, state=Membership.State.DISABLED),
        "the member's attachment": Membership.objects.get(structure=seller, user=member),
        "an invitation": invite(
            structure=seller, actor=Actor(manager), email="invitee@example.org", profiles=[AccessProfile.FOLLOW], at=at
        ),
        **_delegations(seller, manager, delegate_for_invoices, at),
        "a request for a space": space_requests.ask(
            structure=seller,
            space=Space.ISSUED,
            mode=Mode.MODIFICATION,
            comment="",
            actor=made.actors["the supplier's reader"],
            at=at,
        ),
        "a mandate": (mandate := a_mandate(structure=seller, by=manager, at=at)),
        "a file of the mandate": attach_to_mandate(
            mandate=mandate, file=ContentFile(b"x"), name="pouvoir.txt", actor=Actor(manager), at=at
        ),
        "a piece of the member's own": keep(user=member, at=at, name="propre.pdf"),
        "a piece the manager added": keep(user=manager, at=at, name="a.pdf", structure=seller),
        "a piece the member added": keep(user=member, at=at, name="b.pdf", structure=seller),
        **_invoices(seller, town, member, agent, at),
        **_entered(seller, town, member, agent, at),
        **_to_validate(made, firm, leader, at),
        **_of_works(made, office_of_plans, at),
        "an invoice to a service": _to_service(seller, town, culture, member, at),
        "a drop": dropped.drop,
        "a dropped file": dropped,
        **_dropped(dropped.drop, seller, town, member, at),
        "a flow": _flow("FLUX-1", seller, town, member, at),
        "a proposed flow": _proposed(_flow("FLUX-2", seller, town, member, at)),
        "a draft of two invoices": _of_two(seller, town, member, at),
        "a draft that was split": (parted := _of_two(seller, town, member, at)),
    }
    made.objects |= _asked(made.objects["a received invoice"], member, at)
    split(draft=parted.draft, issuers=Structure.objects.none(), actor=Actor(member), at=at)
    return made


def _attached(
    structure: Structure, at: datetime, *, profiles: list[AccessProfile], services: Collection[Service] = ()
) -> User:
    person = a_person(at=at)
    an_attachment(person=person, structure=structure, at=at, profiles=profiles, services=services)
    return person


def _asked(invoice: Model, member: User, at: datetime) -> dict[str, Model]:
    """What the supplier's member asks the town about an invoice, with a file."""
    assert isinstance(invoice, Invoice)
    question = TicketQuestion(subject=Subject.PAYMENT, title="Quand ?", text="Bonjour.", invoice=invoice, to_body=True)
    upload = an_upload(content=b"x", name="ecran.png")
    ticket = ask_ticket(question=question, uploads=[upload], actor=Actor(member), at=at)
    return {"a ticket": ticket, "a file of the ticket": TicketFile.objects.get(message__ticket=ticket)}


def _of_two(seller: Structure, town: Structure, member: User, at: datetime) -> Invoice:
    upload = an_upload(content=TWO_INVOICES, name="mai.pdf")
    return a_draft(seller=seller, user=member, at=at, buyer=town, upload=upload)


def _to_service(seller: Structure, town: Structure, service: Service, member: User, at: datetime) -> Invoice:
    invoice = a_draft(seller=seller, user=member, at=at, buyer=town, buyer_service=service)
    submit(draft=invoice.draft, actor=Actor(member), at=at)
    made_available(invoice=invoice, at=at)
    return invoice


def _to_validate(made: Parties, firm: Structure, leader: Structure, at: datetime) -> dict[str, Model]:
    """Sub-contractors' invoices: one that waits for its validator, one for the second, one that named the wrong one."""
    member, boss = made.actors["the supplier's member"], made.actors["the validator"]

    def asked(upload: Upload | None = None) -> Invoice:
        named = {"billing_framework": "A9", "validator": firm, "upload": upload}
        invoice = a_draft(seller=made.seller, user=member.account, at=at, buyer=made.town, **named)
        submit(draft=invoice.draft, actor=member, at=at)
        invoice.refresh_from_db()
        return invoice

    workbook = as_xlsx(book_of(LAYOUTS["labels left of values"]))
    first = asked(an_upload(content=workbook, name="facture.xlsx"))  # there is a legible copy of it
    second, wrong = asked(), asked()
    decide(invoice=second, action=Action.VALIDATE, actor=boss, second=leader.identifier, at=at)
    decide(invoice=wrong, action=Action.DISOWN, actor=boss, at=at)
    return {
        "an invoice to validate": first,
        "an invoice to validate again": second,
        "an invoice of a wrong validator": wrong,
        "a file of the invoice to validate": InvoiceFile.objects.get(invoice=first),
    }


def _of_works(made: Parties, architect: Structure, at: datetime) -> dict[str, Model]:
    """Pieces of works, the town being their owner: one for each thing that may be done with one."""
    member, drawer, agent = (
        made.actors[who] for who in ("the supplier's member", "the architect", "the town's member")
    )
    workbook = as_xlsx(book_of(LAYOUTS["labels left of values"]))
    upload = an_upload(content=workbook, name="projet.xlsx")
    named = {"billing_framework": "A4", "moe": architect, "upload": upload}
    piece = a_draft(seller=made.seller, user=member.account, at=at, buyer=made.town, **named)
    submit(draft=piece.draft, actor=member, at=at)
    parties_named = {"seller": made.seller.identifier, "buyer": made.town.identifier, "validator": architect.identifier}
    written = {f"T-{cadre}": xml_invoice(f"T-{cadre}", cadre=cadre[:2], **parties_named) for cadre in _CADRES}
    a_flow(archive({f"{name}.xml": content for name, content in written.items()}), structure=made.seller,
           user=member.account, at=at)  # fmt: skip
    asked, wrong, at_owner, final, wrong_owner = (Invoice.objects.get(number=name) for name in written)
    works.decide(piece=asked, action=Action.ASK_COMPLEMENT, reason_code="JUSTIF_ABS", actor=drawer, at=at)
    works.decide(piece=wrong, action=Action.DISOWN_AS_MOE, actor=drawer, at=at)
    works.decide(piece=wrong_owner, action=Action.DISOWN_AS_MOA, actor=agent, at=at)
    for cadre, actor in (("A17", drawer), ("A20", agent)):
        typed = next_piece.proposed(piece=final, row=WORKS_PIECE_OF[cadre], at=at)
        final = next_piece.make(piece=final, cadre=cadre, typed=typed, document=None, uploads=(), actor=actor, at=at)
    return {
        "a piece of works": piece,
        "a piece to complete": asked,
        "a piece of a wrong architect": wrong,
        "a piece of a wrong owner": wrong_owner,
        "a piece at its owner": at_owner,
        "a general account": final,
        "a file of the piece": InvoiceFile.objects.get(invoice=piece),
    }


_CADRES = ("A4", "A4-2", "A5", "A7", "A5-2")


def _delegations(seller: Structure, manager: User, of_delegate: User, at: datetime) -> dict[str, Model]:
    """Given and held by the supplier, asked of it and by it; nobody else here is of the other structures."""
    office, client = of_delegate.memberships.get().structure, a_structure(at=at, name="Atelier Sol")
    of_client = a_member(structure=client, at=at, is_manager=True)
    terms = Terms(profiles=[AccessProfile.INVOICE], begins_on=at.date())
    other = a_structure(at=at, name="Collectif Mural")
    asking = a_member(structure=other, at=at, is_manager=True)
    return {
        "a delegation given": delegate(
            structure=seller, siret=office.identifier, terms=terms, actor=Actor(manager), at=at
        ),
        "a delegation held": delegate(
            structure=client, siret=seller.identifier, terms=terms, actor=Actor(of_client), at=at
        ),
        "a request to act": ask(structure=other, siret=seller.identifier, comment="", actor=Actor(asking), at=at),
        "a request of the supplier": ask(
            structure=seller, siret="73282932000074", comment="", actor=Actor(manager), at=at
        ),
    }


def _flow(number: str, seller: Structure, town: Structure, member: User, at: datetime) -> Flow:
    content = xml_invoice(number, seller=seller.identifier, buyer=town.identifier)
    return a_flow(content, structure=seller, user=member, at=at)


def _proposed(flow: Flow) -> Flow:
    """As a table that waits for its sender's word."""
    flow.state, flow.proposal = State.PROPOSED, []
    flow.save()
    return flow


def _closed(made: Parties, at: datetime) -> User:
    person = _attached_to_both(made, Membership.State.ACCEPTED, at)
    person.is_active = False
    person.save()
    return person


def _attached_to_both(made: Parties, state: str, at: datetime) -> User:
    person = a_person(at=at)
    for structure in (made.seller, made.town):
        # A manager even, where the attachment does not count.
        is_manager = state != Membership.State.ACCEPTED
        Membership.objects.create(user=person, structure=structure, state=state, is_manager=is_manager, requested_at=at)
    return person


def _invoices(seller: Structure, town: Structure, member: User, agent: User, at: datetime) -> dict[str, Model]:
    """One of each standing: draft, deleted, on its way, received, sent again, sent elsewhere."""

    def sent(upload: Upload | None = None) -> Invoice:
        invoice = a_draft(seller=seller, user=member, at=at, buyer=town, upload=upload)
        submit(draft=invoice.draft, actor=Actor(member), at=at)
        return invoice

    draft = a_draft(seller=seller, user=member, at=at, buyer=town)
    deleted = a_draft(seller=seller, user=member, at=at, buyer=town)
    delete(draft=deleted.draft, actor=Actor(member), at=at)
    workbook = as_xlsx(book_of(LAYOUTS["labels left of values"]))
    received = sent(an_upload(content=workbook, name="facture.xlsx"))  # there is a legible copy of it
    suspended, returned, again, elsewhere = (sent() for _ in range(4))
    other = a_town(at=at, name="Commune de Clairbois", email="factures@clairbois.example")
    for invoice in (received, suspended, returned, again, elsewhere):
        made_available(invoice=invoice, at=at)
    process(invoice=suspended, action=Action.SUSPEND, actor=Actor(agent), at=at, reason_code="JUSTIF_ABS")
    process(invoice=returned, action=Action.SEND_BACK, actor=Actor(agent), at=at, reason_code="SIRET_ERR")
    for invoice, buyer in ((again, town), (elsewhere, other)):
        process(invoice=invoice, action=Action.SEND_BACK, actor=Actor(agent), at=at, reason_code="SIRET_ERR")
        recycle(
            invoice=invoice, routing=Routing(buyer=buyer, commitment="EJ-7"), comment="", actor=Actor(member), at=at
        )
    made_available(invoice=elsewhere, at=at)
    Invoice.objects.filter(pk=elsewhere.pk).update(notified_at=at)
    assert (again.status, elsewhere.status) == (Status.DEPOSITED, Status.AVAILABLE)
    assert draft.deposit_mode == DepositMode.PDF
    return {
        "a draft": draft,
        "a deleted draft": deleted,
        "an invoice on its way": sent(),
        "a received invoice": received,
        "a suspended invoice": suspended,
        "a returned invoice": returned,
        "an invoice on its way again": again,
        "an invoice sent elsewhere": elsewhere,
        "a file of the draft": attach(
            draft=draft.draft, uploads=[an_upload(content=b"x", name="rib.txt")], actor=Actor(member), at=at
        )[0],
        "a file of the received invoice": InvoiceFile.objects.get(invoice=received),
    }


def _dropped(drop: Drop, seller: Structure, town: Structure, member: User, at: datetime) -> dict[str, Model]:
    """Files of a drop: the draft of one could leave, another is an electronic invoice."""
    ready = a_draft(seller=seller, user=member, at=at, buyer=town)
    file = DroppedFile.objects.create(
        drop=drop, position=2, name="prete.pdf", state=DroppedFile.State.DRAFTED, invoice=ready, asked_at=at
    )
    xml = ContentFile(xml_invoice("LOT-XML", seller=seller.identifier, buyer=town.identifier), name="x.xml")
    stored = keep_bytes(file=xml, name="x.xml", media_type="application/xml", at=at)
    register(kept=[stored])
    data = DroppedFile.objects.create(
        drop=drop, position=3, name="x.xml", state=DroppedFile.State.ELECTRONIC, stored=stored, asked_at=at
    )
    look_at(files=DroppedFile.objects.filter(pk=file.pk), at=at)
    file.refresh_from_db()
    return {"a ready file": file, "an electronic file": data}


def _entered(seller: Structure, town: Structure, member: User, agent: User, at: datetime) -> dict[str, Model]:
    """Invoices of an artist-author made on screen: one that is not sent, one that was, one that was rejected."""
    draft, received, rejected = (
        an_entry(seller=seller, user=member, at=at, buyer=town, number=number, situation="VISIT").invoice
        for number in ("S-1", "S-2", "S-3")
    )
    for invoice in (received, rejected):
        submit(draft=invoice.draft, actor=Actor(member), at=at)
        made_available(invoice=invoice, at=at)
    process(invoice=rejected, action=Action.REJECT, actor=Actor(agent), at=at, reason_code="AUTRE", comment="Non.")
    return {"an entered draft": draft, "an entered invoice": received, "a rejected invoice": rejected}
