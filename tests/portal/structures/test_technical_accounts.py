"""The programs that act for a structure: made by managers, come in with a password that ends, act as far as opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, check_password
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from plainchant.access.table import TABLE
from plainchant.portal.accounts import operations as accounts
from plainchant.portal.accounts import queries as account_queries
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.flows.models import Flow, FlowInvoice
from plainchant.portal.invoices import queries as invoices
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.invoices.operations import process
from plainchant.portal.library.permissions import CHANGE_PIECE
from plainchant.portal.mail.models import Message
from plainchant.portal.personal_data import export
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed, may
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Mode, Right, Space
from plainchant.portal.structures import (
    bank_accounts,
    closing,
    delegations,
    managers,
    memberships,
    technical_accounts,
    technical_notices,
)
from plainchant.portal.structures.models import ActivityEntry, Grant, Membership, Service, Structure, TechnicalAccount
from plainchant.portal.structures.queries import people_like
from plainchant.portal.structures.reach import acting_for, holders, reached, reached_in_part, services_reached
from plainchant.portal.structures.technical_accounts import (
    SECRET_DAYS,
    WRONG_TRIES,
    WRONG_TRIES_WITHIN,
    ProgramHasChanged,
    ProgramNameTaken,
    ProgramNeverManages,
    TooManySecrets,
    actor_of,
    as_actor,
    authenticate,
)
from plainchant.portal.succession import change_siret, change_siret_as_operator
from plainchant.tasks.sweep import sweep
from tests.making import (
    a_draft,
    a_member,
    a_person,
    a_program,
    a_service,
    a_structure,
    a_town,
    an_attachment,
    made_available,
)
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow
from tests.portal.library.test_library import keep

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WRONG = "pas le bon mot de passe"


@dataclass
class World:
    workshop: Structure
    town: Structure
    ada: User
    mayor: User
    program: TechnicalAccount
    secret: str
    clerk: TechnicalAccount  # of the town

    @property
    def manager(self) -> Actor:
        return Actor(self.ada)


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        workshop, town = a_structure(at=at, identifier="90210001500012"), a_town(at=at)
        ada = a_member(structure=workshop, at=at, is_manager=True)
        mayor = a_member(structure=town, at=at, name="Berthe", is_manager=True)
        program, secret = a_program(structure=workshop, at=at, profiles=[AccessProfile.INVOICE])
        clerk, _ = a_program(structure=town, at=at, profiles=[AccessProfile.PROCESS])
        return World(workshop, town, ada, mayor, program, secret, clerk)


@pytest.fixture
def world(built: World) -> World:
    cache.clear()
    return deepcopy(built)


def enters(world: World, secret: str, at: datetime) -> bool:
    return authenticate(identifier=world.program.identifier, secret=secret, at=at) == world.program


# -- Made and changed -------------------------------------------------------------------------------------------


def test_a_program_has_an_identifier_a_password_that_nobody_can_read_and_a_line_in_both_logs(
    world: World, at: datetime, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    with caplog.at_level(logging.INFO, "plainchant.security"), django_capture_on_commit_callbacks(execute=True):
        made, secret = a_program(structure=world.workshop, at=at, name="Deux", profiles=[AccessProfile.FOLLOW])
    assert made.identifier.startswith("TECH_1_")
    assert made.identifier != world.program.identifier
    kept = made.secrets.get()
    assert len(secret) == 32
    assert check_password(secret, kept.hashed)
    assert kept.ends_at - at == timedelta(days=424)
    entry = ActivityEntry.objects.get(structure=world.workshop, kind="TECHNIQUE_CREE", about__startswith="Deux")
    assert entry.about == "Deux\u00a0: Suivre les factures envoyées"
    mail = Message.objects.get(kind="technical_made", body__contains=made.identifier)
    assert mail.recipient == world.ada.notice_address
    [line] = [row for row in caplog.records if getattr(row, "event", "") == "technical_account_made"]
    assert (line.person, line.by) == (made.account_id, world.ada.pk)  # type: ignore[attr-defined]
    everywhere = [entry.about, mail.body, str(mail.content), str(vars(line)), str(list(User.objects.values()))]
    assert not any(secret in text for text in everywhere)


def test_what_is_for_people_is_never_opened_to_a_program(world: World, at: datetime) -> None:
    for profiles in ([AccessProfile.MANAGE], [AccessProfile.INVOICE, AccessProfile.MANAGE]):
        with pytest.raises(ProgramNeverManages):
            technical_accounts.open_to(account=world.program, actor=world.manager, profiles=profiles, at=at)
        with pytest.raises(ProgramNeverManages):
            a_program(structure=world.workshop, at=at, name="Deux", profiles=profiles)
    row = {"technical_account": world.program, "space": Space.MANAGEMENT, "mode": Mode.MODIFICATION}
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(**row)


def test_a_name_is_that_of_one_program_that_serves(world: World, at: datetime) -> None:
    with pytest.raises(ProgramNameTaken):
        a_program(structure=world.workshop, at=at, name=world.program.name)
    other, _ = a_program(structure=world.workshop, at=at, name="Deux")
    with pytest.raises(ProgramNameTaken):
        technical_accounts.rename(account=other, actor=world.manager, name=world.program.name, at=at)
    technical_accounts.end(account=world.program, actor=world.manager, at=at)
    technical_accounts.rename(account=other, actor=world.manager, name=world.program.name, at=at)
    assert as_actor(other).name == "le logiciel Compta Facile (compte technique d’Atelier Lumen)"
    assert User.objects.get(pk=other.account_id).get_full_name() == "le logiciel Compta Facile"


def test_what_it_may_do_changes_at_once_and_managers_hear_of_it(world: World, at: datetime) -> None:
    actor = as_actor(world.program)
    assert world.workshop in reached(actor=actor, right=Right.SEND)
    technical_accounts.open_to(account=world.program, actor=world.manager, profiles=[AccessProfile.FOLLOW], at=at + DAY)
    assert world.workshop not in reached(actor=actor, right=Right.SEND)
    assert world.workshop in reached(actor=actor, right=Right.SEE_ISSUED)
    assert Message.objects.filter(kind="technical_rights").count() == 1


# -- Coming in --------------------------------------------------------------------------------------------------


def test_whoever_knows_the_password_comes_in_until_its_last_day(world: World, at: datetime) -> None:
    last = at + timedelta(days=SECRET_DAYS)
    assert enters(world, world.secret, last - timedelta(seconds=1))
    assert not enters(world, world.secret, last)
    assert authenticate(identifier=f" {world.program.identifier} ", secret=world.secret, at=at) == world.program


@pytest.mark.parametrize("identifier", ["", "TECH_1_1@x", "TECH_1_\0@x", "x" * 9000, "TECH_1_999999999@127.0.0.1"])
def test_an_identifier_that_does_not_exist_opens_nothing(world: World, identifier: str, at: datetime) -> None:
    assert authenticate(identifier=identifier, secret=world.secret, at=at) is None


def test_two_passwords_serve_until_the_first_is_withdrawn(world: World, at: datetime) -> None:
    second = technical_accounts.add_secret(account=world.program, actor=world.manager, at=at + DAY)
    assert enters(world, world.secret, at + DAY)
    assert enters(world, second, at + DAY)
    with pytest.raises(TooManySecrets):
        technical_accounts.add_secret(account=world.program, actor=world.manager, at=at + DAY)
    first = world.program.secrets.order_by("pk")[0]
    technical_accounts.withdraw_secret(secret=first, actor=world.manager, at=at + 2 * DAY)
    assert not enters(world, world.secret, at + 2 * DAY)
    assert enters(world, second, at + 2 * DAY)
    with pytest.raises(ProgramHasChanged):
        technical_accounts.withdraw_secret(secret=first, actor=world.manager, at=at + 2 * DAY)
    technical_accounts.add_secret(account=world.program, actor=world.manager, at=at + 2 * DAY)


def test_a_password_that_has_ended_makes_room(world: World, at: datetime) -> None:
    later = at + timedelta(days=SECRET_DAYS)
    for _ in range(2):
        technical_accounts.add_secret(account=world.program, actor=world.manager, at=later)
    assert world.program.secrets.filter(withdrawn_at__isnull=True).count() == 2


def test_an_account_that_was_ended_lets_nobody_in_and_reaches_nothing(world: World, at: datetime) -> None:
    technical_accounts.end(account=world.program, actor=world.manager, at=at)
    assert not enters(world, world.secret, at)
    assert not any(reached(actor=as_actor(world.program), right=right).exists() for right in Right)
    with pytest.raises(ProgramHasChanged):
        technical_accounts.end(account=world.program, actor=world.manager, at=at)
    with pytest.raises(ProgramHasChanged):
        technical_accounts.add_secret(account=world.program, actor=world.manager, at=at)
    assert not world.program.secrets.exclude(hashed="").exists()
    # Even a hash that came back would not open it.
    world.program.secrets.update(hashed=MD5PasswordHasher().encode(world.secret, "salt"), withdrawn_at=None)
    assert not enters(world, world.secret, at)


def test_too_many_wrong_tries_lock_for_an_hour_whoever_comes(world: World, at: datetime) -> None:
    cache.set(technical_accounts._tries_key(world.program.identifier), [at] * (WRONG_TRIES - 1))
    assert enters(world, world.secret, at)
    assert not enters(world, WRONG, at)
    assert not enters(world, world.secret, at)
    assert not enters(world, world.secret, at + WRONG_TRIES_WITHIN - timedelta(seconds=1))
    assert not enters(world, world.secret, at - timedelta(minutes=59))  # the clock was put back
    assert enters(world, world.secret, at + WRONG_TRIES_WITHIN)


def test_another_password_ends_the_lock_and_an_ended_one_never_makes_it(
    world: World, at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    cache.set(technical_accounts._tries_key(world.program.identifier), [at] * WRONG_TRIES)
    with django_capture_on_commit_callbacks(execute=True):
        technical_accounts.add_secret(account=world.program, actor=world.manager, at=at)
    assert enters(world, world.secret, at)
    later = at + timedelta(days=SECRET_DAYS)
    assert not enters(world, world.secret, later)
    assert cache.get(technical_accounts._tries_key(world.program.identifier)) is None


def test_whatever_fails_as_many_hashes_are_computed(
    world: World, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    technical_accounts._hash_of_nobody()  # made once a process
    computed: list[str] = []
    verify = MD5PasswordHasher.verify

    def counting(self: MD5PasswordHasher, password: str, encoded: str) -> bool:
        computed.append(encoded)
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", counting)

    def hashes_for(identifier: str) -> int:
        computed.clear()
        assert authenticate(identifier=identifier, secret=WRONG, at=at) is None
        return len(computed)

    known = world.program.identifier
    counts = {"unknown": hashes_for("TECH_1_1@nulle.part"), "no identifier": hashes_for("x"), "one": hashes_for(known)}
    technical_accounts.add_secret(account=world.program, actor=world.manager, at=at)
    counts["two"] = hashes_for(known)
    technical_accounts.end(account=world.program, actor=world.manager, at=at)
    counts["ended"] = hashes_for(known)
    assert set(counts.values()) == {2}, counts


def test_the_last_use_is_noted_once_an_hour(world: World, at: datetime) -> None:
    secret = world.program.secrets.get()

    def used(then: datetime) -> datetime | None:
        assert enters(world, world.secret, then)
        secret.refresh_from_db()
        return secret.last_used_at

    assert used(at) == at
    assert used(at + timedelta(minutes=59)) == at
    assert used(at + timedelta(hours=1)) == at + timedelta(hours=1)


def test_no_page_and_no_command_opens_the_account_that_rows_name(world: World, at: datetime) -> None:
    author = world.program.account
    assert not Client().login(username=author.email, password=world.secret)
    assert account_queries.with_login(email=author.email) is None
    with pytest.raises(Exception, match="compte"):
        accounts.reopen(email=author.email, at=at)
    assert not people_like(text="Compta").exists()
    assert not author.is_active


# -- Told before the end ----------------------------------------------------------------------------------------


def test_managers_are_told_60_30_and_7_days_before_and_at_the_end_each_once(world: World, at: datetime) -> None:
    end = at + timedelta(days=SECRET_DAYS)
    world.clerk.secrets.update(ends_at=end + 1000 * DAY)
    told = {}
    for days in (61, 60, 59, 31, 30, 29, 8, 7, 1, 0, -1, -300):
        for _ in range(2):
            for secret in technical_notices.due(at=end - days * DAY):
                technical_notices.tell(secret=secret, at=end - days * DAY)
        told[days] = Message.objects.filter(kind="technical_secret_ends").count()
    assert told == {61: 0, 60: 1, 59: 1, 31: 1, 30: 2, 29: 2, 8: 2, 7: 3, 1: 3, 0: 4, -1: 4, -300: 4}
    last = Message.objects.filter(kind="technical_secret_ends").latest("pk")
    assert last.recipient == world.ada.notice_address
    assert world.program.identifier in last.body


def test_the_sweep_tells_and_an_account_that_was_ended_is_not_told_of(world: World, at: datetime) -> None:
    technical_accounts.end(account=world.clerk, actor=Actor(world.mayor), at=at)
    sweep(at=at + timedelta(days=SECRET_DAYS - 1))
    assert Message.objects.get(kind="technical_secret_ends").recipient == world.ada.notice_address


def test_days_that_were_missed_are_caught_up_with_by_one_mail(world: World, at: datetime) -> None:
    end = at + timedelta(days=SECRET_DAYS)
    secret = world.program.secrets.select_related("technical_account__structure").get()
    assert secret in technical_notices.due(at=end - 5 * DAY)
    technical_notices.tell(secret=secret, at=end - 5 * DAY)
    assert "dans 7 jours au plus" in Message.objects.get(kind="technical_secret_ends").subject
    assert secret not in technical_notices.due(at=end - 5 * DAY)


def test_nobody_is_told_of_a_password_that_the_program_has_left(world: World, at: datetime) -> None:
    end = at + timedelta(days=SECRET_DAYS)
    second = technical_accounts.add_secret(account=world.program, actor=world.manager, at=end - 80 * DAY)
    first = world.program.secrets.select_related("technical_account__structure").order_by("pk")[0]
    technical_notices.tell(secret=first, at=end - 60 * DAY)
    assert not Message.objects.filter(kind="technical_secret_ends").exists()
    assert enters(world, second, end - 59 * DAY)
    assert enters(world, world.secret, end - 50 * DAY)  # a second machine that was forgotten
    first.refresh_from_db()
    technical_notices.tell(secret=first, at=end - 30 * DAY)
    assert Message.objects.filter(kind="technical_secret_ends").count() == 1


# -- What it may do ---------------------------------------------------------------------------------------------


def test_it_reaches_what_a_person_with_the_same_spaces_reaches(world: World, at: datetime) -> None:
    """Its structure, one service of it, and the client that delegates to both structures."""
    client = a_structure(at=at, name="Atelier Sol")
    of_client = Actor(a_member(structure=client, at=at, is_manager=True))
    terms = delegations.Terms(profiles=[AccessProfile.EVERYTHING], begins_on=at.date())
    for delegate in (world.workshop, world.town):
        delegations.delegate(structure=client, siret=delegate.identifier, terms=terms, actor=of_client, at=at)
    service = a_service(structure=world.town)
    reached_some = set()
    cases: list[tuple[AccessProfile, Structure, list[Service]]] = [
        (AccessProfile.INVOICE, world.workshop, []),
        (AccessProfile.FOLLOW, world.workshop, []),
        (AccessProfile.EVERYTHING, world.town, []),
        (AccessProfile.PROCESS, world.town, [service]),
    ]
    for number, (profile, structure, services) in enumerate(cases):
        person = a_person(at=at)
        an_attachment(person=person, structure=structure, at=at, profiles=[profile], services=services)
        program, _ = a_program(structure=structure, at=at, name=f"N{number}", profiles=[profile], services=services)
        human, machine = Actor(person), as_actor(program)
        for right, reach in product(Right, (reached, services_reached, reached_in_part)):
            rows = {row.pk for row in reach(actor=human, right=right)}
            assert {row.pk for row in reach(actor=machine, right=right)} == rows, (right, reach, profile, services)
            reached_some |= {(reach, right)} if rows else set()
        for right in Right:
            behalves = [acting_for(actor=actor, structures=[client], right=right) for actor in (human, machine)]
            assert behalves[0][client.pk].behalf == behalves[1][client.pk].behalf
    assert len(reached_some) > len(Right)


def test_what_is_for_people_stays_theirs_whatever_the_program_may_do(world: World, at: datetime) -> None:
    wide, _ = a_program(structure=world.workshop, at=at, name="Tout", profiles=[AccessProfile.EVERYTHING])
    actor = as_actor(wide)
    for row in TABLE:
        if row.is_for_people and row.scope is not None:
            assert not row.reached_by(actor).exists(), row.name
        elif row.is_for_people:
            assert not may(actor, row), row.name
    with pytest.raises(NotAllowed):
        bank_accounts.add(structure=world.workshop, actor=actor, label="X", iban="FR76", bic="", at=at)
    waiting = bank_accounts.BankAccount.objects.create(
        structure=world.workshop, label="W", iban="DE89370400440532013000", is_active=False, is_waiting=True,
        created_at=at, created_by=world.ada,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        bank_accounts.confirm(account=waiting, actor=actor, at=at + 30 * DAY)
    with pytest.raises(NotAllowed):
        technical_accounts.add_secret(account=wide, actor=actor, at=at)
    assert not holders(right=Right.SEND).filter(user=wide.account).exists()


@pytest.mark.one_database
def test_a_program_deposits_and_histories_name_it(world: World, at: datetime) -> None:
    actor = as_actor(world.program)
    invoice = a_draft(seller=world.workshop, user=world.ada, at=at, buyer=world.town)
    submit(draft=invoice.draft, actor=actor, at=at)
    made_available(invoice=invoice, at=at)
    line = StatusChange.objects.get(invoice=invoice, action=Action.SUBMIT)
    assert line.actor_name == "le logiciel Compta Facile (compte technique d’Atelier Lumen)"
    assert line.actor == world.program.account
    clerk = as_actor(world.clerk)
    assert invoice in invoices.received_for(actor=clerk, right=Right.SEE_RECEIVED)
    assert invoice not in invoices.received_for(actor=actor, right=Right.SEE_RECEIVED)
    with pytest.raises(NotAllowed):
        process(invoice=invoice, action=Action.SUSPEND, actor=actor, at=at, reason_code="JUSTIF_ABS")
    process(invoice=invoice, action=Action.SUSPEND, actor=clerk, at=at, reason_code="JUSTIF_ABS")
    invoice.refresh_from_db()
    assert invoice.status == Status.SUSPENDED


@pytest.mark.one_database
def test_a_program_that_only_follows_sends_nothing(world: World, at: datetime) -> None:
    follower, _ = a_program(structure=world.workshop, at=at, name="Suit", profiles=[AccessProfile.FOLLOW])
    invoice = a_draft(seller=world.workshop, user=world.ada, at=at, buyer=world.town)
    assert invoice in invoices.issued_for(actor=as_actor(follower), right=Right.SEE_ISSUED)
    with pytest.raises(NotAllowed):
        submit(draft=invoice.draft, actor=as_actor(follower), at=at)


@pytest.mark.one_database
def test_a_flow_of_a_program_is_carried_in_its_name_and_people_hear_of_what_was_refused(
    world: World, at: datetime
) -> None:
    def carried(number: str, buyer: str) -> Flow:
        content = xml_invoice(number, seller=world.workshop.identifier, buyer=buyer)
        return a_flow(content, structure=world.workshop, user=world.program.account, at=at)

    taken = carried("FLUX-1", world.town.identifier)
    assert (taken.accepted, taken.refused) == (1, 0)
    assert Invoice.objects.get(number="FLUX-1").created_by == world.program.account
    assert not Message.objects.filter(kind="flow_ended").exists()
    refused = carried("FLUX-2", "99999999999999")
    assert FlowInvoice.objects.get(flow=refused).invoice is None
    assert Message.objects.get(kind="flow_ended").recipient == world.ada.notice_address


def test_what_it_added_to_the_shelf_it_may_change_and_nothing_else(world: World, at: datetime) -> None:
    actor = as_actor(world.program)
    own = keep(user=world.program.account, at=at, name="a.pdf", structure=world.workshop)
    other = keep(user=world.ada, at=at, name="b.pdf", structure=world.workshop)
    assert may(actor, CHANGE_PIECE, own)
    assert not may(actor, CHANGE_PIECE, other)


# -- What becomes of it -----------------------------------------------------------------------------------------


def test_a_new_siret_takes_the_program_along_and_it_still_follows_what_it_had_sent(world: World, at: datetime) -> None:
    sent = a_draft(seller=world.workshop, user=world.ada, at=at, buyer=world.town)
    submit(draft=sent.draft, actor=as_actor(world.program), at=at)
    heir = change_siret(structure=world.workshop, siret="90210001500020", actor=world.manager, at=at)
    program = authenticate(identifier=world.program.identifier, secret=world.secret, at=at)
    assert program is not None
    assert program.structure == heir
    assert set(reached(actor=as_actor(program), right=Right.SEND)) == {heir, world.workshop}
    assert sent in invoices.issued_for(actor=as_actor(program), right=Right.SEE_ISSUED)
    last = change_siret(structure=heir, siret="90210001500038", actor=world.manager, at=at)
    program.refresh_from_db()
    assert set(reached(actor=as_actor(program), right=Right.SEE)) == {last, heir, world.workshop}


def test_a_program_limited_to_a_service_keeps_that_service_under_a_new_siret(world: World, at: datetime) -> None:
    service = a_service(structure=world.town)
    limited, _ = a_program(
        structure=world.town, at=at, name="Culture", profiles=[AccessProfile.READ], services=[service]
    )
    heir = change_siret_as_operator(siret=world.town.identifier, new="21290232800016", at=at)
    limited.refresh_from_db()
    assert limited.structure == heir
    [there] = services_reached(actor=as_actor(limited), right=Right.SEE_RECEIVED)
    assert (there.structure, there.code) == (heir, service.code)


@pytest.mark.one_database
def test_in_a_closed_structure_it_reads_and_sends_nothing_and_none_is_made(world: World, at: datetime) -> None:
    invoice = a_draft(seller=world.workshop, user=world.ada, at=at, buyer=world.town)
    closing.close(structure=world.workshop, actor=world.manager, at=at)
    assert enters(world, world.secret, at)
    assert invoice in invoices.issued_for(actor=as_actor(world.program), right=Right.SEE_ISSUED)
    with pytest.raises(WouldBeRefused):
        submit(draft=invoice.draft, actor=as_actor(world.program), at=at)
    with pytest.raises(ProgramHasChanged):
        a_program(structure=world.workshop, at=at, name="Deux")


def test_attachments_that_are_questioned_end_the_programs_that_these_people_made(world: World, at: datetime) -> None:
    managers.question_memberships(structures=[world.town], at=at)
    world.clerk.refresh_from_db()
    assert world.clerk.revoked_at == at
    assert Message.objects.get(kind="technical_ended").recipient == world.mayor.notice_address
    assert ActivityEntry.objects.get(kind="TECHNIQUE_FIN").actor_name == "Plainchant"
    assert world.workshop in reached(actor=as_actor(world.program), right=Right.SEND)


def test_whoever_made_it_leaves_and_it_stays(world: World, at: datetime) -> None:
    grace = a_member(structure=world.workshop, at=at, name="Grace")
    managers.hand_over(membership=Membership.objects.get(user=grace), actor=world.manager, at=at)
    memberships.detach(membership=Membership.objects.get(user=world.ada), actor=Actor(grace), at=at)
    assert enters(world, world.secret, at)
    with pytest.raises(NotAllowed):
        technical_accounts.end(account=world.program, actor=world.manager, at=at)
    technical_accounts.end(account=world.program, actor=Actor(grace), at=at)


def test_a_person_takes_away_the_programs_they_made_and_no_secret(world: World) -> None:
    text = "".join(export(user=world.ada))
    assert world.program.identifier in text
    assert world.secret not in text
    assert world.program.secrets.get().hashed not in text
    assert world.program.identifier not in "".join(export(user=world.mayor))


def test_an_author_is_the_person_or_the_program(world: World) -> None:
    assert actor_of(world.ada) == Actor(world.ada)
    assert actor_of(world.program.account) == as_actor(world.program)
