"""A table of invoices, one row an invoice, made into invoices: each for the structure its row names.

The rows were read in the disposable process; here nobody's file is opened. What a row does not say (addresses, VAT
number, the account, what all the issuer's invoices say) comes from the issuer's sheet and the directory. A row is
understood, composed and drawn as a sheet that is typed on screen (`drafts.rows`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import QuerySet

from plainchant.capture.billing_table import COLUMN_OF, BillingRow
from plainchant.capture.billing_template import Issuer
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import bare
from plainchant.einvoice.making.composing import Sheet
from plainchant.einvoice.model import Header, HeaderParty
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.portal.drafts.files import facturx
from plainchant.portal.drafts.models import InvoiceSettings
from plainchant.portal.drafts.queries import settings_of
from plainchant.portal.drafts.rows import PreparedRow, prepare
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.queries import local_file
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.portal.structures.queries import reached
from plainchant.reader.flows import FlowDocument, FlowEnd, InvoiceInFlow, read_rows

from .codes import Row, refusals, row, row_of
from .models import Flow

_FACTURX = SYNTAXES["facturx"]
# Field of a draft → column.
_COLUMN_OF_FIELD = {
    "buyer_service": "service",
    "bank_account": "iban",
    "preceding_number": "preceding",
    "vat_regime": "vat",
    "exemption": "vat",
    "lines": "price",
    "lines-0-name": "name",
    "lines-0-description": "name",
    "lines-0-quantity": "quantity",
    "lines-0-unit": "unit",
    "lines-0-price": "price",
    "lines-0-rate": "vat",
}


@dataclass(frozen=True, kw_only=True)
class RowInFlow(InvoiceInFlow):
    """A row that has become an invoice of a flow like any other, with what it was prepared from."""

    prepared: PreparedRow | None = None


def issuers_of(*, structures: QuerySet[Structure]) -> list[Issuer]:
    """These structures, as the template begins their rows; closed ones left out."""
    issuers = []
    for structure in structures.filter(is_active=True).order_by("name"):
        account = _only_account(structure)
        issuers.append(
            Issuer(
                siret=structure.identifier,
                name=str(structure),
                iban=account.iban if account else "",
                vat="" if structure.vat_number else "franchise",
            )
        )
    return issuers


def invoices_of(*, flow: Flow, at: date, start: int = 0) -> Iterator[InvoiceInFlow | FlowEnd]:
    """The invoices of a flow that is a table, from the ``start``-th row on, then its end. Raises ReaderFailed."""
    issuers = _Issuers(actor=Actor(flow.sender))
    rows, end = read_rows(document=local_file(stored=flow.stored))
    for position, billed in enumerate(rows):
        if position >= start:
            yield _invoice(position, billed, issuers=issuers, day=at)
    yield end


class _Issuers:
    """The structures of a table, each looked up once with what its invoices always say."""

    def __init__(self, *, actor: Actor) -> None:
        self._reached = reached(actor=actor, right=Right.SEND)
        self._known: dict[str, tuple[Structure | None, InvoiceSettings | None]] = {}

    def named(self, siret: str) -> tuple[Structure | None, InvoiceSettings | None]:
        """The structure, None if the sender may not send in its name; and its settings."""
        if siret not in self._known:
            seller = self._reached.filter(identifier=siret).first()
            self._known[siret] = seller, settings_of(structure=seller) if seller is not None else None
        return self._known[siret]


def _invoice(position: int, billed: BillingRow, *, issuers: _Issuers, day: date) -> RowInFlow:
    findings: list[Row] = [row(wrong.rule, wrong.message, wrong.field, path=wrong.path) for wrong in billed.findings]
    head: Header | None = _known_by(billed)
    documents: list[FlowDocument] = []
    prepared = None
    seller, settings = issuers.named(billed.values["seller"])
    account = None if findings or seller is None else _account(billed, seller, findings)
    if not findings:
        prepared = prepare(values=billed.values, seller=seller, account=account, settings=settings, day=day)
        findings += [_at_its_cell(finding, billed) for finding in prepared.findings]
        if not refusals(findings):
            head = prepared.header
            if seller is not None and prepared.sheet is not None:  # else it will not go on, and nobody needs the page
                documents = [_drawn(prepared.sheet, settings)]
    content = json.dumps(dict(billed.values), sort_keys=True, ensure_ascii=False)
    return RowInFlow(
        position=position,
        part=0,
        name=billed.name,
        kind=_FACTURX.kind,
        syntax=_FACTURX.flow_syntax,
        header=head,
        findings=findings,
        more=0,
        documents=documents,
        content=hashlib.sha256(content.encode()).hexdigest(),
        places={**billed.cells, "buyer_service": billed.cells.get("service", "")},
        prepared=prepared,
    )


def _at_its_cell(finding: Finding, billed: BillingRow) -> Row:
    column = _COLUMN_OF_FIELD.get(finding.field or "", finding.field or "")
    return row_of(replace(finding, field=column), path=billed.cells.get(column, ""))


def _drawn(sheet: Sheet, settings: InvoiceSettings | None) -> FlowDocument:
    """The Factur-X of a row: the same bytes whenever it is drawn."""
    issued = datetime(sheet.issue_date.year, sheet.issue_date.month, sheet.issue_date.day, tzinfo=UTC)
    stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in sheet.number)[:40]
    return FlowDocument(f"{stem}.pdf", "01", "application/pdf", facturx(sheet=sheet, settings=settings, at=issued))


def _known_by(billed: BillingRow) -> Header:
    """What a row that is not yet an invoice is known by."""
    values = billed.values
    return Header(
        number=values["number"],
        seller=HeaderParty(identifier=values["seller"]),
        buyer=HeaderParty(identifier=values["buyer"], service_code=values["service"]),
    )


def _only_account(structure: Structure) -> BankAccount | None:
    accounts = list(structure.bank_accounts.filter(is_active=True)[:2])
    return accounts[0] if len(accounts) == 1 else None


def _account(billed: BillingRow, seller: Structure, findings: list[Row]) -> BankAccount | None:
    """The account of the row; the structure's only one where the row names none; a finding where that is a choice."""
    iban = billed.values["iban"]
    accounts = seller.bank_accounts.filter(is_active=True)
    if iban:
        # An IBAN that the structure's manager has not registered is how a stranger gets paid: the sheet comes first.
        named = accounts.filter(iban=bare(iban)).first()
        if named is None:
            findings.append(
                row(
                    "TABLEAU-COMPTE-INCONNU",
                    f"Case {billed.cells.get('iban', '')}, « {COLUMN_OF['iban'].heading} » : cet IBAN n’est pas sur la "
                    f"fiche de « {seller} ». Ajoutez-y le compte, ou laissez la case vide.",
                    "iban",
                    path=billed.cells.get("iban", ""),
                )
            )
        return named
    if billed.values["type_code"] == CREDIT_NOTE:
        return None
    only = _only_account(seller)
    if only is None and accounts.exists():
        findings.append(
            row(
                "TABLEAU-COMPTE",
                f"« {seller} » a plusieurs comptes bancaires. Écrivez dans la case {billed.cells.get('iban', 'IBAN')} "
                "celui où elle veut être payée.",
                "iban",
                path=billed.cells.get("iban", ""),
            )
        )
    return only
