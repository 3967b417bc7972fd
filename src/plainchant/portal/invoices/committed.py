"""What invoices take of a commitment, what remains of it, and what does not agree between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.db.models.lookups import In

from plainchant.einvoice.rules.recipient import commitment_key
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.commitments.permissions import SEE_COMMITMENT
from plainchant.portal.commitments.queries import keeps_any, looked_up, named_by
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure

from .lifecycle import REFUSED, Side, Status
from .models import CommitmentKey, Invoice
from .queries import IN_SIDE

EURO = "EUR"
_MOST_NEAR = 3
# Nothing is paid of these, or not as they stand.
_OUT = REFUSED | {Status.TO_RECYCLE}


def taking(*, structure: Structure, keys: Sequence[str]) -> QuerySet[Invoice]:
    """The invoices to this body, under its former SIRET too, that take something of commitments of these keys."""
    bodies = [key for key in (structure.pk, structure.origin_id) if key is not None]
    in_euros = Invoice.objects.filter(IN_SIDE[Side.BUYER], buyer__in=bodies, currency=EURO)
    return in_euros.filter(In(CommitmentKey("commitment"), keys)).exclude(status__in=_OUT)


def taken_of(commitments: Sequence[Commitment]) -> dict[int, Decimal]:
    """What invoices take of each of these commitments of one body, by its primary key: one query for them all."""
    if not commitments:
        return {}
    rows = taking(structure=commitments[0].structure, keys=[row.key for row in commitments])
    named = rows.order_by().annotate(named=CommitmentKey("commitment"))
    sums = dict(named.values_list("named").annotate(sum=Sum("to_pay")))
    return {row.pk: sums.get(row.key) or Decimal(0) for row in commitments}


@dataclass(frozen=True, kw_only=True)
class Committed:
    """The commitment that an invoice names, as an agent may see it, and what does not agree, in French.

    ``commitment`` is None where the body's list does not have it; ``near``: those it may be instead. ``taken``: by all
    invoices, this one with them.
    """

    number: str  # as the invoice writes it
    commitment: Commitment | None
    taken: Decimal = Decimal(0)
    near: list[Commitment] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)

    @property
    def remains(self) -> Decimal:
        return self.commitment.remains(taken=self.taken) if self.commitment else Decimal(0)


def committed(*, invoice: Invoice, actor: Actor) -> Committed | None:
    """None where it names no commitment, where the body keeps none here, or where they are not this actor's to see."""
    if not invoice.commitment or invoice.buyer is None:
        return None
    theirs = SEE_COMMITMENT.reached_by(actor).filter(structure=invoice.buyer)
    known = theirs.filter(key=commitment_key(invoice.commitment)).first()
    if known is not None:
        taken = taken_of([known])[known.pk]
        return Committed(
            number=invoice.commitment,
            commitment=known,
            taken=taken,
            disagreements=_disagreements(invoice, known, taken),
        )
    if not theirs.exists() or not keeps_any(structure=invoice.buyer):
        return None
    if named_by(structure=invoice.buyer, number=invoice.commitment) is not None:
        return None  # of a service that is not theirs
    near = looked_up(theirs, text=invoice.commitment)[0]
    possible = [row for row in near[:50] if row.is_for(invoice.seller.identifier)]
    return Committed(number=invoice.commitment, commitment=None, near=possible[:_MOST_NEAR])


def _disagreements(invoice: Invoice, commitment: Commitment, taken: Decimal) -> list[str]:
    sentences = []
    if not commitment.is_for(invoice.seller.identifier):
        who = commitment.supplier or commitment.identifier
        sentences.append(f"Il est au nom d’un autre fournisseur : {who}.")
    service = commitment.service
    if service is not None and service.pk != invoice.buyer_service_id:
        where = f"au service {invoice.service_code}" if invoice.service_code else "à aucun service"
        sentences.append(f"Il est pour le service {service.code} ; la facture est adressée {where}.")
    if invoice.issue_date is not None and not commitment.is_open_on(invoice.issue_date):
        sentences.append(f"Il n’est pas valable le {invoice.issue_date:%d/%m/%Y}, date de la facture.")
    if (
        commitment.contract
        and invoice.contract
        and commitment_key(commitment.contract) != commitment_key(invoice.contract)
    ):
        sentences.append(f"Il est du marché {commitment.contract} ; la facture dit {invoice.contract}.")
    if commitment.remains(taken=taken) < 0:
        sentences.append("Les factures dépassent ce qui est engagé.")
    return sentences
