"""healthCheck: whether the interface answers at all."""

from __future__ import annotations

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.operation import Nothing, WireObject, operation


class HealthCheck(WireObject):
    """No codeRetour here, as on Chorus Pro."""

    body: str
    statusCodeValue: int
    statusCode: str


@operation(
    "/cpro/transverses/v1/health-check",
    method="GET",
    permission=PUBLIC,
    response=HealthCheck,
    is_without_account=True,
)
def health_check(caller: Caller, asked: Nothing) -> HealthCheck:
    """Whether the interface answers. A body is passed over."""
    return HealthCheck(
        body="L'API CPRO est actuellement disponible et fonctionnel.", statusCodeValue=200, statusCode="OK"
    )
