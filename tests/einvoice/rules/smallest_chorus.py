"""The smallest invoice that Chorus Pro accepts, and for each rule of its own the smallest change that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plainchant.einvoice.directory import Recipient, RecipientService
from plainchant.einvoice.model import (
    CreditTransfer,
    Identifier,
    Invoice,
    PaymentMeans,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    VatCategory,
)
from plainchant.einvoice.rules.choruspro import UNKNOWN_SIRET
from tests.einvoice.rules import smallest_en

AT = date(2026, 11, 3)
SELLER, BUYER = "12345678200036", "73282932000074"  # with keys that agree
IBAN = "FR7630006000011234567890189"
COMMUNE = "Commune de Vézelay"


def siret(value: str) -> Identifier:
    return Identifier(value, "0009")


def valid(**changes: Any) -> Invoice:
    whole = smallest_en.valid()
    known = replace(
        whole,
        business_process="A1",
        seller=replace(whole.seller, legal_registration=siret(SELLER)),
        buyer=replace(whole.buyer, legal_registration=siret(BUYER)),
        payment_means=(paid_to(IBAN),),
    )
    return replace(known, **changes)


def paid_to(account: str, **changes: Any) -> PaymentMeans:
    return replace(PaymentMeans(code="30", credit_transfer=CreditTransfer(account=account)), **changes)


def with_totals(**changes: str | None) -> Invoice:
    amounts = {name: None if value is None else Decimal(value) for name, value in changes.items()}
    return valid(totals=replace(valid().totals, **amounts))


def credit_note(*numbers: str) -> Invoice:
    """One that corrects the invoices of these numbers."""
    return valid(type_code="381", preceding_invoices=tuple(PrecedingInvoice(number=number) for number in numbers))


def negative(invoice: Invoice) -> Invoice:
    """The same invoice, its totals with a minus sign."""
    sums = {
        name: -getattr(invoice.totals, name)
        for name in ("tax_exclusive_amount", "tax_inclusive_amount", "payable_amount")
    }
    taxes = tuple(replace(row, amount=-row.amount) for row in invoice.tax_totals)
    return replace(invoice, totals=replace(invoice.totals, **sums), tax_totals=taxes)


def known_as(side: str, registration: Identifier | None) -> Invoice:
    return valid(**{side: replace(getattr(valid(), side), legal_registration=registration)})


def taxed_as(number: str, registration: Identifier | None = None) -> Invoice:
    seller = valid().seller
    return valid(
        seller=replace(seller, vat_identifier=number, legal_registration=registration or seller.legal_registration)
    )


def reached_at(address: Identifier) -> Invoice:
    return valid(buyer=replace(valid().buyer, electronic_address=address))


def with_line(**changes: Any) -> Invoice:
    return valid(lines=tuple(replace(line, **changes) for line in valid().lines))


def attached(*names: str, content: str | None = "JVBERi0=") -> Invoice:
    """``content``: base64; four signs are three bytes."""
    return valid(
        supporting_documents=tuple(
            SupportingDocument(
                reference=name, filename=name, type_code="916", mime_code="application/pdf", content=content
            )
            for name in names
        )
    )


@dataclass(frozen=True)
class Broken:
    """``rule`` is broken, and nothing else of Chorus Pro's. ``limits``: what to lower for a small file to be too big.

    ``recipient``: what the directory says of the buyer, None where there is no directory.
    """

    rule: str
    invoice: Invoice
    recipient: Recipient | None = None
    limits: dict[str, int] = field(default_factory=dict)


def _document() -> list[Broken]:
    return [
        Broken("CPRO-NUMERO-ABSENT", valid(number=None)),
        Broken("CPRO-G1.05-LONGUEUR", valid(number="F" * 21)),
        Broken("CPRO-G1.05", valid(number="F2026.1")),
        Broken("CPRO-DATE", valid(issue_date=None)),
        Broken("CPRO-DATE-ANNEE", valid(issue_date=date(1999, 12, 31))),
        Broken("CPRO-DATE-FUTURE", valid(issue_date=AT + timedelta(1))),
        Broken("CPRO-DATE-ANCIENNE", valid(issue_date=AT - timedelta(366))),
        Broken("CPRO-TYPE-ABSENT", valid(type_code=None)),
        Broken("CPRO-TYPE", valid(type_code="325")),
        Broken("CPRO-TYPE-REFUSE", valid(type_code="261")),
        Broken("CPRO-DEVISE", valid(currency="QQQ")),
        Broken("CPRO-G1.02", valid(business_process="A11")),
        Broken("CPRO-G1.02-REFORME", valid(business_process="S1")),
        Broken("CPRO-ORIGINE", valid(preceding_invoices=(PrecedingInvoice(number="F-0"),))),
        Broken("CPRO-ORIGINE-LONGUE", credit_note("F" * 21)),
        Broken("CPRO-ORIGINE-LONGUE", credit_note("F-0", "F" * 21)),
        Broken("CPRO-ORIGINE-SIGNES", credit_note("F*0")),
        Broken("CPRO-AVOIR-SANS-ORIGINE", credit_note()),
    ]


def _parties() -> list[Broken]:
    return [
        Broken("CPRO-FOURNISSEUR", known_as("seller", None)),
        Broken("CPRO-FOURNISSEUR-SIRET", known_as("seller", siret("123456782"))),
        Broken("CPRO-FOURNISSEUR-SIREN", known_as("seller", Identifier(SELLER[:9], "0002"))),
        Broken("CPRO-FOURNISSEUR-SIREN", known_as("seller", Identifier(SELLER[:9]))),
        Broken("CPRO-FOURNISSEUR-SCHEMA", known_as("seller", Identifier("4006381333931", "0088"))),
        Broken("CPRO-FOURNISSEUR-SCHEMA", known_as("seller", Identifier(SELLER[:13]))),
        Broken("CPRO-DESTINATAIRE", known_as("buyer", None)),
        Broken("CPRO-DESTINATAIRE-SIRET", known_as("buyer", siret("732829320"))),
        Broken("CPRO-DESTINATAIRE-ETAT", known_as("buyer", siret(UNKNOWN_SIRET))),
        Broken("CPRO-SERVICE-LONG", valid(buyer_reference="S" * 101)),
        Broken("CPRO-ENGAGEMENT-LONG", valid(purchase_order_reference="E" * 51)),
        Broken("CPRO-MARCHE-LONG", valid(contract_reference="M" * 51)),
    ]


def _amounts() -> list[Broken]:
    whole = valid()
    return [
        Broken("CPRO-PAIEMENT", valid(payment_means=())),
        Broken("CPRO-S2.05", valid(payment_means=(paid_to(IBAN, code="15"),))),
        Broken("CPRO-G1.16", valid(payment_means=(paid_to("12345"),))),
        Broken("CPRO-MONTANTS", valid(totals=None, tax_totals=())),
        Broken("CPRO-HT", with_totals(tax_exclusive_amount=None)),
        Broken("CPRO-TTC", with_totals(tax_inclusive_amount=None)),
        Broken("CPRO-NET", with_totals(payable_amount=None)),
        Broken("CPRO-MONTANT-LONG", with_totals(prepaid_amount="0.0000000")),
        Broken("CPRO-A-PAYER", with_totals(payable_amount="100")),
        Broken("CPRO-A-PAYER-TROP", with_totals(payable_amount="500")),
        Broken("CPRO-AVOIR-NEGATIF", negative(credit_note("F-0"))),
        Broken("CPRO-FACTURE-NEGATIVE", negative(valid())),
        Broken("CPRO-TOTAUX", with_totals(tax_inclusive_amount="120.02", payable_amount="120.02")),
        Broken("CPRO-PRIX-BRUT", with_line(price=Price(net=Decimal(100), gross=Decimal(100)))),
        Broken(
            "CPRO-TVA-CATEGORIE",
            replace(
                with_line(vat=VatCategory(rate=Decimal(20))),
                vat_breakdown=(replace(whole.vat_breakdown[0], category=VatCategory(rate=Decimal(20))),),
            ),
        ),
        Broken("CPRO-TVA", replace(whole, vat_breakdown=(replace(whole.vat_breakdown[0], tax_amount=None),))),
    ]


def _attachments() -> list[Broken]:
    return [
        Broken("CPRO-PJ-VIDE", attached("bon.pdf", content=None)),
        Broken("CPRO-REFERENCE-SANS-FICHIER", valid(tender_reference="MAPA-12")),
        Broken("CPRO-REFERENCE-SANS-FICHIER", valid(invoiced_object=Identifier("COMPTEUR-7"))),
        Broken("CPRO-PJ-NOM", attached("b" * 47 + ".pdf")),
        Broken("CPRO-PJ-EXTENSION", attached("bon.exe")),
        Broken("CPRO-PJ-TAILLE", attached("bon.pdf"), limits={"MAX_FILE_BYTES": 5}),
        Broken("CPRO-PJ-TOTAL", attached("bon.pdf", "plan.pdf"), limits={"MAX_FOLDER_BYTES": 11}),
    ]


def _recipients() -> list[Broken]:
    def demanding(**wanted: Any) -> Recipient:
        return Recipient(BUYER, COMMUNE, **wanted)

    def serving(**wanted: Any) -> Recipient:
        return demanding(services={"A": RecipientService("A", **wanted)})

    return [
        Broken("ANNUAIRE-DESTINATAIRE-INCONNU", valid(), recipient=Recipient(SELLER, "Les Cordes")),
        Broken("ANNUAIRE-DESTINATAIRE-INACTIF", valid(), recipient=demanding(is_active=False)),
        Broken(
            "ANNUAIRE-DESTINATAIRE-REMPLACE",
            valid(),
            recipient=demanding(is_active=False, replaced_by="21990001600029"),
        ),
        Broken("ANNUAIRE-SERVICE-INCONNU", valid(buyer_reference="VOIRIE"), recipient=demanding()),
        Broken("ANNUAIRE-SERVICE-INACTIF", valid(buyer_reference="A"), recipient=serving(is_active=False)),
        Broken("ANNUAIRE-SERVICE-RESERVE", valid(buyer_reference="A"), recipient=serving(is_for_public_sellers=True)),
        Broken("ANNUAIRE-SERVICE-ABSENT", valid(), recipient=demanding(service_required=True)),
        Broken("ANNUAIRE-ENGAGEMENT-ABSENT", valid(), recipient=demanding(commitment_required=True)),
        *(
            Broken(rule, valid(purchase_order_reference="E-1"), recipient=demanding(unknown_commitment=what))
            for rule, what in (
                ("ANNUAIRE-ENGAGEMENT-A-VERIFIER", "remark"),
                ("ANNUAIRE-ENGAGEMENT-INCONNU", "refusal"),
            )
        ),
        Broken("ANNUAIRE-SERVICE-OU-ENGAGEMENT", valid(), recipient=demanding(service_or_commitment_required=True)),
    ]


CASES = (*_document(), *_parties(), *_amounts(), *_attachments(), *_recipients())


@dataclass(frozen=True)
class Odd:
    """What only Plainchant tells, as a warning: ``spoil`` changes the bytes of a valid invoice where no model can."""

    rule: str
    invoice: Invoice
    spoil: Callable[[bytes], bytes] = bytes


def _put(ubl: bytes, cii: bytes, instead: bytes, instead_in_cii: bytes | None = None) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        changed = data.replace(ubl, instead, 1) if ubl in data else data.replace(cii, instead_in_cii or instead, 1)
        assert changed != data
        return changed

    return spoil


ODDITIES = (
    Odd("PLC-DATE", valid(), _put(b"2026-11-03", b"20261103", b"2026-11-31", b"20261131")),
    Odd("PLC-NOMBRE", valid(), _put(b'"C62">1<', b'"C62">1<', b'"C62">un<')),
    Odd("PLC-LIGNE", with_line(quantity=Decimal(10))),
    Odd("PLC-QUANTITE-DE-BASE", with_line(price=Price(net=Decimal(100), base_quantity=Decimal(0)))),
    Odd("PLC-IBAN", valid(payment_means=(paid_to("FR7630006000011234567890188"),))),
    Odd("PLC-SIRET", known_as("buyer", siret("73282932000075"))),
    Odd("PLC-TVA", taxed_as("FR33123456782")),
    Odd("PLC-TVA-SIREN", taxed_as("FR44732829320", Identifier(SELLER[:9], "0002"))),
    Odd("PLC-GLN", reached_at(Identifier("4006381333932", "0088"))),
)
