"""Random lives: whatever anybody does with an invoice, in any order, its history is one that the printed table allows.

Pages (`moves_for`), the printed table (docs/lifecycle.md) and operations agree: what is offered is done, and nothing
else is. `PLAINCHANT_TEST_STEPS=100000` takes so many steps; `-o log_cli=true --log-level=INFO` says which were taken.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from plainchant.cli.docs import lifecycle as printed
from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.einvoice.codes.works import WORKS_PIECES
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import next_piece
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices import lots, operations, rejections, validation, works
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.histories import Broken, looked_at
from plainchant.portal.invoices.lifecycle import (
    MOVE_OF,
    MOVES,
    TO_VALIDATE,
    Action,
    BuyersMove,
    Move,
    Side,
    Status,
    ValidatorsMove,
    WorksMove,
    sending,
)
from plainchant.portal.invoices.models import Event, Invoice, InvoiceFile, StatusChange
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.invoices.permissions import moves_for
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_attachment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.long]
log = logging.getLogger(__name__)
STEPS = int(os.environ.get("PLAINCHANT_TEST_STEPS", "300"))
A_LIFE = 50  # steps with the same two invoices


@dataclass
class World:
    """``people`` by the part they play; the second structure that may validate, by its SIRET."""

    seller: Structure
    town: Structure
    main: Structure
    leader: Structure
    other: Structure
    architect: Structure
    people: dict[str, User]
    invoices: list[Invoice]


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at, email="mairie@valbrume.example")
        main, leader = a_structure(at=at, name="Grand Chantier SA"), a_structure(at=at, name="Groupement Val")
        other = a_structure(at=at, name="Autre Chantier SA")
        architect = a_structure(at=at, name="Atelier des Plans")
        people = {
            "the supplier": a_member(structure=seller, at=at),
            "the agent": a_member(structure=town, at=at, name="Agathe"),
            "who may only look": a_person(at=at, name="Lou"),
            "the validator": a_member(structure=main, at=at, name="Gaspard"),
            "the second validator": a_member(structure=leader, at=at, name="Léa"),
            "the architect": a_member(structure=architect, at=at, name="Denise"),
            "a stranger": a_member(structure=a_town(at=at, name="Commune d’Ailleurs"), at=at, name="Rémi"),
        }
        looks = [AccessProfile.READ]
        an_attachment(person=people["who may only look"], structure=town, at=at, profiles=looks)
        an_attachment(person=people["the validator"], structure=other, at=at)
        made = {"seller": seller, "user": people["the supplier"], "buyer": town, "at": at}
        invoices = [
            a_draft(**made, number="F-1"),
            a_draft(**made, number="F-2", billing_framework="A9", validator=main, contract="M-1"),
            a_draft(**made, number="T-1", billing_framework="A7", moe=architect, moa=town),
        ]
        return World(seller, town, main, leader, other, architect, people, invoices)


def table() -> set[tuple[str, str, str]]:
    """(action, from, to) of each row that is printed; "–" is nothing."""
    rows = [
        line.split("|")[1:-1]
        for line in printed().splitlines()
        if re.match(r"\| [a-z_]+ \| (?:sell|buy|syst|val|works)", line)
    ]
    return {
        (row[0].strip(), source.strip(" `").replace("–", ""), row[4].strip(" `"))
        for row in rows
        for source in row[3].split(",")
    }


PRINTED = table()
PARTS = [
    "the supplier",
    "the agent",
    "who may only look",
    "the validator",
    "the second validator",
    "the architect",
    "a stranger",
]
SIDES = {
    "the supplier": [Side.SELLER],
    "the validator": [Side.VALIDATOR, Side.WORKS],  # his other structure is named for works too
    "the second validator": [Side.VALIDATOR],
    "the architect": [Side.WORKS],
    "the agent": [Side.BUYER, Side.WORKS],  # the town is the owner of its works too
}
SENDING = (Action.SUBMIT, Action.ASK_VALIDATION, Action.SUBMIT_TO_MOE, Action.SUBMIT_TO_MOA)
SIDES_OF_A_ROW = ("seller", "buyer", "validator", "second_validator", "moe", "moa")
PLACES = st.sampled_from([0, 1, 2])
OURS = [move for move in MOVES if move.right is None]


@dataclass(frozen=True)
class How:
    """``later``: minutes since the last step. Whether a reason or a word is given, and who validates next."""

    later: int
    speaks: bool
    names_second: bool


HOW = st.builds(How, st.sampled_from([0, 1, 60, 24 * 60, 9 * 24 * 60]), st.booleans(), st.booleans())


class Lives(RuleBasedStateMachine):
    """An invoice, one of a sub-contractor, a dossier of works, and everybody who may or may not act on them."""

    world: ClassVar[World]
    structures: ClassVar[dict[int | None, Structure]]
    at: ClassVar[datetime]
    steps: ClassVar[int] = 0
    made: ClassVar[set[str]] = set()

    @initialize()
    def begin(self) -> None:
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.time = self.at

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(place=PLACES, who=st.sampled_from(PARTS), action=st.sampled_from(Action), how=HOW)
    def somebody_tries(self, place: int, who: str, action: Action, how: How) -> None:
        """Anything at all, by anybody: most of it is refused."""
        self._act(place, who, MOVE_OF[action], how)

    @rule(place=PLACES, which=st.integers(0, 1000), how=HOW)
    def somebody_does_what_is_offered(self, place: int, which: int, how: How) -> None:
        """A move that somebody's page offers, or one of the portal's own that the table allows."""
        invoice = self._of(place)
        possible = [(who, move) for who in PARTS for move in self._offered(invoice, who)]
        possible += [("nobody", move) for move in OURS if invoice.status in move.sources]
        if possible:
            who, move = possible[which % len(possible)]
            self._act(place, who, move, how)

    def _offered(self, invoice: Invoice, who: str) -> list[Move]:
        actor = Actor(self.world.people[who])
        return [
            move for side in SIDES.get(who, [Side.BUYER]) for move in moves_for(actor=actor, invoice=invoice, side=side)
        ]

    def _act(self, place: int, who: str, move: Move, how: How) -> None:
        self.time += timedelta(minutes=how.later)
        before, others = self._of(place), self._others(place)
        lines = before.history.count()
        offered = move in self._offered(before, who) if who in self.world.people else True
        actor = Actor(self.world.people.get(who, self.world.people["a stranger"]))
        refusal: Refused | None = None
        try:
            with transaction.atomic():
                done = self._do(self._of(place), move, actor, how)
        except Refused as reason:
            refusal = reason
        if refusal is not None:
            after = self._of(place)
            assert (after.status, after.status_at, after.history.count()) == (before.status, before.status_at, lines)
            assert not offered or self._lacks_something(before, move, how), f"{who}: {move.action}: {refusal}"
        else:
            assert offered or not done or move.right is None, f"{who} does {move.action}, which is not offered"
        assert move.right is None or self._others(place) == others, f"{move.action} changes other invoices too"
        self._check(place)

    def _others(self, place: int) -> list[Any]:
        """The other invoices as they are, and the keys of all that their histories hold."""
        first = self.world.invoices[place].pk
        rows = Invoice.objects.exclude(Q(pk=first) | Q(first_piece=first)).order_by("pk")
        told = [model.objects.filter(invoice__in=rows).order_by("pk") for model in (StatusChange, Event, InvoiceFile)]
        return [list(rows.values()), *(list(lines.values_list("pk", flat=True)) for lines in told)]

    def _lacks_something(self, invoice: Invoice, move: Move, how: How) -> bool:
        """Whether what is offered asks for more than was given, or is the other of two rows of one button."""
        if move.action in SENDING:
            return move is not sending(cadre=invoice.billing_framework)
        if move.action in (Action.RECYCLE, Action.ASK_VALIDATION_AGAIN):
            return (move.target in TO_VALIDATE) != bool(invoice.validator_id)
        if move.makes is not None:
            return True  # too early, of the tacit procedure
        if move.action in (Action.COMPLETE, Action.COMPLETE_FOR_MOE) or move.needs_reason:
            return not how.speaks
        return move.action is Action.NAME_SECOND and not how.names_second

    @rule(place=PLACES, who=st.sampled_from(["the supplier", "the agent"]))
    def somebody_looks(self, place: int, who: str) -> None:
        """A download, and a rejection that is laid aside: neither changes a status."""
        invoice, actor, others = self._of(place), Actor(self.world.people[who]), self._others(place)
        status = invoice.status
        for call in (operations.record_download, rejections.close):
            with suppress(Refused), transaction.atomic():
                call(invoice=invoice, actor=actor, at=self.time)
        assert self._of(place).status == status
        assert self._others(place) == others
        self._check(place)

    def _of(self, place: int) -> Invoice:
        """The invoice; of a dossier of works, its last piece."""
        first = self.world.invoices[place].pk
        pieces = Invoice.objects.filter(Q(pk=first) | Q(first_piece=first))
        invoice = pieces.order_by("pk").last() or self.world.invoices[place]
        for side in SIDES_OF_A_ROW:  # a join of so many would take longer than most steps
            setattr(invoice, side, self.structures.get(getattr(invoice, f"{side}_id")))
        return invoice

    def _do(self, invoice: Invoice, move: Move, actor: Actor, how: How) -> bool:
        """Whether that move was made: the same button may make another, and the portal may have nothing to do."""
        who: dict[str, Any] = {"invoice": invoice, "actor": actor, "at": self.time}
        reason = reasons_for(move.action)[0].code if how.speaks and move.needs_reason else ""
        words = {"comment": "Voici." if how.speaks else ""}
        match move.action:
            case Action.CREATE | Action.SEND_TO_MOA | Action.SEND_AS_MOE | Action.SEND_AS_MOA | Action.SEND_TO_SELLER:
                return False  # a piece of works is sent by who makes it
            case _ if move.action in SENDING:
                draft = Draft.objects.filter(invoice=invoice).select_related("invoice").first()
                if draft is None:
                    raise StatusHasChanged(status=Status(invoice.status))  # made from another piece, and sent then
                drafts.submit(draft=draft, actor=actor, at=self.time)
            case _ if move.makes is not None:
                self._make(invoice, move, actor)
                return StatusChange.objects.filter(invoice=invoice, action=move.action).exists()
            case Action.NAME_MOE | Action.NAME_MOA:
                siret = self._another_in_works(invoice, move).identifier
                works.name_actor(piece=invoice, action=move.action, siret=siret, actor=actor, at=self.time, **words)
            case Action.COMPLETE_FOR_MOE:
                works.complete(piece=invoice, files=[], actor=actor, at=self.time, **words)
            case Action.REFUSE_GENERAL:
                works.refuse_general(piece=invoice, actor=actor, at=self.time, **words)
            case Action.DELETE:
                operations.delete_draft(**who)
            case Action.RECYCLE | Action.ASK_VALIDATION_AGAIN:
                operations.recycle(routing=Routing(buyer=self.world.town, commitment="EJ-7"), **words, **who)
            case Action.COMPLETE:
                operations.complete(files=[], **words, **who)
            case Action.NAME_VALIDATOR:
                validation.name_validator(siret=self._another(invoice).identifier, **words, **who)
            case Action.ACCEPT_SILENCE | Action.ACCEPT_SECOND_SILENCE:
                lots.accept_silence(at=self.time)
            case _ if isinstance(move, BuyersMove):
                part = Decimal(1) if move.asks_amount else None
                operations.process(action=move.action, reason_code=reason, amount=part, **words, **who)
            case _ if isinstance(move, WorksMove):
                works.decide(piece=invoice, action=move.action, reason_code=reason, actor=actor, at=self.time, **words)
            case _ if isinstance(move, ValidatorsMove):
                second = self._next_validator(invoice).identifier if how.names_second else ""
                validation.decide(action=move.action, reason_code=reason, second=second, **words, **who)
            case _:
                lots.carry_lot(uids=[str(invoice.uid)], at=self.time)
        last = StatusChange.objects.filter(invoice=invoice).order_by("sequence").last()
        return last is not None and last.action == move.action

    def _make(self, piece: Invoice, move: Move, actor: Actor) -> None:
        """Make the first piece that this move may make; what it could not be made from is refused by the operation."""
        assert move.makes is not None
        by = move.makes
        rows = [row for row in WORKS_PIECES if row.made_by is by and row.answers and row.goes_to]
        rows = [row for row in rows if row.replaces is (move.action is Action.REPLACE_BY_TACIT)]
        row = next((row for row in rows if piece.billing_framework in row.answers), rows[0])
        typed = next_piece.proposed(piece=piece, row=row, at=self.time)
        given = {"document": None, "uploads": (), "actor": actor, "at": self.time}
        next_piece.make(piece=piece, cadre=row.code, typed=typed, **given)

    def _another_in_works(self, piece: Invoice, move: Move) -> Structure:
        """Back to the one who had it, so that there is somebody who acts."""
        named = piece.moe if move.action is Action.NAME_MOE else piece.moa
        usual = self.world.architect if move.action is Action.NAME_MOE else self.world.town
        return self.world.other if named == usual else usual

    def _next_validator(self, invoice: Invoice) -> Structure:
        asked = (invoice.validator, invoice.second_validator)
        return next(other for other in (self.world.leader, self.world.other, self.world.main) if other not in asked)

    def _another(self, invoice: Invoice) -> Structure:
        return self.world.main if invoice.validator == self.world.other else self.world.other

    def _check(self, place: int) -> None:
        """The history is one that the printed table allows, and the chain is whole."""
        type(self).steps += 1
        invoice = self._of(place)
        lines = list(StatusChange.objects.filter(invoice=invoice).order_by("sequence"))
        for line in lines:
            assert (line.action, line.from_status, line.to_status) in PRINTED, f"{line.action} is not printed"
        assert lines[-1].to_status == invoice.status
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        assert [found for found in looked_at(invoices=[invoice.pk]) if isinstance(found, Broken)] == []
        self.made.update(line.action for line in lines)


def test_no_life_is_one_that_the_table_forbids(world: World, at: datetime) -> None:
    Lives.world, Lives.at, Lives.steps, Lives.made = world, at, 0, set()
    Lives.structures = {structure.pk: structure for structure in Structure.objects.all()}
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=-(-STEPS // A_LIFE),
            stateful_step_count=A_LIFE,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    log.info("%d steps, in which %d of %d moves were made", Lives.steps, len(Lives.made), len(MOVES))
    assert Lives.steps >= STEPS // 3
    assert len(Lives.made) > 5
