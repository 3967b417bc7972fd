"""A dossier of works goes from the holder to who directs the works, to whom they are done for, to the payer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.codes.works import WORKS_PIECES, WorksActor
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import next_piece
from plainchant.portal.drafts.operations import submit
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices import lots, operations, queries, works
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.errors import (
    NumberTaken,
    ReasonMissing,
    StatusHasChanged,
    TooEarly,
    WouldBeRefused,
)
from plainchant.portal.invoices.histories import Broken, looked_at
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.lists import ORDERS, InvoiceList, InvoiceReach
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.payment_clock import ClockState
from plainchant.portal.invoices.permissions import moves_for
from plainchant.portal.invoices.story import story_of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.tasks.embedded import run_until_idle
from tests.making import (
    a_draft,
    a_member,
    a_person,
    a_structure,
    a_town,
    an_attachment,
    an_entry,
    an_invoice_pdf,
    an_upload,
    mandated,
)
from tests.portal.flows.making_flows import archive, sent
from tests.web.verify.invoices import invoice as xml

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A builder, the architect and the town of its works, the treasury that pays; and two pieces at the architect's."""

    seller: Structure
    architect: Structure
    town: Structure
    payer: Structure
    builder: User
    drawer: User  # of the architect
    clerk: User  # of the town
    agent: User  # of the payer
    monthly: Invoice
    final: Invoice

    def sees(self, person: User, piece: Invoice) -> bool:
        actor = Actor(person)
        named = queries.works_for(actor=actor, right=Right.SEE_WORKS)
        received = queries.received_for(actor=actor, right=Right.SEE_RECEIVED)
        return named.filter(pk=piece.pk).exists() or received.filter(pk=piece.pk).exists()

    def next(self, piece: Invoice, cadre: str, by: User, at: datetime, **typed: Any) -> Invoice:
        row = next(row for row in WORKS_PIECES if row.code == cadre)
        given = {"document": typed.pop("document", None), "uploads": typed.pop("uploads", ())}
        return next_piece.make(
            piece=piece,
            cadre=cadre,
            typed={**next_piece.proposed(piece=piece, row=row, at=at), **typed},
            actor=Actor(by),
            at=at,
            **given,
        )


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, architect = a_structure(at=at, name="Maçonnerie Dubois"), a_structure(at=at, name="Atelier des Plans")
        town, payer = a_town(at=at), a_town(at=at, name="Syndicat des Eaux", email="compta@eaux.example")
        builder = a_member(structure=seller, at=at, is_manager=True)
        drawer = a_member(structure=architect, at=at, name="Denise")
        clerk, agent = a_member(structure=town, at=at, name="Claude"), a_member(structure=payer, at=at, name="Basile")
        mandated(seller, by=builder, at=at)
        named = {"moe": architect, "moa": town, "contract": "M-2026-1"}
        sides = {"seller": seller, "payer": payer, "builder": builder}
        monthly = _begun(**sides, at=at, number="2026-03", billing_framework="A4", **named)
        final = _begun(**sides, at=at, number="2026-FIN", billing_framework="A7", **named)
        return World(seller, architect, town, payer, builder, drawer, clerk, agent, monthly, final)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def _begun(*, seller: Structure, payer: Structure, builder: User, at: datetime, **values: Any) -> Invoice:
    piece = a_draft(seller=seller, user=builder, at=at, buyer=payer, **values)
    submit(draft=piece.draft, actor=Actor(builder), at=at)
    piece.refresh_from_db()
    return piece


def statuses(*pieces: Invoice) -> list[str]:
    return [Invoice.objects.get(pk=piece.pk).status for piece in pieces]


def mails_to(person: User) -> list[str]:
    return list(Message.objects.filter(recipient=person.notice_address).values_list("subject", flat=True))


def test_each_month_a_piece_answers_the_one_before_and_the_payer_has_the_last(world: World, at: datetime) -> None:
    assert world.monthly.status == Status.AT_MOE
    assert [world.sees(person, world.monthly) for person in (world.drawer, world.clerk, world.agent)] == [
        True,
        True,
        False,
    ]
    mail = Message.objects.filter(recipient=world.drawer.notice_address, subject__contains="2026-03, ").get()
    assert "court depuis que la première pièce du dossier a été reçue" in mail.body
    statement = world.next(
        world.monthly, "A15", world.drawer, at, tax_exclusive_amount="1100", tax_inclusive_amount="1100",
        payable_amount="1100", document=an_upload(content=an_invoice_pdf(), name="etat.pdf"),
    )  # fmt: skip
    assert (statement.number, statement.status, statement.seller) == ("2026-03-EA", Status.AT_MOA, world.seller)
    assert any("2026-03-EA" in subject for subject in mails_to(world.clerk))
    later = at + timedelta(days=4)
    agreed = world.next(statement, "A19", world.clerk, later)
    assert not world.sees(world.agent, agreed)
    lots.carry_lot(uids=[str(agreed.uid)], at=later)
    run_until_idle()
    assert statuses(world.monthly, statement, agreed) == ["ASSOCIEE", "ASSOCIEE", "MISE_A_DISPOSITION"]
    assert [world.sees(world.agent, piece) for piece in (world.monthly, statement, agreed)] == [False, False, True]
    agreed.refresh_from_db()
    assert agreed.payable_amount == Decimal(1100)
    assert [row.number for row in queries.pieces_of(piece=statement)] == ["2026-03", "2026-03-EA", "2026-03-EAV"]
    names = set(InvoiceFile.objects.filter(invoice=agreed).values_list("name", flat=True))
    assert {"etat.pdf", "facture.pdf"} <= names  # the payer has the documents of the pieces before
    pieces = [world.monthly.pk, statement.pk, agreed.pk]
    assert [found for found in looked_at(invoices=pieces) if isinstance(found, Broken)] == []


def test_what_is_paid_each_month_is_due_thirty_days_after_the_architect_had_it(world: World, at: datetime) -> None:
    later = at + timedelta(days=9)
    agreed = world.next(world.next(world.monthly, "A15", world.drawer, later), "A19", world.clerk, later)
    lots.carry_lot(uids=[str(agreed.uid)], at=later)
    run_until_idle()
    agreed.refresh_from_db()
    delay = delay_of(invoice=agreed, history=list(agreed.history.all()))
    assert (delay.state, delay.due_on) == (ClockState.RUNNING, day_in_paris(at) + timedelta(days=30))
    assert agreed.due_on == delay.due_on
    for piece in (world.monthly, agreed.made_from):
        assert piece is not None
        assert delay_of(invoice=piece, history=[]).state is ClockState.NOT_OWED


def test_a_final_account_comes_back_to_its_holder_and_its_delay_runs_from_the_payer(world: World, at: datetime) -> None:
    project = world.next(world.final, "A17", world.drawer, at)
    general = world.next(project, "A20", world.clerk, at)
    assert statuses(project, general) == [Status.ASSOCIATED, Status.AT_SELLER]
    assert any("2026-FIN-DG" in subject for subject in mails_to(world.builder))
    with pytest.raises(NotAllowed):
        world.next(general, "A8", world.clerk, at)
    later = at + timedelta(days=9)
    definitive = world.next(general, "A8", world.builder, later)
    lots.carry_lot(uids=[str(definitive.uid)], at=later)
    operations.notify_late(invoice=definitive, at=later)
    run_until_idle()
    definitive.refresh_from_db()
    assert statuses(world.final, project, general, definitive) == ["ASSOCIEE"] * 3 + ["MISE_A_DISPOSITION"]
    delay = delay_of(invoice=definitive, history=list(definitive.history.all()))
    assert delay.started_on == (day_in_paris(definitive.notified_at) if definitive.notified_at else None)
    assert delay.started_on != day_in_paris(at)


def test_a_holder_may_refuse_the_general_account_that_it_is_sent(world: World, at: datetime) -> None:
    general = world.next(world.next(world.final, "A17", world.drawer, at), "A20", world.clerk, at)
    works.refuse_general(piece=general, comment="Il manque l’avenant n° 2", actor=Actor(world.builder), at=at)
    assert statuses(general) == [Status.REFUSED_BY_SELLER]
    assert any("refusé" in subject for subject in mails_to(world.clerk))
    with pytest.raises(StatusHasChanged):
        world.next(general, "A8", world.builder, at)


def test_a_refusal_stops_the_circuit_and_an_amount_is_no_reason_for_one(world: World, at: datetime) -> None:
    def refuse(code: str) -> None:
        works.decide(
            piece=world.monthly,
            action=Action.REFUSE_AS_MOE,
            reason_code=code,
            comment="",
            actor=Actor(world.drawer),
            at=at,
        )

    for code in ("", "MONTANTTOTAL_ERR", "CALCUL_ERR"):
        with pytest.raises(ReasonMissing):
            refuse(code)
    refuse("DOUBLON")
    assert statuses(world.monthly) == [Status.REFUSED_BY_MOE]
    with pytest.raises(StatusHasChanged):
        world.next(world.monthly, "A15", world.drawer, at)
    assert Invoice.objects.filter(first_piece=world.monthly).count() == 0


def test_one_makes_the_piece_that_is_next_once_and_with_right_amounts(world: World, at: datetime) -> None:
    for cadre, by in (("A19", world.drawer), ("A17", world.drawer), ("A4", world.builder)):
        with pytest.raises(StatusHasChanged):
            world.next(world.monthly, cadre, by, at)
    for by in (world.builder, world.clerk, world.agent):
        with pytest.raises(NotAllowed):
            world.next(world.monthly, "A15", by, at)
    for typed in ({"payable_amount": "mille"}, {"tax_inclusive_amount": "7"}, {"number": ""}, {"issue_date": ""}):
        with pytest.raises(WouldBeRefused):
            world.next(world.monthly, "A15", world.drawer, at, **typed)
    with pytest.raises(NumberTaken):
        world.next(world.monthly, "A15", world.drawer, at, number="2026-FIN")
    assert statuses(world.monthly) == [Status.AT_MOE]
    stale = deepcopy(world.monthly)
    world.next(world.monthly, "A15", world.drawer, at)
    with pytest.raises(StatusHasChanged):
        world.next(stale, "A15", world.drawer, at, number="AUTRE")


def test_a_wrong_architect_is_replaced_and_the_delay_begins_with_the_right_one(world: World, at: datetime) -> None:
    other = a_structure(at=at, name="Bureau d’Études", email="etudes@example.org")
    engineer = a_member(structure=other, at=at, name="Émile")
    works.decide(piece=world.monthly, action=Action.DISOWN_AS_MOE, actor=Actor(world.drawer), at=at)
    given = {"piece": world.monthly, "action": Action.NAME_MOE, "comment": "", "actor": Actor(world.builder)}
    later = at + timedelta(days=3)
    for siret in ("", "abc", "12345678200051", world.seller.identifier, world.architect.identifier):
        with pytest.raises(WouldBeRefused):
            works.name_actor(siret=siret, at=later, **given)
    works.name_actor(siret=other.identifier, at=later, **given)
    assert [world.sees(person, world.monthly) for person in (world.drawer, engineer)] == [False, True]
    assert [world.sees(person, world.final) for person in (world.drawer, engineer)] == [True, False]  # another dossier
    made = world.next(world.monthly, "A15", engineer, later)
    assert made.first_received_at == later
    works.decide(piece=made, action=Action.DISOWN_AS_MOA, actor=Actor(world.clerk), at=later)
    given = {"piece": made, "action": Action.NAME_MOA, "comment": "", "actor": Actor(world.builder)}
    works.name_actor(siret=world.payer.identifier, at=later, **given)
    assert [world.sees(world.clerk, piece) for piece in (world.monthly, made)] == [False, False]
    assert [world.sees(world.agent, piece) for piece in (world.monthly, made)] == [True, True]


def test_a_stranger_is_told_that_they_may_not_before_anything_else(world: World, at: datetime) -> None:
    by = {"piece": world.monthly, "actor": Actor(a_member(structure=a_structure(at=at), at=at)), "at": at}
    with pytest.raises(NotAllowed):
        works.decide(action=Action.REFUSE_AS_MOE, **by)  # without its reason
    with pytest.raises(NotAllowed):
        works.name_actor(action=Action.NAME_MOE, siret="abc", comment="", **by)
    with pytest.raises(NotAllowed):
        works.make_next(new=piece_of("A15", number=world.final.number), files=[], **by)  # a number that is taken
    with pytest.raises(ValueError, match="not decided"):
        works.decide(piece=world.monthly, action=Action.SUSPEND, actor=Actor(world.drawer), at=at)


def piece_of(cadre: str, *, number: str) -> works.NextPiece:
    return works.NextPiece(
        cadre=cadre,
        number=number,
        issue_date=date(2026, 11, 3),
        tax_exclusive_amount=Decimal(100),
        tax_amount=Decimal(20),
        tax_inclusive_amount=Decimal(120),
        payable_amount=Decimal(120),
    )


def test_a_piece_answers_those_that_its_row_names_and_takes_their_documents_along(world: World, at: datetime) -> None:
    with pytest.raises(StatusHasChanged):
        works.make_next(
            piece=world.monthly, new=piece_of("A17", number="X-1"), files=[], actor=Actor(world.drawer), at=at
        )
    assert statuses(world.monthly) == [Status.AT_MOE]
    made = world.next(world.monthly, "A15", world.drawer, at)
    before = InvoiceFile.objects.filter(invoice=world.monthly).count()
    assert before == InvoiceFile.objects.filter(invoice=world.final).count() == 1
    assert InvoiceFile.objects.filter(invoice=made).count() == before


def test_an_architect_asks_for_more_and_has_it_again(world: World, at: datetime) -> None:
    by = {"actor": Actor(world.drawer), "at": at}
    works.decide(piece=world.monthly, action=Action.TAKE_AS_MOE, **by)
    works.decide(
        piece=world.monthly, action=Action.ASK_COMPLEMENT, reason_code="JUSTIF_ABS", comment="Les métrés", **by
    )
    answer = {"piece": world.monthly, "actor": Actor(world.builder), "at": at}
    with pytest.raises(ReasonMissing):
        next_piece.complete(uploads=[], comment=" ", **answer)
    next_piece.complete(uploads=[an_upload(content=b"a", name="metres.txt")], comment="", **answer)
    assert statuses(world.monthly) == [Status.AT_MOE]
    assert InvoiceFile.objects.filter(invoice=world.monthly, name="metres.txt").exists()


def test_the_tacit_procedure_waits_for_the_days_of_silence(world: World, at: datetime) -> None:
    project = world.next(world.final, "A17", world.drawer, at)
    with pytest.raises(TooEarly):
        world.next(project, "A22", world.builder, at + timedelta(days=30))
    month = at + timedelta(days=31)
    tacit = world.next(project, "A22", world.builder, month)
    assert (statuses(project), tacit.status) == ([Status.REPLACED], Status.AT_MOA)
    assert [choice.piece.code for by in WorksActor for choice in works.choices_for(piece=tacit, by=by)] == [
        "A23",
        "A24",
        "A25",
    ]
    with pytest.raises(TooEarly):
        world.next(tacit, "A23", world.builder, month + timedelta(days=10))
    made = world.next(tacit, "A23", world.builder, month + timedelta(days=11))
    assert made.status == Status.DEPOSITED
    with pytest.raises(StatusHasChanged):
        world.next(tacit, "A25", world.clerk, month + timedelta(days=11))


def test_who_directs_the_works_may_end_the_tacit_procedure(world: World, at: datetime) -> None:
    month = at + timedelta(days=31)
    tacit = world.next(world.final, "A22", world.builder, month)
    assert world.next(tacit, "A24", world.drawer, month).status == Status.DEPOSITED


def test_what_is_offered_is_what_the_table_lets_each_make(world: World, at: datetime) -> None:
    def offered(person: User, piece: Invoice, side: Side) -> set[str]:
        return {move.action.value for move in moves_for(actor=Actor(person), invoice=piece, side=side)}

    at_first = {"associate_as_moe", "take_as_moe", "refuse_as_moe", "disown_as_moe", "ask_complement"}
    assert offered(world.drawer, world.monthly, Side.WORKS) == at_first
    assert offered(world.clerk, world.monthly, Side.WORKS) == set()
    assert offered(world.builder, world.monthly, Side.SELLER) == set()
    assert offered(world.builder, world.final, Side.SELLER) == {"replace_by_tacit"}
    made = world.next(world.monthly, "A15", world.drawer, at)
    assert offered(world.drawer, made, Side.WORKS) == set()
    assert "associate_as_moa" in offered(world.clerk, made, Side.WORKS)


def test_what_each_reads_of_the_story(world: World, at: datetime) -> None:
    made = world.next(world.next(world.monthly, "A15", world.drawer, at), "A19", world.clerk, at)
    lots.carry_lot(uids=[str(made.uid)], at=at)
    made.refresh_from_db()

    def read(side: Side) -> list[str]:
        story = story_of(invoice=made, history=list(made.history.all()), side=side)
        return [step.status.status for step in story if step.status]

    assert read(Side.WORKS) == [Status.DEPOSITED]
    assert read(Side.BUYER) == read(Side.SELLER) == [Status.DEPOSITED, Status.FORWARDING, Status.AVAILABLE]
    listed = InvoiceList(
        side=Side.WORKS,
        scope=queries.works_for(actor=Actor(world.drawer), right=Right.SEE_WORKS),
        reach=InvoiceReach.of(actor=Actor(world.drawer), right=Right.SEE_WORKS, side=Side.WORKS),
    )
    page = listed.sheet(order=ORDERS[Side.WORKS][0], falling=True, size=10)
    assert {row.number for row in page.invoices} == {"2026-03", "2026-03-EA", "2026-03-EAV", "2026-FIN"}
    waiting = queries.works_to_do(actor=Actor(world.drawer))
    assert [row.pk for row in waiting] == [world.final.pk]


def test_who_is_named_is_somebody_who_will_read_of_it(world: World, at: datetime) -> None:
    def findings(**values: Any) -> list[tuple[str, str | None]]:
        draft = a_draft(
            seller=world.seller, user=world.builder, at=at, buyer=world.payer, billing_framework="A4", **values
        )
        with pytest.raises(WouldBeRefused) as refused:
            submit(draft=draft.draft, actor=Actor(world.builder), at=at)
        return [(finding.rule, finding.field) for finding in refused.value.findings if finding.severity == "fatal"]

    deaf = a_structure(at=at, name="Cabinet Fermé")
    only_invoices = [AccessProfile.INVOICE, AccessProfile.READ]
    an_attachment(person=a_person(at=at), structure=deaf, at=at, profiles=only_invoices)
    assert findings() == [("SAISIE-TRAVAUX-ABSENT", "moe")]
    assert findings(moe=deaf) == [("SAISIE-TRAVAUX-INJOIGNABLE", "moe")]
    owner = a_town(at=at, name="Ville d’Orée", is_works_authority_only=True)
    assert findings(moe=owner) == [("SAISIE-TRAVAUX-MOA-SEULE", "moe")]
    assert findings(moe=world.architect, moa=world.seller) == [("SAISIE-TRAVAUX-SOI", "moa")]
    assert ("SAISIE-TRAVAUX-AVOIR", "type_code") in findings(
        moe=world.architect, type_code="381", preceding_number="F-0"
    )


def test_the_actors_of_a_contract_are_named_again_and_the_buyer_is_the_owner(world: World, at: datetime) -> None:
    sides = {"seller": world.seller, "payer": world.payer, "builder": world.builder, "at": at}
    again = _begun(**sides, billing_framework="A4", contract="M-2026-1")
    assert (again.moe, again.moa) == (world.architect, world.town)
    alone = _begun(**sides, billing_framework="A5", contract="M-2")
    assert (alone.moe, alone.moa, alone.status) == (None, world.payer, Status.AT_MOA)
    agreed = world.next(alone, "A19", world.agent, at)
    assert agreed.status == Status.DEPOSITED


def test_who_was_named_last_is_who_this_supplier_named_to_that_buyer(world: World, at: datetime) -> None:
    later, named = at + timedelta(days=1), {"moe": world.architect, "moa": world.town}
    world.next(world.final, "A17", world.drawer, later)
    other, another = a_structure(at=at, name="Toitures Morel"), a_town(at=at, name="Ville d’Orée")
    roofer = a_member(structure=other, at=at, is_manager=True)
    mandated(other, by=roofer, at=at)
    works_of = {"billing_framework": "A4", "contract": "M-2026-1", "at": later, **named}
    theirs = _begun(seller=other, payer=world.payer, builder=roofer, **works_of)
    _begun(seller=world.seller, payer=another, builder=world.builder, **works_of)
    _begun(seller=world.seller, payer=world.payer, builder=world.builder, at=later, contract="M-2026-1")
    found = queries.last_dossier(seller=world.seller, buyer=world.payer, contract="M-2026-1")
    assert found == world.final
    assert queries.last_dossier(seller=other, buyer=world.payer, contract="M-2026-1") == theirs


def test_a_piece_waits_for_whoever_must_act_on_it_and_has_the_right(world: World, at: datetime) -> None:
    sides = {"seller": world.seller, "payer": world.payer, "builder": world.builder, "at": at}
    at_owner = _begun(**sides, billing_framework="A5", contract="M-2", moa=world.town)
    invoicing, stranger = a_person(at=at), a_member(structure=a_structure(at=at), at=at)
    an_attachment(person=invoicing, structure=world.architect, at=at, profiles=[AccessProfile.INVOICE])
    waiting = {
        person: set(queries.works_to_do(actor=Actor(person)))
        for person in (world.drawer, world.clerk, invoicing, stranger)
    }
    assert waiting == {
        world.drawer: {world.monthly, world.final},
        world.clerk: {at_owner},
        invoicing: set(),
        stranger: set(),
    }


def test_a_sheet_and_a_flow_go_to_who_is_named(world: World, at: datetime) -> None:
    entry = an_entry(
        seller=world.seller, user=world.builder, at=at, buyer=world.payer, number="S-1", billing_framework="A4",
        moe=world.architect.identifier,
    )  # fmt: skip
    submit(draft=entry, actor=Actor(world.builder), at=at)
    assert statuses(entry.invoice) == [Status.AT_MOE]
    parties = {"seller": world.seller.identifier, "buyer": world.payer.identifier}
    lot = {f"{cadre}.xml": xml(f"V-{cadre}", **parties, cadre=cadre) for cadre in ("A8", "A10", "A15", "A19", "A5")}
    lot["A4.xml"] = xml("V-A4", **parties, cadre="A4", validator=world.architect.identifier)
    lot["A7.xml"] = xml("V-A7", **parties, cadre="A7")
    flow = sent(archive(lot), structure=world.seller, user=world.builder, at=at)
    rules = {
        row.number: [finding["rule"] for finding in row.findings if finding["severity"] == "fatal"]
        for row in FlowInvoice.objects.filter(flow=flow)
    }
    refused = {f"V-{cadre}": ["FLUX-CIRCUIT"] for cadre in ("A8", "A10", "A15", "A19")}
    assert rules == {**refused, "V-A4": [], "V-A5": [], "V-A7": ["SAISIE-TRAVAUX-ABSENT"]}
    taken = Invoice.objects.filter(number__startswith="V-").order_by("number")
    assert [(row.status, row.moe_id, row.moa_id) for row in taken] == [
        (Status.AT_MOE, world.architect.pk, world.payer.pk),
        (Status.AT_MOA, None, world.payer.pk),
    ]


def test_every_cadre_of_works_has_its_row_and_every_way_ends() -> None:
    assert {row.code for row in WORKS_PIECES} == {
        code for code, row in CADRE_OF.items() if row.circuit.through.startswith("le maître")
    }
    for row in WORKS_PIECES:
        assert bool(row.mend) is (row.goes_to is None), row.code
        assert bool(row.suffix) is bool(row.answers), row.code
        if row.goes_to not in (None, WorksActor.PAYER):
            assert any(row.code in other.answers and other.goes_to for other in WORKS_PIECES), row.code
