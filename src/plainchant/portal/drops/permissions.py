"""Who goes on with what was dropped."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right

from . import queries

PREPARE_DROPPED_FILE = Permission(
    name="PREPARE_DROPPED_FILE",
    right=Right.PREPARE,
    sentence="People who prepare invoices say whose invoice a file is that they have handed in.",
    scope=queries.files_of,
)
