"""Two people at once, on one attachment, one manager's chair, one account, one code: one wins, the other is refused.

A few pairs with the suite; a thousand by hand: PLAINCHANT_TEST_RACES=1000.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection

from plainchant.portal.accounts import claims
from plainchant.portal.lib.errors import Refused
from plainchant.portal.notices import operations as notices
from plainchant.portal.notices.queries import topics_of
from plainchant.portal.notices.rhythms import Rhythm
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import applications, bank_accounts, managers, memberships
from plainchant.portal.structures.models import Application, BankAccount, Membership, Structure
from tests.making import a_member, a_person, a_structure, a_town
from tests.portal.drafts.test_races import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="real concurrency needs PostgreSQL"),
]
PAIRS = int(os.environ.get("PLAINCHANT_TEST_RACES", "8"))
Call = Callable[[], object]


def at_once(*pairs: tuple[Call, Call]) -> list[tuple[object, object]]:
    """What each of two calls returned or raised, both begun at the same instant; every pair after the other."""

    def behind(barrier: threading.Barrier, call: Call) -> Call:
        def begin() -> object:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return call()

        return begin

    calls: list[Call] = []
    for pair in pairs:
        barrier = threading.Barrier(2)
        calls += [behind(barrier, call) for call in pair]
    found = together(calls)
    return list(zip(found[::2], found[1::2], strict=True))


def failures(outcomes: list[tuple[object, object]]) -> list[object]:
    """What was raised and is no refusal in words."""
    return [one for pair in outcomes for one in pair if isinstance(one, Exception) and not isinstance(one, Refused)]


def refusals(pair: tuple[object, object]) -> int:
    return sum(isinstance(one, Refused) for one in pair)


def test_a_request_is_accepted_while_it_is_taken_back(at: datetime) -> None:
    structure = a_structure(at=at)
    chief = a_member(structure=structure, at=at, is_manager=True)
    asked = [memberships.ask_to_join(actor=Actor(a_person(at=at)), structure=structure, comment="", at=at)
             for _ in range(PAIRS)]  # fmt: skip
    outcomes = at_once(
        *(
            (
                lambda row=row: memberships.decide(
                    membership=row, actor=Actor(chief), accept=True, at=at, profiles=[AccessProfile.FOLLOW]
                ),
                lambda row=row: memberships.leave(structure=structure, actor=Actor(row.user), at=at),
            )
            for row in asked
        )
    )
    assert failures(outcomes) == []
    # Taking back always succeeds: before the answer, which is then refused, or after it, as a departure.
    assert [pair for pair in outcomes if isinstance(pair[1], Exception)] == []
    assert set(Membership.objects.filter(pk__in=[row.pk for row in asked]).values_list("state", flat=True)) == {
        Membership.State.REMOVED
    }


def test_the_last_two_who_hear_of_what_a_body_receives_give_it_up(at: datetime) -> None:
    pairs = []
    for _ in range(PAIRS):
        body = a_town(at=at)
        two = [Actor(a_member(structure=body, at=at)) for _ in range(2)]
        keys = [[topic.key for topic in topics_of(actor=actor)] for actor in two]
        pairs.append(tuple(
            partial(notices.choose, chosen=dict.fromkeys(mine, Rhythm.NEVER), actor=actor, at=at)
            for actor, mine in zip(two, keys, strict=True)
        ))  # fmt: skip
    outcomes = at_once(*pairs)
    assert failures(outcomes) == []
    assert [refusals(pair) for pair in outcomes] == [1] * PAIRS


def test_a_structure_is_handed_over_to_somebody_who_leaves(at: datetime) -> None:
    made = []
    for _ in range(PAIRS):
        structure = a_structure(at=at)
        chief = a_member(structure=structure, at=at, is_manager=True)
        heir = a_member(structure=structure, at=at)
        made.append((structure, chief, Membership.objects.select_related("user", "structure").get(user=heir)))
    outcomes = at_once(
        *(
            (
                lambda chief=chief, row=row: managers.hand_over(membership=row, actor=Actor(chief), at=at),
                lambda row=row: memberships.leave(structure=row.structure, actor=Actor(row.user), at=at),
            )
            for _, chief, row in made
        )
    )
    assert failures(outcomes) == []
    assert [refusals(pair) for pair in outcomes] == [1] * PAIRS
    for structure, _, _ in made:
        managing = Membership.objects.filter(structure=structure, is_manager=True, state=Membership.State.ACCEPTED)
        assert managing.count() == 1


def test_one_account_is_added_twice_and_confirmed_twice(at: datetime) -> None:
    added, waiting = [], []
    later = at + timedelta(days=4)
    for _ in range(PAIRS):
        structure = a_structure(at=at)
        chief = a_member(structure=structure, at=at, is_manager=True)
        seconds = [a_member(structure=structure, at=at) for _ in range(2)]
        account = bank_accounts.add(
            structure=structure, actor=Actor(chief), label="C", iban="FR7630006000011234567890189", bic="", at=later
        )
        waiting.append((account, seconds))
        alone = a_structure(at=at)
        added.append((alone, a_member(structure=alone, at=at, is_manager=True)))
    twice = at_once(
        *(
            (
                lambda structure=structure, chief=chief: bank_accounts.add(
                    structure=structure, actor=Actor(chief), label="C", iban="DE89370400440532013000", bic="", at=at
                ),
            )
            * 2
            for structure, chief in added
        )
    )
    confirmed = at_once(
        *(
            tuple(
                lambda account=account, person=person: bank_accounts.confirm(
                    account=account, actor=Actor(person), at=later
                )
                for person in seconds
            )
            for account, seconds in waiting
        )
    )
    for outcomes in (twice, confirmed):
        assert failures(outcomes) == []
        assert [refusals(pair) for pair in outcomes] == [1] * PAIRS
    assert BankAccount.objects.filter(is_active=True, is_waiting=False).count() == 2 * PAIRS


def test_one_code_and_one_link_are_used_twice(at: datetime) -> None:
    codes, links = [], []
    for _ in range(PAIRS):
        person = a_person(at=at)
        codes.append((person, RecoveryCodes.activate(person).generate_codes()[0]))
        claim, _ = claims.ask(address="nouvelle@example.org", by=person, structure=None, at=at)
        links.append(claim)

    def with_code(person: object, code: str) -> bool:
        row = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
        return bool(row.wrap().validate_code(code))

    used = at_once(*((lambda person=person, code=code: with_code(person, code),) * 2 for person, code in codes))
    assert [sorted(pair) for pair in used] == [[False, True]] * PAIRS  # type: ignore[type-var]
    outcomes = at_once(*((lambda claim=claim: claims.use(claim=claim, at=at),) * 2 for claim in links))
    assert failures(outcomes) == []
    assert [refusals(pair) for pair in outcomes] == [1] * PAIRS


def test_the_last_place_for_an_application_is_taken_once(at: datetime) -> None:
    structures = [a_structure(at=at) for _ in range(PAIRS)]
    chiefs = [Actor(a_member(structure=structure, at=at, is_manager=True)) for structure in structures]
    for structure, chief in zip(structures, chiefs, strict=True):
        for number in range(applications.MOST_APPLICATIONS - 1):
            Application.objects.create(
                structure=structure, client_id=str(uuid4()), name=f"{number}", created_at=at, created_by=chief.account
            )

    def making(structure: Structure, chief: Actor, name: str) -> Call:
        return lambda: applications.make(structure=structure, actor=chief, name=name, at=at)

    outcomes = at_once(
        *(
            (making(structure, chief, "A"), making(structure, chief, "B"))
            for structure, chief in zip(structures, chiefs, strict=True)
        )
    )
    assert failures(outcomes) == []
    assert [refusals(pair) for pair in outcomes] == [1] * PAIRS
    assert Application.objects.count() == applications.MOST_APPLICATIONS * PAIRS


def test_the_last_place_for_a_secret_is_taken_once(at: datetime) -> None:
    structure = a_structure(at=at)
    chief = Actor(a_member(structure=structure, at=at, is_manager=True))
    outcomes = []
    for number in range(PAIRS):
        made, _ = applications.make(structure=structure, actor=chief, name=f"{number}", at=at)
        add = partial(applications.add_secret, application=made, actor=chief, at=at)
        [pair] = at_once((add, add))
        outcomes.append(pair)
        assert applications.kept_secrets(application=made).count() == applications.MOST_SECRETS
        applications.end(application=made, actor=chief, at=at)
    assert failures(outcomes) == []
    assert [refusals(pair) for pair in outcomes] == [1] * PAIRS
