"""Who may see a billing mandate, give one, and end it."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.queries import reached

from . import queries

SEE_MANDATE = Permission(
    name="SEE_MANDATE",
    right=Right.SEE,
    sentence="People attached to a structure read its billing mandates, ended ones too.",
    scope=lambda actor: queries.mandates_for(actor=actor, right=Right.SEE),
)
SEE_MANDATE_FILE = Permission(
    name="SEE_MANDATE_FILE",
    right=Right.SEE,
    sentence="People attached to a structure open the documents filed with its mandates.",
    scope=lambda actor: queries.files_for(actor=actor, right=Right.SEE),
)
GIVE_MANDATE = Permission(
    name="GIVE_MANDATE",
    right=Right.MANAGE,
    sentence="The manager of a structure gives a billing mandate in its name.",
    scope=lambda actor: reached(actor=actor, right=Right.MANAGE),
)
MANAGE_MANDATE = Permission(
    name="MANAGE_MANDATE",
    right=Right.MANAGE,
    sentence="The manager of a structure ends its billing mandate, and files documents with it.",
    scope=lambda actor: queries.mandates_for(actor=actor, right=Right.MANAGE),
)
