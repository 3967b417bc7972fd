"""Begin again from an invoice that the portal has made: copy it, replace it once rejected, credit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from plainchant.einvoice.codes.cadres import ORDINARY, is_paid
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.codes.works import WORKS
from plainchant.portal.invoices.lifecycle import REFUSED, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from .models import Draft
from .operations import begin_from
from .sheets import from_json

# What belongs to the old one only: its number and date are proposed anew, its origin is not the new one's.
_NOT_COPIED = frozenset({"number", "issue_date", "preceding_number", "preceding_date"})

# A deposit is taken off once, and what was paid was paid for the old one; a replacement keeps both.
_NOTHING_BEFORE = {"deducts": "", "prepaid_amount": "", "prepaid_date": ""}


class NotReissuable(Refused):
    """This invoice cannot be begun again in the way that was asked."""

    code = "not_reissuable"


@transaction.atomic
def duplicate(*, draft: Draft, actor: Actor, at: datetime) -> Draft:
    """The same invoice again, under the next number and today's date. Raises NotAllowed, MandateMissing.

    Asked again by the same person on the same day, before anything was typed in the copy, it is the same copy.
    """
    _hold(draft, actor)
    known = _untouched(draft, Draft.Origin.COPY, actor, at)
    return known or _again(draft=draft, kind=Draft.Origin.COPY, actor=actor, at=at, fields=_NOTHING_BEFORE)


@transaction.atomic
def reissue(*, draft: Draft, actor: Actor, at: datetime) -> Draft:
    """The replacement of a rejected invoice, under a new number. Asked twice, it is the same draft.

    Raises NotAllowed, NotReissuable (it is not rejected), MandateMissing.
    """
    _hold(draft, actor)
    if draft.invoice.status not in REFUSED:
        raise NotReissuable("Seule une facture rejetée se refait. Celle-ci ne l’est pas.")
    known = (
        Draft.objects.filter(origin=draft.invoice, origin_kind=Draft.Origin.REISSUE)
        .exclude(invoice__status__in=[Status.DELETED, *REFUSED])
        .select_related("invoice")
        .first()
    )
    return known or _again(draft=draft, kind=Draft.Origin.REISSUE, actor=actor, at=at)


@transaction.atomic
def credit(*, draft: Draft, actor: Actor, at: datetime) -> Draft:
    """A credit note on a sent invoice: its lines, its number as origin, and no means of payment.

    Asked again by the same person on the same day, before anything was typed in it, it is the same note. Raises
    NotAllowed, NotReissuable (a draft, a credit note, a piece of works), MandateMissing.
    """
    _hold(draft, actor)
    invoice = draft.invoice
    if invoice.deposited_at is None or invoice.is_credit_note:
        raise NotReissuable("Un avoir corrige une facture déjà envoyée. Celle-ci n’en est pas une.")
    if invoice.billing_framework in WORKS:
        raise NotReissuable("Une pièce de travaux se corrige dans la suivante, ou dans le prochain projet de décompte.")
    known = _untouched(draft, Draft.Origin.CREDIT, actor, at)
    if known is not None:
        return known
    fields = {
        **_NOTHING_BEFORE,
        "type_code": CREDIT_NOTE,
        "preceding_number": invoice.number,
        "preceding_date": f"{invoice.issue_date:%d/%m/%Y}" if invoice.issue_date else "",
        "payment_mode": "",
        "billing_framework": ORDINARY if is_paid(invoice.billing_framework) else invoice.billing_framework,
    }
    return _again(draft=draft, kind=Draft.Origin.CREDIT, actor=actor, at=at, fields=fields, lines=_deducted(draft))


def _deducted(draft: Draft) -> list[dict[str, str]]:
    """The deposits that the invoice takes off, as lines that are typed: what is credited is what it asked for."""
    if not draft.composed:
        return []
    return [
        {
            "name": "Acompte déjà facturé",
            "description": f"Facture d’acompte {deposit.number}",
            "quantity": "-1",
            "price": f"{rate.net:f}".replace(".", ","),
            "rate": f"{rate.vat.rate or 0:f}".replace(".", ","),
        }
        for deposit in from_json(draft.composed).deposits
        for rate in deposit.rates
    ]


def _hold(draft: Draft, actor: Actor) -> None:
    """Two presses at once: one after the other."""
    require(actor, PREPARE_INVOICE, draft.invoice)
    Invoice.objects.select_for_update().get(pk=draft.invoice_id)


def _untouched(draft: Draft, kind: Draft.Origin, actor: Actor, at: datetime) -> Draft | None:
    """What this person began today from the same invoice: an older one has the date and the number of its day."""
    begun = Draft.objects.filter(origin=draft.invoice, origin_kind=kind, revision=0)
    mine = begun.filter(invoice__status=Status.DRAFT, invoice__created_by=actor.author).select_related("invoice")
    last = mine.order_by("pk").last()
    return last if last is not None and day_in_paris(last.invoice.created_at) == day_in_paris(at) else None


def _again(
    *,
    draft: Draft,
    kind: Draft.Origin,
    actor: Actor,
    at: datetime,
    fields: Mapping[str, str] | None = None,
    lines: Sequence[Mapping[str, str]] = (),
) -> Draft:
    kept = {name: text for name, text in draft.fields.items() if name not in _NOT_COPIED}
    return begin_from(
        origin=draft.invoice,
        kind=kind,
        typed={**draft.typed, "fields": {**kept, **(fields or {})}, "lines": [*draft.typed["lines"], *lines]},
        actor=actor,
        at=at,
    )
