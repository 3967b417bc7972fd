"""The texts that a public body keeps for what it asks of suppliers, and how the fields in them are filled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from plainchant.einvoice.codes.reasons import REASON_OF, reasons_for
from plainchant.einvoice.wording import money
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.structures.activity import note
from plainchant.portal.structures.models import ActivityEntry, Structure
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE

from .lifecycle import BuyersMove
from .models import MAX_REASON_TEXT, Invoice, ReasonText

MOST_TEXTS = 100  # of a body: more would not be found in a list
# What stands in a text as it is written here, and is filled in for each invoice. All of it is on the invoice itself.
FIELDS: Mapping[str, Callable[[Invoice], str]] = {
    "[numéro]": lambda invoice: invoice.number,
    "[date]": lambda invoice: f"{invoice.issue_date:%d/%m/%Y}" if invoice.issue_date else "",
    "[montant]": lambda invoice: money(invoice.payable_amount or Decimal(0), invoice.currency),
    "[engagement]": lambda invoice: invoice.commitment,
    "[service]": lambda invoice: invoice.service_code,
}
# In one pass: a supplier's number may look like a field itself.
_FIELD = re.compile("|".join(map(re.escape, FIELDS)))


class TextNotKept(Refused):
    """A text that a body wants to keep cannot be kept as it is."""

    code = "text_not_kept"


class CommentTooLong(Refused):
    """A text is too long once its fields are filled in."""

    code = "comment_too_long"


def filled(text: str, *, invoice: Invoice) -> str:
    """``text`` with the fields of this invoice. What looks like another field stays as it is.

    Raises CommentTooLong.
    """
    text = _filled(text, invoice)
    if len(text.strip()) > MAX_REASON_TEXT:
        raise CommentTooLong(
            f"Une fois ses champs remplis, ce message dépasse {MAX_REASON_TEXT} caractères. Raccourcissez-le.",
            field="comment",
        )
    return text


def _filled(text: str, invoice: Invoice) -> str:
    return _FIELD.sub(lambda met: FIELDS[met[0]](invoice), text)


def as_read(texts: Iterable[ReasonText], *, invoice: Invoice) -> list[tuple[ReasonText, str]]:
    """Each with what it says of this invoice; those that would be too long are left out."""
    read = [(text, _filled(text.text, invoice)) for text in texts]
    return [(text, words) for text, words in read if len(words) <= MAX_REASON_TEXT]


def texts_of(*, structure: Structure, move: BuyersMove | None = None) -> QuerySet[ReasonText]:
    """Those of a body, by reason; with a move, those whose reason it may have."""
    texts = ReasonText.objects.filter(structure=structure)
    if move is not None:
        texts = texts.filter(reason_code__in=[reason.code for reason in reasons_for(move.action)])
    return texts.order_by("reason_code", "text")


@transaction.atomic
def keep(
    *,
    structure: Structure,
    reason_code: str,
    text: str,
    actor: Actor,
    at: datetime,
    instead_of: ReasonText | None = None,
) -> ReasonText:
    """Keep one text more, or write one anew. Raises NotAllowed, TextNotKept."""
    require(actor, MANAGE_STRUCTURE, structure)
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)  # so that two writers count each other
    text = " ".join(text.split())
    others = ReasonText.objects.filter(structure=structure)
    others = others.exclude(pk=instead_of.pk) if instead_of else others
    if reason_code not in REASON_OF:
        raise TextNotKept("Choisissez le motif avec lequel ce texte va.", field="reason_code")
    if not text or len(text) > MAX_REASON_TEXT:
        raise TextNotKept(f"Écrivez un texte de {MAX_REASON_TEXT} caractères au plus.", field="text")
    if others.filter(reason_code=reason_code, text=text).exists():
        raise TextNotKept("Ce texte est déjà gardé pour ce motif.", field="text")
    if instead_of is None and others.count() >= MOST_TEXTS:
        raise TextNotKept(f"Vous gardez déjà {MOST_TEXTS} textes. Retirez-en un qui ne sert plus.", field="text")
    row = instead_of or ReasonText(structure=structure)
    row.reason_code, row.text, row.written_at, row.written_by = reason_code, text, at, actor.account
    row.save()
    note(structure=structure, kind=ActivityEntry.Kind.REASON_TEXT, actor=actor, at=at, about=text)
    return row


@transaction.atomic
def remove(*, text: ReasonText, actor: Actor, at: datetime) -> None:
    """Keep a text no longer: what was sent with it stays as it was read. Raises NotAllowed."""
    require(actor, MANAGE_STRUCTURE, text.structure)
    if ReasonText.objects.filter(pk=text.pk).delete()[0]:
        note(structure=text.structure, kind=ActivityEntry.Kind.REASON_TEXT_REMOVED, actor=actor, at=at, about=text.text)
