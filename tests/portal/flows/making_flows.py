"""Small electronic invoices and archives of them, between structures that exist."""

from __future__ import annotations

from django.core.files.base import ContentFile

from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import process, receive
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.structures.technical_accounts import actor_of
from tests.portal.flows.archives import archive, zipped
from tests.web.verify.invoices import invoice

__all__ = ["archive", "invoice", "sent", "zipped"]


def sent(content: bytes, *, structure, user, at, name: str = "lot.tar.gz", processed: bool = True) -> Flow:
    """A flow handed in; and carried to its end unless not wanted."""
    flow = receive(
        structure=structure,
        file=ContentFile(content, name=name),
        name=name,
        size=len(content),
        actor=actor_of(user),
        at=at,
        deposit_mode=DepositMode.FLOW,
    )
    while processed and not process(flow=flow, at=at):
        flow.refresh_from_db()
    flow.refresh_from_db()
    return flow
