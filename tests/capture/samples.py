"""Invoices as artists and small firms write them, drawn at run time, each with what a person would read on it.

Their pages are in `pages/`. Everyone and every number here is invented; the SIRETs only have right check digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

PAGES = Path(__file__).with_name("pages")


@dataclass(frozen=True)
class Sample:
    source: str
    expected: dict[str, str]

    @property
    def pdf(self) -> bytes:
        return drawn(self.source)


def source_of(name: str) -> str:
    """The source of one of `pages/`."""
    return (PAGES / f"{name}.typ").read_text()


@cache
def drawn(source: str) -> bytes:
    """Typst source to PDF bytes, on A4."""
    page = '#set page(paper: "a4", margin: 2cm)\n#set text(size: 10pt)\n'
    return bytes(typst.compile((page + source).encode()))


SAMPLES: dict[str, Sample] = {
    "artist, one column, no VAT": Sample(
        source_of("artist-one-column-no-vat"),
        {
            "number": "2026-07",
            "issue_date": "2026-03-12",
            "seller_siret": "90210001500012",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "BC2026-118",
            "tax_exclusive_amount": "486.50",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "486.50",
            "payable_amount": "486.50",
            "iban": "FR7630006000011234567890189",
            "currency": "EUR",
            "type_code": "380",
        },
    ),
    "small firm, two columns, footer": Sample(
        source_of("small-firm-two-columns-footer"),
        {
            "number": "FA-2026-0231",
            "issue_date": "2026-04-02",
            "due_date": "2026-05-02",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "2103456789",
            "buyer_reference": "FAC0000044",
            "tax_exclusive_amount": "3200.00",
            "tax_amount": "640.00",
            "tax_inclusive_amount": "3840.00",
            "payable_amount": "3000.00",
            "type_code": "380",
        },
    ),
    "fees, vertical totals, several rates": Sample(
        source_of("fees-vertical-totals-several-rates"),
        {
            "number": "NH-14/2026",
            "issue_date": "2026-11-03",
            "due_date": "2026-12-03",
            "seller_siret": "51100222200012",
            "buyer_siret": "20099988600019",
            "contract_reference": "2026-MAPA-045",
            "purchase_order_reference": "4500012345",
            "tax_exclusive_amount": "1200.00",
            "tax_amount": "211.00",
            "tax_inclusive_amount": "1411.00",
            "currency": "EUR",
        },
    ),
    "credit note": Sample(
        source_of("credit-note"),
        {
            "number": "AV-2026-003",
            "issue_date": "2026-06-15",
            "type_code": "381",
            "seller_siret": "79933344800030",
            "buyer_siret": "26990077500108",
            "tax_exclusive_amount": "-500.00",
            "tax_amount": "-27.50",
            "tax_inclusive_amount": "-527.50",
        },
    ),
    "labels over values, buyer on the left": Sample(
        source_of("labels-over-values-buyer-on-the-left"),
        {
            "number": "0098",
            "issue_date": "2026-01-09",
            "due_date": "2026-02-08",
            "seller_siret": "38877766600057",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26VB0007",
            "buyer_reference": "CULTURE",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "100.00",
            "tax_inclusive_amount": "1100.00",
            "iban": "FR1420041010050500013M02606",
        },
    ),
    "letter, sentences": Sample(
        source_of("letter-sentences"),
        {
            "number": "12/2026",
            "issue_date": "2026-06-01",
            "due_date": "2026-07-01",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "tax_exclusive_amount": "1250.00",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "1250.00",
            "payable_amount": "1250.00",
        },
    ),
    "software export, boxed heading": Sample(
        source_of("software-export-boxed-heading"),
        {
            "number": "FAC00000412",
            "issue_date": "2026-02-28",
            "due_date": "2026-03-30",
            "purchase_order_reference": "EJ1507654321",
            "seller_siret": "51100222200012",
            "buyer_siret": "20099988600019",
            "tax_exclusive_amount": "244.70",
            "tax_amount": "13.46",
            "tax_inclusive_amount": "258.16",
            "payable_amount": "258.16",
        },
    ),
    "both parties as labelled lines": Sample(
        source_of("both-parties-as-labelled-lines"),
        {
            "number": "FV26/0155",
            "issue_date": "2026-05-05",
            "due_date": "2026-06-04",
            "seller_siret": "79933344800030",
            "buyer_siret": "21990001600011",
            "buyer_reference": "CRD-01",
            "purchase_order_reference": "E26-00981",
            "contract_reference": "CT-2026-9",
            "tax_exclusive_amount": "2000.00",
            "tax_amount": "400.00",
            "tax_inclusive_amount": "2400.00",
            "currency": "EUR",
        },
    ),
    "artist with contributions withheld": Sample(
        source_of("artist-with-contributions-withheld"),
        {
            "number": "2026_015",
            "issue_date": "2026-06-20",
            "due_date": "2026-07-20",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "1400098765",
            "tax_exclusive_amount": "1500.00",
            "tax_amount": "150.00",
            "tax_inclusive_amount": "1650.00",
            "payable_amount": "1650.00",
        },
    ),
    "totals on the second page": Sample(
        source_of("totals-on-the-second-page"),
        {
            "number": "260042",
            "issue_date": "2026-09-30",
            "due_date": "2026-10-30",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "0451278",
            "tax_exclusive_amount": "12345.60",
            "tax_amount": "2469.12",
            "tax_inclusive_amount": "14814.72",
        },
    ),
    "accountant's model, references at the right": Sample(
        source_of("accountant-s-model-references-at-the-right"),
        {
            "number": "RA-2026-0009",
            "issue_date": "2026-04-07",
            "seller_siret": "38877766600057",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26D00451",
            "tax_exclusive_amount": "2800.00",
            "tax_amount": "560.00",
            "tax_inclusive_amount": "3360.00",
            "payable_amount": "3360.00",
        },
    ),
    "sole trader, capitals, no decimals": Sample(
        source_of("sole-trader-capitals-no-decimals"),
        {
            "number": "338",
            "issue_date": "2026-08-14",
            "seller_siret": "51100222200012",
            "buyer_siret": "26990077500108",
            "purchase_order_reference": "CC260112",
            "tax_exclusive_amount": "720.00",
            "tax_amount": "144.00",
            "tax_inclusive_amount": "864.00",
        },
    ),
    "association, subsidy-like, payment slip": Sample(
        source_of("association-subsidy-like-payment-slip"),
        {
            "number": "2026/031",
            "issue_date": "2026-09-18",
            "seller_siret": "79933344800030",
            "buyer_siret": "20099988600019",
            "buyer_reference": "TH-PROD",
            "purchase_order_reference": "4400001278",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "55.00",
            "tax_inclusive_amount": "1055.00",
        },
    ),
    "works statement, retention and down payment": Sample(
        source_of("works-statement-retention-and-down-payment"),
        {
            "number": "S3-2026-88",
            "issue_date": "2026-10-31",
            "due_date": "2026-11-30",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "contract_reference": "2025-TRX-19",
            "tax_exclusive_amount": "10000.00",
            "tax_amount": "1000.00",
            "tax_inclusive_amount": "11000.00",
            "payable_amount": "9000.00",
        },
    ),
    "values under labels in a left column, narrow no-break spaces": Sample(
        source_of("values-under-labels-in-a-left-column-narrow-no-break-spaces"),
        {
            "number": "F-00871",
            "issue_date": "2026-06-30",
            "due_date": "2026-07-30",
            "seller_siret": "90210001500012",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "PO-5512",
            "tax_exclusive_amount": "14000.00",
            "tax_amount": "2800.00",
            "tax_inclusive_amount": "16800.00",
        },
    ),
    "bare note, only the essentials": Sample(
        source_of("bare-note-only-the-essentials"),
        {
            "number": "7",
            "issue_date": "2026-02-02",
            "seller_siret": "51100222200012",
            "buyer_siret": "21990001600011",
            "tax_exclusive_amount": "528.00",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "528.00",
        },
    ),
    "utility-like, customer numbers everywhere": Sample(
        source_of("utility-like-customer-numbers-everywhere"),
        {
            "issue_date": "2026-12-03",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "contract_reference": "88123-A",
            "buyer_reference": "BM-01",
            "purchase_order_reference": "1512345678",
            "tax_exclusive_amount": "63.25",
            "tax_amount": "12.65",
            "tax_inclusive_amount": "75.90",
            "payable_amount": "75.90",
        },
    ),
    "letter-spaced heading, chorus wording": Sample(
        source_of("letter-spaced-heading-chorus-wording"),
        {
            "number": "VX 2026-118",
            "issue_date": "2026-05-11",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "buyer_reference": "RECT-07",
            "purchase_order_reference": "1456789012",
            "tax_exclusive_amount": "4166.67",
            "tax_amount": "833.33",
            "tax_inclusive_amount": "5000.00",
        },
    ),
    "down payment, sentence totals": Sample(
        source_of("down-payment-sentence-totals"),
        {
            "number": "FA-2026-12",
            "issue_date": "2026-01-21",
            "due_date": "2026-02-20",
            "seller_siret": "38877766600057",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "4500098123",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "200.00",
            "tax_inclusive_amount": "1200.00",
        },
    ),
    "no role words at all": Sample(
        source_of("no-role-words-at-all"),
        {
            "number": "2026/44",
            "issue_date": "2026-03-03",
            "seller_siret": "51100222200012",
            "buyer_siret": "21990001600011",
            "tax_exclusive_amount": "455.80",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "455.80",
        },
    ),
    "coloured banner, details block at the right": Sample(
        source_of("coloured-banner-details-block-at-the-right"),
        {
            "number": "PP-00231",
            "issue_date": "2026-06-09",
            "due_date": "2026-07-09",
            "seller_siret": "84512377700029",
            "buyer_siret": "26990077500108",
            "buyer_reference": "SDIS-COM",
            "purchase_order_reference": "EJ-2026-7788",
            "tax_exclusive_amount": "1680.00",
            "tax_amount": "336.00",
            "tax_inclusive_amount": "2016.00",
            "payable_amount": "2016.00",
            "iban": "FR7630006000011234567890189",
        },
    ),
    "author's rights note, withheld contributions": Sample(
        source_of("author-s-rights-note-withheld-contributions"),
        {
            "number": "26-05",
            "issue_date": "2026-04-30",
            "seller_siret": "90210001500012",
            "buyer_siret": "21990001600011",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "100.00",
            "tax_inclusive_amount": "1100.00",
            "payable_amount": "1005.61",
        },
    ),
    "three rates in a table, discount": Sample(
        source_of("three-rates-in-a-table-discount"),
        {
            "number": "26-10-0417",
            "issue_date": "2026-10-17",
            "due_date": "2026-11-16",
            "seller_siret": "79933344800030",
            "buyer_siret": "13000999600047",
            "buyer_reference": "DRH_RECEP",
            "tax_exclusive_amount": "950.00",
            "tax_amount": "100.95",
            "tax_inclusive_amount": "1050.95",
            "payable_amount": "1050.95",
        },
    ),
    "boxes with labels and references to recall": Sample(
        source_of("boxes-with-labels-and-references-to-recall"),
        {
            "number": "2026.06.11",
            "issue_date": "2026-06-11",
            "seller_siret": "79933344800030",
            "buyer_siret": "20099988600019",
            "contract_reference": "2026S0042",
            "purchase_order_reference": "CU260345",
            "buyer_reference": "CULT",
            "tax_exclusive_amount": "2500.00",
            "tax_amount": "137.50",
            "tax_inclusive_amount": "2637.50",
            "iban": "FR7630006000011234567890189",
        },
    ),
    "bilingual": Sample(
        source_of("bilingual"),
        {
            "number": "INV-0045",
            "issue_date": "2026-02-05",
            "due_date": "2026-03-07",
            "seller_siret": "51100222200012",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "4501234567",
            "tax_exclusive_amount": "3000.00",
            "tax_amount": "600.00",
            "tax_inclusive_amount": "3600.00",
        },
    ),
    "monospaced listing": Sample(
        source_of("monospaced-listing"),
        {
            "number": "000457",
            "issue_date": "2026-05-19",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "26-0099123",
            "buyer_reference": "DRI",
            "tax_exclusive_amount": "8450.00",
            "tax_amount": "1690.00",
            "tax_inclusive_amount": "10140.00",
            "payable_amount": "10140.00",
        },
    ),
    "freelance, columns without frames": Sample(
        source_of("freelance-columns-without-frames"),
        {
            "number": "ZI-26-03",
            "issue_date": "2026-03-03",
            "due_date": "2026-04-02",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "tax_inclusive_amount": "2200.00",
            "tax_exclusive_amount": "2200.00",
            "tax_amount": "0.00",
            "purchase_order_reference": "EJ26-17",
        },
    ),
    "printer, delivery notes": Sample(
        source_of("printer-delivery-notes"),
        {
            "number": "F2603-0182",
            "issue_date": "2026-03-27",
            "due_date": "2026-04-26",
            "seller_siret": "84512377700029",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26-441",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "200.00",
            "tax_inclusive_amount": "1200.00",
        },
    ),
    "amounts inside a sentence": Sample(
        source_of("amounts-inside-a-sentence"),
        {
            "number": "26/118",
            "issue_date": "2026-06-02",
            "due_date": "2026-07-02",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "0000456789",
            "buyer_reference": "CNE_COM",
            "tax_exclusive_amount": "1300.00",
            "tax_amount": "260.00",
            "tax_inclusive_amount": "1560.00",
        },
    ),
    "one SIRET only": Sample(
        source_of("one-siret-only"),
        {
            "number": "GS/26/07",
            "issue_date": "2026-02-08",
            "seller_siret": "84512377700029",
            "purchase_order_reference": "26MUS045",
            "tax_exclusive_amount": "3000.00",
            "tax_amount": "165.00",
            "tax_inclusive_amount": "3165.00",
        },
    ),
    "replaces another invoice": Sample(
        source_of("replaces-another-invoice"),
        {
            "number": "2026-12",
            "issue_date": "2026-02-10",
            "seller_siret": "90210001500012",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "998877",
            "tax_exclusive_amount": "100.00",
            "tax_amount": "20.00",
            "tax_inclusive_amount": "120.00",
        },
    ),
    "headings over two dates and two numbers": Sample(
        source_of("headings-over-two-dates-and-two-numbers"),
        {
            "number": "NU-555",
            "issue_date": "2026-01-31",
            "due_date": "2026-03-02",
            "seller_siret": "38877766600057",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "BC-0091",
            "tax_exclusive_amount": "615.00",
            "tax_amount": "123.00",
            "tax_inclusive_amount": "738.00",
            "payable_amount": "738.00",
        },
    ),
    "buyer first, seller in the footer": Sample(
        source_of("buyer-first-seller-in-the-footer"),
        {
            "number": "FC-2603",
            "issue_date": "2026-03-14",
            "due_date": "2026-04-13",
            "seller_siret": "51100222200012",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26-001245",
            "buyer_reference": "402",
            "tax_exclusive_amount": "525.00",
            "tax_amount": "105.00",
            "tax_inclusive_amount": "630.00",
        },
    ),
    "subcontractor, reverse charge": Sample(
        source_of("subcontractor-reverse-charge"),
        {
            "number": "26F019",
            "issue_date": "2026-07-06",
            "due_date": "2026-08-05",
            "seller_siret": "79933344800030",
            "buyer_siret": "20099988600019",
            "contract_reference": "26M012",
            "purchase_order_reference": "2198765432",
            "tax_exclusive_amount": "7500.00",
            "tax_amount": "0.00",
            "payable_amount": "7500.00",
        },
    ),
}
