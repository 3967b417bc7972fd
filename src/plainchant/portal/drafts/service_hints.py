"""Which service of a body an invoice is probably for, where it went to the wrong one: for the agent who sends it back.

Only the supplier changes an address (CPP: « À recycler »): what is found is proposed to the agent, who writes it to the
supplier. Nobody is led to what they may not see: the commitments and the invoices are those of the agent's own reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from plainchant.einvoice.rules.recipient import commitment_key
from plainchant.portal.commitments.permissions import SEE_COMMITMENT
from plainchant.portal.directory.search.text import fold
from plainchant.portal.invoices.lifecycle import REFUSED, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import received_for
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Service
from plainchant.portal.structures.queries import services_open_on

from .models import DocumentReading

MOST = 3
_SHORTEST = 4  # letters: a shorter code or name may be any word of a page


@dataclass(frozen=True)
class ServiceHint:
    """``why``: in French, for the agent alone."""

    service: Service
    why: str

    @property
    def sentence(self) -> str:
        """What the supplier may be told."""
        service = self.service
        return f"Cette facture semble être pour le service {service.code} ({service.name}) : corrigez son adresse."


def service_hints(*, invoice: Invoice, actor: Actor, day: date) -> list[ServiceHint]:
    """No more than MOST, the surest first: never the service that it is addressed to, nor one that is closed."""
    if invoice.buyer is None:
        return []
    possible = services_open_on(
        structure=invoice.buyer, day=day, to_private_supplier=not invoice.seller.is_public
    ).exclude(pk=invoice.buyer_service_id or 0)
    services = {service.pk: service for service in possible}
    hints: dict[int, ServiceHint] = {}
    for key, why in _reasons(invoice, actor, services) if services else ():
        if key in services:
            hints.setdefault(key, ServiceHint(services[key], why))
    return list(hints.values())[:MOST]


def _reasons(invoice: Invoice, actor: Actor, services: dict[int, Service]) -> Iterator[tuple[int, str]]:
    key = commitment_key(invoice.commitment)
    commitments = SEE_COMMITMENT.reached_by(actor).filter(structure=invoice.buyer_id, key=key) if key else ()
    for commitment in commitments:
        if commitment.service_id is not None:
            yield commitment.service_id, f"l’engagement {commitment.number} est pour lui"
    text = _text_of(invoice)
    for place, service in services.items():
        if any(len(name) >= _SHORTEST and f" {name} " in text for name in (_words(service.code), _words(service.name))):
            yield place, "le document le nomme"
    before = (
        received_for(actor=actor, right=Right.SEE_RECEIVED)
        .filter(seller=invoice.seller_id, buyer=invoice.buyer_id, buyer_service__in=services)
        .exclude(status__in=[*REFUSED, Status.TO_RECYCLE])
        .order_by()
        .values_list("buyer_service")
        .annotate(count=Count("pk"))
        .order_by("-count", "buyer_service")
    )
    for place, count in before[:MOST]:
        yield (
            place,
            "il a reçu une autre de ses factures" if count == 1 else f"il a reçu {count} autres de ses factures",
        )


def _text_of(invoice: Invoice) -> str:
    """What was read of the document, and what came with it, as one line of words between blanks.

    The words of the pages themselves are not kept once an invoice is sent.
    """
    reading = DocumentReading.objects.filter(invoice=invoice).first()
    parts = [invoice.comment, *_texts_in(invoice.document), *_texts_in(reading.result if reading else None)]
    return f" {_words(' '.join(parts))} "


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
