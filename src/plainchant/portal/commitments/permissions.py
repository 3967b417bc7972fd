"""Who looks up the commitments of a public body, and who imports them."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached, reached_in_part

from .queries import commitments_for

SEE_COMMITMENTS = Permission(
    name="SEE_COMMITMENTS",
    right=Right.SEE_COMMITMENTS,
    sentence="People who follow the commitments of a body, or of one of its services, look them up.",
    scope=reached_in_part,
)
SEE_COMMITMENT = Permission(
    name="SEE_COMMITMENT",
    right=Right.SEE_COMMITMENTS,
    sentence="People who follow the commitments of a body, or of one of its services, see each of these with the "
    "invoices on it and what remains.",
    scope=commitments_for,
)
KEEP_COMMITMENTS = Permission(
    name="KEEP_COMMITMENTS",
    right=Right.KEEP_COMMITMENTS,
    sentence="People who keep the commitments of a whole body import them.",
    scope=reached,
)
