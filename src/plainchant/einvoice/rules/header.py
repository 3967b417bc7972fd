"""The portal’s controls on an invoice’s header, as a form gives it: the deposit of a PDF has nothing else.

Where the EDI annex names a rule its number is kept (CPRO-G1.05). The words stand in `header_table`. Rules that need the
directory are in `recipient`, rules that need other invoices in `portal.drafts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, OFFERED
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.model import Header

from .header_table import RULES, SENTENCES

MAX_NUMBER = 20
MAX_REFERENCE = 50
MAX_COMMENT = 2000
TOLERANCE = Decimal("0.01")  # between HT + TVA and TTC; the portal publishes none, official samples never differ

_NUMBER = re.compile(r"[0-9A-Za-z+_/-]([0-9A-Za-z +_/-]*[0-9A-Za-z+_/-])?\Z")
_WANTED_AMOUNTS = (
    ("tax_exclusive_amount", "le total hors taxes (HT)"),
    ("tax_amount", "le montant de TVA (0 si vous n’en facturez pas)"),
    ("tax_inclusive_amount", "le total toutes taxes comprises (TTC)"),
    ("payable_amount", "le montant à payer"),
)


def check(invoice: Header, *, today: date) -> list[Finding]:
    """Every finding on the header of ``invoice``; ``today`` is the civil day in Paris."""
    return [*_references(invoice), *_dates(invoice, today), *_codes(invoice), *_amounts(invoice)]


def _finding(rule: str, field: str, **details: object) -> Finding:
    severity = RULES[rule].severity if rule in RULES else "fatal"
    return Finding(rule, SENTENCES[rule].format(**details), field, severity)


def _euros(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")


def _references(invoice: Header) -> Iterator[Finding]:
    if not invoice.number:
        yield _finding("CPRO-NUMERO-ABSENT", "number")
    yield from _number(invoice.number, "number", too_long="CPRO-G1.05-LONGUEUR", strange="CPRO-G1.05")
    yield from _number(
        invoice.preceding_invoice, "preceding_number", too_long="CPRO-ORIGINE-LONGUE", strange="CPRO-ORIGINE-SIGNES"
    )
    if invoice.preceding_invoice and invoice.type_code != CREDIT_NOTE:
        yield _finding("CPRO-ORIGINE", "preceding_number")
    if invoice.type_code == CREDIT_NOTE and not invoice.preceding_invoice:
        yield _finding("CPRO-AVOIR-SANS-ORIGINE", "preceding_number")
    if len(invoice.contract_reference) > MAX_REFERENCE:
        yield _finding("CPRO-MARCHE-LONG", "contract", length=len(invoice.contract_reference))
    if len(invoice.purchase_order_reference) > MAX_REFERENCE:
        yield _finding("CPRO-ENGAGEMENT-LONG", "commitment", length=len(invoice.purchase_order_reference))
    if len(invoice.note) > MAX_COMMENT:
        yield _finding("CPRO-COMMENTAIRE-LONG", "comment", length=len(invoice.note))


def _number(value: str, field: str, *, too_long: str, strange: str) -> Iterator[Finding]:
    if len(value) > MAX_NUMBER:
        yield _finding(too_long, field, value=value[:60], length=len(value))
    if value and not _NUMBER.match(value):
        signs = sorted({char for char in value if not re.match(r"[0-9A-Za-z +_/-]", char)})
        yield _finding(strange, field, strange=" ".join(signs[:10]) or "l’espace au début ou à la fin")


def _dates(invoice: Header, today: date) -> Iterator[Finding]:
    issued = invoice.issue_date
    if issued is None:
        yield _finding("CPRO-DATE-ABSENTE", "issue_date")
    elif not 2000 <= issued.year <= 2099:
        yield _finding("CPRO-DATE-ANNEE", "issue_date", value=issued.year)
    elif issued > today:
        yield _finding("CPRO-DATE-FUTURE", "issue_date", value=f"{issued:%d/%m/%Y}")
    elif issued < today - timedelta(days=365):
        yield _finding("CPRO-DATE-ANCIENNE", "issue_date", value=f"{issued:%d/%m/%Y}")


def _codes(invoice: Header) -> Iterator[Finding]:
    if not invoice.type_code:
        yield _finding("CPRO-TYPE-ABSENT", "type_code")
    elif invoice.type_code not in OFFERED:
        yield _finding("CPRO-TYPE", "type_code")
    if invoice.currency not in CURRENCIES:
        yield _finding("CPRO-DEVISE", "currency", value=invoice.currency[:10])
    regime = VAT_REGIME_OF.get(invoice.vat_regime)
    if regime is None:
        yield _finding("CPRO-TVA-REGIME", "vat_regime")
    elif not regime.bears_tax and invoice.tax_amount:
        yield _finding("CPRO-TVA-NON-NULLE", "tax_amount", regime=regime.label, tax=_euros(invoice.tax_amount))
    elif regime.bears_tax and invoice.tax_amount == 0 and invoice.tax_exclusive_amount:
        yield _finding("CPRO-TVA-NULLE", "tax_amount", regime=regime.label)


def _amounts(invoice: Header) -> Iterator[Finding]:
    for name, what in _WANTED_AMOUNTS:
        if getattr(invoice, name) is None:
            yield _finding("CPRO-MONTANT-ABSENT", name, what=what)
    net, tax, gross, payable = (getattr(invoice, name) for name, _ in _WANTED_AMOUNTS)
    if net is not None and tax is not None and gross is not None and abs(net + tax - gross) > TOLERANCE:
        yield _finding(
            "CPRO-TOTAUX",
            "tax_inclusive_amount",
            net=_euros(net),
            tax=_euros(tax),
            computed=_euros(net + tax),
            gross=_euros(gross),
        )
    if gross is not None and payable is not None and payable != gross:
        yield _finding("CPRO-A-PAYER", "payable_amount", payable=_euros(payable), gross=_euros(gross))
    if invoice.type_code == CREDIT_NOTE and gross is not None and gross < 0:
        yield _finding("CPRO-AVOIR-NEGATIF", "tax_inclusive_amount")
