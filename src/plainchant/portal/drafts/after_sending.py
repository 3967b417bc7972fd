"""What a supplier does to an invoice that was sent and needs the checks of a draft: answer, or send it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from plainchant.einvoice.finding import refusals
from plainchant.einvoice.model import Header
from plainchant.portal.codes import make_finding
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.moves import MAX_HISTORY_COMMENT
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.invoices.permissions import ANSWER_INVOICE
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.shapes import from_json

from .attachments import keep_attachment, refuse_unless
from .fields import DraftSource, cleaned
from .headers import findings_on_header
from .parties import findings_on_recipient, parties_of
from .typed import understand
from .uploads import Upload


def complete(*, invoice: Invoice, uploads: Sequence[Upload], comment: str, actor: Actor, at: datetime) -> None:
    """Answer a suspension. Raises NotAllowed, UploadRefused, ReasonMissing, StatusHasChanged."""
    require(actor, ANSWER_INVOICE, invoice)
    named = [(upload.name, upload.size) for upload in uploads]
    refuse_unless(invoice=invoice, status=Status.SUSPENDED, named=named)
    shares = shares_of(actor=actor, structure=invoice.seller)
    stored = [keep_attachment(upload=upload, owners=shares, at=at) for upload in uploads]
    invoices.complete(invoice=invoice, files=stored, comment=comment, actor=actor, at=at)


_UNCHANGED = make_finding(
    "CPRO-RECYCLAGE-IDENTIQUE",
    "Rien n’a changé : la facture reviendrait au même endroit. Corrigez le destinataire, le service ou l’engagement.",
)


def recycle(*, invoice: Invoice, routing: Routing, comment: str, actor: Actor, at: datetime) -> None:
    """Re-route an invoice that was sent back. Raises NotAllowed, WouldBeRefused (it would be refused there too)."""
    names = [field.name for field in fields(routing)]
    if all(getattr(invoice, name) == getattr(routing, name) for name in names):
        raise WouldBeRefused(findings=[_UNCHANGED])
    header = replace(
        from_json(Header, invoice.document or {}),
        purchase_order_reference=routing.commitment,
        contract_reference=routing.contract,
    )
    findings = [
        *findings_on_recipient(
            seller=invoice.seller,
            buyer=routing.buyer,
            service=routing.buyer_service,
            commitment=routing.commitment,
            at=at,
        ),
        *findings_on_header(header, day=day_in_paris(at)),
    ]
    stops = [finding for finding in refusals(findings) if finding.field in names]
    if stops:
        raise WouldBeRefused(findings=stops)
    invoices.recycle(invoice=invoice, routing=routing, comment=comment, actor=actor, at=at)


def routing_as_typed(*, invoice: Invoice) -> dict[str, str]:
    """Where it goes now, as a form would hold it."""
    return {
        "buyer": invoice.buyer.identifier if invoice.buyer else "",
        "buyer_service": invoice.buyer_service.code if invoice.buyer_service else "",
        "commitment": invoice.commitment,
        "contract": invoice.contract,
    }


def recycle_as_typed(*, invoice: Invoice, typed: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """Re-route as somebody has typed it, understood as a draft's routing is. Raises NotAllowed, WouldBeRefused."""
    content = cleaned({"fields": {**typed, "comment": ""}}, source=DraftSource.DOCUMENT)
    understood = understand(content, source=DraftSource.DOCUMENT)
    parties = parties_of(understood, seller=invoice.seller)
    findings = [*understood.findings, *parties.findings]
    comment = typed.get("comment", "").strip()
    if len(comment) > MAX_HISTORY_COMMENT:
        message = f"Votre mot compte {len(comment)} caractères ; {MAX_HISTORY_COMMENT} au plus. Raccourcissez-le."
        findings.append(make_finding("SAISIE-MOT-LONG", message, "comment"))
    if not findings:
        findings += findings_on_recipient(
            seller=invoice.seller,
            buyer=parties.buyer,
            service=parties.service or parties.service_code,
            commitment=understood.values["commitment"],
            at=at,
        )
    if refusals(findings) or parties.buyer is None:
        raise WouldBeRefused(findings=findings)
    routing = Routing(
        buyer=parties.buyer,
        buyer_service=parties.service,
        commitment=understood.values["commitment"],
        contract=understood.values["contract"],
    )
    recycle(invoice=invoice, routing=routing, comment=comment, actor=actor, at=at)
