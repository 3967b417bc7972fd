"""Hand a document in without saying whose invoice it is: the structure whose SIRET stands on it, else one asks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plainchant.portal.drafts import documents
from plainchant.portal.drafts.documents import KeptDocument
from plainchant.portal.drafts.issuers import issuer_of
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed, require
from plainchant.portal.rights.rights import RIGHT_ROW, Right
from plainchant.portal.store.operations import register
from plainchant.portal.structures.models import Structure

from .models import Drop, DroppedFile
from .permissions import PREPARE_DROPPED_FILE
from .queries import issuers_for


def hand_in(*, upload: Upload, actor: Actor, at: datetime, buyer: Structure | None = None) -> Draft | DroppedFile:
    """The draft of a document in the name of the actor's structure whose SIRET stands on it, or of their only one.

    Where none of several does, or more than one, the file waits for `choose_issuer`. Raises what
    `drafts.documents.deposit_document` raises.
    """
    issuers = issuers_for(actor=actor)
    few = list(issuers[:2])
    if len(few) == 1:
        return documents.deposit_document(seller=few[0], upload=upload, actor=actor, at=at, buyer=buyer)
    if not few:
        denial = RIGHT_ROW[Right.PREPARE].denial
        raise NotAllowed(denial.sentence, code=denial.code)
    opened = documents.open_document(upload=upload, at=at)
    seller = issuer_of(reading=opened.reading, candidates=issuers)
    document = documents.keep_document(upload=upload, opened=opened, at=at)
    with transaction.atomic():
        register(kept=document.files)
        if seller is not None:
            return documents.begin_draft(seller=seller, document=document, actor=actor, at=at, buyer=buyer)
        drop = Drop.objects.create(person=actor.account, buyer=buyer, created_at=at)
        return DroppedFile.objects.create(
            drop=drop,
            position=1,
            name=document.name,
            stored=document.stored,
            legible=document.legible,
            opened={"reading": document.reading, "pages": document.pages, "electronic": document.electronic},
            state=DroppedFile.State.ASKING,
            asked_at=at,
        )


@transaction.atomic
def choose_issuer(*, file: DroppedFile, seller: Structure, actor: Actor, at: datetime) -> Draft:
    """Say whose invoice a file is: its draft. Said twice, it is the same draft. Raises NotAllowed."""
    require(actor, PREPARE_DROPPED_FILE, file)
    require(actor, BEGIN_INVOICE, seller)
    held = DroppedFile.objects.select_for_update(of=("self",)).select_related("stored", "legible", "drop__buyer")
    row = held.get(pk=file.pk)
    if row.invoice is not None:
        return row.invoice.draft
    assert row.stored is not None  # noqa: S101 - kept until it is a draft
    document = KeptDocument(name=row.name, stored=row.stored, legible=row.legible, **row.opened)
    draft = documents.begin_draft(seller=seller, document=document, actor=actor, at=at, buyer=row.drop.buyer)
    DroppedFile.objects.filter(pk=row.pk).update(state=DroppedFile.State.DRAFTED, invoice=draft.invoice, opened={})
    return draft
