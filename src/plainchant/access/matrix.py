"""Who may do what, as one table: a permission → the objects it reaches for a person.

A row's scope is a queryset: what is not in it does not exist for that person, so a foreign object and an absent one
give the same answer. A row without a scope needs no object. `docs/permissions.md` is printed from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.flows import queries as flows
from plainchant.portal.invoices import queries as invoices
from plainchant.portal.library import queries as library
from plainchant.portal.mandates import queries as mandates
from plainchant.portal.structures import queries as structures

from .permissions import Permission


@dataclass(frozen=True)
class Rule:
    """``scope``: the objects reached; ``anonymous``: no login needed; ``allowed``: a condition on the whole site."""

    scope: Callable[[User], QuerySet[Any]] | None = None
    anonymous: bool = False
    allowed: Callable[[], bool] = lambda: True


MATRIX: dict[Permission, Rule] = {
    Permission.PUBLIC: Rule(anonymous=True),
    Permission.LOGGED_IN: Rule(),
    Permission.DEVELOPMENT: Rule(anonymous=True, allowed=lambda: bool(settings.MAILBOX_IS_VISIBLE)),
    Permission.SEE_STRUCTURE: Rule(scope=lambda user: structures.structures_of(user=user)),
    Permission.EDIT_STRUCTURE: Rule(scope=lambda user: structures.structures_managed_by(user=user)),
    Permission.EDIT_BANK_ACCOUNT: Rule(
        scope=lambda user: structures.bank_accounts_of(user=user).filter(
            structure__in=structures.structures_managed_by(user=user)
        )
    ),
    Permission.SEE_MANDATE: Rule(scope=lambda user: mandates.mandates_of(user=user)),
    Permission.END_MANDATE: Rule(scope=lambda user: mandates.mandates_managed_by(user=user)),
    Permission.SEE_MANDATE_FILE: Rule(scope=lambda user: mandates.files_of(user=user)),
    Permission.DECIDE_MEMBERSHIP: Rule(scope=lambda user: structures.memberships_to_decide(user=user)),
    Permission.SEE_PIECE: Rule(scope=lambda user: library.visible_to(user=user)),
    Permission.CHANGE_PIECE: Rule(scope=lambda user: library.changeable_by(user=user)),
    Permission.ADD_STRUCTURE_PIECE: Rule(scope=lambda user: structures.structures_of(user=user)),
    Permission.DEPOSIT_INVOICE: Rule(),
    Permission.SEE_FLOW: Rule(scope=lambda user: flows.flows_of(user=user)),
    Permission.SEE_ISSUED_INVOICE: Rule(scope=lambda user: invoices.issued_for(user=user)),
    Permission.SEE_ISSUED_FILE: Rule(scope=lambda user: invoices.files_of(invoices=invoices.issued_for(user=user))),
    Permission.SEE_RECEIVED_INVOICE: Rule(scope=lambda user: invoices.received_for(user=user)),
    Permission.SEE_RECEIVED_FILE: Rule(scope=lambda user: invoices.files_of(invoices=invoices.received_for(user=user))),
}
