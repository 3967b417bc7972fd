"""An invoice of a table, one row a line, understood as a sheet that somebody types is; kept as its invoice's draft.

Its cells have been read, and are refused by their place, before (`capture.billing_table`). What the recipient demands
and whether the number is free are looked up for a whole lot (`portal.flows`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.exemptions import EXEMPTION_OF
from plainchant.einvoice.law.french_vat import type_tva
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.making.composing import Nature, Sheet
from plainchant.einvoice.model import Header, VatCategory
from plainchant.einvoice.verdict import DECIDING
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.structures.models import BankAccount, Service, Structure

from .fields import DraftSource, cleaned
from .headers import findings_on_header, header_of
from .models import Draft, InvoiceSettings
from .parties import parties_of, validator_of, works_actors_of
from .sheet_check import findings_of_engine
from .sheets import sheet_of, to_json
from .typed import MAX_NAME, understand
from .values import written


@dataclass(frozen=True)
class PreparedRow:
    """What a row becomes; ``findings``, each beside the field of a sheet: those that stop it, and those that do not."""

    typed: dict[str, Any]
    header: Header
    findings: list[Finding]
    sheet: Sheet | None


def prepare(
    *,
    values: Mapping[str, str],
    more: Sequence[Mapping[str, str]] = (),
    seller: Structure | None,
    account: BankAccount | None,
    settings: InvoiceSettings | None,
    day: date,
) -> PreparedRow:
    """The invoice of rows whose cells are right. ``seller`` None: of none of the sender's structures.

    ``values`` are those of its first row, ``more`` the lines of those that follow.
    A seller or a buyer that the portal does not know is composed all the same, with what the row says of it: the flow
    refuses it, and everything else that is wrong is told at once.
    """
    typed = cleaned(_typed(values, more, account, settings), source=DraftSource.ROW)
    understood = understand(typed, source=DraftSource.ROW)
    named = seller or Structure(name=values["seller_name"] or values["seller"], identifier=values["seller"])
    parties = parties_of(understood, seller=named)
    buyer = parties.buyer or Structure(name=values["buyer"], identifier=values["buyer"])
    service = parties.service or (Service(code=parties.service_code) if parties.service_code else None)
    parties = replace(parties, buyer=buyer, service=service)
    findings = list(understood.findings)
    validator, wrong = validator_of(understood, parties)
    findings += wrong
    works, wrong_in_works = works_actors_of(understood, parties)
    findings += wrong_in_works
    header, sheet = header_of(understood, parties, validator=validator, works=works), None
    if understood.is_whole:
        of_them = None if wrong else validator
        sheet = sheet_of(understood=understood, parties=parties, validator=of_them, settings=settings)
        of_engine = findings_of_engine(sheet=sheet, day=day, layers=DECIDING)
        findings += [*findings_on_header(header, day=day), *of_engine]
    return PreparedRow(typed, header, findings, sheet)


def keep_rows(*, rows: Iterable[tuple[Invoice, PreparedRow]]) -> None:
    """Keep what invoices were prepared from, in the transaction that deposits them."""
    Draft.objects.bulk_create(
        Draft(
            invoice=invoice,
            source=DraftSource.ROW,
            typed=prepared.typed,
            composed=to_json(prepared.sheet) if prepared.sheet is not None else None,
        )
        for invoice, prepared in rows
    )


def _typed(
    values: Mapping[str, str],
    more: Sequence[Mapping[str, str]],
    account: BankAccount | None,
    settings: InvoiceSettings | None,
) -> dict[str, Any]:
    """What somebody would type in a sheet to say what the rows say."""
    lines = [values, *more]
    exemption = next((EXEMPTION_OF[line["vat"]] for line in lines if line["vat"] in EXEMPTION_OF), None)
    taxed = next((line["vat"] for line in lines if line["vat"] not in EXEMPTION_OF), "")
    return {
        "fields": {
            "buyer": values["buyer"],
            "buyer_service": values["service"],
            "commitment": values["commitment"],
            "contract": values["contract"],
            "number": values["number"],
            "issue_date": f"{date.fromisoformat(values['issue_date']):%d/%m/%Y}",
            "type_code": values["type_code"],
            "preceding_number": values["preceding"],
            "vat_regime": _regime(taxed or values["vat"], settings),
            "exemption": exemption.code if exemption else "",
            "payment_mode": "VIREMENT",
            "bank_account": str(account.uid) if account is not None else "",
            "billing_framework": values["framework"],
            "validator": values["validator"],
            "moe": values["moe"],
            "moa": values["moa"],
            "comment": values["comment"],
        },
        "lines": [_line(line, without="0" if taxed else "") for line in lines],
    }


def _line(values: Mapping[str, str], *, without: str) -> dict[str, str]:
    """``without``: what a line that bears no VAT has for a rate."""
    name = values["name"]
    # A cell may hold more than a line's name: what goes beyond is its description.
    head = name if len(name) <= MAX_NAME else name[:MAX_NAME].rsplit(" ", 1)[0]
    return {
        "name": head,
        "description": name[len(head) :].strip(),
        "quantity": written(Decimal(values["quantity"] or 1)),
        "unit": values["unit"],
        "price": written(Decimal(values["price"])),
        "rate": without if values["vat"] in EXEMPTION_OF else written(Decimal(values["vat"])),
    }


def _regime(vat: str, settings: InvoiceSettings | None) -> str:
    """How VAT applies: what the supplier's invoices always say where it bears tax, else the law's answer."""
    exemption = EXEMPTION_OF.get(vat)
    if exemption is not None:
        return type_tva([(VatCategory(code=exemption.category, exemption_reason_code=exemption.code), Nature.SERVICES)])
    usual = VAT_REGIME_OF.get(settings.vat_regime) if settings is not None else None
    if usual is not None and usual.bears_tax:
        return usual.code
    return type_tva([(VatCategory(code="S"), Nature.SERVICES)])
