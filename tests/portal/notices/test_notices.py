"""Who is told of an invoice at once, what each person may choose, and that somebody always hears."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.notices import muting, operations, queries
from plainchant.portal.notices.models import OF_CLIENTS, Digest, NoticeChoice
from plainchant.portal.notices.muting import Muting
from plainchant.portal.notices.rhythms import Rhythm, last_list
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Space
from plainchant.portal.structures import delegations
from plainchant.portal.structures.models import Membership, Service, Structure
from tests.making import a_draft, a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db


@dataclass
class Town:
    """A town with its manager, somebody who reads all that it receives, and an agent of each of two services."""

    body: Structure
    culture: Service
    roads: Service
    chief: User
    reader: User
    of_culture: User
    of_roads: User


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Town:
    with once_a_module():
        body = a_town(at=at)
        culture, roads = a_service(structure=body), a_service(structure=body, code="VOIRIE")
        people = {}
        for name, services in (("reader", []), ("of_culture", [culture]), ("of_roads", [roads])):
            people[name] = a_person(at=at, name=name)
            an_attachment(person=people[name], structure=body, at=at, profiles=[AccessProfile.READ], services=services)
        an_attachment(person=a_person(at=at), structure=body, at=at, profiles=[AccessProfile.INVOICE])
        chief = a_member(structure=body, at=at, name="Berthe", is_manager=True)
        return Town(body, culture, roads, chief, **people)


@pytest.fixture
def town(built: Town) -> Town:
    return deepcopy(built)


def wants(person: User, rhythm: Rhythm, at: datetime, space: Space = Space.RECEIVED) -> None:
    """For all that the person follows in a space."""
    topics = [topic for topic in queries.topics_of(actor=Actor(person)) if topic.space is space]
    operations.choose(chosen={topic.key: rhythm for topic in topics}, actor=Actor(person), at=at)


def forced(person: User, rhythm: Rhythm, at: datetime) -> None:
    """As nobody could choose alone: somebody else has left since."""
    membership = Membership.objects.get(user=person)
    NoticeChoice.objects.create(membership=membership, space=Space.RECEIVED, rhythm=rhythm, chosen_at=at)


def told(town: Town, service: Service | None = None) -> list[str]:
    return [addressee.address for addressee in queries.told_of_received(structure=town.body, service=service)]


def test_a_mail_says_no_more_than_a_page(town: Town) -> None:
    def followers(service: Service | None) -> set[User]:
        following = queries.followers(structure=town.body, space=Space.RECEIVED, service=service)
        return {follower.person for follower in following}

    assert followers(town.culture) == {town.chief, town.reader, town.of_culture}
    assert followers(town.roads) == {town.chief, town.reader, town.of_roads}
    assert followers(None) == {town.chief, town.reader}
    Membership.objects.filter(user=town.of_culture).update(state=Membership.State.DISABLED)
    assert followers(town.culture) == {town.chief, town.reader}


def test_who_may_process_what_is_received_is_known(town: Town) -> None:
    following = queries.followers(structure=town.body, space=Space.RECEIVED, service=town.culture)
    assert {each.person for each in following if each.may_process} == {town.chief}


def test_one_address_is_told_at_once_that_of_the_service_before_that_of_the_body(town: Town) -> None:
    town.body.email, town.culture.email = "courrier@ville.example", "culture@ville.example"
    assert told(town, town.culture) == ["culture@ville.example"]
    assert told(town, town.roads) == told(town) == ["courrier@ville.example"]


def test_whoever_asked_is_told_at_once_too_and_of_their_service_alone(town: Town, at: datetime) -> None:
    town.body.email = "courrier@ville.example"
    wants(town.of_culture, Rhythm.AT_ONCE, at)
    assert told(town, town.culture) == sorted(["courrier@ville.example", town.of_culture.email])
    assert told(town, town.roads) == told(town) == ["courrier@ville.example"]
    wants(town.of_culture, Rhythm.WEEKLY, at + timedelta(minutes=1))
    assert told(town, town.culture) == ["courrier@ville.example"]


def test_without_any_address_those_who_asked_hear_or_else_the_main_manager(town: Town, at: datetime) -> None:
    assert told(town, town.culture) == told(town) == [town.chief.email]
    wants(town.of_culture, Rhythm.AT_ONCE, at)
    assert told(town, town.culture) == [town.of_culture.email]
    assert told(town, town.roads) == [town.chief.email]


def test_a_manager_who_wants_no_mail_leaves_it_to_all_others_who_want_some(town: Town, at: datetime) -> None:
    wants(town.chief, Rhythm.NEVER, at)
    assert told(town) == [town.reader.email]
    assert told(town, town.culture) == sorted([town.reader.email, town.of_culture.email])


def test_when_all_who_are_left_want_none_they_are_told_all_the_same(town: Town, at: datetime) -> None:
    for person in (town.chief, town.reader):
        forced(person, Rhythm.NEVER, at)
    assert told(town) == sorted([town.chief.email, town.reader.email])


def test_the_last_who_hears_of_what_a_body_receives_cannot_give_it_up(town: Town, at: datetime) -> None:
    wants(town.chief, Rhythm.NEVER, at)
    with pytest.raises(operations.LastToHear) as refused:
        wants(town.reader, Rhythm.NEVER, at)
    assert str(town.body) in refused.value.sentence
    assert refused.value.field == queries.topics_of(actor=Actor(town.reader))[0].key
    assert NoticeChoice.objects.count() == 1
    Membership.objects.filter(user=town.reader).update(state=Membership.State.REMOVED)
    with pytest.raises(operations.LastToHear):
        wants(town.of_roads, Rhythm.NEVER, at)


def test_it_can_be_given_up_where_an_address_is_told(town: Town, at: datetime) -> None:
    Structure.objects.filter(pk=town.body.pk).update(email="courrier@ville.example")
    for person in (town.chief, town.reader):
        wants(person, Rhythm.NEVER, at)
    town.body.refresh_from_db()
    assert told(town) == ["courrier@ville.example"]


def test_nobody_chooses_for_others_nor_for_what_they_do_not_follow(town: Town, at: datetime) -> None:
    [theirs] = queries.topics_of(actor=Actor(town.of_roads))
    with pytest.raises(operations.NotFollowed):
        operations.choose(chosen={theirs.key: Rhythm.NEVER}, actor=Actor(town.of_culture), at=at)
    with pytest.raises(NotAllowed):
        operations.choose(chosen={}, actor=SYSTEM, at=at)
    assert not NoticeChoice.objects.exists()


def test_saying_the_same_again_writes_nothing(town: Town, at: datetime) -> None:
    wants(town.reader, Rhythm.DAILY, at)
    assert not NoticeChoice.objects.exists()


def test_one_chooses_for_what_one_follows_service_by_service(town: Town, at: datetime) -> None:
    assert [topic.service for topic in queries.topics_of(actor=Actor(town.of_roads))] == [town.roads]
    assert [topic.service for topic in queries.topics_of(actor=Actor(town.reader))] == [None]
    supplier = a_structure(at=at)
    person = a_member(structure=supplier, at=at)
    an_attachment(person=person, structure=town.body, at=at, profiles=[AccessProfile.READ])
    assert [topic.space for topic in queries.topics_of(actor=Actor(person))] == [Space.RECEIVED, Space.ISSUED]
    reading_flows = a_person(at=at)
    an_attachment(person=reading_flows, structure=supplier, at=at, profiles=[])
    assert queries.topics_of(actor=Actor(reading_flows)) == queries.topics_of(actor=SYSTEM) == []


def test_a_body_that_sends_invoices_is_one_to_choose_for_and_no_other(town: Town, at: datetime) -> None:
    other = a_town(at=at, name="Commune de Clairbois")
    mayor = a_member(structure=other, at=at, is_manager=True)

    def spaces(person: User) -> list[Space | None]:
        return [topic.space for topic in queries.topics_of(actor=Actor(person))]

    assert spaces(mayor) == spaces(town.chief) == [Space.RECEIVED]
    a_draft(seller=other, user=mayor, at=at, buyer=town.body)
    assert (spaces(mayor), spaces(town.chief)) == ([Space.RECEIVED, Space.ISSUED], [Space.RECEIVED])


def test_a_supplier_who_reads_lists_is_told_at_once_of_what_is_urgent(at: datetime) -> None:
    supplier = a_structure(at=at, email="atelier@exemple.fr")
    manager = a_member(structure=supplier, at=at, is_manager=True)

    def of_issued(*, is_urgent: bool) -> list[str]:
        told_at_once = queries.told_of_issued(structure=supplier, is_urgent=is_urgent)
        return [addressee.address for addressee in told_at_once]

    assert of_issued(is_urgent=False) == sorted([manager.email, "atelier@exemple.fr"])
    wants(manager, Rhythm.WEEKLY, at, Space.ISSUED)
    assert of_issued(is_urgent=False) == ["atelier@exemple.fr"]
    assert manager.email in of_issued(is_urgent=True)
    wants(manager, Rhythm.NEVER, at + timedelta(minutes=1), Space.ISSUED)
    assert of_issued(is_urgent=True) == ["atelier@exemple.fr"]


def token_to(town: Town, person: User) -> Muting:
    [addressee] = [row for row in queries.told_of_received(structure=town.body) if row.address == person.email]
    asked = muting.read(addressee.mute_token)
    assert asked is not None
    return asked


def test_a_shared_address_cannot_be_muted_by_whoever_reads_it(town: Town) -> None:
    town.body.email = "courrier@ville.example"
    [addressee] = queries.told_of_received(structure=town.body)
    assert addressee.mute_token == ""


def test_the_link_of_a_mail_turns_it_into_a_list_once(town: Town, at: datetime) -> None:
    wants(town.reader, Rhythm.AT_ONCE, at)
    asked = token_to(town, town.reader)
    for minutes in (1, 2):
        operations.mute(muting=asked, at=at + timedelta(minutes=minutes))
    assert [row.rhythm for row in NoticeChoice.objects.order_by("pk")] == [Rhythm.AT_ONCE, Rhythm.DAILY]
    lists = muting.read(muting.token_of_lists(person=town.reader, rhythm=Rhythm.DAILY))
    assert lists is not None
    operations.mute(muting=lists, at=at + timedelta(minutes=3))
    assert NoticeChoice.objects.latest("pk").rhythm == Rhythm.NEVER
    assert NoticeChoice.objects.filter(membership__user=town.chief).count() == 0


def test_the_link_of_a_mail_does_not_silence_the_last_who_hears(town: Town, at: datetime) -> None:
    for person in (town.reader,):
        wants(person, Rhythm.NEVER, at)
    with pytest.raises(operations.LastToHear):
        operations.mute(muting=token_to(town, town.chief), at=at)


def test_a_forged_link_and_one_of_somebody_who_is_gone_do_nothing(town: Town, at: datetime) -> None:
    asked = token_to(town, town.chief)
    User.objects.filter(pk=town.chief.pk).update(is_active=False)
    operations.mute(muting=asked, at=at)
    assert not NoticeChoice.objects.exists()
    token = muting.token_of_lists(person=town.reader, rhythm=Rhythm.DAILY)
    assert muting.read(f"{token}x") is None


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("rhythm", "at", "until"),
    [
        # In November seven in Paris is six in UTC, in July five. 3 November 2026 is a Tuesday.
        (Rhythm.DAILY, datetime(2026, 11, 3, 6, 5, tzinfo=UTC), datetime(2026, 11, 3, 6, tzinfo=UTC)),
        (Rhythm.DAILY, datetime(2026, 11, 3, 6, 4, 59, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC)),
        (Rhythm.DAILY, datetime(2026, 7, 3, 5, 5, tzinfo=UTC), datetime(2026, 7, 3, 5, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2026, 11, 3, 6, 5, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2026, 11, 2, 6, 4, tzinfo=UTC), datetime(2026, 10, 26, 6, tzinfo=UTC)),
    ],
)
def test_lists_tell_until_seven_in_paris_and_leave_when_that_has_passed(
    rhythm: Rhythm, at: datetime, until: datetime
) -> None:
    assert last_list(rhythm=rhythm, at=at) == until


def test_there_is_no_list_of_what_is_told_at_once(at: datetime) -> None:
    with pytest.raises(ValueError, match="no lists"):
        last_list(rhythm=Rhythm.AT_ONCE, at=at)


def test_a_list_is_due_to_those_who_may_have_one_and_have_not_had_it(town: Town, at: datetime) -> None:
    tomorrow, next_week = at + timedelta(days=1), at + timedelta(days=7)
    supplier = a_member(structure=a_structure(at=at), at=at)
    a_person(at=at)
    everybody = set(User.objects.filter(memberships__structure=town.body))
    assert list(queries.due(rhythm=Rhythm.DAILY, at=at)) == []  # all have joined since
    assert set(queries.due(rhythm=Rhythm.DAILY, at=tomorrow)) == everybody
    assert list(queries.due(rhythm=Rhythm.WEEKLY, at=next_week)) == []
    wants(supplier, Rhythm.WEEKLY, at, Space.ISSUED)
    assert list(queries.due(rhythm=Rhythm.WEEKLY, at=next_week)) == [supplier]
    assert set(queries.due(rhythm=Rhythm.DAILY, at=next_week)) == everybody  # not whoever wants another list
    until = last_list(rhythm=Rhythm.WEEKLY, at=next_week)
    Digest.objects.create(user=supplier, rhythm=Rhythm.WEEKLY, told_until=until - timedelta(days=7))  # the last one
    Digest.objects.create(user=supplier, rhythm=Rhythm.DAILY, told_until=until)
    assert list(queries.due(rhythm=Rhythm.WEEKLY, at=next_week)) == [supplier]
    Membership.objects.filter(user=supplier).update(state=Membership.State.REMOVED)
    assert list(queries.due(rhythm=Rhythm.WEEKLY, at=next_week)) == []
    Membership.objects.filter(user=supplier).update(state=Membership.State.ACCEPTED)
    Digest.objects.filter(user=supplier, rhythm=Rhythm.WEEKLY).update(told_until=until)
    Digest.objects.create(user=town.chief, rhythm=Rhythm.DAILY, told_until=last_list(rhythm=Rhythm.DAILY, at=tomorrow))
    User.objects.filter(pk=town.reader.pk).update(is_active=False)
    assert list(queries.due(rhythm=Rhythm.WEEKLY, at=next_week)) == []
    assert set(queries.due(rhythm=Rhythm.DAILY, at=tomorrow)) == everybody - {town.chief, town.reader}


def test_a_choice_counts_for_its_person_its_space_and_its_service_alone(town: Town, at: datetime) -> None:
    membership = Membership.objects.get(user=town.of_culture)

    def rhythm() -> Rhythm:
        found = queries.followers(structure=town.body, space=Space.RECEIVED, service=town.culture)
        return next(follower.rhythm for follower in found if follower.person == town.of_culture)

    usual = rhythm()
    for space, service in ((Space.ISSUED, None), (Space.RECEIVED, town.roads)):
        NoticeChoice.objects.create(
            membership=membership, space=space, service=service, rhythm=Rhythm.NEVER, chosen_at=at
        )
        assert rhythm() == usual
    NoticeChoice.objects.create(
        membership=membership, space=Space.RECEIVED, service=town.culture, rhythm=Rhythm.NEVER, chosen_at=at
    )
    assert rhythm() is Rhythm.NEVER


def test_who_acts_for_a_client_is_told_at_once_if_they_chose_that_for_clients(at: datetime) -> None:
    client, bookkeeper = a_structure(at=at), a_structure(at=at, name="Comptes clairs")
    owner = a_member(structure=client, at=at, is_manager=True)
    acting, other = (a_member(structure=bookkeeper, at=at, name=name) for name in ("Fulbert", "Brune"))
    terms = delegations.Terms(profiles=[AccessProfile.INVOICE], begins_on=day_in_paris(at))
    delegations.delegate(structure=client, siret=bookkeeper.identifier, terms=terms, actor=Actor(owner), at=at)

    def choose(person: User, space: str, rhythm: Rhythm) -> None:
        membership = Membership.objects.get(user=person)
        NoticeChoice.objects.create(membership=membership, space=space, rhythm=rhythm, chosen_at=at)

    def addresses() -> list[str]:
        return [found.address for found in queries.told_for_client(client=client, space=Space.ISSUED)]

    assert addresses() == []
    choose(acting, Space.ISSUED, Rhythm.AT_ONCE)  # of the bookkeeper's own invoices
    assert addresses() == []
    choose(acting, OF_CLIENTS, Rhythm.AT_ONCE)
    choose(other, OF_CLIENTS, Rhythm.DAILY)
    assert addresses() == [acting.email]
    [addressee] = queries.told_for_client(client=client, space=Space.ISSUED)
    assert not addressee.may_process
