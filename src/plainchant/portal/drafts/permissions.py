"""Who may see and change what all of a structure's invoices say, and how they look."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

SEE_INVOICE_SETTINGS = Permission(
    name="SEE_INVOICE_SETTINGS",
    right=Right.SEE,
    sentence="People attached to a structure see what all of its invoices say, and how they look.",
    scope=reached,
)
MANAGE_INVOICE_SETTINGS = Permission(
    name="MANAGE_INVOICE_SETTINGS",
    right=Right.MANAGE,
    sentence="The manager of a structure changes the VAT regime, the legal words, the logo and the colour of all of "
    "its invoices.",
    scope=reached,
)
