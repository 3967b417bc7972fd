"""Who may see and keep a structure: its sheet, its bank accounts, the people who join it."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right

from . import queries, reach

JOIN_STRUCTURE = Permission(
    name="JOIN_STRUCTURE",
    sentence="Anyone with an open account declares their structure, asks to join one that is known, answers an "
    "invitation sent to their address, asks for a space of their own structure, or leaves it.",
)
SEE_STRUCTURE = Permission(
    name="SEE_STRUCTURE",
    right=Right.SEE,
    sentence="People attached to a structure see its sheet, its people and its mandates.",
    scope=reach.reached,
)
MANAGE_STRUCTURE = Permission(
    name="MANAGE_STRUCTURE",
    right=Right.MANAGE,
    sentence="The manager of a structure changes its sheet and its name, adds its bank accounts, and keeps the "
    "services of a public body and what it demands on invoices.",
    scope=reach.reached,
)
MANAGE_BANK_ACCOUNT = Permission(
    name="MANAGE_BANK_ACCOUNT",
    right=Right.MANAGE,
    sentence="The manager of a structure renames and closes its bank accounts.",
    scope=queries.bank_accounts_for,
)
CONFIRM_BANK_ACCOUNT = Permission(
    name="CONFIRM_BANK_ACCOUNT",
    right=Right.SEND,
    sentence="People who send invoices of a structure, by an attachment of their own, confirm or refuse a bank account "
    "that somebody else has added.",
    scope=queries.bank_accounts_of_own,
    for_people=True,
)
DECIDE_MEMBERSHIP = Permission(
    name="DECIDE_MEMBERSHIP",
    right=Right.MANAGE,
    sentence="The manager of a structure accepts or refuses the people who ask to join it, themselves excepted.",
    scope=queries.requests_for,
)
MANAGE_MEMBERSHIP = Permission(
    name="MANAGE_MEMBERSHIP",
    right=Right.MANAGE,
    sentence="The managers of a structure say what each person attached to it may do, suspend or end an attachment, "
    "and "
    "hand the structure over; themselves excepted.",
    scope=queries.attachments_for,
)
MANAGE_INVITATION = Permission(
    name="MANAGE_INVITATION",
    right=Right.MANAGE,
    sentence="The managers of a structure withdraw an invitation that waits for its answer.",
    scope=queries.invitations_for,
)
MANAGE_DELEGATION = Permission(
    name="MANAGE_DELEGATION",
    right=Right.MANAGE,
    sentence="The managers of a structure see whom they let act for it and what was done in its name, change what is "
    "delegated, and end it.",
    scope=queries.delegations_given_for,
)
RETURN_DELEGATION = Permission(
    name="RETURN_DELEGATION",
    right=Right.MANAGE,
    sentence="The managers of a structure that acts for another give the delegation back.",
    scope=queries.delegations_held_for,
)
DECIDE_DELEGATION = Permission(
    name="DECIDE_DELEGATION",
    right=Right.MANAGE,
    sentence="The managers of a structure accept or refuse those who ask to act for it.",
    scope=queries.delegation_requests_for,
)
WITHDRAW_DELEGATION_REQUEST = Permission(
    name="WITHDRAW_DELEGATION_REQUEST",
    right=Right.MANAGE,
    sentence="The managers of a structure withdraw what it asked, to act for another.",
    scope=queries.delegation_requests_by,
)
MANAGE_TECHNICAL_ACCOUNT = Permission(
    name="MANAGE_TECHNICAL_ACCOUNT",
    right=Right.MANAGE,
    sentence="The managers of a structure say what each of its technical accounts may do, make and withdraw passwords "
    "of it, and end it.",
    scope=queries.technical_accounts_for,
)
MANAGE_APPLICATION = Permission(
    name="MANAGE_APPLICATION",
    right=Right.MANAGE,
    sentence="The managers of a structure make and withdraw secrets of each of its applications, have refused "
    "the tokens that it was given, and end it.",
    scope=queries.applications_for,
)
DECIDE_SPACE = Permission(
    name="DECIDE_SPACE",
    right=Right.MANAGE,
    sentence="The managers of a structure open the spaces that people attached to it ask for, or refuse; themselves "
    "excepted.",
    scope=queries.space_requests_for,
)
