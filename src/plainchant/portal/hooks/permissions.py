"""Who has programs told of a structure's invoices."""

from __future__ import annotations

from django.conf import settings

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

from . import queries


def _is_on() -> bool:
    return bool(settings.WEBHOOKS)


MANAGE_WEBHOOKS = Permission(
    name="MANAGE_WEBHOOKS",
    right=Right.MANAGE,
    sentence="The managers of a structure have programs told of what becomes of its invoices, where the operator lets "
    "the portal send anything (`PLAINCHANT_WEBHOOKS`).",
    scope=reached,
    allowed=_is_on,
)
MANAGE_WEBHOOK = Permission(
    name="MANAGE_WEBHOOK",
    right=Right.MANAGE,
    sentence="The managers of a structure see what each of these programs was sent, and end it.",
    scope=queries.webhooks_for,
    allowed=_is_on,
)
