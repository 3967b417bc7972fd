"""Who says how often they are mailed."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission

CHOOSE_NOTICES = Permission(
    name="CHOOSE_NOTICES",
    sentence="Anyone with an open account says how often they are mailed of the invoices that they follow.",
)
