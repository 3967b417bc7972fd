"""The certificate of deposit: what it says, and the PDF that says it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from plainchant.einvoice import wording
from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.portal.invoices.kinds import kind_of
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.lib.time import PARIS
from plainchant.portal.store.antivirus import Scan
from plainchant.reader.drawings import draw_page

from .models import Certificate

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def facts_of(*, invoice: Invoice, sender: str, deposited_at: datetime) -> dict[str, Any]:
    """Everything the certificate states, as plain JSON: it is frozen with the deposit and never recomputed.

    ``sender``: as the history names who sent it, and for whom.
    """
    assert invoice.buyer is not None  # noqa: S101 - checked before sending
    assert invoice.issue_date is not None  # noqa: S101
    files = InvoiceFile.objects.filter(invoice=invoice).select_related("stored").order_by("role", "id")
    return {
        "invoice": {
            "id": str(invoice.uid),
            "number": invoice.number,
            "type_code": invoice.type_code,
            "billing_framework": invoice.billing_framework,
            "issue_date": invoice.issue_date.isoformat(),
            "currency": invoice.currency,
            "tax_exclusive_amount": str(invoice.tax_exclusive_amount),
            "tax_amount": str(invoice.tax_amount),
            "tax_inclusive_amount": str(invoice.tax_inclusive_amount),
            "payable_amount": str(invoice.payable_amount),
        },
        "seller": {
            "name": invoice.seller.name,
            "identifier": invoice.seller.identifier,
            "known_as": invoice.seller.known_as,
        },
        "buyer": {
            "name": invoice.buyer.name,
            "identifier": invoice.buyer.identifier,
            "service": str(invoice.buyer_service or ""),
            "commitment": invoice.commitment,
        },
        "files": [
            {
                "name": file.name,
                "size": file.stored.size,
                "sha256": file.stored.sha256,
                "role": file.role,
                "antivirus": file.stored.scan,
            }
            for file in files
        ],
        "deposited_at": deposited_at.isoformat(),
        "deposited_by": sender,
    }


def _kind(invoice: dict[str, str]) -> dict[str, str]:
    """What the certificate calls the invoice, and what it says is to be paid."""
    kind = kind_of(
        type_code=invoice["type_code"],
        cadre=invoice.get("billing_framework", ORDINARY),  # of before it was one of the facts, which are frozen
        payable=Decimal(invoice["payable_amount"]),
        total=Decimal(invoice["tax_inclusive_amount"]),
    )
    return {**kind.words, "label": kind.claim.label, "amount": str(kind.amount), "why": kind.claim.why}


def fingerprint(facts: dict[str, Any]) -> str:
    """SHA-256 of the facts as UTF-8 JSON with sorted keys and no spaces: anyone can compute it again."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def draw(*, certificate: Certificate) -> bytes:
    """The certificate as a PDF/A. The same row always gives the same page. Raises ReaderFailed."""
    facts = certificate.facts
    deposited = datetime.fromisoformat(facts["deposited_at"]).astimezone(PARIS)
    sheet = {
        **facts,
        "kind": _kind(facts["invoice"]),
        # Certificates of before there was an antivirus say nothing of it; their facts are frozen.
        "files": [
            {**file, "scan": Scan(file["antivirus"]).label if "antivirus" in file else ""} for file in facts["files"]
        ],
        "fingerprint": certificate.sha256,
        "deposited": {
            "day": wording.day(deposited.date()),
            "time": f"{deposited:%H h %M min %S s}",
            "zone": f"UTC{deposited:%z}"[:6],
            "year": deposited.year,
            "month": deposited.month,
            "day_number": deposited.day,
        },
    }
    return draw_page(template=_TEMPLATE, sheet=sheet)
