"""Every page about an object × everybody × what is theirs, what is not, and what does not exist.

Who reaches which object is written down in test_who_reaches_what; here the pages are asked, as a browser asks them.
Forbidden and absent are one answer, byte for byte. One of those people a page with the suite, drawn by its address;
everybody with PLAINCHANT_TEST_MATRIX=1, which also prints how many answers were compared.
"""

from __future__ import annotations

import os
import random
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import Permission
from plainchant.web.routes import declared_routes
from tests.access.parties import Parties, parties
from tests.access.test_isolation import at_object
from tests.access.test_who_reaches_what import REACHED
from tests.access.visiting import Sessions, browser_of, sessions_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.one_store, pytest.mark.long]
WHOLE = "PLAINCHANT_TEST_MATRIX" in os.environ
ROUTES = [(address, method, row) for address, method, row in declared_routes() if "<uuid:uid>" in address]
NOBODYS = uuid.UUID(int=7)
NOT_FOUND = 404
COMPARED: list[str] = []
_DRAWN = re.compile(rb"[\w-]{20,}")  # a token, the object in an address: nothing that is read


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Iterator[Parties]:
    with once_a_module():
        yield parties(at=at)
    if WHOLE:
        print(f"\n{len(COMPARED)} answers compared")  # noqa: T201 - the figure of the campaign


@pytest.fixture(scope="module")
def sessions(world: Parties, once_a_module: Callable[[], AbstractContextManager[None]]) -> Sessions:
    with once_a_module():
        return sessions_of(world.actors.values())


@pytest.mark.parametrize(("address", "method", "row"), ROUTES, ids=lambda part: getattr(part, "name", str(part)))
def test_each_page_answers_as_the_table_says(
    world: Parties, sessions: Sessions, address: str, method: str, row: Permission
) -> None:
    wrong = []
    for who, actor in asking(world, address + method):
        absent = answer(browser_of(actor, sessions), method, at_object(address, NOBODYS))
        if absent[0] != NOT_FOUND:
            wrong.append(f"{who}, absent: {absent[0]}")
        for what, obj, is_theirs in objects(world, row, who, actor, address):
            uid = obj.uid  # type: ignore[attr-defined]
            status, content = answer(browser_of(actor, sessions), method, at_object(address, uid))
            COMPARED.append(what)
            if is_theirs and status >= 500:
                wrong.append(f"{who}, {what}: {status}")
            if not is_theirs and (status, content) != absent:
                wrong.append(f"{who}, {what}: {status}, which is not what something absent gets")
    assert wrong == []


@pytest.mark.parametrize(("address", "method", "row"), ROUTES, ids=lambda part: getattr(part, "name", str(part)))
def test_who_is_not_logged_in_is_sent_to_the_log_in_whatever_there_is(
    world: Parties, address: str, method: str, row: Permission
) -> None:
    some = next(obj for what, obj in world.objects.items() if what in REACHED[row.name])
    there, absent = (answer(Client(), method, at_object(address, uid)) for uid in (some.uid, NOBODYS))  # type: ignore[attr-defined]
    assert there == absent
    assert there[0] in (302, 403)  # the log-in; a form that was filled in is kept until then


def asking(world: Parties, seed: str) -> list[tuple[str, Actor]]:
    """Who asks. An account that was closed cannot log in, and the portal itself visits no page."""
    everybody = [
        (who, actor) for who, actor in world.actors.items() if actor.person is not None and actor.person.is_active
    ]
    return everybody if WHOLE else random.Random(seed).sample(everybody, 1)


def objects(world: Parties, row: Permission, who: str, actor: Actor, address: str) -> Iterator[tuple[str, Model, bool]]:
    """Of what this page can be about: one that the table gives to this person, and one that it does not."""
    assert row.scope is not None
    model = row.reached_by(actor).model
    alike = [(what, obj, who in REACHED[row.name].get(what, ())) for what, obj in world.objects.items()]
    alike = [(what, obj, theirs) for what, obj, theirs in alike if isinstance(obj, model)]
    random.Random(address + who).shuffle(alike)
    for wanted in (True, False):
        yield from [one for one in alike if one[2] is wanted][: None if WHOLE else 1]


def answer(client: Client, method: str, address: str) -> tuple[int, bytes]:
    """The answer, undone again; of something absent its text too."""
    with transaction.atomic():
        found = getattr(client, method.lower())(address)
        content = b"" if found.streaming else _DRAWN.sub(b"", found.content)
        found.close()
        transaction.set_rollback(True)
    return found.status_code, content if found.status_code == NOT_FOUND else b""
