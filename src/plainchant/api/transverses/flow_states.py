"""What both reports of a flow share: finding it, and the states that programs know."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.api.callers import Caller
from plainchant.api.refusals import UnknownFlow, ValueMissing
from plainchant.portal.flows.models import Flow, State
from plainchant.portal.flows.operations import STOPPED
from plainchant.portal.flows.permissions import SEE_FLOW
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import Acting, acting

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
    who, account = acting(caller.actor)
    for flow in _reached_by(who, account=account, number=number.strip()):
        return flow
    raise UnknownFlow


@written_once(Flow)
def _reached_by(who: Acting, *, account: int, number: str) -> QuerySet[Flow]:
    return SEE_FLOW.reached_by(who.by(account)).filter(number=number)[:1]
