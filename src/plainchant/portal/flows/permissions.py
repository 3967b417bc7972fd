"""Who may see a flow. Who may hand one in: `invoices.permissions.SEND_INVOICES`."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

from . import queries

SEE_FLOW = Permission(
    name="SEE_FLOW",
    right=Right.SEE_FLOWS,
    sentence="People who follow the flows of the structure that handed one in see it and its report.",
    scope=queries.flows_for,
)
SEE_REJECTS = Permission(
    name="SEE_REJECTS",
    right=Right.SEE_FLOWS,
    sentence="People who follow the flows of a structure see what was refused of them, day by day.",
    scope=reached,
)
SEND_FLOW = Permission(
    name="SEND_FLOW",
    right=Right.SEND,
    sentence="People who send the invoices of the structure that handed in a table look at it again, and confirm what "
    "they themselves have handed in.",
    scope=queries.flows_for,
)
