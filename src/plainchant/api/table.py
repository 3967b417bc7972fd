"""Every operation of the interface. One that is not here is answered by nobody."""

from __future__ import annotations

from .factures.deposer_flux import deposer_flux
from .operation import Operation
from .transverses.consulter_cr import consulter_cr
from .transverses.consulter_cr_detaille import consulter_cr_detaille
from .transverses.health_check import health_check

TABLE: tuple[Operation, ...] = (
    deposer_flux,
    health_check,
    consulter_cr,
    consulter_cr_detaille,
)
