"""Who may do what, as one table: every permission of the product, in the order of `docs/permissions.md`.

A row whose module is not here fails `tests/house`, as does one that no page asks.
"""

from __future__ import annotations

from plainchant.portal.commitments import permissions as commitments
from plainchant.portal.drafts import permissions as drafts
from plainchant.portal.drops import permissions as drops
from plainchant.portal.flows import permissions as flows
from plainchant.portal.hooks import permissions as hooks
from plainchant.portal.invoices import permissions as invoices
from plainchant.portal.library import permissions as library
from plainchant.portal.mandates import permissions as mandates
from plainchant.portal.notices import permissions as notices
from plainchant.portal.pins import permissions as pins
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.searches import permissions as searches
from plainchant.portal.structures import permissions as structures
from plainchant.portal.tickets import permissions as tickets

from . import permissions as site

TABLE: tuple[Permission, ...] = tuple(
    row
    for module in (
        site,
        structures,
        notices,
        mandates,
        library,
        drafts,
        invoices,
        commitments,
        flows,
        drops,
        tickets,
        hooks,
        pins,
        searches,
    )
    for row in vars(module).values()
    if isinstance(row, Permission)
)
