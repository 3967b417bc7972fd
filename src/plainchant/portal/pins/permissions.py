"""Who keeps what on their first page."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission

KEEP_PINS = Permission(
    name="KEEP_PINS",
    sentence="Anyone with an open account keeps links on their own first page.",
)
