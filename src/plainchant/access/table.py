"""Who may do what, as one table: every permission of the product, in the order of `docs/permissions.md`.

A row that is not here fails `tests/house`, as does one that no page asks.
"""

from __future__ import annotations

from plainchant.portal.drafts import permissions as drafts
from plainchant.portal.flows import permissions as flows
from plainchant.portal.invoices import permissions as invoices
from plainchant.portal.library import permissions as library
from plainchant.portal.mandates import permissions as mandates
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.structures import permissions as structures

from . import permissions as site

TABLE: tuple[Permission, ...] = (
    site.PUBLIC,
    site.OWN_ACCOUNT,
    site.DEVELOPMENT,
    structures.JOIN_STRUCTURE,
    structures.SEE_STRUCTURE,
    structures.MANAGE_STRUCTURE,
    structures.MANAGE_BANK_ACCOUNT,
    structures.DECIDE_MEMBERSHIP,
    mandates.SEE_MANDATE,
    mandates.SEE_MANDATE_FILE,
    mandates.GIVE_MANDATE,
    mandates.MANAGE_MANDATE,
    library.KEEP_PIECES,
    library.SEE_PIECE,
    library.ADD_STRUCTURE_PIECE,
    library.CHANGE_PIECE,
    drafts.SEE_INVOICE_SETTINGS,
    drafts.MANAGE_INVOICE_SETTINGS,
    invoices.SEE_ISSUED_INVOICE,
    invoices.SEE_ISSUED_FILE,
    invoices.BEGIN_INVOICE,
    invoices.PREPARE_INVOICE,
    invoices.PREPARE_FILE,
    invoices.SEND_INVOICE,
    invoices.SEND_INVOICES,
    flows.SEE_FLOW,
    invoices.ANSWER_INVOICE,
    invoices.SEE_RECEIVED_INVOICE,
    invoices.SEE_RECEIVED_FILE,
    invoices.PROCESS_INVOICE,
    invoices.PAY_INVOICE,
)
