"""Carry the invoices of a flow into the portal."""

from __future__ import annotations

from contextlib import suppress

from plainchant.portal.flows import operations
from plainchant.portal.flows.models import Flow
from plainchant.portal.lib.time import now
from plainchant.portal.store.antivirus import ScannerAway


def process(*, uid: str) -> None:
    """The next invoices of the flow; asks for itself again until there are none left."""
    flow = Flow.objects.select_related("stored", "sender", "structure").get(uid=uid)
    with suppress(ScannerAway):  # the flow waits, and the sweep asks again
        operations.process(flow=flow, at=now())
