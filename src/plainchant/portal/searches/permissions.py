"""Who keeps searches."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission

KEEP_SEARCHES = Permission(
    name="KEEP_SEARCHES",
    sentence="Anyone with an open account keeps searches of their lists under names that nobody else reads.",
)
