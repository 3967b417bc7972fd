"""A table of invoices, one row a line, made into invoices: each for the structure its row names.

The rows were read in the disposable process; here nobody's file is opened. What a row does not say (addresses, VAT
number, the account, what all the issuer's invoices say) comes from the issuer's sheet and the directory. A row is
understood, composed and drawn as a sheet that is typed on screen (`drafts.rows`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import QuerySet

from plainchant.capture.billing_table import COLUMN_OF, BillingRow
from plainchant.capture.billing_template import Issuer
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import bare
from plainchant.einvoice.law.exemptions import EXEMPTION_OF
from plainchant.einvoice.making.composing import Sheet
from plainchant.einvoice.model import Header, HeaderParty
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.portal.directory.queries import body
from plainchant.portal.drafts.files import facturx
from plainchant.portal.drafts.models import InvoiceSettings
from plainchant.portal.drafts.queries import settings_of
from plainchant.portal.drafts.rows import PreparedRow, prepare
from plainchant.portal.mandates.queries import in_force
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.queries import local_file
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.portal.structures.reach import reached
from plainchant.portal.structures.technical_accounts import actor_of
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
    "billing_framework": "framework",
    "lines": "price",
}
# The same for the part of a line: « lines-2-price » stands in the third row.
_COLUMN_OF_PART = {
    "name": "name",
    "description": "name",
    "quantity": "quantity",
    "unit": "unit",
    "price": "price",
    "rate": "vat",
}
_LINE = re.compile(r"lines-(\d+)-([a-z]+)")


@dataclass(frozen=True, kw_only=True)
class RowInFlow(InvoiceInFlow):
    """A row that has become an invoice of a flow like any other, with what it was prepared from."""

    prepared: PreparedRow | None = None
    seller_name: str = ""
    buyer_name: str = ""


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


def invoices_of(*, flow: Flow, at: date, start: int = 0, is_drawn: bool = True) -> Iterator[InvoiceInFlow | FlowEnd]:
    """The invoices of a flow that is a table, from the ``start``-th on, then its end. Raises ReaderFailed.

    Not ``is_drawn``: without their pages, for who only looks.
    """
    issuers = _Issuers(actor=actor_of(flow.sender))
    assert flow.stored is not None  # noqa: S101 - let go only once it has ended
    rows, end = read_rows(document=local_file(stored=flow.stored))
    for position, billed in enumerate(rows):
        if position >= start:
            yield _invoice(position, billed, issuers=issuers, day=at, is_drawn=is_drawn)
    yield end


class _Issuers:
    """The structures of a table, each looked up once with what its invoices always say."""

    def __init__(self, *, actor: Actor) -> None:
        self._reached = reached(actor=actor, right=Right.SEND)
        self._known: dict[str, tuple[Structure | None, InvoiceSettings | None]] = {}
        self._mandates: dict[int, bool] = {}

    def has_mandate(self, seller: Structure) -> bool:
        """Whether the portal may make invoices in its name."""
        if seller.pk not in self._mandates:
            self._mandates[seller.pk] = in_force(structure=seller) is not None
        return self._mandates[seller.pk]

    def named(self, siret: str) -> tuple[Structure | None, InvoiceSettings | None]:
        """The structure, None if the sender may not send in its name; and its settings."""
        if siret not in self._known:
            seller = self._reached.filter(identifier=siret).first()
            self._known[siret] = seller, settings_of(structure=seller) if seller is not None else None
        return self._known[siret]


def _invoice(position: int, billed: BillingRow, *, issuers: _Issuers, day: date, is_drawn: bool) -> RowInFlow:
    findings: list[Row] = [row(wrong.rule, wrong.message, wrong.field, path=wrong.path) for wrong in billed.findings]
    head: Header | None = _known_by(billed)
    documents: list[FlowDocument] = []
    prepared = None
    seller, settings = issuers.named(billed.values["seller"])
    account = None if findings or seller is None else _account(billed, seller, findings)
    if not findings:
        findings += _mixed(billed)
        prepared = prepare(
            values=billed.values,
            more=[line.values for line in billed.more],
            seller=seller,
            account=account,
            settings=settings,
            day=day,
        )
        findings += [_at_its_cell(finding, billed) for finding in prepared.findings]
        head = prepared.header
    if seller is not None and not issuers.has_mandate(seller):
        findings.append(
            row(
                "SAISIE-SANS-MANDAT",
                f"« {seller} » n’a pas de mandat de facturation en cours : nous ne pouvons pas faire de facture en "
                "son nom. Son gestionnaire le donne en une minute.",
                "seller",
            )
        )
    is_good = prepared is not None and not refusals(findings)
    # Of another's issuer it will not go on, and nobody needs the page.
    if is_drawn and is_good and seller is not None and prepared and prepared.sheet is not None:
        documents = [_drawn(prepared.sheet, settings)]
    rows = [dict(billed.values), *(dict(line.values) for line in billed.more)]
    # One row alone is known as it was before there were several.
    content = json.dumps(rows if billed.more else rows[0], sort_keys=True, ensure_ascii=False)
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
        seller_name=str(seller) if seller is not None else billed.values["seller_name"],
        buyer_name=str(body(siret=billed.values["buyer"]) or ""),
    )


def _at_its_cell(finding: Finding, billed: BillingRow) -> Row:
    part = _LINE.fullmatch(finding.field or "")
    if part is None:
        column = _COLUMN_OF_FIELD.get(finding.field or "", finding.field or "")
        return row_of(replace(finding, field=column), path=billed.cells.get(column, ""))
    column = _COLUMN_OF_PART.get(part[2], "name")
    place = int(part[1])
    cells = billed.cells if not 0 < place <= len(billed.more) else billed.more[place - 1].cells
    return row_of(replace(finding, field=column), path=cells.get(column, ""))


def _mixed(billed: BillingRow) -> list[Row]:
    """A sheet gives one reason for which lines bear no VAT; so does an invoice of a table."""
    reasons: set[str] = set()
    for vat, cells in [
        (billed.values["vat"], billed.cells),
        *((line.values["vat"], line.cells) for line in billed.more),
    ]:
        if vat in EXEMPTION_OF:
            reasons.add(vat)
        if len(reasons) > 1:
            place = cells.get("vat", "")
            message = (
                f"Case {place}, « {COLUMN_OF['vat'].heading} » : une autre ligne de cette facture est sans TVA "
                "pour une autre raison. Faites-en deux factures."
            )
            return [row("TABLEAU-TVA-MELEE", message, "vat", path=place)]
    return []


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
