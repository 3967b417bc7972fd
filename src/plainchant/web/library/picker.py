"""Choosing among the documents at hand, in the form of any draft: `library/_picker.html` draws what `offer` gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from plainchant.portal.drafts.attachments import PieceGone
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.queries import offered
from plainchant.portal.rights.actor import Actor

FIELD = "pieces"


@dataclass(frozen=True)
class OfferedPiece:
    """A document that can be joined; ``standing``: holds, not_yet or expired on the day it is offered."""

    file: LibraryFile
    standing: str
    is_chosen: bool


def offer(*, request: HttpRequest, draft: Draft, actor: Actor, at: datetime) -> list[OfferedPiece]:
    """What this person may join to the draft, less what it has; what was chosen stays so when the form comes back."""
    has = InvoiceFile.objects.filter(invoice=draft.invoice_id).values("stored")
    chosen = set(_chosen(request))
    return [
        OfferedPiece(file, file.standing(on=day_in_paris(at)).value, file.uid in chosen)
        for file in offered(actor=actor, seller=draft.invoice.seller).exclude(stored__in=has)
    ]


def chosen_of(*, request: HttpRequest, draft: Draft, actor: Actor) -> list[LibraryFile]:
    """What was chosen, in the order of the form. Raises PieceGone."""
    files = offered(actor=actor, seller=draft.invoice.seller)
    chosen = [files.filter(uid=uid).first() for uid in _chosen(request)]
    if None in chosen:
        raise PieceGone(
            "Une des pièces choisies a été retirée entre-temps. Choisissez de nouveau.", field="attachments"
        )
    return [file for file in chosen if file is not None]


def _chosen(request: HttpRequest) -> Iterator[UUID]:
    for text in dict.fromkeys(request.POST.getlist(FIELD)):
        try:
            yield UUID(text)
        except ValueError:
            continue
