"""Invoices as small suppliers write them, for the tests of the page: all made up."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from PIL import Image, ImageDraw

from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.law.mentions import TO_PUBLIC_BUYERS
from plainchant.einvoice.model import (
    Address,
    Contact,
    CreditTransfer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxTotal,
    Totals,
    VatBreakdown,
    VatCategory,
)

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
SELLER = Party(
    name="Camille Aubépin EI",
    identifiers=(Identifier("99910042300014", "0009"),),
    legal_registration=Identifier("999100423", "0002"),
    tax_registration="999100423",
    electronic_address=Identifier("999100423", "0225"),
    address=Address(line_1="12 rue des Tanneurs", postcode="87000", city="Limoges", country="FR"),
    contact=Contact(name="Camille Aubépin", telephone="05 55 00 00 00", email="camille@aubepin.example"),
)
BUYER = Party(
    name="Commune de Sainte-Estampe",
    identifiers=(Identifier("99920042100017", "0009"), Identifier("SCOL-02", "0224")),
    legal_registration=Identifier("999200421", "0002"),
    contact=Contact(department="Service des affaires scolaires"),
    address=Address(line_1="1 place de la Mairie", postcode="87150", city="Sainte-Estampe", country="FR"),
)
FRANCHISE_VAT = VatCategory(
    code="E", rate=Decimal(0), exemption_reason=EXEMPTION_OF[FRANCHISE].mention, exemption_reason_code=FRANCHISE
)


def invoice(*, net: Decimal, vat: VatCategory, item: Item, **others: object) -> Invoice:
    """One line, one rate, sold to a town hall."""
    tax = net * (vat.rate or 0) / 100
    plain = VatCategory(code=vat.code, rate=vat.rate)
    fields: dict[str, object] = {
        "specification": "urn:cen.eu:en16931:2017",
        "business_process": "S1",
        "number": "F-2026-014",
        "issue_date": date(2026, 11, 3),
        "type_code": "380",
        "currency": "EUR",
        "due_date": date(2026, 12, 3),
        "buyer_reference": "SCOL-02",
        "purchase_order_reference": "2026-0412",
        "notes": tuple(Note(subject_code=code, text=text) for code, text in TO_PUBLIC_BUYERS.items()),
        "seller": SELLER,
        "buyer": BUYER,
        "delivery": Delivery(actual_date=date(2026, 10, 12)),
        "payment_means": (
            PaymentMeans(
                code="30",
                credit_transfer=CreditTransfer(account="FR7600000000010000000017736", service_provider="PLCHFRPPXXX"),
            ),
        ),
        "lines": (
            Line(
                identifier="1",
                quantity=Decimal(1),
                unit="C62",
                net_amount=net,
                price=Price(net=net),
                vat=plain,
                item=item,
            ),
        ),
        "totals": Totals(
            line_extension_amount=net,
            tax_exclusive_amount=net,
            tax_inclusive_amount=net + tax,
            payable_amount=net + tax,
        ),
        "tax_totals": (TaxTotal(amount=tax, currency="EUR"),),
        "vat_breakdown": (VatBreakdown(taxable_amount=net, tax_amount=tax, category=vat),),
    }
    return Invoice(**(fields | others))  # type: ignore[arg-type]


def school_visit(**others: object) -> Invoice:
    return invoice(
        net=Decimal(519),
        vat=FRANCHISE_VAT,
        item=Item(name="Rencontre avec une autrice, école Jean-Moulin", description="Une journée, trois classes"),
        **others,
    )


def sculpture() -> Invoice:
    seller = replace(SELLER, name="Ivo Marbrier EI", vat_identifier="FR20999100423", tax_registration=None)
    item = Item(name="« Veilleuse », sculpture originale, pierre calcaire")
    return invoice(
        net=Decimal(4200), vat=VatCategory(code="S", rate=Decimal("5.5")), item=item, seller=seller, number="2026-07"
    )


def credit_note() -> Invoice:
    return school_visit(
        type_code="381",
        number="A-2026-002",
        preceding_invoices=(PrecedingInvoice(number="F-2026-014", issue_date=date(2026, 11, 3)),),
        payment_means=(),
        due_date=None,
        supporting_documents=(
            SupportingDocument(reference="1", type_code="916", description="RIB", filename="rib.pdf"),
        ),
    )


def logo(width: int, height: int, *, mode: str = "RGBA") -> bytes:
    """A PNG with a disc, half transparent where the mode allows it."""
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ImageDraw.Draw(picture).ellipse((0, 0, width - 1, height - 1), fill=(160, 60, 40, 140))
    written = io.BytesIO()
    picture.convert(mode).save(written, "PNG")
    return written.getvalue()
