"""What both reports of a flow share: finding it, and the states that programs know."""

from __future__ import annotations

from plainchant.api.callers import Caller
from plainchant.api.refusals import UnknownFlow, ValueMissing
from plainchant.portal.flows.models import Flow, State
from plainchant.portal.flows.operations import STOPPED

# Some programs take IN_RECU for the end, whatever comes after it: they never see it.
_ON_ITS_WAY = "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"
_STOPPED = "IN_INCIDENTE"
_SHOWN = {State.RECEIVED: _ON_ITS_WAY, State.PROPOSED: _ON_ITS_WAY}


def state_of(flow: Flow) -> str:
    """etatCourantFlux."""
    if flow.trouble_code == STOPPED:
        return _STOPPED
    return _SHOWN.get(State(flow.state), flow.state)


def flow_of(caller: Caller, number: str) -> Flow:
    """The flow of this number within reach. Raises ValueMissing and UnknownFlow."""
    if not number.strip():
        raise ValueMissing("numeroFluxDepot")
    assert caller.reached is not None  # noqa: S101 - the permission has a scope
    flow = caller.reached.filter(number=number.strip()).first()
    if flow is None:
        raise UnknownFlow
    return flow
