"""A public body's SIRET registered by somebody before the directory knew it gives nobody its invoices."""

from __future__ import annotations

from datetime import datetime

import pytest

from plainchant.portal.directory.imports.records import BodyRecord
from plainchant.portal.directory.operations import record_bodies
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.queries import notice_addresses, requests_for_operator
from plainchant.portal.structures.reach import reached
from tests.making import a_member, a_structure

pytestmark = pytest.mark.django_db


def test_its_first_claimant_waits_for_the_operator(at: datetime) -> None:
    claimed = a_structure(at=at, name="Commune de Valbrume", identifier="21000001500012", email="moi@example.org")
    claimant = a_member(structure=claimed, at=at, is_manager=True)
    record_bodies(bodies=[BodyRecord(1, claimed.identifier, {"name": "Commune de Valbrume"})], at=at)
    claimed.refresh_from_db()
    assert claimed.is_public
    assert not reached(actor=Actor(claimant), right=Right.SEE).exists()
    assert notice_addresses(structure=claimed, right=Right.SEE_RECEIVED) == []
    assert [request.user for request in requests_for_operator()] == [claimant]


def test_a_body_already_public_keeps_its_people(at: datetime) -> None:
    body = a_structure(at=at, name="Commune de Valbrume", identifier="21000001500012", nature="PUBLIQUE")
    agent = a_member(structure=body, at=at, is_manager=True)
    record_bodies(bodies=[BodyRecord(1, body.identifier, {"name": "Ville de Valbrume"})], at=at)
    assert list(reached(actor=Actor(agent), right=Right.SEE)) == [body]
