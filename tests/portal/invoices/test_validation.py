"""A sub-contractor's or a co-contractor's invoice is seen by its validators first, and by the buyer after them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.drafts.successors import NotReissuable, reissue
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices import lots, operations, queries, validation
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.errors import ReasonMissing, StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import IN_VALIDATION, Action, Side, Status
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.invoices.payment_clock import ClockState
from plainchant.portal.invoices.story import story_of
from plainchant.portal.lib import deeds
from plainchant.portal.lib.time import PARIS
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.tasks.embedded import run_until_idle
from plainchant.tasks.sweep import sweep
from tests.making import a_draft, a_member, a_structure, a_town, an_entry, mandated
from tests.portal.flows.making_flows import archive, sent
from tests.web.verify.invoices import invoice as xml

pytestmark = pytest.mark.django_db


@dataclass
class World:
    seller: Structure
    town: Structure
    main: Structure
    leader: Structure
    artist: User
    agent: User
    boss: User
    head: User
    invoice: Invoice  # waits for the say of ``main``

    def seen_by(self, person: User) -> bool:
        actor = Actor(person)
        validated = queries.validated_for(actor=actor, right=Right.SEE_VALIDATION)
        received = queries.received_for(actor=actor, right=Right.SEE_RECEIVED)
        return (validated.filter(pk=self.invoice.pk) | received.filter(pk=self.invoice.pk)).exists()

    def decide(self, action: Action, *, at: datetime, by: User | None = None, **given: str) -> None:
        validation.decide(invoice=self.invoice, action=action, actor=Actor(by or self.boss), at=at, **given)

    @property
    def story(self) -> list[str]:
        return [change.to_status for change in self.invoice.history.all()]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, town = a_structure(at=at, name="Plomberie Dubois"), a_town(at=at)
        main, leader = a_structure(at=at, name="Grand Chantier SA"), a_structure(at=at, name="Groupement Val")
        artist = a_member(structure=seller, at=at, is_manager=True)
        agent = a_member(structure=town, at=at, name="Basile")
        boss, head = a_member(structure=main, at=at, name="Gaspard"), a_member(structure=leader, at=at, name="Léa")
        mandated(seller, by=artist, at=at)
        invoice = _sent(seller, town, main, artist, at)
        return World(seller, town, main, leader, artist, agent, boss, head, invoice)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def _sent(seller: Structure, town: Structure, main: Structure, artist: User, at: datetime, **values: str) -> Invoice:
    invoice = a_draft(
        seller=seller, user=artist, at=at, buyer=town, billing_framework="A9", validator=main, contract="M-1", **values
    )
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    invoice.refresh_from_db()
    return invoice


def mails_to(person: User) -> list[str]:
    return list(Message.objects.filter(recipient=person.notice_address).values_list("subject", flat=True))


def test_the_buyer_sees_nothing_before_the_validator_has_agreed(world: World, at: datetime) -> None:
    run_until_idle()
    assert world.invoice.status == Status.TO_VALIDATE_1
    assert (world.seen_by(world.boss), world.seen_by(world.agent)) == (True, False)
    assert any("à valider" in subject for subject in mails_to(world.boss))
    assert not mails_to(world.agent)
    assert delay_of(invoice=world.invoice, history=[]).state is ClockState.NOT_STARTED


def test_once_it_is_validated_the_buyer_has_it_and_reads_who_agreed(world: World, at: datetime) -> None:
    world.decide(Action.VALIDATE, at=at)
    lots.carry_lot(uids=[str(world.invoice.uid)], at=at)
    world.invoice.refresh_from_db()
    assert world.story[1:] == ["A_VALIDER_1", "VALIDEE_1", "DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]
    assert (world.seen_by(world.boss), world.seen_by(world.agent)) == (True, True)
    history = list(world.invoice.history.all())
    [say] = validation.says_of(invoice=world.invoice, history=history)
    assert (say.validator, say.is_tacit) == (world.main, False)
    read = [
        step.status.status for step in story_of(invoice=world.invoice, history=history, side=Side.BUYER) if step.status
    ]
    assert not IN_VALIDATION.intersection(read)
    told = [
        step.status.status
        for step in story_of(invoice=world.invoice, history=history, side=Side.VALIDATOR)
        if step.status
    ]
    assert told == [Status.TO_VALIDATE_1, Status.VALIDATED_1, Status.DEPOSITED]
    assert history[2].actor_name == str(world.boss)


def test_a_refusal_needs_its_reason_ends_it_and_keeps_its_number(world: World, at: datetime) -> None:
    for given in ({}, {"reason_code": "JUSTIF_ABS"}, {"reason_code": "AUTRE"}):
        with pytest.raises(ReasonMissing):
            world.decide(Action.REFUSE, at=at, **given)
    with pytest.raises(NotReissuable):
        reissue(draft=world.invoice.draft, actor=Actor(world.artist), at=at)
    world.decide(Action.REFUSE, at=at, reason_code="MONTANTTOTAL_ERR", comment="600 € et non 1 200 €")
    run_until_idle()
    assert Invoice.objects.get(pk=world.invoice.pk).status == Status.REFUSED_1
    assert not world.seen_by(world.agent)
    message = Message.objects.get(recipient=world.artist.notice_address, subject__contains="refusé")
    assert "a refusé votre facture" in message.body
    assert "600 € et non 1 200 €" in message.body
    with pytest.raises(WouldBeRefused) as refused:
        _sent(world.seller, world.town, world.main, world.artist, at, number=world.invoice.number)
    assert [finding.rule for finding in refused.value.findings] == ["CPRO-G2.07"]


def test_only_people_of_the_validator_answer_and_only_once(world: World, at: datetime) -> None:
    for person in (world.artist, world.agent, world.head):
        with pytest.raises(NotAllowed):
            world.decide(Action.VALIDATE, at=at, by=person)
    stale = Invoice.objects.get(pk=world.invoice.pk)
    world.decide(Action.VALIDATE, at=at)
    with pytest.raises(StatusHasChanged):
        validation.decide(invoice=stale, action=Action.DISOWN, actor=Actor(world.boss), at=at)
    with pytest.raises(ValueError, match="validator"):
        validation.decide(invoice=stale, action=Action.REJECT, actor=Actor(world.boss), at=at)


def test_a_wrong_validator_is_replaced_and_sees_nothing_any_more(world: World, at: datetime) -> None:
    world.decide(Action.DISOWN, at=at, comment="Demandez au groupement")
    assert world.seen_by(world.boss)
    name = {"invoice": world.invoice, "comment": "", "at": at + timedelta(days=20)}
    for siret, code in (
        ("", "SAISIE-VALIDEUR"),
        (world.main.identifier, "SAISIE-VALIDEUR-DEJA"),
        (world.seller.identifier, "SAISIE-VALIDEUR-SOI"),
        (world.town.identifier, "SAISIE-VALIDEUR-ACHETEUR"),
        ("12345678200051", "SAISIE-VALIDEUR-INCONNU"),
        ("abc", "SAISIE-FORME"),
    ):
        with pytest.raises(WouldBeRefused) as refused:
            validation.name_validator(siret=siret, actor=Actor(world.artist), **name)
        assert [finding.rule for finding in refused.value.findings] == [code]
    with pytest.raises(NotAllowed):
        validation.name_validator(siret=world.leader.identifier, actor=Actor(world.boss), **name)
    validation.name_validator(siret=world.leader.identifier, actor=Actor(world.artist), **name)
    assert world.invoice.status == Status.TO_VALIDATE_1
    assert (world.seen_by(world.boss), world.seen_by(world.head)) == (False, True)
    history = list(world.invoice.history.all())
    read = story_of(invoice=world.invoice, history=history, side=Side.VALIDATOR)
    assert "Demandez au groupement" not in [step.comment for step in read]
    # Its fifteen days are its own.
    assert validation.last_day(invoice=world.invoice) == (at + timedelta(days=35)).astimezone(PARIS).date()
    assert lots.accept_silence(at=at + timedelta(days=34)) == 0


def test_a_co_contractor_names_who_validates_after_it(world: World, at: datetime) -> None:
    with pytest.raises(WouldBeRefused):
        world.decide(Action.VALIDATE, at=at, second=world.seller.identifier)
    assert Invoice.objects.get(pk=world.invoice.pk).status == Status.TO_VALIDATE_1
    world.decide(Action.VALIDATE, at=at, second=world.leader.identifier)
    run_until_idle()
    assert world.invoice.status == Status.TO_VALIDATE_2
    assert (world.seen_by(world.boss), world.seen_by(world.head), world.seen_by(world.agent)) == (True, True, False)
    with pytest.raises(NotAllowed):
        world.decide(Action.VALIDATE_SECOND, at=at)
    world.decide(Action.DISOWN_SECOND, at=at, by=world.head)
    assert any("valideur à corriger" in subject for subject in mails_to(world.boss))
    other = a_structure(at=at, name="Autre mandataire", email="mandataire@example.org")
    with pytest.raises(NotAllowed):
        world.decide(Action.NAME_SECOND, at=at, by=world.artist, second=other.identifier)
    with pytest.raises(WouldBeRefused):
        world.decide(Action.NAME_SECOND, at=at, second=world.main.identifier)
    world.decide(Action.NAME_SECOND, at=at, second=other.identifier)
    assert not world.seen_by(world.head)
    assert Message.objects.filter(recipient="mandataire@example.org").count() == 1
    later = at + timedelta(days=17)
    assert lots.accept_silence(at=later) == 1
    run_until_idle()
    world.invoice.refresh_from_db()
    assert world.invoice.status == Status.AVAILABLE
    says = validation.says_of(invoice=world.invoice, history=list(world.invoice.history.all()))
    assert [(say.validator, say.is_tacit) for say in says] == [(world.main, False), (other, True)]


def test_silence_is_an_agreement_once_the_fifteenth_day_in_paris_is_over(world: World, at: datetime) -> None:
    others = [_sent(world.seller, world.town, world.main, world.artist, at) for _ in range(2)]
    world.decide(Action.DISOWN, at=at)  # this one waits for its supplier, who does not answer
    asked = at.astimezone(PARIS)
    last = (asked + timedelta(days=15)).replace(hour=23, minute=59, second=59)
    assert lots.accept_silence(at=last) == 0
    first = (asked + timedelta(days=16)).replace(hour=0, minute=0, second=0)
    assert lots.accept_silence(at=first) == 2
    assert lots.accept_silence(at=first) == 0
    assert lots.accept_silence(at=at - timedelta(days=400)) == 0
    run_until_idle()
    statuses = {Invoice.objects.get(pk=other.pk).status for other in others}
    assert statuses == {Status.AVAILABLE}
    assert not world.seen_by(world.agent)
    with pytest.raises(StatusHasChanged):
        validation.decide(
            invoice=others[0], action=Action.REFUSE, actor=Actor(world.boss), at=first, reason_code="DOUBLON"
        )


def test_a_portal_that_was_away_waits_a_day_before_it_takes_silence_for_an_agreement(
    world: World, at: datetime
) -> None:
    back = at + timedelta(days=20)
    deeds.note(deeds.Deed.SWEEP_BEGUN, at=at)
    for instant, status in ((back, "A_VALIDER_1"), (back + timedelta(hours=23), "A_VALIDER_1")):
        sweep(at=instant)
        assert Invoice.objects.get(pk=world.invoice.pk).status == status
    sweep(at=back + timedelta(hours=25))
    assert Invoice.objects.get(pk=world.invoice.pk).status != Status.TO_VALIDATE_1


def test_sent_to_another_body_it_is_validated_anew_and_within_the_same_it_is_not(world: World, at: datetime) -> None:
    world.decide(Action.VALIDATE, at=at)
    lots.carry_lot(uids=[str(world.invoice.uid)], at=at)
    world.invoice.refresh_from_db()
    back = {"invoice": world.invoice, "action": Action.SEND_BACK, "at": at, "reason_code": "SIRET_ERR"}
    operations.process(actor=Actor(world.agent), **back)
    again = {"invoice": world.invoice, "comment": "", "actor": Actor(world.artist), "at": at}
    operations.recycle(routing=Routing(buyer=world.town, commitment="EJ-1"), **again)
    assert world.invoice.status == Status.DEPOSITED
    lots.carry_lot(uids=[str(world.invoice.uid)], at=at)
    world.invoice.refresh_from_db()
    operations.process(actor=Actor(world.agent), **back)
    operations.recycle(routing=Routing(buyer=a_town(at=at, name="Clairbois")), **again)
    assert world.invoice.status == Status.TO_VALIDATE_1
    assert not world.seen_by(world.agent)


def test_a_sheet_a_document_and_a_credit_note_go_to_their_validator(world: World, at: datetime) -> None:
    entry = an_entry(
        seller=world.seller, user=world.artist, at=at, buyer=world.town, number="S-1", billing_framework="A12",
        validator=world.leader.identifier,
    )  # fmt: skip
    submit(draft=entry, actor=Actor(world.artist), at=at)
    credit = _sent(world.seller, world.town, world.main, world.artist, at, type_code="381", preceding_number="F-0")
    assert [row.status for row in Invoice.objects.filter(pk__in=[entry.invoice_id, credit.pk])] == ["A_VALIDER_1"] * 2
    unnamed = a_draft(seller=world.seller, user=world.artist, at=at, buyer=world.town, billing_framework="A9")
    with pytest.raises(WouldBeRefused) as refused:
        submit(draft=unnamed.draft, actor=Actor(world.artist), at=at)
    assert [(finding.rule, finding.field) for finding in refused.value.findings] == [("SAISIE-VALIDEUR", "validator")]


def test_a_flow_asks_the_validator_that_it_names_once_for_all_its_invoices(world: World, at: datetime) -> None:
    def written(number: str, **more: str) -> bytes:
        parties = {"seller": world.seller.identifier, "buyer": world.town.identifier}
        return xml(number, **parties, cadre="A9", **more)

    lot = archive(
        {
            "a.xml": written("V-1", validator=world.main.identifier),
            "b.xml": written("V-2", validator=world.main.identifier),
            "c.xml": written("V-3"),
            "d.xml": written("V-4", validator=world.seller.identifier),
        }
    )
    before = len(mails_to(world.boss))
    flow = sent(lot, structure=world.seller, user=world.artist, at=at)
    rules = {
        row.number: [finding["rule"] for finding in row.findings if finding["severity"] == "fatal"]
        for row in FlowInvoice.objects.filter(flow=flow)
    }
    assert rules == {"V-1": [], "V-2": [], "V-3": ["SAISIE-VALIDEUR"], "V-4": ["SAISIE-VALIDEUR-SOI"]}
    taken = Invoice.objects.filter(number__startswith="V-")
    assert {(row.status, row.validator_id) for row in taken} == {("A_VALIDER_1", world.main.pk)}
    assert len(mails_to(world.boss)) == before + 1


def test_lists_of_a_validator_hold_what_waits_for_it(world: World, at: datetime) -> None:
    world.decide(Action.VALIDATE, at=at, second=world.leader.identifier)
    mine = _sent(world.seller, world.town, world.main, world.artist, at)
    found = {}
    for person in (world.boss, world.head):
        right = Right.SEE_VALIDATION
        reach = InvoiceReach.of(actor=Actor(person), right=right, side=Side.VALIDATOR)
        listed = InvoiceList(
            side=Side.VALIDATOR, scope=queries.validated_for(actor=Actor(person), right=right), reach=reach
        )
        page = listed.sheet(order=ORDERS[Side.VALIDATOR][0], falling=True, size=10)
        waiting = queries.to_validate(actor=Actor(person))
        found[person] = {row.pk for row in page.invoices}, {row.pk for row in waiting}
    assert found[world.boss] == ({world.invoice.pk, mine.pk}, {mine.pk})
    assert found[world.head] == ({world.invoice.pk}, {world.invoice.pk})
