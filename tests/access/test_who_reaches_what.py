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
# A program as its people too, but for what is theirs alone.
SUPPLIER = {
    MANAGER,
    MEMBER,
    "the delegate",
    "the supplier's program",
}  # who acts for it is as free as its own people, but for managing
FOLLOWING = SUPPLIER | {"the supplier's reader", "the delegate's reader"}
TOWN = {"the town's manager", "the town's member"}
READING = TOWN | {"the town's reader"}
# A structure that is closed stays what it was for its people: what cannot be done there any more is refused in words.
CLOSED = {"a closed structure": {MANAGER}}
MANAGERS = {"the supplier": {MANAGER}, "the town": {"the town's manager"}, **CLOSED}
DOING = {"the supplier": SUPPLIER, "the town": TOWN, **CLOSED}
HELPING = TOWN | {"the town's helper"}
OF_SERVICES = {"the agent of a service", "the reader of a service", "the agent of another service"}
ATTACHED = {
    **CLOSED,
    "the supplier": FOLLOWING | {"somebody attached without a right"},
    "the town": READING | OF_SERVICES | {"the town's helper"},
}
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
        "an invoice to a service",
        "an invoice to validate",
        "an invoice to validate again",
        "an invoice of a wrong validator",
        "a piece of works",
        "a piece to complete",
        "a piece of a wrong architect",
        "a piece of a wrong owner",
        "a piece at its owner",
        "a general account",
    ),
    SUPPLIER,
)
FILES = (
    "a file of the draft",
    "a file of the received invoice",
    "a file of the invoice to validate",
    "a file of the piece",
)
RECEIVED = dict.fromkeys(
    ("a received invoice", "a suspended invoice", "a returned invoice", "an entered invoice", "a rejected invoice"),
    TOWN,
)
OF_A_SERVICE = "an invoice to a service"
TO_VALIDATE = ("an invoice to validate", "an invoice to validate again", "an invoice of a wrong validator")
FIRST_SAY = {what: {"the validator"} for what in TO_VALIDATE}
DRAWN = ("a piece of works", "a piece to complete", "a piece of a wrong architect", "a general account")
OWNED = (*DRAWN, "a piece of a wrong owner", "a piece at its owner")
ACCOUNTS = ("an account", "an account that waits")
FLOWS = ("a flow", "a proposed flow")

# Name of a permission → what it reaches → for whom. Nothing else, and for nobody else.
REACHED: dict[str, dict[str, set[str]]] = {
    "SEE_STRUCTURE": ATTACHED,
    "MANAGE_STRUCTURE": MANAGERS,
    "MANAGE_BANK_ACCOUNT": {what: {MANAGER} for what in ACCOUNTS},
    "CONFIRM_BANK_ACCOUNT": {what: {MANAGER, MEMBER} for what in ACCOUNTS},
    "DECIDE_MEMBERSHIP": {
        "a request": {MANAGER},
        "the member's attachment": {MANAGER},
        "a suspended attachment": {MANAGER},
    },
    "MANAGE_MEMBERSHIP": {
        "the member's attachment": {MANAGER},
        "a suspended attachment": {MANAGER},
    },
    "MANAGE_INVITATION": {"an invitation": {MANAGER}},
    "MANAGE_DELEGATION": {"a delegation given": {MANAGER}},
    "RETURN_DELEGATION": {"a delegation held": {MANAGER}},
    "DECIDE_DELEGATION": {"a request to act": {MANAGER}},
    "WITHDRAW_DELEGATION_REQUEST": {"a request of the supplier": {MANAGER}},
    "DECIDE_SPACE": {"a request for a space": {MANAGER}},
    "MANAGE_TECHNICAL_ACCOUNT": {"a technical account": {MANAGER}},
    "MANAGE_APPLICATION": {"an application": {MANAGER}},
    "MANAGE_WEBHOOKS": MANAGERS,
    "MANAGE_WEBHOOK": {"a webhook": {MANAGER}},
    "SEE_MANDATE": {"a mandate": ATTACHED["the supplier"]},
    "SEE_MANDATE_FILE": {"a file of the mandate": ATTACHED["the supplier"]},
    "GIVE_MANDATE": MANAGERS,
    "MANAGE_MANDATE": {"a mandate": {MANAGER}},
    "SEE_PIECE": {
        "a piece of the member's own": {MEMBER},
        "a piece the manager added": FOLLOWING,
        "a piece the member added": FOLLOWING,
    },
    "ADD_STRUCTURE_PIECE": DOING,
    "CHANGE_PIECE": {
        "a piece of the member's own": {MEMBER},
        "a piece the manager added": {MANAGER},
        "a piece the member added": {MANAGER, MEMBER},
    },
    "PREPARE_DROP": {"a drop": {MEMBER}},
    "SEND_DROP": {"a drop": {MEMBER}},
    "PREPARE_DROPPED_FILE": {what: {MEMBER} for what in ("a dropped file", "a ready file", "an electronic file")},
    "SEE_INVOICE_SETTINGS": ATTACHED,
    "MANAGE_INVOICE_SETTINGS": MANAGERS,
    "SEE_ISSUED_INVOICE": dict.fromkeys(ISSUED, FOLLOWING),
    "SEE_ISSUED_FILE": dict.fromkeys(FILES, FOLLOWING),
    "BEGIN_INVOICE": DOING,
    "PREPARE_INVOICE": ISSUED,
    "PREPARE_FILE": dict.fromkeys(FILES, SUPPLIER),
    "SEND_INVOICE": ISSUED,
    "SEND_INVOICES": DOING,
    "ANSWER_INVOICE": ISSUED,
    "CHASE_PAYMENT": ISSUED,
    "SEE_FLOW": dict.fromkeys(FLOWS, FOLLOWING),
    "SEE_REJECTS": {"the supplier": FOLLOWING, "the town": TOWN, **CLOSED},
    "SEND_FLOW": dict.fromkeys(FLOWS, SUPPLIER),
    "SEE_RECEIVED_INVOICE": {
        **dict.fromkeys(RECEIVED, READING),
        OF_A_SERVICE: READING | {"the agent of a service", "the reader of a service"},
    },
    "SEE_RECEIVED_FILE": {"a file of the received invoice": READING},
    "PROCESS_INVOICE": {**RECEIVED, OF_A_SERVICE: TOWN | {"the agent of a service"}},
    "PAY_INVOICE": {**RECEIVED, OF_A_SERVICE: TOWN | {"the agent of a service"}},
    "SEE_COMMITMENTS": {"the supplier": {MANAGER, MEMBER}, "the town": READING | OF_SERVICES, **CLOSED},
    "SEE_COMMITMENT": {"a commitment of a service": READING | {"the agent of a service", "the reader of a service"}},
    "KEEP_COMMITMENTS": {**DOING, "the supplier": {MANAGER, MEMBER}},
    "SEE_VALIDATION_INVOICE": {**FIRST_SAY, "an invoice to validate again": {"the validator", "the second validator"}},
    "SEE_VALIDATION_FILE": {"a file of the invoice to validate": {"the validator"}},
    "VALIDATE_INVOICE": FIRST_SAY,
    "VALIDATE_AS_SECOND": {"an invoice to validate again": {"the second validator"}},
    "SEE_WORKS_PIECE": {what: TOWN | ({"the architect"} if what in DRAWN else set()) for what in OWNED},
    "SEE_WORKS_FILE": {"a file of the piece": TOWN | {"the architect"}},
    "WORK_AS_MOE": {what: {"the architect"} for what in DRAWN},
    "WORK_AS_MOA": dict.fromkeys(OWNED, TOWN),
    "SEE_TICKET": {"a ticket": {MEMBER} | HELPING},
    "SEE_TICKET_FILE": {"a file of the ticket": {MEMBER} | HELPING},
    "ADD_TO_TICKET": {"a ticket": {MEMBER}},
    "ANSWER_TICKET": {"a ticket": HELPING},
}

# The first words of a permission's name → the right that it needs. One space gives several: `REACHED` cannot tell.
RIGHT_OF: dict[str, Right | None] = {
    **{right.name: right for right in Right},
    "SEE_PIECE": Right.SEE_ISSUED,
    "SEE_FLOW": Right.SEE_FLOWS,
    "SEE_REJECTS": Right.SEE_FLOWS,
    "SEE_COMMITMENT": Right.SEE_COMMITMENTS,
    "SEE_TICKET": Right.SEE_TICKETS,
    "ANSWER_TICKET": Right.ANSWER_TICKETS,
    "WORK": Right.WORK,
    "SEE_WORKS": Right.SEE_WORKS,
    "ADD_TO": None,
    "DECIDE": Right.MANAGE,
    "RETURN": Right.MANAGE,
    "WITHDRAW": Right.MANAGE,
    "CONFIRM": Right.SEND,
    "GIVE": Right.MANAGE,
    "ADD": Right.PREPARE,
    "BEGIN": Right.PREPARE,
    "CHASE": Right.ANSWER,
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
    for name, right in rights.items():
        first, second = (name + "_").split("_")[:2]
        named = [word for word in (name, f"{first}_{second}", first) if word in RIGHT_OF]
        assert right is RIGHT_OF[named[0]], name


def test_every_permission_with_a_scope_is_asked_here() -> None:
    assert set(REACHED) == {row.name for row in TABLE if row.scope}
