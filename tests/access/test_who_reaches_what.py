"""Every permission, asked for everybody and for everything: who has it, and that nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest

from plainchant.access.table import TABLE
from plainchant.portal.rights.permissions import Permission, may
from plainchant.portal.rights.rights import Right
from tests.access.parties import Parties, parties

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MANAGER, MEMBER = "the supplier's manager", "the supplier's member"
SUPPLIER = {MANAGER, MEMBER}
TOWN = {"the town's manager", "the town's member"}
MANAGERS = {"the supplier": {MANAGER}, "the town": {"the town's manager"}}
EITHER = {"the supplier": SUPPLIER, "the town": TOWN}
ISSUED = dict.fromkeys(
    (
        "a draft",
        "a draft of two invoices",
        "a draft that was split",
        "an invoice on its way",
        "a received invoice",
        "a suspended invoice",
        "a returned invoice",
        "an invoice on its way again",
        "an invoice sent elsewhere",
        "an entered draft",
        "an entered invoice",
        "a rejected invoice",
    ),
    SUPPLIER,
)
ISSUED_FILES = {"a file of the draft": SUPPLIER, "a file of the received invoice": SUPPLIER}
RECEIVED = dict.fromkeys(
    ("a received invoice", "a suspended invoice", "a returned invoice", "an entered invoice", "a rejected invoice"),
    TOWN,
)

FLOWS = {"a flow": SUPPLIER, "a proposed flow": SUPPLIER}

# Name of a permission → what it reaches → for whom. Nothing else, and for nobody else.
REACHED: dict[str, dict[str, set[str]]] = {
    "SEE_STRUCTURE": EITHER,
    "MANAGE_STRUCTURE": MANAGERS,
    "MANAGE_BANK_ACCOUNT": {"an account": {MANAGER}},
    "DECIDE_MEMBERSHIP": {"a request": {MANAGER}},
    "SEE_MANDATE": {"a mandate": SUPPLIER},
    "SEE_MANDATE_FILE": {"a file of the mandate": SUPPLIER},
    "GIVE_MANDATE": MANAGERS,
    "MANAGE_MANDATE": {"a mandate": {MANAGER}},
    "SEE_PIECE": {
        "a piece of the member's own": {MEMBER},
        "a piece the manager added": SUPPLIER,
        "a piece the member added": SUPPLIER,
    },
    "ADD_STRUCTURE_PIECE": EITHER,
    "CHANGE_PIECE": {
        "a piece of the member's own": {MEMBER},
        "a piece the manager added": {MANAGER},
        "a piece the member added": SUPPLIER,
    },
    "PREPARE_DROP": {"a drop": {MEMBER}},
    "SEND_DROP": {"a drop": {MEMBER}},
    "PREPARE_DROPPED_FILE": {what: {MEMBER} for what in ("a dropped file", "a ready file", "an electronic file")},
    "SEE_INVOICE_SETTINGS": EITHER,
    "MANAGE_INVOICE_SETTINGS": MANAGERS,
    "SEE_ISSUED_INVOICE": ISSUED,
    "SEE_ISSUED_FILE": ISSUED_FILES,
    "BEGIN_INVOICE": EITHER,
    "PREPARE_INVOICE": ISSUED,
    "PREPARE_FILE": ISSUED_FILES,
    "SEND_INVOICE": ISSUED,
    "SEND_INVOICES": EITHER,
    "ANSWER_INVOICE": ISSUED,
    "SEE_FLOW": FLOWS,
    "SEND_FLOW": FLOWS,
    "SEE_RECEIVED_INVOICE": RECEIVED,
    "SEE_RECEIVED_FILE": {"a file of the received invoice": TOWN},
    "PROCESS_INVOICE": RECEIVED,
    "PAY_INVOICE": RECEIVED,
}

# The first word of a permission's name → the right that it needs. A member has all but one, so `REACHED` cannot tell.
RIGHT_OF = {
    **{right.name: right for right in Right},
    "DECIDE": Right.MANAGE,
    "GIVE": Right.MANAGE,
    "ADD": Right.PREPARE,
    "BEGIN": Right.PREPARE,
    "CHANGE": Right.PREPARE,
}


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Parties:
    with once_a_module():
        return parties(at=at)


@pytest.mark.parametrize("permission", [row for row in TABLE if row.scope], ids=lambda row: row.name)
def test_a_permission_reaches_what_it_says_and_for_those_it_says(world: Parties, permission: Permission) -> None:
    model = permission.reached_by(world.actors[MANAGER]).model
    reached = {
        what: {who for who, actor in world.actors.items() if may(actor, permission, obj)}
        for what, obj in world.objects.items()
        if isinstance(obj, model)
    }
    assert {what: who for what, who in reached.items() if who} == REACHED[permission.name]


def test_a_permission_needs_the_right_that_its_name_says() -> None:
    rights = {row.name: row.right for row in TABLE if row.scope}
    assert rights == {name: RIGHT_OF[name.partition("_")[0]] for name in rights}


def test_every_permission_with_a_scope_is_asked_here() -> None:
    assert set(REACHED) == {row.name for row in TABLE if row.scope}
