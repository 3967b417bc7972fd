"""Deposits that go wrong on demand: a flow that an incident stops, a flow of which one invoice is refused.

Both are done in the transaction of the deposit: whoever processes flows sees them only once it is too late for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http.response import HttpResponse

from plainchant.portal.flows.codes import row
from plainchant.portal.flows.lots import refuse
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import stop
from plainchant.portal.lib.time import now
from plainchant.portal.store.queries import local_file
from plainchant.reader.flows import FlowEnd, read_flow

_REFUSED = row("FLUX-ILLISIBLE", "Le bac à sable a refusé cette facture, comme on le lui a demandé. Renvoyez-la seule.")


def deposited(answer: Callable[[], HttpResponse], *, kind: str) -> tuple[HttpResponse, bool]:
    """The answer to a deposit that is to have this fault, and whether it has.

    Nothing can be refused apart in a flow of a single invoice; a flow that was known before goes its way.
    """
    with transaction.atomic():
        response = answer()
        flow = _flow_of(response)
        if flow is None or flow.is_ended or (kind == "partial" and flow.expected < 2):
            return response, False
        if kind == "incident":
            stop(flow=flow, at=now())
        else:
            _refuse_first(flow, now())
    return response, True


def _flow_of(response: HttpResponse) -> Flow | None:
    if response.status_code != 200:
        return None
    return Flow.objects.filter(number=json.loads(response.content).get("numeroFluxDepot", "")).first()


def _refuse_first(flow: Flow, at: datetime) -> None:
    assert flow.stored is not None  # noqa: S101 - it has only just been received
    for found in read_flow(document=local_file(stored=flow.stored), at=at.date()):
        if isinstance(found, FlowEnd) or found.position:
            return
        refuse(flow=flow, found=found, findings=[_REFUSED], at=at)
        return
