"""The permissions of the site itself: those that are about no structure and no document."""

from __future__ import annotations

from django.conf import settings

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
DEVELOPMENT = Permission(
    name="DEVELOPMENT",
    sentence="Anyone, but only where the mailbox is shown, which production never does.",
    anonymous=True,
    allowed=lambda: bool(settings.MAILBOX_IS_VISIBLE),
)
