"""What a structure's log says of its applications, and what may not be done to them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.structures import applications
from plainchant.portal.structures.applications import (
    MOST_APPLICATIONS,
    MOST_SECRETS,
    ApplicationHasChanged,
    ApplicationNameTaken,
    TooManyApplications,
    TooManyApplicationSecrets,
)
from plainchant.portal.structures.models import ActivityEntry, Application, Structure
from tests.making import a_member, a_structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Kind = ActivityEntry.Kind


@pytest.fixture
def structure(at: datetime) -> Structure:
    return a_structure(at=at, name="Atelier Lumen")


@pytest.fixture
def manager(structure: Structure, at: datetime) -> Actor:
    return Actor(a_member(structure=structure, at=at, name="Ada", is_manager=True))


def test_each_thing_done_leaves_its_line_with_its_author(structure: Structure, manager: Actor, at: datetime) -> None:
    made, first = applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    assert applications.authenticate(client_id=made.client_id, secret=first, at=at) == made
    applications.add_secret(application=made, actor=manager, at=at)
    [old, _] = applications.kept_secrets(application=made)
    applications.withdraw_secret(secret=old, actor=manager, at=at)
    applications.revoke_tokens(application=made, actor=manager, at=at)
    applications.end(application=made, actor=manager, at=at)
    lines = ActivityEntry.objects.filter(structure=structure, about="Compta Facile").order_by("pk")
    assert [line.kind for line in lines] == [
        Kind.APPLICATION_MADE,
        Kind.APPLICATION_SECRET,
        Kind.APPLICATION_WITHDRAWN,
        Kind.APPLICATION_TOKENS,
        Kind.APPLICATION_ENDED,
    ]
    assert {line.actor for line in lines} == {manager.person}


def test_what_has_ended_is_neither_let_in_nor_changed(structure: Structure, manager: Actor, at: datetime) -> None:
    made, secret = applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    applications.end(application=made, actor=manager, at=at)
    assert applications.authenticate(client_id=made.client_id, secret=secret, at=at) is None
    assert not applications.kept_secrets(application=made).exists()
    for change in (applications.add_secret, applications.revoke_tokens, applications.end):
        with pytest.raises(ApplicationHasChanged):
            change(application=made, actor=manager, at=at)
    applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)  # its name is free again


def test_two_secrets_at_most_and_one_name_once(structure: Structure, manager: Actor, at: datetime) -> None:
    made, _ = applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    with pytest.raises(ApplicationNameTaken):
        applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    for _ in range(MOST_SECRETS - 1):
        applications.add_secret(application=made, actor=manager, at=at + timedelta(minutes=1))
    with pytest.raises(TooManyApplicationSecrets):
        applications.add_secret(application=made, actor=manager, at=at)


def test_what_is_done_to_one_is_done_to_no_other(structure: Structure, manager: Actor, at: datetime) -> None:
    one, secret = applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    other, others_secret = applications.make(structure=structure, actor=manager, name="Devis Facile", at=at)
    applications.authenticate(client_id=one.client_id, secret=secret, at=at)
    [used], [unused] = (applications.kept_secrets(application=each) for each in (one, other))
    assert (used.last_used_at, unused.last_used_at) == (at, None)
    with pytest.raises(NotAllowed):
        applications.withdraw_secret(secret=unused, actor=Actor(a_member(structure=structure, at=at)), at=at)
    applications.revoke_tokens(application=one, actor=manager, at=at)
    other.refresh_from_db()
    assert other.tokens_valid_from is None
    applications.withdraw_secret(secret=used, actor=manager, at=at)
    with pytest.raises(ApplicationHasChanged):
        applications.withdraw_secret(secret=used, actor=manager, at=at)
    applications.end(application=one, actor=manager, at=at)
    assert applications.authenticate(client_id=other.client_id, secret=others_secret, at=at) == other
    assert list(applications.serving(structure=structure)) == [other]


def test_those_of_a_structure_end_together_and_alone(structure: Structure, manager: Actor, at: datetime) -> None:
    elsewhere = a_structure(at=at, name="Atelier Voisin")
    there = Actor(a_member(structure=elsewhere, at=at, is_manager=True))
    kept, _ = applications.make(structure=elsewhere, actor=there, name="Compta Facile", at=at)
    for number in range(2):
        applications.make(structure=structure, actor=manager, name=f"Logiciel {number}", at=at)
    applications.end_all(structures=[structure], at=at)
    assert not applications.serving(structure=structure).exists()
    assert list(applications.serving(structure=elsewhere)) == [kept]


def test_a_closed_structure_and_one_that_has_enough_get_no_more(
    structure: Structure, manager: Actor, at: datetime
) -> None:
    for number in range(MOST_APPLICATIONS):
        applications.make(structure=structure, actor=manager, name=f"Logiciel {number}", at=at)
    with pytest.raises(TooManyApplications):
        applications.make(structure=structure, actor=manager, name="Un de trop", at=at)
    closed = a_structure(at=at, name="Atelier Clos")
    chief = Actor(a_member(structure=closed, at=at, is_manager=True))
    Structure.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(ApplicationHasChanged):
        applications.make(structure=closed, actor=chief, name="Compta Facile", at=at)


def test_one_that_ended_is_not_let_in_even_with_a_secret_that_was_left(
    structure: Structure, manager: Actor, at: datetime
) -> None:
    made, secret = applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    Application.objects.filter(pk=made.pk).update(revoked_at=at)
    assert applications.authenticate(client_id=made.client_id, secret=secret, at=at) is None
    assert applications.serving_application(client_id=made.client_id) is None


def test_a_client_id_names_one_application_and_only_its_own(structure: Structure, manager: Actor, at: datetime) -> None:
    made = [applications.make(structure=structure, actor=manager, name=name, at=at)[0] for name in ("Un", "Deux")]
    assert [applications.serving_application(client_id=each.client_id) for each in made] == made
    applications.end(application=made[0], actor=manager, at=at)
    applications.revoke_tokens(application=made[1], actor=manager, at=at)  # another has ended, this goes on
    assert applications.serving_application(client_id="personne") is None
    assert [applications.serving_application(client_id=each.client_id) for each in made] == [None, made[1]]


def test_as_many_secrets_are_computed_for_a_name_that_nobody_has(
    structure: Structure, manager: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = applications.make(structure=structure, actor=manager, name="Compta Facile", at=at)
    computed: list[str] = []

    def counted(secret: str, hashed: str) -> bool:
        computed.append(hashed)
        return check_password(secret, hashed)

    monkeypatch.setattr(applications, "check_password", counted)
    for client_id in (made.client_id, "personne"):
        assert applications.authenticate(client_id=client_id, secret="faux", at=at) is None
        assert len(computed) == MOST_SECRETS
        computed.clear()
