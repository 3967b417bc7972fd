"""Every operation of the interface × what is somebody else's: the same answer, byte for byte, as to an unknown id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model

from plainchant.api.operation import Operation
from plainchant.api.table import TABLE
from plainchant.portal.structures.models import Membership
from tests.access.parties import Parties, parties
from tests.api.calling import Program
from tests.making import a_program, an_application

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ABSENT = 2**31 - 1


@dataclass(frozen=True)
class Naming:
    """How a request names something: ``what`` of the parties, and the body for a value that stands for it.

    ``value`` is what the wire calls it, ``absent`` what nothing is called.
    """

    what: str
    body: Callable[[Any], Any]
    value: Callable[[Any], Any] = lambda obj: obj.pk
    absent: Any = ABSENT


def _flow(number: Any) -> dict[str, Any]:
    return {"numeroFluxDepot": number}


_A_FLOW = Naming("a flow", _flow, value=lambda flow: flow.number, absent="CPP0011117000000000999999")

NAMES: Mapping[str, Naming] = {
    "/cpro/transverses/v1/consulterCR": _A_FLOW,
    "/cpro/transverses/v1/consulterCRDetaille": _A_FLOW,
}
# What they are given names nothing of anybody's: they act for the structure of the technical account, or are lists.
NAMES_NOTHING = {
    "/cpro/factures/v1/deposer/flux",
    "/cpro/transverses/v1/health-check",
}


@dataclass(frozen=True)
class World:
    made: Parties
    own: Program
    strange: Program


@pytest.fixture(scope="module")
def world(
    once_a_module: Callable[[], AbstractContextManager[None]], at: datetime, request: pytest.FixtureRequest
) -> Iterator[World]:
    with once_a_module():
        made = parties(at=at)
        manager = made.actors["the supplier's manager"].person
        application, _ = an_application(structure=made.seller, at=at, by=manager, name="Autre")
        person = made.actors["the manager of others"].person
        others = Membership.objects.select_related("structure").get(user=person).structure
        account, secret = a_program(structure=others, at=at, name="Autre")
        own, own_secret = a_program(structure=made.seller, at=at, by=manager, name="Autre")
        built = World(made, Program(application, own, own_secret), Program(application, account, secret))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plainchant.api.entry.now", lambda: at)
        patch.setattr("tests.api.calling.now", lambda: at)
        yield built


def test_each_operation_says_what_it_names():
    paths = {row.path for row in TABLE}
    assert NAMES.keys() | NAMES_NOTHING == paths
    assert not NAMES.keys() & NAMES_NOTHING


@pytest.mark.parametrize("operation", [row for row in TABLE if row.path in NAMES], ids=lambda row: row.name)
def test_what_is_somebody_elses_is_answered_as_what_does_not_exist(world: World, operation: Operation):
    naming = NAMES[operation.path]
    obj: Model = world.made.objects[naming.what]
    value = naming.value(obj)
    absent = world.strange.call(operation.path, naming.body(naming.absent))
    theirs = world.strange.call(operation.path, naming.body(value))
    # An answer may say again what it was asked for.
    said = absent.content.replace(json.dumps(naming.absent).encode(), json.dumps(value).encode())
    assert (theirs.status_code, theirs.content) == (absent.status_code, said)
