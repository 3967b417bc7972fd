"""Who may see a billing mandate, give one, and end it."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

from . import queries

SEE_MANDATE = Permission(
    name="SEE_MANDATE",
    right=Right.SEE,
    sentence="People attached to a structure read its billing mandates, ended ones too.",
    scope=queries.mandates_for,
)
SEE_MANDATE_FILE = Permission(
    name="SEE_MANDATE_FILE",
    right=Right.SEE,
    sentence="People attached to a structure open the documents filed with its mandates.",
    scope=queries.files_for,
)
GIVE_MANDATE = Permission(
    name="GIVE_MANDATE",
    right=Right.MANAGE,
    sentence="The manager of a structure gives a billing mandate in its name.",
    scope=reached,
)
MANAGE_MANDATE = Permission(
    name="MANAGE_MANDATE",
    right=Right.MANAGE,
    sentence="The manager of a structure ends its billing mandate, and files documents with it.",
    scope=queries.mandates_for,
)
