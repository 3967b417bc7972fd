"""The permissions of the site itself: those that are about no structure and no document."""

from __future__ import annotations

from django.conf import settings

from plainchant.portal.accounts.second_factor import is_operator
from plainchant.portal.rights.permissions import Permission

PUBLIC = Permission(
    name="PUBLIC",
    sentence="Anyone, logged in or not.",
    anonymous=True,
)
OWN_ACCOUNT = Permission(
    name="OWN_ACCOUNT",
    sentence="Anyone with an open account, about that account and the structures they asked to join.",
)
SEE_PORTAL = Permission(
    name="SEE_PORTAL",
    sentence="People whom the operator named (`plainchant people operator`) and who log in with a second factor see "
    "how the portal goes: figures, no names.",
    held_by=is_operator,
)
LOG_IN_ELSEWHERE = Permission(
    name="LOG_IN_ELSEWHERE",
    sentence="Anyone, but only where the operator has named another service that people log in with "
    "(`PLAINCHANT_OIDC_ISSUER`).",
    anonymous=True,
    allowed=lambda: bool(settings.OIDC_ISSUER),
)
LINK_OWN_ACCOUNT = Permission(
    name="LINK_OWN_ACCOUNT",
    sentence="Anyone with an open account, about what opens that account, where there is such a service.",
    allowed=lambda: bool(settings.OIDC_ISSUER),
)
SEE_OPEN_STATISTICS = Permission(
    name="SEE_OPEN_STATISTICS",
    sentence="Anyone, but only where the operator publishes figures of public bodies (`PLAINCHANT_OPEN_STATISTICS`); "
    "never of a supplier.",
    anonymous=True,
    allowed=lambda: bool(settings.OPEN_STATISTICS),
)
DEVELOPMENT = Permission(
    name="DEVELOPMENT",
    sentence="Anyone, but only where the mailbox is shown, which production never does.",
    anonymous=True,
    allowed=lambda: bool(settings.MAILBOX_IS_VISIBLE),
)
