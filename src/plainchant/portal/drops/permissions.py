"""Who goes on with what was dropped."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right

from . import queries

PREPARE_DROP = Permission(
    name="PREPARE_DROP",
    right=Right.PREPARE,
    sentence="People who prepare invoices go on with the files that they have handed in together; nobody else does.",
    scope=queries.drops_of,
    for_people=True,
)
SEND_DROP = Permission(
    name="SEND_DROP",
    right=Right.SEND,
    sentence="People who send invoices send at once what is ready of the files that they have handed in together; each "
    "is asked for its own supplier.",
    scope=queries.drops_of,
    for_people=True,
)
PREPARE_DROPPED_FILE = Permission(
    name="PREPARE_DROPPED_FILE",
    right=Right.PREPARE,
    sentence="People who prepare invoices say whose invoice a file is that they have handed in.",
    scope=queries.files_of,
    for_people=True,
)
