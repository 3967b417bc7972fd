"""A table of invoices, one row an invoice, made into invoices: each for the structure its row names.

The rows were read in the disposable process; here nobody's file is opened. What a row does not say (addresses, VAT
number, the account) comes from the issuer's sheet and the directory, and the engine makes the Factur-X that the
recipient reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from plainchant.capture.billing_table import COLUMN_OF, BillingRow
from plainchant.capture.billing_template import Issuer
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE
from plainchant.einvoice.codes.units import DEFAULT as DEFAULT_UNIT
from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.identifiers import bare
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.law.payment import payment_limit
from plainchant.einvoice.making.composing import Sheet, SheetLine, SheetParty, compose
from plainchant.einvoice.model import Header, HeaderParty, VatCategory
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.verdict import DECIDING, check, header_of
from plainchant.portal.directory.queries import body
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.queries import local_file
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.portal.structures.queries import reached
from plainchant.reader.flows import FlowDocument, FlowEnd, InvoiceInFlow, read_rows

from .codes import Row, row
from .models import Flow

_PROFILE = PROFILE_OF["EN 16931"]
_FACTURX = SYNTAXES["facturx"]
_NO_RATE = Decimal(0)
# Attribute of the model → column.
_COLUMN_OF_TERM = {
    "number": "number",
    "issue_date": "issue_date",
    "type_code": "type_code",
    "buyer_reference": "service",
    "purchase_order_reference": "commitment",
    "contract_reference": "contract",
    "account": "iban",
    "quantity": "quantity",
    "net": "price",
}


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
    for position, billed in enumerate(read_rows(document=local_file(stored=flow.stored))):
        if position >= start:
            yield _invoice(position, billed, actor=Actor(flow.sender), day=at)
    yield FlowEnd("")


def _invoice(position: int, billed: BillingRow, *, actor: Actor, day: date) -> InvoiceInFlow:
    findings: list[Row] = [row(found.rule, found.message, found.field, path=found.path) for found in billed.findings]
    head: Header | None = _said(billed)
    documents: list[FlowDocument] = []
    seller = reached(actor=actor, right=Right.SEND).filter(identifier=billed.values["seller"]).first()
    account = None if findings or seller is None else _account(billed, seller, findings)
    if not findings:
        buyer = body(siret=billed.values["buyer"])
        sheet = _sheet(billed, seller, buyer, account)
        xml = write(compose(sheet), profile=_PROFILE)
        verdict = check(xml, name=billed.name, at=day, layers=DECIDING)
        findings += [
            {
                "rule": found.rule,
                "message": found.message,
                "field": found.field,
                "line": None,
                "path": billed.cells.get(_COLUMN_OF_TERM.get(found.field or "", ""), ""),
            }
            for layer in verdict.layers
            for found in layer.findings
            if found.severity == "fatal"
        ]
        if verdict.reading is not None and not findings:
            head = header_of(verdict)
            if seller is not None and buyer is not None:  # else it will not go on, and nobody needs the page
                issued = datetime(sheet.issue_date.year, sheet.issue_date.month, sheet.issue_date.day, tzinfo=UTC)
                stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in sheet.number)[:40]
                page = draw(verdict.reading.invoice, at=issued, xml=xml, profile=_PROFILE)
                documents = [FlowDocument(f"{stem}.pdf", "01", "application/pdf", page)]
    content = json.dumps(dict(billed.values), sort_keys=True, ensure_ascii=False)
    return InvoiceInFlow(
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
    )


def _said(billed: BillingRow) -> Header:
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
        found = accounts.filter(iban=bare(iban)).first()
        if found is None:
            findings.append(
                row(
                    "TABLEAU-COMPTE-INCONNU",
                    f"Case {billed.cells.get('iban', '')}, « {COLUMN_OF['iban'].heading} » : cet IBAN n’est pas sur la "
                    f"fiche de « {seller} ». Ajoutez-y le compte, ou laissez la case vide.",
                    "iban",
                    path=billed.cells.get("iban", ""),
                )
            )
        return found
    if billed.values["type_code"] == CREDIT_NOTE:
        return None
    found = _only_account(seller)
    if found is None and accounts.exists():
        findings.append(
            row(
                "TABLEAU-COMPTE",
                f"« {seller} » a plusieurs comptes bancaires. Écrivez dans la case {billed.cells.get('iban', 'IBAN')} "
                "celui où elle veut être payée.",
                "iban",
                path=billed.cells.get("iban", ""),
            )
        )
    return found


def _sheet(billed: BillingRow, seller: Structure | None, buyer: Structure | None, account: BankAccount | None) -> Sheet:
    values = billed.values
    vat = _vat(values["vat"])
    issued = date.fromisoformat(values["issue_date"])
    return Sheet(
        number=values["number"],
        issue_date=issued,
        type_code=values["type_code"] or INVOICE,
        seller=_party(seller, values["seller"], values["seller_name"]),
        buyer=_party(buyer, values["buyer"], "", service=values["service"]),
        lines=(
            SheetLine(
                name=values["name"],
                quantity=Decimal(values["quantity"] or 1),
                price=Decimal(values["price"]),
                unit=values["unit"] or DEFAULT_UNIT,
                vat=vat,
            ),
        ),
        vat_regime="SANS_TVA" if vat.exemption_reason_code == FRANCHISE else "",
        commitment=values["commitment"],
        contract=values["contract"],
        preceding_number=values["preceding"],
        iban=account.iban if account else "",
        bic=account.bic if account else "",
        payment_days=payment_limit(category=buyer.payer_category if buyer else "", at=issued).days,
        comment=values["comment"],
    )


def _vat(rate_written: str) -> VatCategory:
    reason = EXEMPTION_OF.get(rate_written)
    if reason is None:
        return VatCategory(code="S", rate=Decimal(rate_written))
    return VatCategory(
        code=reason.category, rate=_NO_RATE, exemption_reason=reason.mention, exemption_reason_code=reason.code
    )


def _party(structure: Structure | None, siret: str, name: str, *, service: str = "") -> SheetParty:
    if structure is None:
        return SheetParty(name=name or siret, siret=siret, service_code=service)
    return SheetParty(
        name=structure.name,
        siret=structure.identifier,
        identifier_type=structure.identifier_type,
        vat_number=structure.vat_number,
        address_line=structure.address_line,
        address_extra_1=structure.address_extra_1,
        address_extra_2=structure.address_extra_2,
        postcode=structure.postcode,
        city=structure.city,
        country=structure.country,
        service_code=service,
    )
