"""The smallest invoice that keeps every French rule, and for each rule the smallest change that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice.model import (
    Address,
    AllowanceCharge,
    Delivery,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    Party,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxTotal,
    Totals,
    VatBreakdown,
    VatCategory,
)

SELLER_SIREN, BUYER_SIREN, OTHER_SIREN = "123456782", "987654321", "111111118"
OLD, LATE = date(1999, 12, 31), date(2100, 1, 1)


def siret(siren: str) -> Identifier:
    return Identifier(siren + "00012", "0009")


def party(siren: str, **changes: Any) -> Party:
    known = Party(
        name="Les Cordes",
        identifiers=(siret(siren),),
        legal_registration=Identifier(siren, "0002"),
        electronic_address=Identifier(siren, "0225"),
        address=Address(country="FR"),
    )
    return replace(known, **changes)


def vat(**changes: Any) -> VatCategory:
    return replace(VatCategory(code="S", rate=Decimal(20)), **changes)


def line(**changes: Any) -> Line:
    known = Line(
        identifier="1",
        quantity=Decimal(1),
        unit="C62",
        net_amount=Decimal("100.00"),
        price=Price(net=Decimal("100.00")),
        vat=vat(),
        item=Item(name="Concert"),
    )
    return replace(known, **changes)


MENTIONS = (
    Note(subject_code="PMT", text="Indemnité forfaitaire de 40 euros"),
    Note(subject_code="PMD", text="Trois fois le taux légal"),
    Note(subject_code="AAB", text="Pas d’escompte"),
)


def valid(**changes: Any) -> Invoice:
    known = Invoice(
        business_process="S1",
        number="F2026-001",
        issue_date=date(2026, 11, 3),
        type_code="380",
        currency="EUR",
        notes=MENTIONS,
        seller=party(SELLER_SIREN),
        buyer=party(BUYER_SIREN),
        totals=totals(),
        tax_totals=(TaxTotal(amount=Decimal("20.00"), currency="EUR"),),
        vat_breakdown=(breakdown(),),
        lines=(line(),),
    )
    return replace(known, **changes)


def totals(**changes: Any) -> Totals:
    known = Totals(
        line_extension_amount=Decimal("100.00"),
        tax_exclusive_amount=Decimal("100.00"),
        tax_inclusive_amount=Decimal("120.00"),
        payable_amount=Decimal("120.00"),
    )
    return replace(known, **changes)


def breakdown(**changes: Any) -> VatBreakdown:
    known = VatBreakdown(taxable_amount=Decimal("100.00"), tax_amount=Decimal("20.00"), category=vat())
    return replace(known, **changes)


def with_line(**changes: Any) -> Invoice:
    return valid(lines=(line(**changes),))


def with_note(code: str, text: str, **changes: Any) -> Invoice:
    return valid(notes=(*MENTIONS, Note(subject_code=code, text=text)), **changes)


def between_companies(**changes: Any) -> Invoice:
    return with_note("BAR", "B2B", **changes)


def paid(**changes: Any) -> Invoice:
    done = totals(prepaid_amount=Decimal("120.00"), payable_amount=Decimal("0.00"))
    return replace(valid(business_process="S2", totals=done, due_date=date(2026, 11, 1)), **changes)


def of_single_taxable_person(**changes: Any) -> Invoice:
    """A member of a single taxable person (assujetti unique), who says so and names it."""
    known = valid(
        seller=party(SELLER_SIREN, identifiers=(siret(SELLER_SIREN), Identifier(OTHER_SIREN, "0231"))),
        notes=(*MENTIONS, Note(subject_code="TXD", text="MEMBRE_ASSUJETTI_UNIQUE")),
        tax_representative=Party(name="Groupe", vat_identifier="FR32111111118"),
    )
    return replace(known, **changes)


def objects(number: str, cadre: str) -> dict[str, Any]:
    return {
        "object_identifier": Identifier(number, "AFL"),
        "other_object_identifiers": (Identifier(cadre, "AVV"),) if cadre else (),
    }


def part(identifier: str, siren: str, number: str, cadre: str, net: str, tax: str, **changes: Any) -> Line:
    """One seller's part of a grouped invoice."""
    known = line(
        identifier=identifier,
        status_reason_code="GROUP",
        net_amount=Decimal(net),
        seller=party(siren),
        tax_totals=(TaxTotal(amount=Decimal(tax), currency="EUR"),),
        tax_inclusive_amount=Decimal(net) + Decimal(tax),
        **objects(number, cadre),
    )
    return replace(known, **changes)


def detail(identifier: str, parent: str, siren: str, number: str, net: str, **changes: Any) -> Line:
    known = line(
        identifier=identifier,
        parent=parent,
        status_reason_code="DETAIL",
        net_amount=Decimal(net),
        seller=party(siren),
        vat=vat(exemption_reason=f"#{number}#"),
        **objects(number, ""),
    )
    return replace(known, **changes)


def grouped_lines(second: str = OTHER_SIREN) -> tuple[Line, ...]:
    return (
        part("1", SELLER_SIREN, "F2026-001", "S1", "60.00", "12.00"),
        detail("2", "1", SELLER_SIREN, "F2026-001", "60.00"),
        part("3", second, "G-7", "S1", "40.00", "8.00"),
        detail("4", "3", second, "G-7", "40.00"),
    )


def grouped(**changes: Any) -> Invoice:
    """An invoice of two sellers."""
    known = valid(
        business_process="S8",
        lines=grouped_lines(),
        vat_breakdown=(
            breakdown(
                taxable_amount=Decimal("60.00"),
                tax_amount=Decimal("12.00"),
                category=vat(exemption_reason="#F2026-001#"),
            ),
            breakdown(
                taxable_amount=Decimal("40.00"), tax_amount=Decimal("8.00"), category=vat(exemption_reason="#G-7#")
            ),
        ),
    )
    return replace(known, **changes)


def both_ways(**changes: Any) -> Invoice:
    """An invoice where seller and buyer sell to each other."""
    return replace(grouped(business_process="S9", type_code="389", lines=grouped_lines(BUYER_SIREN)), **changes)


def changed(invoice: Invoice, index: int, **changes: Any) -> Invoice:
    """The same with one line changed."""
    lines = list(invoice.lines)
    lines[index] = replace(lines[index], **changes)
    return replace(invoice, lines=tuple(lines))


def correcting(**changes: Any) -> tuple[PrecedingInvoice, ...]:
    return (replace(PrecedingInvoice(number="F2026-000", issue_date=date(2026, 10, 1)), **changes),)


@dataclass(frozen=True)
class Case:
    """``rule`` under its CII id; ``also`` are those that no smaller change would leave out."""

    rule: str
    invoice: Invoice
    also: tuple[str, ...] = ()
    syntaxes: tuple[str, ...] = ("ubl", "cii")


CII, UBL = ("cii",), ("ubl",)
_MILLS = Decimal("1.001")


def _numbers() -> list[Case]:
    cases = []
    for term, make in (
        ("BT-1", lambda number: valid(number=number)),
        ("BT-25", lambda number: valid(preceding_invoices=correcting(number=number))),
        ("EXT-FR-FE-136", lambda number: with_line(preceding_invoices=correcting(number=number))),
    ):
        cases += [Case(f"BR-FR-01_{term}", make("F" * 36)), Case(f"BR-FR-02_{term}", make("F 1"))]
    return cases


def _dates_and_types() -> list[Case]:
    return [
        Case("BR-FR-03_BT-2", valid(issue_date=OLD)),
        Case("BR-FR-03_BT-7", valid(tax_point_date=OLD)),
        Case("BR-FR-03_BT-9", valid(due_date=LATE)),
        Case("BR-FR-03_BT-26", valid(preceding_invoices=correcting(issue_date=OLD))),
        Case("BR-FR-03_BT-72", valid(delivery=Delivery(actual_date=OLD))),
        Case("BR-FR-03_BT-73", valid(period=Period(start=OLD))),
        Case("BR-FR-03_BT-74", valid(period=Period(end=LATE))),
        Case("BR-FR-03_EXT-FR-FE-138", with_line(preceding_invoices=correcting(issue_date=OLD))),
        Case("BR-FR-03_EXT-FR-FE-158", with_line(delivery=Delivery(actual_date=OLD))),
        Case("BR-FR-03_EXT-FR-FE-134", with_line(period=Period(start=OLD))),
        Case("BR-FR-03_EXT-FR-FE-135", with_line(period=Period(end=LATE))),
        Case("BR-FR-04_BT-3", valid(type_code="326")),
        Case("BR-FR-04_EXT-FR-FE-02", valid(preceding_invoices=correcting(type_code="326"))),
        Case("BR-FR-04_EXT-FR-FE-137", with_line(preceding_invoices=correcting(type_code="326"))),
    ]


def _notes() -> list[Case]:
    cases = [
        Case(f"BR-FR-05_BT-22_{code}", valid(notes=tuple(note for note in MENTIONS if note.subject_code != code)))
        for code in ("PMT", "PMD", "AAB")
    ]
    cases += [Case(f"BR-FR-06_BT-21_{code}", with_note(code, "encore")) for code in ("PMT", "PMD", "AAB")]
    twice = (Note(subject_code="TXD", text="x"), Note(subject_code="TXD", text="y"))
    stranger = party(BUYER_SIREN, identifiers=(), legal_registration=None)
    elsewhere = Identifier("chez-eux", "0225")
    return [
        *cases,
        Case("BR-FR-06_BT-21_TXD", valid(notes=(*MENTIONS, *twice))),
        Case("BR-FR-11_BT-47", between_companies(buyer=stranger)),
        Case("BR-FR-20_BT-21", with_note("BAR", "B2G")),
        Case("BR-FR-21_BT-49", between_companies(buyer=party(BUYER_SIREN, electronic_address=elsewhere))),
        Case(
            "BR-FR-22_BT-34",
            between_companies(type_code="389", seller=party(SELLER_SIREN, electronic_address=elsewhere)),
        ),
        Case(
            "BR-FR-31_BT-21",
            valid(notes=(*MENTIONS, Note(subject_code="BAR", text="B2B"), Note(subject_code="BAR", text="B2C"))),
        ),
        Case("BR-FR-CO-14_BT-29-1", of_single_taxable_person(notes=MENTIONS)),
        Case("BR-FR-CO-15_BT-29-1", of_single_taxable_person(tax_representative=Party(name="Groupe"))),
    ]


_PARTIES = {
    "seller": ("BT-29", "BT-34", SELLER_SIREN),
    "buyer": ("BT-46", "BT-49", BUYER_SIREN),
    "payee": ("BT-60", "EXT-FR-FE-29", OTHER_SIREN),
    "buyer_agent": ("EXT-FR-FE-06", "EXT-FR-FE-12", OTHER_SIREN),
    "payer": ("EXT-FR-FE-46", "EXT-FR-FE-52", OTHER_SIREN),
    "seller_agent": ("EXT-FR-FE-69", "EXT-FR-FE-75", OTHER_SIREN),
    "validator": ("EXT-FR-FE-92", "EXT-FR-FE-98", OTHER_SIREN),
    "invoicer": ("EXT-FR-FE-115", "EXT-FR-FE-121", OTHER_SIREN),
}


def _parties() -> list[Case]:
    cases = []
    for field, (term, address_term, siren) in _PARTIES.items():

        def having(*, of: str = field, known: str = siren, **changes: Any) -> Invoice:
            return valid(**{of: party(known, **changes)})

        twice = (Identifier("SERVICE-1", "0224"), Identifier("SERVICE-2", "0224"))
        cases += [
            Case(f"BR-FR-09_{term}", having(identifiers=(siret("000000000"),))),
            Case(f"BR-FR-CO-10_{term}-1", having(identifiers=(Identifier("Lire", None),)), syntaxes=UBL),
            Case(f"BR-FR-CO-10_{term}-2", having(identifiers=twice)),
            Case(f"BR-FR-23_{address_term}", having(electronic_address=Identifier("a/b", "0225"))),
            Case(f"BR-FR-25_{address_term}", having(electronic_address=Identifier("a" * 126, "EM"))),
        ]
    for field, term, siren in (("seller", "BT-29", SELLER_SIREN), ("buyer", "BT-46", BUYER_SIREN)):
        for rule, code in (("BR-FR-24", "le service"), ("BR-FR-26", "S" * 101)):
            routed = party(siren, identifiers=(siret(siren), Identifier(code, "0224")))
            cases.append(Case(f"{rule}_{term}", valid(**{field: routed})))
    return [
        *cases,
        Case("BR-FR-10_BT-30", valid(seller=party(SELLER_SIREN, identifiers=(), legal_registration=None))),
        Case("BR-FR-12_BT-49", valid(buyer=party(BUYER_SIREN, electronic_address=None))),
        Case("BR-FR-13_BT-34", valid(seller=party(SELLER_SIREN, electronic_address=None))),
        Case("BR-FR-32-LEGALID", valid(tax_representative=Party(legal_registration=Identifier("12", "0002")))),
        Case("BR-FR-32-GLOBALID", valid(payee=Party(identifiers=(Identifier("12", "0002"),)))),
        *_places(),
    ]


def _places() -> list[Case]:
    cases = []
    for term, make in (
        ("BT-71", lambda place: valid(delivery=place)),
        ("EXT-FR-FE-146", lambda place: with_line(delivery=place)),
    ):
        wrong = Delivery(location=Identifier("123", "0009"))
        bare = Delivery(location=Identifier("Atelier"))
        again = (Identifier("2", "0088"),)
        twice = Delivery(location=Identifier("1", "0088"), other_locations=again)
        cases += [
            Case(f"BR-FR-09_{term}", make(wrong), syntaxes=("ubl", "cii") if term == "BT-71" else CII),
            Case(f"BR-FR-CO-10_{term}-1", make(bare), syntaxes=UBL),
            Case(f"BR-FR-CO-10_{term}-2", make(twice)),
        ]
    return cases


def _vat() -> list[Case]:
    cases = []
    makers: tuple[tuple[str, str, Callable[[VatCategory], Invoice]], ...] = (
        ("BT-102", "BT-96_BT-103", lambda kind: valid(allowances=(AllowanceCharge(vat=kind),))),
        ("BT-118", "BT-119", lambda kind: valid(vat_breakdown=(breakdown(category=kind),))),
        ("BT-151", "BT-152", lambda kind: with_line(vat=kind)),
    )
    for term, rate_term, make in makers:
        cases += [
            Case(f"BR-FR-15_BT-95_{term}", make(vat(code="B"))),
            Case(f"BR-FR-15_BT-95_{term}_LM", make(vat(code="M")), also=(f"BR-FR-15_BT-95_{term}",)),
            Case(f"BR-FR-16_{rate_term}", make(vat(rate=Decimal(21)))),
            Case(f"BR-FR-DEC-04_{rate_term}", make(vat(rate=Decimal("5.555"))), also=(f"BR-FR-16_{rate_term}",)),
        ]
    return cases


def _documents() -> list[Case]:
    def attached(*kinds: str) -> Invoice:
        return valid(
            supporting_documents=tuple(
                SupportingDocument(reference="A1", type_code="916", description=kind) for kind in kinds
            )
        )

    def having(attribute: ItemAttribute) -> Invoice:
        return with_line(item=Item(name="Concert", attributes=(attribute,)))

    def about(scheme: str, *values: str) -> Invoice:
        first, *others = (Identifier(value, scheme) for value in values)
        return valid(invoiced_object=first, other_invoiced_objects=tuple(others))

    return [
        Case("BR-FR-17_BT-123", attached("Ma facture")),
        Case("BR-FR-18_BT-123", attached("LISIBLE", "LISIBLE")),
        Case("BR-FR-27_BG-32", having(ItemAttribute(value="Bleu")), syntaxes=CII),
        Case("BR-FR-27_BT-160", having(ItemAttribute(name="", value="Bleu")), syntaxes=CII),
        Case("BR-FR-27_EXT-FR-FE-159", having(ItemAttribute(type_code="", value="Bleu")), syntaxes=CII),
        Case("BR-FR-28-Value", having(ItemAttribute(name="Couleur"))),
        Case("BR-FR-29_BT-18", about("AFL", "1", "2"), syntaxes=CII),
        Case("BR-FR-29_AFL", about("AFL", "")),
        Case("BR-FR-29_AVV", about("AVV", "")),
        Case("BR-FR-30_AFL", with_line(object_identifier=Identifier("", "AFL")), syntaxes=UBL),
        Case("BR-FR-30_AVV", with_line(object_identifier=Identifier("", "AVV")), syntaxes=UBL),
    ]


def _amounts() -> list[Case]:
    def allowance(**changes: Any) -> tuple[AllowanceCharge, ...]:
        return (AllowanceCharge(**changes),)

    of_totals = {
        "BT-106": "line_extension_amount",
        "BT-107": "allowance_total_amount",
        "BT-108": "charge_total_amount",
        "BT-109": "tax_exclusive_amount",
        "BT-112": "tax_inclusive_amount",
        "BT-113": "prepaid_amount",
        "BT-114": "rounding_amount",
        "BT-115": "payable_amount",
    }
    fine = Decimal("0.00001")
    return [
        *(Case(f"BR-FR-DEC-01_{term}", valid(totals=totals(**{field: _MILLS}))) for term, field in of_totals.items()),
        Case("BR-FR-DEC-01_BT-92_BT-99", valid(allowances=allowance(amount=_MILLS))),
        Case("BR-FR-DEC-01_BT-93_BT-100", valid(charges=allowance(base_amount=_MILLS))),
        Case("BR-FR-DEC-01_BT-110", valid(tax_totals=(TaxTotal(amount=_MILLS, currency="EUR"),))),
        Case("BR-FR-DEC-01_BT-116", valid(vat_breakdown=(breakdown(taxable_amount=_MILLS),))),
        Case("BR-FR-DEC-01_BT-117", valid(vat_breakdown=(breakdown(tax_amount=_MILLS),))),
        Case("BR-FR-DEC-01_BT-131", with_line(net_amount=_MILLS)),
        Case("BR-FR-DEC-01_BT-136_BT-141", with_line(charges=allowance(amount=_MILLS))),
        Case("BR-FR-DEC-01_BT-137_BT-142", with_line(allowances=allowance(base_amount=_MILLS))),
        Case("BR-FR-DEC-02_BT-129", with_line(quantity=fine)),
        Case("BR-FR-DEC-02_BT-149", with_line(price=Price(net=Decimal(1), base_quantity=fine))),
        Case("BR-FR-DEC-03_BT-146", with_line(price=Price(net=Decimal(-1)))),
        Case("BR-FR-DEC-03_BT-147", with_line(price=Price(discount=Decimal("0.0000001")))),
        Case("BR-FR-DEC-03_BT-148", with_line(price=Price(gross=Decimal("12345678901234.123456")))),
    ]


def _coherence() -> list[Case]:
    return [
        Case("BR-FR-08_BT-23", valid(business_process="A1")),
        Case("BR-FR-CO-03_BT-3", valid(type_code="262")),
        Case("BR-FR-CO-04_BT-4", valid(type_code="384")),
        Case("BR-FR-CO-05_BT-3", valid(type_code="381")),
        Case("BR-FR-CO-07_BT-9", valid(due_date=date(2026, 11, 2))),
        Case("BR-FR-CO-08_BT-23", valid(business_process="S4", type_code="386")),
        Case("BR-FR-CO-09_BT-23-1", paid(totals=totals(payable_amount=Decimal(0)))),
        Case("BR-FR-CO-09_BT-23-2", paid(totals=totals(prepaid_amount=Decimal(120)))),
        Case("BR-FR-CO-09_BT-23-3", paid(due_date=None)),
        Case("BR-FR-CO-12_BT-5", valid(currency="CHF")),
    ]


def _several_sellers() -> list[Case]:
    one, two, silent = grouped(), both_ways(), {"object_identifier": None, "other_object_identifiers": ()}
    credit_note = {"type_code": "381", "preceding_invoices": correcting()}
    self_billed_note = {"type_code": "261", "preceding_invoices": correcting()}

    def all_citing(invoice: Invoice, **changes: Any) -> Invoice:
        lines = tuple(replace(row, preceding_invoices=correcting(**changes)) for row in invoice.lines)
        return replace(invoice, lines=lines)

    return [
        Case("BR-FR-MV-01_EXT-FR-FE-163", changed(one, 3, status_reason_code="")),
        Case("BR-FR-MV-02_EXT-FR-FE-163", grouped(lines=())),
        Case("BR-FR-MV-03_EXT-FR-FE-164", changed(one, 2, seller=party(OTHER_SIREN, name=""))),
        Case(
            "BR-FR-MV-03_EXT-FR-FE-167",
            changed(one, 2, seller=party(OTHER_SIREN, legal_registration=None)),
            also=("BR-FR-MV-06_EXT-FR-FE-167",),
        ),
        Case("BR-FR-MV-03_EXT-FR-FE-177", changed(one, 2, seller=party(OTHER_SIREN, address=None))),
        Case(
            "BR-FR-MV-03_EXT-FR-FE-181",
            changed(one, 2, tax_totals=(), tax_inclusive_amount=None),
            also=("BR-FR-MV-09_EXT-FR-FE-181",),
        ),
        Case("BR-FR-MV-03_EXT-FR-FE-182", grouped(accounting_currency="CHF")),
        Case(
            "BR-FR-MV-03_BT-128_AFL",
            changed(one, 2, object_identifier=Identifier("", "AFL")),
            also=("BR-FR-MV-07_BT-128", "BR-FR-MV-09_EXT-FR-FE-181", "BR-FR-30_AFL"),
            syntaxes=UBL,
        ),
        Case(
            "BR-FR-MV-03_BT-128_AFL",
            changed(one, 2, object_identifier=Identifier("", "AFL")),
            also=("BR-FR-MV-07_BT-128", "BR-FR-MV-09_EXT-FR-FE-181"),
            syntaxes=CII,
        ),
        Case("BR-FR-MV-03_BT-128_AVV", changed(one, 2, **objects("G-7", "S8"))),
        Case("BR-FR-MV-05_EXT-FR-FE-BG-12", changed(one, 3, net_amount=Decimal("40.02"))),
        Case("BR-FR-MV-06_EXT-FR-FE-167", changed(one, 3, seller=party(SELLER_SIREN))),
        Case("BR-FR-MV-07_BT-128", changed(one, 1, **silent), also=("BR-FR-MV-08_BT-128",)),
        Case("BR-FR-MV-08_BT-128", changed(one, 3, vat=vat(exemption_reason="G-7"))),
        Case(
            "BR-FR-MV-09_EXT-FR-FE-181",
            changed(one, 2, tax_totals=(TaxTotal(amount=Decimal("8.02"), currency="EUR"),), tax_inclusive_amount=None),
        ),
        Case("BR-FR-MV-10_EXT-FR-FE-184", changed(one, 2, tax_inclusive_amount=Decimal("48.02"))),
        Case("BR-FR-MV-11_BT-128", grouped(number="F2026-009")),
        Case("BR-FR-MV-12_BT-128", grouped(lines=(*one.lines, one.lines[2]))),
        Case("BR-FR-MV-13_BT-3", grouped(type_code="389")),
        Case("BR-FR-MV-14-EXT-FR-FE-136", all_citing(grouped(**credit_note), number=None), syntaxes=CII),
        Case("BR-FR-MV-14-EXT-FR-FE-138", all_citing(grouped(**credit_note), issue_date=None)),
        Case(
            "BR-FR-MV-14-EXT-FR-FE-136",
            all_citing(grouped(**credit_note), number=None),
            also=("BR-FR-MV-14-EXT-FR-FE-138",),
            syntaxes=UBL,
        ),
        Case(
            "BR-FR-BD-02_EXT-FR-FE-163",
            both_ways(lines=(*two.lines, part("5", OTHER_SIREN, "H-1", "S1", "0.00", "0.00"))),
        ),
        Case("BR-FR-BD-02_BT-31", both_ways(lines=grouped_lines(SELLER_SIREN)), also=("BR-FR-BD-02_BT-47",)),
        Case("BR-FR-BD-02_BT-47", both_ways(lines=grouped_lines(OTHER_SIREN))),
        Case("BR-FR-BD-13_BT-3", both_ways(type_code="380")),
        Case("BR-FR-BD-14-EXT-FR-FE-136", all_citing(both_ways(**self_billed_note), number=None), syntaxes=CII),
        Case("BR-FR-BD-14-EXT-FR-FE-138", all_citing(both_ways(**self_billed_note), issue_date=None)),
        Case(
            "BR-FR-BD-14-EXT-FR-FE-136",
            all_citing(both_ways(**self_billed_note), number=None),
            also=("BR-FR-BD-14-EXT-FR-FE-138",),
            syntaxes=UBL,
        ),
    ]


CASES = (
    *_numbers(),
    *_dates_and_types(),
    *_notes(),
    *_parties(),
    *_vat(),
    *_documents(),
    *_amounts(),
    *_coherence(),
    *_several_sellers(),
)
