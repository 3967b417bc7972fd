"""The demonstration's invoices on paper: one plain page each, as a small workshop would print it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

_TEMPLATE = Path(__file__).with_name("invoice.typ")


@dataclass(frozen=True)
class PrintedInvoice:
    """What the page says, as it is printed."""

    number: str
    day: str  # 03/11/2026
    seller: str
    seller_address: str
    seller_siret: str
    buyer: str
    buyer_siret: str
    commitment: str
    object: str
    amount: str  # 1 200,00, without VAT
    iban: str


def print_invoice(paper: PrintedInvoice) -> bytes:
    """A one-page PDF with real text."""
    return bytes(typst.compile(str(_TEMPLATE), format="pdf", sys_inputs={"paper": json.dumps(asdict(paper))}))
