"""The guard of every page about an object: each method needs the right that it names, and not only to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import RIGHT_ROW, Right
from plainchant.web.routes import declared_routes
from tests.access.holding import holding
from tests.access.parties import Parties, parties
from tests.access.test_isolation import at_object
from tests.access.test_who_reaches_what import REACHED
from tests.access.visiting import Sessions, browser_of, sessions_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.one_store, pytest.mark.long]
# What is one's own, a ticket that one wrote, needs no right over a structure.
ROUTES = [(address, method, row) for address, method, row in declared_routes() if "<uuid:uid>" in address and row.right]
ACTING = [(address, method, row) for address, method, row in ROUTES if not RIGHT_ROW[row.right].is_to_see]


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Parties:
    with once_a_module():
        return parties(at=at)


@pytest.fixture(scope="module")
def sessions(world: Parties, once_a_module: Callable[[], AbstractContextManager[None]]) -> Sessions:
    with once_a_module():
        return sessions_of(world.actors.values())


def asked(
    world: Parties, sessions: Sessions, address: str, method: str, row: Permission, most: int | None = None
) -> Iterator[int]:
    """The answers to somebody whose attachment counts, for the objects that the permission would reach for them.

    ``most``: no more of them. Which objects it reaches, for whom, is tried by test_who_reaches_what.
    """
    # One's own documents need no right over a structure.
    reached = [(what, who) for what, who in REACHED[row.name].items() if what != "a piece of the member's own"]
    for what, who in reached[:most]:
        client = browser_of(world.actors[min(who)], sessions)
        uid = world.objects[what].uid  # type: ignore[attr-defined]
        answer = getattr(client, method.lower())(at_object(address, uid))
        answer.close()
        yield answer.status_code


@pytest.mark.parametrize(("address", "method", "row"), ACTING, ids=lambda part: getattr(part, "name", str(part)))
def test_without_the_right_it_is_as_if_the_object_did_not_exist(
    world: Parties, sessions: Sessions, address: str, method: str, row: Permission, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = frozenset(Right) - {row.right, Right.MANAGE}
    holding(monkeypatch, without)
    assert set(asked(world, sessions, address, method, row, most=2)) == {404}


@pytest.mark.parametrize(("address", "method", "row"), ROUTES, ids=lambda part: getattr(part, "name", str(part)))
def test_with_that_right_alone_some_object_is_there(
    world: Parties, sessions: Sessions, address: str, method: str, row: Permission, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(monkeypatch, frozenset({row.right}))
    assert any(status != 404 for status in asked(world, sessions, address, method, row))
