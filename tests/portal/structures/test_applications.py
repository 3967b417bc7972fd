"""What a structure's log says of its applications, and what may not be done to them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import applications
from plainchant.portal.structures.applications import (
    MOST_SECRETS,
    ApplicationHasChanged,
    ApplicationNameTaken,
    TooManyApplicationSecrets,
)
from plainchant.portal.structures.models import ActivityEntry, Structure
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
