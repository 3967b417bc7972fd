"""What Chorus Pro looks at of every invoice, whatever its form: number, dates, references, type, currency, totals.

`breaches` judges the header of a file and of a form alike; `check` adds what only a form asks. Rules that need the
directory are in `recipient`, rules that need other invoices in `portal.drafts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from plainchant.einvoice.amounts import LARGEST, MOST_DECIMALS, ZERO, decimals
from plainchant.einvoice.chorus import MAX_NUMBER
from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.codes.france import AFTER_DEPOSIT_CADRES
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE_TYPE_OF
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.model import Header
from plainchant.einvoice.wording import amount as written

from .header_table import AMOUNTS, FORM, MAX_COMMENT, MAX_REFERENCE, REFUSED_TYPES, RULES, TYPED

TOLERANCE = Decimal("0.01")  # between HT + TVA and TTC; the portal publishes none, official samples never differ
_NUMBER = re.compile(r"[0-9A-Za-z+_/-]([0-9A-Za-z +_/-]*[0-9A-Za-z+_/-])?\Z")
_STRANGE = re.compile(r"[^0-9A-Za-z +_/-]")
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a header breaks: ``attribute`` is the one of `Header` it is about."""

    rule: str
    attribute: str
    details: Mapping[str, object] = field(default_factory=dict)


def breaches(invoice: Header, *, today: date) -> Iterator[Breach]:
    """What is wrong or odd in the header of an invoice; ``today`` is the civil day in Paris."""
    yield from _references(invoice)
    yield from _dates(invoice, today)
    yield from _codes(invoice)
    yield from _amounts(invoice)


def check(invoice: Header, *, today: date) -> list[Finding]:
    """Every finding on what was typed in a form; ``field`` is the attribute of `Header`."""
    found = [*breaches(invoice, today=today), *_typed(invoice)]
    rules = RULES | TYPED
    return [
        Finding(
            breach.rule,
            rules[breach.rule].sentence({name: str(value) for name, value in breach.details.items()}),
            breach.attribute,
            rules[breach.rule].severity_for(FORM),
            rules[breach.rule].terms,
        )
        for breach in found
    ]


def _references(invoice: Header) -> Iterator[Breach]:
    if not invoice.number:
        yield Breach("CPRO-NUMERO-ABSENT", "number")
    yield from numbered(invoice.number, "number", too_long="CPRO-G1.05-LONGUEUR", strange="CPRO-G1.05")
    yield from numbered(invoice.preceding_invoice, "preceding_invoice")
    is_final = invoice.billing_framework in AFTER_DEPOSIT_CADRES  # it cites the deposit that it takes off
    if invoice.preceding_invoice and invoice.type_code != CREDIT_NOTE and not is_final:
        yield Breach("CPRO-ORIGINE", "preceding_invoice", {"value": invoice.preceding_invoice[:60]})
    if invoice.type_code == CREDIT_NOTE and not invoice.preceding_invoice:
        yield Breach("CPRO-AVOIR-SANS-ORIGINE", "preceding_invoice")
    for rule, name in (
        ("CPRO-MARCHE-LONG", "contract_reference"),
        ("CPRO-ENGAGEMENT-LONG", "purchase_order_reference"),
    ):
        if len(getattr(invoice, name)) > MAX_REFERENCE:
            yield Breach(rule, name, {"length": len(getattr(invoice, name))})


def numbered(
    value: str, attribute: str, *, too_long: str = "CPRO-ORIGINE-LONGUE", strange: str = "CPRO-ORIGINE-SIGNES"
) -> Iterator[Breach]:
    """What is wrong with the number of an invoice, of this one or of one it corrects."""
    if len(value) > MAX_NUMBER:
        yield Breach(too_long, attribute, {"value": value[:60], "length": len(value)})
    if value and not _NUMBER.match(value):
        signs = " ".join(sorted(set(_STRANGE.findall(value)))[:10])
        yield Breach(strange, attribute, {"value": value[:60], "strange": signs or "l’espace au début ou à la fin"})


def _dates(invoice: Header, today: date) -> Iterator[Breach]:
    issued = invoice.issue_date
    if issued is None:
        yield Breach("CPRO-DATE", "issue_date")
        return
    if not 2000 <= issued.year <= 2099:
        rule = "CPRO-DATE-ANNEE"
    elif issued > today:
        rule = "CPRO-DATE-FUTURE"
    elif issued < today - _YEAR:
        rule = "CPRO-DATE-ANCIENNE"
    else:
        return
    yield Breach(rule, "issue_date", {"value": f"{issued:%d/%m}/{issued.year:04}"})


def _codes(invoice: Header) -> Iterator[Breach]:
    if not invoice.type_code:
        yield Breach("CPRO-TYPE-ABSENT", "type_code")
    elif invoice.type_code in REFUSED_TYPES:
        yield Breach("CPRO-TYPE-REFUSE", "type_code", {"value": invoice.type_code})
    elif invoice.type_code not in INVOICE_TYPE_OF:
        yield Breach("CPRO-TYPE", "type_code", {"value": invoice.type_code[:60]})
    if invoice.currency not in CURRENCIES:
        yield Breach("CPRO-DEVISE", "currency", {"value": invoice.currency[:10]})
    regime = VAT_REGIME_OF.get(invoice.vat_regime)
    if regime is not None and not regime.bears_tax and invoice.tax_amount:
        details = {"regime": regime.label, "tax": written(invoice.tax_amount)}
        yield Breach("CPRO-TVA-NON-NULLE", "tax_amount", details)
    if regime is not None and regime.bears_tax and invoice.tax_amount == 0 and invoice.tax_exclusive_amount:
        yield Breach("CPRO-TVA-NULLE", "tax_amount", {"regime": regime.label})


_MISSING = {
    "tax_exclusive_amount": "CPRO-HT",
    "tax_amount": "",  # official samples leave it out; a form asks for it
    "tax_inclusive_amount": "CPRO-TTC",
    "payable_amount": "CPRO-NET",
}


def _amounts(invoice: Header) -> Iterator[Breach]:
    for name, rule in _MISSING.items():
        value = getattr(invoice, name)
        if value is None and rule:
            yield Breach(rule, name)
        if value is not None and is_too_long(value):
            yield Breach("CPRO-MONTANT-LONG", name, {"what": AMOUNTS[name], "value": written(value)})
    net, tax, gross, payable = (getattr(invoice, name) for name in _MISSING)
    if net is not None and tax is not None and gross is not None and abs(net + tax - gross) > TOLERANCE:
        sums = {"net": net, "tax": tax, "sum": net + tax, "gross": gross}
        yield Breach("CPRO-TOTAUX", "tax_inclusive_amount", {name: written(value) for name, value in sums.items()})
    if gross is None:
        return
    yield from _sense(invoice.type_code, gross)
    due = gross - (invoice.prepaid_amount or ZERO) + (invoice.rounding_amount or ZERO)
    if payable is not None and payable != due:
        rule = "CPRO-A-PAYER-TROP" if abs(payable) > abs(gross) else "CPRO-A-PAYER"
        yield Breach(rule, "payable_amount", {"payable": written(payable), "gross": written(gross)})


def _sense(type_code: str, gross: Decimal) -> Iterator[Breach]:
    """A credit note says by its type that money goes back; an invoice asks for some."""
    if type_code == CREDIT_NOTE and gross < 0:
        yield Breach("CPRO-AVOIR-NEGATIF", "tax_inclusive_amount")
    if type_code != CREDIT_NOTE and gross <= 0:
        yield Breach("CPRO-FACTURE-NEGATIVE", "tax_inclusive_amount", {"gross": written(gross)})


def is_too_long(amount: Decimal) -> bool:
    """Whether an amount has more digits than the portal can hold."""
    return not amount.is_finite() or abs(amount) >= LARGEST or decimals(amount) > MOST_DECIMALS


def _typed(invoice: Header) -> Iterator[Breach]:
    if len(invoice.note) > MAX_COMMENT:
        yield Breach("CPRO-COMMENTAIRE-LONG", "note", {"length": len(invoice.note)})
    if invoice.vat_regime not in VAT_REGIME_OF:
        yield Breach("CPRO-TVA-REGIME", "vat_regime")
    if invoice.tax_amount is None:
        yield Breach("CPRO-TVA-ABSENTE", "tax_amount")
