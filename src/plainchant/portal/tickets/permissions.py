"""Who asks, who sees a ticket, and who answers it."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right

from . import queries

OPEN_TICKET = Permission(
    name="OPEN_TICKET",
    sentence="Anyone with an open account asks whoever runs the portal, or the public body that an invoice they follow "
    "went to.",
)
SEE_TICKET = Permission(
    name="SEE_TICKET",
    right=Right.SEE_TICKETS,
    sentence="Whoever wrote a ticket sees it; so do people who follow the tickets of the body, or of the service, it "
    "is to, and operators those to the portal.",
    scope=queries.visible_to,
)
SEE_TICKET_FILE = Permission(
    name="SEE_TICKET_FILE",
    right=Right.SEE_TICKETS,
    sentence="Whoever sees a ticket saves the files that came with it.",
    scope=queries.files_for,
)
ADD_TO_TICKET = Permission(
    name="ADD_TO_TICKET",
    sentence="Whoever wrote a ticket adds to it, closes it and opens it again.",
    scope=queries.asked_by,
    for_people=True,
)
ANSWER_TICKET = Permission(
    name="ANSWER_TICKET",
    right=Right.ANSWER_TICKETS,
    sentence="People who answer the tickets of the body, or of the service, answer one, ask for more and close it; "
    "operators those to the portal.",
    scope=queries.received_for,
)
