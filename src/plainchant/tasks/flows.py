"""Carry the invoices of a flow into the portal."""

from __future__ import annotations

from contextlib import suppress

from plainchant.portal.flows import operations, proposal
from plainchant.portal.flows.models import Flow
from plainchant.portal.lib.time import now
from plainchant.portal.store.antivirus import ScannerAway


def look(*, uid: str) -> None:
    """Say what would become of each invoice of a table."""
    proposal.look(flow=Flow.objects.select_related("stored", "sender", "structure").get(uid=uid), at=now())


def process(*, uid: str) -> None:
    """The next invoices of the flow; asks for itself again until there are none left."""
    flow = Flow.objects.select_related("stored", "sender", "structure").get(uid=uid)
    with suppress(ScannerAway):  # the flow waits, and the sweep asks again
        operations.process(flow=flow, at=now())
