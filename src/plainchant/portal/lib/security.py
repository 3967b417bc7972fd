"""The security log: who came in or was kept out, and what changed of passwords, addresses, bank accounts and rights.

JSON lines on a logger of their own, "plainchant.security", whatever the other logs look like. A line has the event, its
request, the number of the person it is about, and who acted where that is somebody else; never an e-mail address, a
password, an IBAN or a link.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction

log = logging.getLogger("plainchant.security")


class SecurityEvent(models.TextChoices):
    """Every event of the log; the label is what `docs/operating.md` prints."""

    LOGGED_IN = "logged_in", "somebody logged in"
    LOG_IN_FAILED = "log_in_failed", "a password was wrong, or the account does not exist"
    LOG_IN_LOCKED = "log_in_locked", "a try was not looked at: there had been too many for this account"
    LOGGED_OUT = "logged_out", "somebody logged out"
    LOG_INS_ENDED = "log_ins_ended", "log-ins of an account were ended, by its owner or by the operator"
    ACCOUNT_OPENED = "account_opened", "an activation link was used"
    ACCOUNT_CLOSED = "account_closed", "an account was closed, by its owner or by the operator"
    ACCOUNT_REOPENED = "account_reopened", "a closed account was opened again, by its owner or by the operator"
    ACCOUNT_ERASED = "account_erased", "a closed account was erased, as its owner had asked"
    ACCOUNT_UNLOCKED = "account_unlocked", "the operator had the wrong passwords of an account forgotten"
    PASSWORD_ASKED = "password_asked", "a link to choose another password was sent"
    PASSWORD_CHANGED = "password_changed", "a password was changed"
    PROVED_AGAIN = "proved_again", "a person proved again who they are, before a change that needs it"
    SECOND_FACTOR_ADDED = "second_factor_added", "a person has one more second factor"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "a person has a second factor less"
    SECOND_FACTOR_RESET = "second_factor_reset", "the operator removed every second factor of an account"
    SECOND_FACTOR_FAILED = "second_factor_failed", "the password was right, the code or the passkey was not"
    SECOND_FACTOR_LOCKED = "second_factor_locked", "a code was not looked at: there had been too many for this account"
    RECOVERY_CODES_MADE = "recovery_codes_made", "a person has new recovery codes; those of before are worth nothing"
    RECOVERY_CODE_USED = "recovery_code_used", "a person logged in with a recovery code, which is spent"
    IDENTITY_LINKED = "identity_linked", "another service lets a person in from now on"
    IDENTITY_UNLINKED = "identity_unlinked", "another service lets a person in no longer"
    IDENTITY_REFUSED = "identity_refused", "what another service said of a person was not believed"
    ADDRESS_ASKED = "address_asked", "another address was asked for notices, and waits to be confirmed"
    ADDRESS_CHANGED = "address_changed", "notices to a person or a structure go to another address"
    LOGIN_ADDRESS_ASKED = "login_address_asked", "another login address was asked for, and waits to be confirmed"
    LOGIN_ADDRESS_CHANGED = "login_address_changed", "a person logs in with another address"
    LOGIN_ADDRESS_STOPPED = "login_address_stopped", "the former login address stopped the change, or undid it"
    OPERATOR_NAMED = "operator_named", "a person may see how the portal goes"
    OPERATOR_WITHDRAWN = "operator_withdrawn", "a person may no longer see how the portal goes"
    BANK_ACCOUNT_ADDED = "bank_account_added", "a structure has another bank account"
    BANK_ACCOUNT_ASKED = "bank_account_asked", "a bank account waits for a second person"
    BANK_ACCOUNT_CONFIRMED = "bank_account_confirmed", "a second person confirmed a bank account"
    BANK_ACCOUNT_REFUSED = "bank_account_refused", "a bank account that waited was refused, or given up"
    BANK_ACCOUNT_CLOSED = "bank_account_closed", "a structure has a bank account less"
    MEMBER_ACCEPTED = "member_accepted", "a person may act for a structure"
    MEMBER_REFUSED = "member_refused", "a person may not act for a structure"
    MEMBER_INVITED = "member_invited", "somebody was invited to act for a structure"
    MEMBER_DISABLED = "member_disabled", "a person may not act for a structure until further notice"
    MEMBER_ENABLED = "member_enabled", "a person may act for a structure again"
    MEMBER_DETACHED = "member_detached", "a manager ended a person's attachment"
    MEMBER_LEFT = "member_left", "a person ended their own attachment"
    RIGHTS_CHANGED = "rights_changed", "what a person may do for a structure changed"
    DELEGATION_OPENED = "delegation_opened", "a structure lets the people of another act for it"
    DELEGATION_CHANGED = "delegation_changed", "what the people of another structure may do for a structure changed"
    DELEGATION_ENDED = "delegation_ended", "a structure no longer lets the people of another act for it"
    WEBHOOK_MADE = "webhook_made", "an address outside is told of what becomes of a structure's invoices"
    WEBHOOK_ENDED = "webhook_ended", "such an address is told no longer"
    TECHNICAL_ACCOUNT_MADE = "technical_account_made", "a structure has a technical account more"
    TECHNICAL_RIGHTS_CHANGED = "technical_rights_changed", "what a technical account may do changed"
    TECHNICAL_ACCOUNT_ENDED = "technical_account_ended", "a technical account was ended, with its passwords"
    TECHNICAL_SECRET_MADE = "technical_secret_made", "a technical account has another password"
    TECHNICAL_SECRET_WITHDRAWN = "technical_secret_withdrawn", "a password of a technical account was withdrawn"
    TECHNICAL_REFUSED = "technical_refused", "a program came with a wrong identifier, or a wrong or ended password"
    TECHNICAL_LOCKED = "technical_locked", "a program was not looked at: there had been too many wrong tries"
    APPLICATION_MADE = "application_made", "a structure has an application more, which asks for tokens"
    APPLICATION_SECRET_MADE = "application_secret_made", "an application has another secret"
    APPLICATION_SECRET_WITHDRAWN = "application_secret_withdrawn", "a secret of an application was withdrawn"
    APPLICATION_TOKENS_REVOKED = "application_tokens_revoked", "the tokens of an application were refused from then on"
    APPLICATION_ENDED = "application_ended", "an application was ended, with its secrets"
    APPLICATION_REFUSED = "application_refused", "a program asked for a token with a wrong client_id or secret"
    APPLICATION_LOCKED = (
        "application_locked",
        "a program that asked for a token was not looked at: too many wrong tries",
    )
    MANAGER_APPOINTED = (
        "manager_appointed",
        "a person became the manager of a structure, by its manager or the operator",
    )


def record(
    event: SecurityEvent, *, person: int | None = None, by: int | None = None, structure: str = "", visitor: str = ""
) -> None:
    """Write a line once the transaction under way is kept: the numbers of the person it is about and of who acted, the
    identifier of the structure, and the network address of a visitor."""
    known = {"person": person, "by": by, "structure": structure, "visitor": visitor}
    facts = {"event": event.value} | {name: value for name, value in known.items() if value}
    transaction.on_commit(lambda: log.info(str(event.label), extra=facts))


@contextmanager
def unrecorded() -> Iterator[None]:
    """Nothing is written in this block by this process: what the people of the demonstration do is nobody's doing."""
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False
