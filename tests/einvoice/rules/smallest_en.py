"""The smallest invoice of each VAT category, and for each rule of EN 16931 the smallest change that breaks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from plainchant.einvoice.model import (
    Address,
    AllowanceCharge,
    Classification,
    CreditTransfer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    Party,
    PaymentCard,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxTotal,
    Totals,
    VatBreakdown,
    VatCategory,
)
from plainchant.einvoice.rules.vat import CATEGORIES, Category
from tests.einvoice.rules.smallest_fr import CII, UBL, Case

RATES: dict[str, Decimal | None] = {
    "S": Decimal(20),
    "Z": Decimal(0),
    "E": Decimal(0),
    "AE": Decimal(0),
    "K": Decimal(0),
    "G": Decimal(0),
    "O": None,
    "L": Decimal(7),
    "M": Decimal(4),
    "B": Decimal(22),
}
BY_RATE = ("S", "L", "M", "B")  # one row of the breakdown for each rate; the others have one in all
REASONED = ("E", "AE", "K", "G", "O")
SELLER_SIREN, BUYER_SIREN, OTHER_SIREN = "123456782", "732829320", "111111118"
HUNDRED, ZERO = Decimal(100), Decimal(0)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
UNKNOWN = "QQQ"  # a code of no list


def vat(category: str = "S", **changes: Any) -> VatCategory:
    return replace(VatCategory(code=category, rate=RATES[category]), **changes)


def line(code: str = "S", **changes: Any) -> Line:
    known = Line(
        identifier="1",
        quantity=Decimal(1),
        unit="C62",
        net_amount=Decimal("100.00"),
        price=Price(net=Decimal("100.00")),
        vat=vat(code),
        item=Item(name="Concert"),
    )
    return replace(known, **changes)


def allowance(code: str = "S", **changes: Any) -> AllowanceCharge:
    """An allowance or a charge: which of the two it is, the list that holds it says."""
    return replace(AllowanceCharge(amount=Decimal("10.00"), reason="Fidélité", vat=vat(code)), **changes)


def row(code: str = "S", base: str = "100.00", **changes: Any) -> VatBreakdown:
    """A row of the breakdown with the tax its rate gives."""
    rate = RATES[code] or ZERO
    reason = "Article du code" if code in REASONED else None
    known = VatBreakdown(
        taxable_amount=Decimal(base),
        tax_amount=_cents(Decimal(base) * rate / HUNDRED),
        category=vat(code, exemption_reason=reason),
    )
    return replace(known, **changes)


def rows_of(
    lines: Iterable[Line], allowances: Iterable[AllowanceCharge], charges: Iterable[AllowanceCharge]
) -> tuple[VatBreakdown, ...]:
    """The breakdown that these lines, allowances and charges want."""
    bases: dict[tuple[str, Decimal | None], Decimal] = {}
    parts = [(one.vat, one.net_amount or ZERO) for one in lines]
    parts += [(one.vat, -(one.amount or ZERO)) for one in allowances]
    parts += [(one.vat, one.amount or ZERO) for one in charges]
    for category, amount in parts:
        if category is not None and category.code in RATES:
            key = (category.code, category.rate if category.code in BY_RATE else RATES[category.code])
            bases[key] = bases.get(key, ZERO) + amount
    made = []
    for (code, rate), base in bases.items():
        one = row(code, str(_cents(base)))
        tax = _cents(base * (rate or ZERO) / HUNDRED)
        made.append(replace(one, tax_amount=tax, category=replace(one.category, rate=rate)))
    return tuple(made)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return _cents(sum((amount for amount in amounts if amount is not None), ZERO))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01")) + ZERO  # which makes -0.00 a plain 0.00


def invoice(
    *lines: Line,
    allowances: tuple[AllowanceCharge, ...] = (),
    charges: tuple[AllowanceCharge, ...] = (),
    rows: tuple[VatBreakdown, ...] | None = None,
    **changes: Any,
) -> Invoice:
    """An invoice of these lines whose totals agree with them, and with ``rows``, the breakdown, if it is given."""
    rows = rows_of(lines, allowances, charges) if rows is None else rows
    net, less, more, tax = (
        _sum(amounts)
        for amounts in (
            (one.net_amount for one in lines),
            (one.amount for one in allowances),
            (one.amount for one in charges),
            (one.tax_amount for one in rows),
        )
    )
    gross = net - less + more + tax
    codes = {one.vat.code for one in (*lines, *allowances, *charges) if one.vat}
    codes |= {one.category.code for one in rows if one.category}
    country = "IT" if "B" in codes else "FR"
    has_numbers = "O" not in codes  # what is not subject to VAT knows no VAT number
    known = Invoice(
        specification="urn:cen.eu:en16931:2017",
        number="F2026-001",
        issue_date=date(2026, 11, 3),
        type_code="380",
        currency="EUR",
        seller=party("Les Cordes", SELLER_SIREN, country, has_number=has_numbers),
        buyer=party("Commune de Vézelay", BUYER_SIREN, country, has_number=has_numbers),
        delivery=Delivery(actual_date=FIRST, address=Address(country="IT")) if "K" in codes else None,
        allowances=allowances,
        charges=charges,
        totals=Totals(
            line_extension_amount=net,
            allowance_total_amount=less if allowances else None,
            charge_total_amount=more if charges else None,
            tax_exclusive_amount=net - less + more,
            tax_inclusive_amount=gross,
            payable_amount=gross,
        ),
        tax_totals=(TaxTotal(amount=tax, currency="EUR"),),
        vat_breakdown=rows,
        lines=lines,
    )
    return replace(known, **changes)


def vat_number(siren: str) -> str:
    """With the key that agrees."""
    return f"FR{int(siren + '12') % 97:02d}{siren}"


def party(name: str, siren: str, country: str = "FR", *, has_number: bool = True) -> Party:
    return Party(
        name=name,
        legal_registration=Identifier(siren, "0002"),
        vat_identifier=vat_number(siren) if has_number else None,
        address=Address(country=country),
    )


def valid(code: str = "S", **changes: Any) -> Invoice:
    return replace(invoice(line(code)), **changes)


VALID = {code: valid(code) for code in RATES}


def with_line(**changes: Any) -> Invoice:
    return invoice(line(**changes))


def with_totals(**changes: Any) -> Invoice:
    """With these totals, those of ``Totals`` or None; strings are amounts."""
    whole = valid()
    amounts = {field: Decimal(value) if isinstance(value, str) else value for field, value in changes.items()}
    return replace(whole, totals=replace(whole.totals, **amounts))


def with_party(side: str, **changes: Any) -> Invoice:
    whole = valid()
    return replace(whole, **{side: replace(getattr(whole, side), **changes)})


def with_row(**changes: Any) -> Invoice:
    return valid(vat_breakdown=(row(**changes),))


def with_agent(**changes: Any) -> Invoice:
    known = Party(name="Fiscal et Cie", vat_identifier=vat_number(OTHER_SIREN), address=Address(country="FR"))
    return valid(tax_representative=replace(known, **changes))


def paid_by(code: str | None, **changes: Any) -> Invoice:
    return valid(payment_means=(PaymentMeans(code=code, **changes),))


def without_numbers(whole: Invoice) -> Invoice:
    """The same where nobody has a VAT number."""
    seller, buyer = (replace(side, vat_identifier=None) for side in (whole.seller, whole.buyer))
    return replace(whole, seller=seller, buyer=buyer)


def numbered(whole: Invoice) -> Invoice:
    """The same where the seller has one."""
    return replace(whole, seller=replace(whole.seller, vat_identifier=vat_number(SELLER_SIREN)))


def _differing(rule: str, broken: Invoice, *, ubl: tuple[str, ...] = (), cii: tuple[str, ...] = ()) -> list[Case]:
    """One change that the two official texts judge differently."""
    return [Case(rule, broken, also=ubl, syntaxes=UBL), Case(rule, broken, also=cii, syntaxes=CII)]


def _document() -> list[Case]:
    wanted = ("specification", "number", "issue_date", "type_code")
    return [
        *(Case(f"BR-0{number}", valid(**{field: None})) for number, field in enumerate(wanted, 1)),
        Case("BR-05", valid(currency=None)),
        Case("BR-06", with_party("seller", name=None)),
        Case("BR-07", with_party("buyer", name=None)),
        *_differing("BR-08", with_party("seller", address=None), cii=("BR-09",)),
        Case("BR-09", with_party("seller", address=Address())),
        *_differing("BR-10", with_party("buyer", address=None), cii=("BR-11",)),
        Case("BR-11", with_party("buyer", address=Address())),
        Case("BR-12", with_totals(line_extension_amount=None), also=("BR-CO-10", "BR-CO-13")),
        Case("BR-13", with_totals(tax_exclusive_amount=None), also=("BR-CO-13", "BR-CO-15")),
        Case("BR-14", with_totals(tax_inclusive_amount=None), also=("BR-CO-15", "BR-CO-16")),
        Case("BR-15", with_totals(payable_amount=None), also=("BR-CO-16",)),
        Case("BR-16", invoice(rows=(row("B", "0.00"),))),
        Case("BR-17", valid(payee=Party())),
        Case("BR-18", with_agent(name=None)),
        *_differing("BR-19", with_agent(address=None), cii=("BR-20",)),
        Case("BR-20", with_agent(address=Address())),
        Case("BR-29", valid(period=Period(start=LAST, end=FIRST))),
        Case("BR-52", valid(supporting_documents=(SupportingDocument(),))),
        *_differing("BR-53", valid(accounting_currency="SEK"), cii=("BR-DEC-15",)),
        Case("BR-55", valid(preceding_invoices=(PrecedingInvoice(),))),
        Case("BR-56", with_agent(vat_identifier=None)),
        Case("BR-57", valid(delivery=Delivery(address=Address()))),
        Case("BR-62", with_party("seller", electronic_address=Identifier("chez-nous"))),
        Case("BR-63", with_party("buyer", electronic_address=Identifier("chez-eux"))),
    ]


def _lines() -> list[Case]:
    def having(**changes: Any) -> Invoice:
        return with_line(item=Item(name="Concert", **changes))

    return [
        Case("BR-21", with_line(identifier=None)),
        Case("BR-22", with_line(quantity=None)),
        Case("BR-23", with_line(unit=None)),
        Case("BR-24", invoice(line("Z", net_amount=None))),
        Case("BR-25", with_line(item=Item())),
        Case("BR-26", with_line(price=Price()), also=("BR-27",)),
        Case("BR-27", with_line(price=Price(net=Decimal(-1)))),
        Case("BR-28", with_line(price=Price(net=Decimal(1), gross=Decimal(-1)))),
        Case("BR-30", with_line(period=Period(start=LAST, end=FIRST))),
        Case("BR-54", having(attributes=(ItemAttribute(name="Couleur"),))),
        Case("BR-64", having(standard_identifier=Identifier("3012345678901"))),
        Case("BR-65", having(classifications=(Classification("92312240"),))),
        Case("BR-CO-04", invoice(line(), line(identifier="2", vat=None))),
        Case("BR-CO-20", with_line(period=Period())),
    ]


def _allowances() -> list[Case]:
    cases = []
    for group, amount, category, reason, either in (
        ("allowances", "BR-31", "BR-32", "BR-33", "BR-CO-21"),
        ("charges", "BR-36", "BR-37", "BR-38", "BR-CO-22"),
    ):

        def having(*, of: str = group, **changes: Any) -> Invoice:
            return invoice(line(), **{of: (allowance(**changes),)})

        cases += [
            Case(amount, having(amount=None)),
            Case(category, having(vat=None)),
            Case(reason, having(reason=None), also=(either,)),
            Case(either, having(reason=None), also=(reason,)),
        ]
    for group, amount, reason, either in (
        ("allowances", "BR-41", "BR-42", "BR-CO-23"),
        ("charges", "BR-43", "BR-44", "BR-CO-24"),
    ):

        def on_line(*, of: str = group, **changes: Any) -> Invoice:
            return with_line(**{of: (replace(allowance(), vat=None, **changes),)})

        cases += [
            Case(amount, on_line(amount=None)),
            Case(reason, on_line(reason=None), also=(either,)),
            Case(either, on_line(reason=None), also=(reason,)),
        ]
    return cases


def _payment() -> list[Case]:
    nameless = etree.Element("means")  # what only a file can hold in CII: a means of payment that says nothing
    return [
        Case("BR-49", paid_by(None, source=nameless)),
        Case("BR-50", paid_by("30", credit_transfer=CreditTransfer(account=""))),
        Case("BR-51", paid_by("48", card=PaymentCard(number="49927398716"))),
        Case("BR-61", paid_by("30"), syntaxes=UBL),
        Case("BR-61", paid_by("30", credit_transfer=CreditTransfer()), also=("BR-50",), syntaxes=CII),
    ]


def _breakdown() -> list[Case]:
    """On category B, whose base and tax no rule of its own looks at."""

    def having(*, rate: Decimal | None = ZERO, **changes: Any) -> Invoice:
        free = vat("B", rate=rate)
        return invoice(line("B", vat=free), rows=(replace(row("B", tax_amount=ZERO, category=free), **changes),))

    return [
        Case("BR-45", having(taxable_amount=None)),
        Case("BR-46", having(tax_amount=None), also=("BR-CO-17",)),
        Case("BR-47", having(category=vat("B", code=None, rate=ZERO))),
        Case("BR-48", having(rate=None)),
        Case("BR-CO-17", having(rate=Decimal(22), tax_amount=Decimal("23.01"))),
        Case("BR-CO-18", invoice(line("B"), rows=())),
    ]


def _agreement() -> list[Case]:
    more = {"tax_inclusive_amount": "120.01", "payable_amount": "120.01"}
    less = {"tax_exclusive_amount": "99.99", "tax_inclusive_amount": "119.99", "payable_amount": "119.99"}
    taxed = (TaxTotal(amount=Decimal("20.01"), currency="EUR"),)
    return [
        Case("BR-CO-03", valid(tax_point_date=FIRST, tax_point_date_code="35")),
        Case("BR-CO-09", with_party("seller", vat_identifier="00123456782")),
        Case("BR-CO-10", with_totals(line_extension_amount="100.01", tax_exclusive_amount="100.01", **more)),
        Case("BR-CO-11", with_totals(allowance_total_amount="0.01", **less)),
        Case("BR-CO-12", with_totals(charge_total_amount="0.01", tax_exclusive_amount="100.01", **more)),
        Case("BR-CO-13", with_totals(tax_exclusive_amount="100.01", **more)),
        Case("BR-CO-14", replace(with_totals(**more), tax_totals=taxed)),
        Case("BR-CO-15", with_totals(**more)),
        Case("BR-CO-16", with_totals(payable_amount="120.01")),
        Case("BR-CO-19", valid(period=Period())),
        Case(
            "BR-CO-26",
            with_party("seller", legal_registration=None, vat_identifier=None, tax_registration="12345"),
        ),
    ]


def _decimals() -> list[Case]:
    """Three digits after the point break these, be the third a zero."""
    of_totals = {
        "09": "line_extension_amount",
        "12": "tax_exclusive_amount",
        "14": "tax_inclusive_amount",
        "18": "payable_amount",
    }
    hundred, ten, nothing = Decimal("100.000"), Decimal("10.000"), Decimal("0.000")
    cases = [
        Case(f"BR-DEC-{number}", with_totals(**{field: f"{getattr(VALID['S'].totals, field)}0"}))
        for number, field in of_totals.items()
    ]
    cases += [
        Case(f"BR-DEC-{number}", with_totals(**{field: nothing}))
        for number, field in (
            ("10", "allowance_total_amount"),
            ("11", "charge_total_amount"),
            ("16", "prepaid_amount"),
            ("17", "rounding_amount"),
        )
    ]
    for group, amount, base in (("allowances", "01", "02"), ("charges", "05", "06")):
        cases += [
            Case(f"BR-DEC-{amount}", invoice(line(), **{group: (allowance(amount=ten),)})),
            Case(f"BR-DEC-{base}", invoice(line(), **{group: (allowance(base_amount=hundred),)})),
        ]
    for group, amount, base in (("allowances", "24", "25"), ("charges", "27", "28")):
        bare = replace(allowance(), vat=None)
        cases += [
            Case(f"BR-DEC-{amount}", with_line(**{group: (replace(bare, amount=ten),)})),
            Case(f"BR-DEC-{base}", with_line(**{group: (replace(bare, base_amount=hundred),)})),
        ]
    mills = TaxTotal(amount=Decimal("20.001"), currency="EUR")
    of_sweden = TaxTotal(amount=Decimal("220.001"), currency="SEK")
    return [
        *cases,
        Case("BR-DEC-13", valid(tax_totals=(mills,)), also=("BR-CO-14",), syntaxes=CII),
        Case(
            "BR-DEC-15",
            valid(accounting_currency="SEK", tax_totals=(*valid().tax_totals, of_sweden)),
            syntaxes=CII,
        ),
        Case("BR-DEC-19", with_row(taxable_amount=hundred)),
        Case("BR-DEC-20", with_row(tax_amount=Decimal("20.000"))),
        Case("BR-DEC-23", with_line(net_amount=hundred)),
    ]


def _category(category: Category) -> list[Case]:
    """The ten rules that every category has. A line of category B stands where one that has no such rules is wanted."""
    code, prefix = category.code, f"BR-{category.prefix}"
    beside = line("B", identifier="2")
    wrong = {"positive": ZERO, "zero": Decimal(5), "absent": ZERO, "not negative": Decimal(-1)}[category.rate]
    badly = vat(code, rate=wrong)
    spoil = numbered if category.seller == "none" else without_numbers
    small = allowance(code, amount=Decimal("1.00"), vat=badly)
    reason = None if code in REASONED else "Article du code"
    companion = line("S" if code != "S" else "Z", identifier="2")
    tax = (RATES[code] or ZERO) + Decimal("1.01") if category.several else Decimal("0.40")
    looked_at = UBL if code in ("L", "M") else (*UBL, *CII)
    if code == "O":  # it bears no other category beside it
        beside, unlisted = line(code), invoice(line(code), rows=(row(code), row(code)))
    else:
        unlisted = invoice(line(code), companion, rows=rows_of((companion,), (), ()))
    alone = spoil(invoice(line(code)))
    of_allowance = spoil(invoice(beside, allowances=(allowance(code),)))
    of_charge = spoil(invoice(beside, charges=(allowance(code),)))
    with_it = {"O": ("BR-O-02",), "S": ("BR-B-02",)}.get(code, ())
    return [
        Case(f"{prefix}-01", unlisted),
        Case(f"{prefix}-02", alone),
        Case(f"{prefix}-03", of_allowance, also=with_it),
        Case(f"{prefix}-04", of_charge, also=with_it),
        Case(f"{prefix}-05", invoice(line(code, net_amount=Decimal("1.00"), vat=badly))),
        Case(f"{prefix}-06", invoice(line(code), allowances=(small,))),
        Case(f"{prefix}-07", invoice(line(code), charges=(small,))),
        Case(
            f"{prefix}-08",
            valid(code, vat_breakdown=(row(code, taxable_amount=Decimal("102.00")),)),
            syntaxes=looked_at,
        ),
        Case(
            f"{prefix}-09",
            invoice(line(code), rows=(row(code, tax_amount=tax),)),
            also=("BR-CO-17",) if category.several else (),
            syntaxes=looked_at,
        ),
        Case(f"{prefix}-10", valid(code, vat_breakdown=(row(code, category=vat(code, exemption_reason=reason)),))),
    ]


def _of_one_category() -> list[Case]:
    """Rules that one category alone has."""
    abroad = Delivery(address=Address(country="IT"))
    outside, other = line("O"), line("B", identifier="2")
    return [
        Case("BR-IC-11", valid("K", delivery=abroad)),
        Case("BR-IC-12", valid("K", delivery=Delivery(actual_date=FIRST))),
        *_differing("BR-O-11", invoice(outside, rows=(row("O"), row("B", "0.00"))), cii=("BR-O-12",)),
        *_differing("BR-O-12", invoice(outside, other, rows=(row("O"),)), cii=("BR-O-11",)),
        *_differing("BR-O-13", invoice(outside, allowances=(allowance("B"),), rows=(row("O"),)), cii=("BR-O-14",)),
        *_differing("BR-O-14", invoice(outside, charges=(allowance("B"),), rows=(row("O"),)), cii=("BR-O-13",)),
        Case("BR-B-01", valid("B", buyer=party("Commune de Vézelay", BUYER_SIREN))),
        Case("BR-B-02", invoice(line("B"), line("S", identifier="2"))),
    ]


def _codes() -> list[Case]:
    """The code lists: readers look at them, in the element of each syntax."""

    def having(**changes: Any) -> Invoice:
        return with_line(item=Item(name="Concert", **changes))

    coded = allowance(reason=None, reason_code=UNKNOWN)
    picture = SupportingDocument(
        reference="A1", type_code="916", content="R0lGOA==", mime_code="image/gif", filename="a.gif"
    )
    foreign = TaxTotal(amount=Decimal("1.00"), currency=UNKNOWN)
    no_category = replace(allowance(amount=Decimal("0.00")), vat=replace(vat("B"), code="X"))
    return [
        Case("BR-CL-01", valid(type_code="999")),
        Case("BR-CL-03", valid(tax_totals=(*valid().tax_totals, foreign))),
        Case(
            "BR-CL-04",
            valid(currency=UNKNOWN, tax_totals=(replace(VALID["S"].tax_totals[0], currency=UNKNOWN),)),
            also=("BR-CL-03",),
        ),
        Case(
            "BR-CL-05",
            valid(accounting_currency=UNKNOWN, tax_totals=(*valid().tax_totals, foreign)),
            also=("BR-CL-03",),
        ),
        Case("BR-CL-06", valid(tax_point_date_code="4")),
        Case("BR-CL-07", valid(invoiced_object=Identifier("1", "ZZZZ"))),
        Case("BR-CL-08", valid(notes=(Note(subject_code=UNKNOWN, text="Merci"),))),
        Case("BR-CL-10", with_party("buyer", identifiers=(Identifier("1", "9999"),))),
        Case("BR-CL-11", with_party("buyer", legal_registration=Identifier("1", "9999"))),
        Case("BR-CL-13", having(classifications=(Classification("1", UNKNOWN + UNKNOWN),))),
        Case("BR-CL-14", with_party("buyer", address=Address(country="ZZ"))),
        Case("BR-CL-15", having(origin_country="ZZ")),
        Case("BR-CL-16", paid_by("999")),
        Case("BR-CL-17", invoice(line(), allowances=(no_category,))),
        Case("BR-CL-18", invoice(line(), line(identifier="2", vat=vat(code="X")))),
        Case("BR-CL-19", invoice(line(), allowances=(coded,))),
        Case("BR-CL-20", invoice(line(), charges=(coded,))),
        Case("BR-CL-21", having(standard_identifier=Identifier("1", "9999"))),
        Case("BR-CL-22", valid("E", vat_breakdown=(row("E", category=vat("E", exemption_reason_code="VATEX-ZZ")),))),
        Case("BR-CL-23", with_line(unit=UNKNOWN)),
        Case("BR-CL-24", valid(supporting_documents=(picture,))),
        Case("BR-CL-25", with_party("buyer", electronic_address=Identifier("1", "9999"))),
        Case("BR-CL-26", valid(delivery=Delivery(location=Identifier("1", "9999")))),
    ]


CASES = (
    *_document(),
    *_lines(),
    *_allowances(),
    *_payment(),
    *_breakdown(),
    *_agreement(),
    *_decimals(),
    *(case for category in CATEGORIES for case in _category(category)),
    *_of_one_category(),
)
CODES = tuple(_codes())

# What cannot be broken on the model, in these syntaxes, and why. Those of the code lists are in CODES, as files.
UNBREAKABLE: dict[str, tuple[tuple[str, ...], str]] = {
    **dict.fromkeys(
        ("BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"),
        ((*UBL, *CII), "whether a reason and its code say the same, no program can tell: the official test is true()"),
    ),
    **dict.fromkeys(
        ("BR-DEC-13", "BR-DEC-15"),
        (UBL, "official: in UBL the test looks for an element that never is where it looks; UBL-DT-01 says it"),
    ),
    **dict.fromkeys(
        ("BR-AF-08", "BR-AF-09", "BR-AG-08", "BR-AG-09"),
        (CII, "official: in CII the test of these two categories is true(), or looks where nothing is"),
    ),
}

# What a file of the same invoice breaks besides: rules on the syntax, and what an element that is missing takes along.
ALSO_IN_A_FILE: dict[tuple[str, str], tuple[str, ...]] = {
    ("BR-01", "cii"): ("CII-SR-009", "CII-SR-010"),
    ("BR-04", "cii"): ("CII-SR-014",),
    ("BR-05", "ubl"): ("BR-CL-03",),
    ("BR-17", "ubl"): ("UBL-SR-19", "UBL-SR-20", "UBL-SR-21"),
    ("BR-22", "ubl"): ("BR-23",),
    ("BR-22", "cii"): ("BR-23",),
    ("BR-26", "cii"): ("CII-SR-439",),
    ("BR-54", "cii"): ("CII-SR-072",),
    ("BR-55", "ubl"): ("UBL-SR-07",),
    ("BR-61", "cii"): ("CII-SR-470",),
    ("BR-64", "cii"): ("CII-SR-046",),
    ("BR-CO-04", "ubl"): ("UBL-SR-48",),
    ("BR-CO-04", "cii"): ("CII-SR-454",),
    **{(case.rule, "ubl"): ("UBL-DT-01",) for case in CASES if case.rule.startswith("BR-DEC")},
}
