"""A structure lets another act for it: opened, changed, ended, given back, asked for; who did what is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.invoices.queries import done_by_delegation
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import delegations, queries
from plainchant.portal.structures.activity import activity_of
from plainchant.portal.structures.delegation_words import terms_in_words
from plainchant.portal.structures.delegations import Terms
from plainchant.portal.structures.memberships import NothingOpened
from plainchant.portal.structures.models import Delegation, DelegationRequest, Structure
from plainchant.portal.structures.reach import acting_for, reached
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_attachment, made_available

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


@dataclass
class World:
    """A workshop with its manager, and an office with its manager and a bookkeeper."""

    workshop: Structure
    office: Structure
    artist: Actor
    chief: Actor
    bookkeeper: Actor


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        workshop, office = a_structure(at=at), a_structure(at=at, name="Cabinet Mercier")
        return World(
            workshop,
            office,
            Actor(a_member(structure=workshop, at=at, name="Marie", is_manager=True)),
            Actor(a_member(structure=office, at=at, name="Simone", is_manager=True)),
            Actor(a_member(structure=office, at=at, name="Basile")),
        )


def terms(**changed: Any) -> Terms:
    return Terms(**{"profiles": [AccessProfile.INVOICE], "begins_on": TODAY, **changed})


def opened(world: World, at: datetime, **changed: Any) -> Delegation:
    return delegations.delegate(
        structure=world.workshop, siret=world.office.identifier, terms=terms(**changed), actor=world.artist, at=at
    )


def may_send(actor: Actor, structure: Structure) -> bool:
    return reached(actor=actor, right=Right.SEND).filter(pk=structure.pk).exists()


def subjects(actor: Actor) -> list[str]:
    sent = Message.objects.filter(recipient=actor.account.email).order_by("pk")
    return [message.subject for message in sent]


def noted(structure: Structure) -> list[str]:
    return [row.kind for row in activity_of(structure=structure).order_by("pk")]


# ---- opened, changed, ended, given back ----


def test_it_counts_at_once_and_both_sides_are_told(world: World, at: datetime) -> None:
    assert not may_send(world.bookkeeper, world.workshop)
    delegation = opened(world, at, ends_on=date(2027, 1, 31))
    assert may_send(world.bookkeeper, world.workshop)
    assert terms_in_words(delegation) == "Facturer, du 3\u00a0novembre\u00a02026 au 31\u00a0janvier\u00a02027"
    told = ["« Cabinet Mercier » peut agir pour « Atelier Lumen »"]
    assert subjects(world.artist) == subjects(world.chief) == told
    assert noted(world.workshop) == noted(world.office) == ["DELEGATION"]


def test_ending_it_counts_at_once_and_for_good(world: World, at: datetime) -> None:
    delegation = opened(world, at)
    delegations.end(delegation=delegation, actor=world.artist, at=at)
    assert not may_send(world.bookkeeper, world.workshop)
    assert subjects(world.chief)[-1] == "« Cabinet Mercier » n’agit plus pour « Atelier Lumen »"
    assert noted(world.office)[-1] == noted(world.workshop)[-1] == "DELEGATION_FINIE"
    for again in (delegations.end, delegations.change):
        extra = {"terms": terms()} if again is delegations.change else {}
        with pytest.raises(delegations.DelegationHasChanged):
            again(delegation=delegation, actor=world.artist, at=at, **extra)
    opened(world, at)  # another one may be opened
    assert may_send(world.bookkeeper, world.workshop)


LOST = "« Cabinet Mercier » n’agit plus pour « Atelier Lumen »"


@pytest.mark.parametrize("ends", [delegations.end, delegations.give_back, delegations.end_by_date])
def test_everybody_who_acted_is_told_at_once_of_which_client_they_hear_no_more(
    world: World, at: datetime, ends: Callable[..., None]
) -> None:
    follower, reader, both = (a_person(at=at, name=name) for name in ("Fulbert", "Rémi", "Brune"))
    for person, profile in ((follower, "FOLLOW"), (reader, "READ"), (both, "FOLLOW")):
        an_attachment(person=person, structure=world.office, at=at, profiles=[AccessProfile[profile]])
    an_attachment(person=both, structure=world.workshop, at=at)
    delegation = opened(world, at, ends_on=TODAY)
    Message.objects.all().delete()
    actors = {delegations.end: {"actor": world.artist}, delegations.give_back: {"actor": world.chief}}
    later = at + timedelta(days=ends is delegations.end_by_date)
    ends(delegation=delegation, at=later, **actors.get(ends, {}))
    assert subjects(world.artist) == subjects(world.chief) == [LOST]
    assert subjects(world.bookkeeper) == subjects(Actor(follower)) == [LOST]
    assert subjects(Actor(reader)) == subjects(Actor(both)) == []  # nothing was opened to one, the other goes on
    body = Message.objects.get(recipient=follower.email).body
    assert "plus de courriels à leur sujet" in body
    assert world.workshop.known_as in body


def test_nobody_is_told_that_they_act_no_more_before_it_has_begun(world: World, at: datetime) -> None:
    delegation = opened(world, at, begins_on=TODAY + timedelta(days=9))
    delegations.end(delegation=delegation, actor=world.artist, at=at)
    assert subjects(world.bookkeeper) == []
    assert subjects(world.chief)[-1] == LOST


def test_its_last_day_passes_once_and_not_before(world: World, at: datetime) -> None:
    delegation = opened(world, at, ends_on=TODAY)
    delegations.end_by_date(delegation=delegation, at=at)
    assert subjects(world.bookkeeper) == []
    for hours in (24, 25):
        delegations.end_by_date(delegation=delegation, at=at + timedelta(hours=hours))
    assert subjects(world.bookkeeper) == [LOST]
    assert "3\u00a0novembre\u00a02026" in Message.objects.filter(recipient=world.artist.account.email).last().body
    assert noted(world.workshop) == noted(world.office) == ["DELEGATION", "DELEGATION_FINIE"]


def test_it_is_changed(world: World, at: datetime) -> None:
    delegation = opened(world, at)
    delegations.change(delegation=delegation, terms=terms(profiles=[AccessProfile.FOLLOW]), actor=world.artist, at=at)
    assert not may_send(world.bookkeeper, world.workshop)
    assert reached(actor=world.bookkeeper, right=Right.SEE_ISSUED).filter(pk=world.workshop.pk).exists()
    assert noted(world.workshop)[-1] == noted(world.office)[-1] == "DELEGATION_CHANGEE"


def test_the_delegate_gives_it_back(world: World, at: datetime) -> None:
    delegation = opened(world, at)
    with pytest.raises(NotAllowed):
        delegations.give_back(delegation=delegation, actor=world.bookkeeper, at=at)
    delegations.give_back(delegation=delegation, actor=world.chief, at=at)
    assert not may_send(world.chief, world.workshop)
    assert "les brouillons" in Message.objects.filter(recipient=world.artist.account.email).last().body
    with pytest.raises(delegations.DelegationHasChanged):
        delegations.give_back(delegation=delegation, actor=world.chief, at=at)


def test_one_that_has_run_out_makes_room_and_cannot_be_ended(world: World, at: datetime) -> None:
    delegation = opened(world, at, ends_on=TODAY)
    later = at + timedelta(days=1)
    with pytest.raises(delegations.DelegationHasChanged):
        delegations.end(delegation=delegation, actor=world.artist, at=later)
    second = opened(world, later, begins_on=TODAY + timedelta(days=1))
    assert list(queries.delegations_open(structure=world.workshop)) == [second]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"profiles": []}, NothingOpened),
        ({"profiles": [AccessProfile.MANAGE]}, delegations.NeverManages),
        ({"begins_on": date(2026, 11, 2)}, delegations.WrongDates),
        ({"ends_on": date(2026, 11, 2)}, delegations.WrongDates),
        ({"begins_on": date(2026, 12, 2), "ends_on": date(2026, 12, 1)}, delegations.WrongDates),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    world: World, at: datetime, changed: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        opened(world, at, **changed)
    assert not Delegation.objects.exists()


def test_a_first_day_that_has_passed_may_stay(world: World, at: datetime) -> None:
    delegation = opened(world, at)
    later = at + timedelta(days=30)
    delegations.change(delegation=delegation, terms=terms(comment="Merci."), actor=world.artist, at=later)
    earlier = terms(begins_on=TODAY - timedelta(days=1))
    with pytest.raises(delegations.WrongDates):
        delegations.change(delegation=delegation, terms=earlier, actor=world.artist, at=later)


def test_to_whom_it_cannot_be_given(world: World, at: datetime) -> None:
    opened(world, at)
    closed = a_structure(at=at, is_active=False)
    for siret, refusal in (
        (world.office.identifier, delegations.AlreadyDelegated),
        (world.workshop.identifier, delegations.ToItself),
        ("73282932000074", delegations.DelegateUnknown),
        (closed.identifier, delegations.DelegateUnknown),
    ):
        with pytest.raises(refusal):
            delegations.delegate(structure=world.workshop, siret=siret, terms=terms(), actor=world.artist, at=at)


# ---- asked for ----


def ask(world: World, siret: str, at: datetime) -> DelegationRequest:
    return delegations.ask(structure=world.office, siret=siret, comment="Pour vos factures", actor=world.chief, at=at)


def test_a_request_gives_nothing_until_it_is_accepted(world: World, at: datetime) -> None:
    asked = ask(world, world.workshop.identifier, at)
    assert not may_send(world.bookkeeper, world.workshop)
    assert list(queries.delegation_requests_to_decide(actor=world.artist)) == [asked]
    assert subjects(world.artist) == ["« Cabinet Mercier » demande à agir pour « Atelier Lumen »"]
    delegations.accept(request=asked, terms=terms(), actor=world.artist, at=at)
    assert may_send(world.bookkeeper, world.workshop)
    assert not queries.delegation_requests_to_decide(actor=world.artist).exists()
    with pytest.raises(delegations.DelegationHasChanged):
        delegations.refuse(request=asked, actor=world.artist, at=at)
    with pytest.raises(delegations.AlreadyDelegated):
        ask(world, world.workshop.identifier, at)


def test_a_refusal_names_nobody_that_was_not_named_before(world: World, at: datetime) -> None:
    asked = ask(world, world.workshop.identifier, at)
    delegations.refuse(request=asked, actor=world.artist, at=at, comment="Nous avons déjà quelqu’un.")
    answer = Message.objects.get(recipient=world.chief.account.email)
    assert "Atelier Lumen" not in answer.subject + answer.body
    assert "déjà quelqu’un" in answer.body
    assert not may_send(world.bookkeeper, world.workshop)
    ask(world, world.workshop.identifier, at)  # again is allowed


def test_asking_says_nothing_of_whether_a_siret_is_known(world: World, at: datetime) -> None:
    known, unknown = ask(world, world.workshop.identifier, at), ask(world, "73282932000074", at)
    seen = [
        (row.state, row.delegate, row.answered_at)
        for row in queries.delegation_requests_by(actor=world.chief, right=Right.MANAGE)
    ]
    assert [known.state, unknown.state] == ["OUVERTE", "OUVERTE"]
    assert seen[0] == seen[1]
    for siret in (world.workshop.identifier, "73282932000074"):
        with pytest.raises(delegations.AlreadyAskedFor):
            ask(world, siret, at)
    with pytest.raises(delegations.ToItself):
        ask(world, world.office.identifier, at)
    assert noted(world.office) == ["DELEGATION_DEMANDEE"] * 2


def test_a_request_waits_for_a_structure_that_comes_later(world: World, at: datetime) -> None:
    asked = ask(world, "73282932000074", at)
    newcomer = a_structure(at=at, name="Atelier Neuf", identifier="73282932000074")
    owner = Actor(a_member(structure=newcomer, at=at, is_manager=True))
    assert list(queries.delegation_requests_to_decide(actor=owner)) == [asked]
    delegations.withdraw(request=asked, actor=world.chief, at=at)
    assert not queries.delegation_requests_to_decide(actor=owner).exists()
    with pytest.raises(delegations.DelegationHasChanged):
        delegations.accept(request=asked, terms=terms(), actor=owner, at=at)


def test_somebody_who_only_sees_the_structure_decides_nothing(world: World, at: datetime) -> None:
    asked = ask(world, world.workshop.identifier, at)
    member = Actor(a_member(structure=world.workshop, at=at))
    with pytest.raises(NotAllowed):
        delegations.accept(request=asked, terms=terms(), actor=member, at=at)


# ---- who did what ----


BEHALF = "Basile Essai (Cabinet Mercier), pour Atelier Lumen"


def test_the_history_and_the_certificate_say_for_whom_it_was_done(world: World, at: datetime) -> None:
    delegation = opened(world, at)
    town = a_town(at=at)
    invoice = a_draft(seller=world.workshop, user=world.bookkeeper.account, at=at, buyer=town)
    certificate = submit(draft=invoice.draft, actor=world.bookkeeper, at=at)
    assert certificate.facts["deposited_by"] == BEHALF
    lines = list(Invoice.objects.get(pk=invoice.pk).history.all())
    assert {(line.actor_name, line.delegation) for line in lines} == {(BEHALF, delegation)}
    done = done_by_delegation(delegation=delegation, actor=world.artist)
    assert [line.action for line in done] == [Action.SUBMIT, Action.CREATE]
    assert not done_by_delegation(delegation=delegation, actor=Actor(a_person(at=at))).exists()


def test_ones_own_work_is_nobody_elses(world: World, at: datetime) -> None:
    opened(world, at)
    both: User = world.bookkeeper.account
    an_attachment(person=both, structure=world.workshop, at=at, profiles=[AccessProfile.FOLLOW])
    acting = acting_for(actor=world.bookkeeper, structures=[world.workshop, world.office], right=Right.SEND)
    assert acting[world.workshop.pk].name == BEHALF  # their own attachment does not let them send
    assert acting[world.office.pk].behalf is None
    seeing = acting_for(actor=world.bookkeeper, structures=[world.workshop], right=Right.SEE_ISSUED)
    assert seeing[world.workshop.pk].name == "Basile Essai"


def test_a_public_body_may_have_its_invoices_processed_by_another(world: World, at: datetime) -> None:
    town, county = a_town(at=at), a_town(at=at, name="Communauté de communes")
    mayor, agent = Actor(a_member(structure=town, at=at, is_manager=True)), a_member(structure=county, at=at)
    process_only = terms(profiles=[AccessProfile.PROCESS])
    delegations.delegate(structure=town, siret=county.identifier, terms=process_only, actor=mayor, at=at)
    invoice = a_draft(seller=world.workshop, user=world.artist.account, at=at, buyer=town)
    submit(draft=invoice.draft, actor=world.artist, at=at)
    made_available(invoice=invoice, at=at)
    change = process(invoice=invoice, action=Action.CONFIRM_SERVICE, actor=Actor(agent), at=at)
    assert change.actor_name == "Ada Essai (Communauté de communes), pour Commune de Valbrume"
