"""Who may see a flow. Who may hand one in: `invoices.permissions.SEND_INVOICES`."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right

from . import queries

SEE_FLOW = Permission(
    name="SEE_FLOW",
    right=Right.SEE,
    sentence="People attached to the structure that handed in a flow see it and its report.",
    scope=queries.flows_for,
)
SEND_FLOW = Permission(
    name="SEND_FLOW",
    right=Right.SEND,
    sentence="People who send the invoices of the structure that handed in a table look at it again, and confirm what "
    "they themselves have handed in.",
    scope=queries.flows_for,
)
