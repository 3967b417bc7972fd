"""A sheet as the whole invoice of EN 16931, in the coding Chorus Pro takes today or in the reform's.

The two cannot be one file: Chorus Pro refuses the reform's processes (BT-23) and knows parties by their SIRET where the
reform wants the SIREN (XP Z12-012; users' reports of 2026). What differs is computed by `differences`, never listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal

from plainchant.einvoice.channels import CHORUS, Coding
from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.codes.cadres import CADRE_OF, is_paid
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.codes.payment_means import MUTUALLY_AGREED, PAYMENT_MODE_OF, TRANSFER
from plainchant.einvoice.law.french_vat import Nature
from plainchant.einvoice.law.mentions import SOLE_TRADER, TO_PUBLIC_BUYERS, already_paid, payment_terms
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.model import (
    Address,
    AllowanceCharge,
    Contact,
    CreditTransfer,
    Delivery,
    Group,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    TaxTotal,
    Totals,
    VatBreakdown,
    VatCategory,
)
from plainchant.einvoice.profiles import PROFILE_OF, Profile
from plainchant.einvoice.wording import day as written_day
from plainchant.einvoice.wording import money

from .sheet import DeductedDeposit, Sheet, SheetLine, SheetParty
from .totals import SheetTotals, line_net, totals_of

_DISCOUNT, _DISCOUNT_CODE = "Remise", "95"  # UNTDID 5189
_SIREN_DIGITS = 9
_MENTIONS = tuple(Note(subject_code=code, text=text) for code, text in TO_PUBLIC_BUYERS.items())


def compose(sheet: Sheet, *, coding: Coding = CHORUS.coding) -> Invoice:
    """The invoice, every amount computed by `totals_of`. The sheet is taken to be complete."""
    sums = totals_of(sheet)
    is_credit = sheet.type_code == CREDIT_NOTE
    return Invoice(
        specification=_profile(sheet, coding).guideline,
        business_process=_process(sheet, coding),
        number=sheet.number,
        issue_date=sheet.issue_date,
        type_code=sheet.type_code,
        currency=sheet.currency,
        tax_point_date_code=_tax_point(sheet) if sums.tax else None,
        due_date=sheet.issue_date if is_paid(sheet.billing_framework) else None,
        buyer_reference=sheet.buyer.service_code or None,
        contract_reference=sheet.contract or None,
        purchase_order_reference=sheet.commitment or None,
        payment_terms=_terms(sheet, sums, is_credit=is_credit),
        notes=(*_MENTIONS, *_comment(sheet), *_after_deposits(sheet, sums), *_received(sheet)),
        preceding_invoices=_preceding(sheet),
        seller=_party(sheet.seller, coding, taxed=any(rate.vat.code == "S" for rate in sums.rates), is_seller=True),
        buyer=_party(sheet.buyer, coding),
        validator=_party(sheet.validator, coding) if sheet.validator else None,
        delivery=_delivery(sheet),
        period=_period(sheet),
        payment_means=() if is_credit else _payment(sheet),
        allowances=tuple(_document_discounts(sheet, sums)),
        totals=Totals(
            line_extension_amount=sums.line_total,
            allowance_total_amount=sums.discount or None,
            tax_exclusive_amount=sums.tax_exclusive,
            tax_inclusive_amount=sums.tax_inclusive,
            # Said of a total of 0 too: the reform's rules want it of every invoice already paid (BR-FR-CO-09).
            prepaid_amount=sums.prepaid if sums.prepaid or is_paid(sheet.billing_framework) else None,
            payable_amount=sums.payable,
        ),
        tax_totals=(TaxTotal(amount=sums.tax, currency=sheet.currency),),
        vat_breakdown=tuple(
            VatBreakdown(taxable_amount=rate.base, tax_amount=rate.tax, category=rate.vat) for rate in sums.rates
        ),
        lines=tuple(
            _line(place, line) for place, line in enumerate([*sheet.lines, *_deducted(sheet.deposits)], start=1)
        ),
    )


def _profile(sheet: Sheet, coding: Coding) -> Profile:
    """EN 16931 has no place for a validator; the reform's extension has one. Chorus Pro reads it in either."""
    return PROFILE_OF["EXTENDED-CTC-FR" if sheet.validator and coding is Coding.REFORM else "EN 16931"]


def _process(sheet: Sheet, coding: Coding) -> str:
    if coding is Coding.CLASSIC:
        return sheet.billing_framework
    cadre = CADRE_OF.get(sheet.billing_framework)
    if cadre is not None and cadre.reform:
        return cadre.reform
    natures = {line.nature for line in sheet.lines}
    nature = natures.pop() if len(natures) == 1 else Nature.MIXED
    return nature.cadre(is_paid=is_paid(sheet.billing_framework), is_after_deposit=bool(sheet.deposits))


def _tax_point(sheet: Sheet) -> str | None:
    regime = VAT_REGIME_OF.get(sheet.vat_regime)
    return regime.tax_point if regime else None


def _terms(sheet: Sheet, sums: SheetTotals, *, is_credit: bool) -> str | None:
    if is_paid(sheet.billing_framework):
        return already_paid()
    if is_credit:
        return f"Avoir à déduire de la facture {sheet.preceding_number}." if sheet.preceding_number else "Avoir."
    return payment_terms(sheet.payment_days) if sums.payable > 0 else None


def _comment(sheet: Sheet) -> Iterator[Note]:
    if sheet.comment.strip():
        yield Note(text=sheet.comment.strip())


def _after_deposits(sheet: Sheet, sums: SheetTotals) -> Iterator[Note]:
    """The whole that was agreed and what was invoiced of it before: the totals hold only what is left."""
    if sheet.deposits:
        numbers = ", ".join(f"{row.number} du {written_day(row.issue_date)}" for row in sheet.deposits)
        whole = money(sums.whole, sheet.currency)
        before = money(sums.deposits, sheet.currency)
        yield Note(
            text=f"Total de la prestation hors taxes : {whole}, dont {before} déjà facturés en acompte "
            f"(facture {numbers}). Cette facture demande le reste."
        )


def _received(sheet: Sheet) -> Iterator[Note]:
    """When a part was paid: EN 16931 has a place for the amount only (BT-113)."""
    if sheet.prepaid:
        when = f" le {written_day(sheet.prepaid_date)}" if sheet.prepaid_date else ""
        yield Note(text=f"Déjà reçu{when} : {money(sheet.prepaid, sheet.currency)}.")


def _deducted(deposits: Iterable[DeductedDeposit]) -> Iterator[SheetLine]:
    """Of the two ways that XP Z12-014 knows, the one by lines: VAT that was invoiced once is not invoiced again."""
    for deposit in deposits:
        for rate in deposit.rates:
            yield SheetLine(
                name="Acompte déjà facturé",
                description=f"Facture d’acompte {deposit.number} du {written_day(deposit.issue_date)}",
                quantity=Decimal(-1 if rate.net >= 0 else 1),
                price=abs(rate.net),
                vat=rate.vat,
            )


def _preceding(sheet: Sheet) -> tuple[PrecedingInvoice, ...]:
    if len(sheet.deposits) == 1:  # Chorus Pro takes one at most (BR-FR-CPRO-20); the lines name each of them
        return (PrecedingInvoice(number=sheet.deposits[0].number, issue_date=sheet.deposits[0].issue_date),)
    if not sheet.preceding_number:
        return ()
    return (PrecedingInvoice(number=sheet.preceding_number, issue_date=sheet.preceding_date),)


def _party(party: SheetParty, coding: Coding, *, taxed: bool = False, is_seller: bool = False) -> Party:
    kind = IDENTIFIER_TYPE_OF.get(party.identifier_type)
    scheme = kind.scheme if kind else None
    identifier = Identifier(party.siret, scheme)
    siren = party.siret[:_SIREN_DIGITS] if scheme == codes.SIRET else ""
    registration = Identifier(siren, codes.SIREN) if siren and coding is Coding.REFORM else identifier
    has_vat = bool(party.vat_number)
    return Party(
        name=_named(party),
        identifiers=(identifier,),
        legal_registration=registration,
        vat_identifier=party.vat_number or None,
        # A supplier who bears no VAT has no number of it: BR-E-02 then wants the tax registration.
        tax_registration=(siren or party.siret) if is_seller and not has_vat and not taxed else None,
        legal_information=party.legal_information or None,
        electronic_address=_address_of(party, siren) if coding is Coding.REFORM else None,
        address=Address(
            line_1=party.address_line or None,
            line_2=party.address_extra_1 or None,
            line_3=party.address_extra_2 or None,
            city=party.city or None,
            postcode=party.postcode or None,
            country=party.country,
        ),
        contact=_contact(party),
    )


def _named(party: SheetParty) -> str:
    """The name with « EI » where the law wants it and it is not there yet."""
    words = party.name.split()
    if not party.is_sole_trader or SOLE_TRADER in (words[:1] + words[-1:]):
        return party.name
    return f"{party.name} {SOLE_TRADER}"


def _address_of(party: SheetParty, siren: str) -> Identifier:
    """Where the reform delivers: SIREN_SIRET, then the service (XP Z12-012, scheme 0225)."""
    if not siren:
        return Identifier(party.siret, codes.FRENCH_ADDRESS)
    parts = [siren, party.siret]
    service = "".join(sign for sign in party.service_code if sign.isalnum() or sign in "+-_.")
    if service and service == party.service_code and service.isascii():
        parts.append(service)
    return Identifier("_".join(parts), codes.FRENCH_ADDRESS)


def _contact(party: SheetParty) -> Contact | None:
    if not (party.contact_name or party.telephone or party.email or party.service_name):
        return None
    return Contact(
        name=party.contact_name or None,
        department=party.service_name or None,
        telephone=party.telephone or None,
        email=party.email or None,
    )


def _delivery(sheet: Sheet) -> Delivery | None:
    if sheet.delivery_date is None or sheet.delivery_end is not None:
        return None
    return Delivery(actual_date=sheet.delivery_date)


def _period(sheet: Sheet) -> Period | None:
    if sheet.delivery_date is None or sheet.delivery_end is None:
        return None
    return Period(start=sheet.delivery_date, end=sheet.delivery_end)


def _payment(sheet: Sheet) -> tuple[PaymentMeans, ...]:
    mode = PAYMENT_MODE_OF.get(sheet.payment_mode)
    if mode is None:
        return ()
    transfer = None
    if sheet.iban and mode.code == TRANSFER:
        transfer = CreditTransfer(
            account=sheet.iban, account_name=_named(sheet.seller), service_provider=sheet.bic or None
        )
    return (
        PaymentMeans(
            code=mode.code, text=mode.choice if mode.code == MUTUALLY_AGREED else None, credit_transfer=transfer
        ),
    )


def _document_discounts(sheet: Sheet, sums: SheetTotals) -> Iterator[AllowanceCharge]:
    """One for each rate: EN 16931 knows no discount that has no VAT rate."""
    for rate in sums.rates:
        if rate.discount:
            yield AllowanceCharge(
                amount=rate.discount,
                vat=VatCategory(code=rate.vat.code, rate=rate.vat.rate),
                reason=sheet.discount_reason or _DISCOUNT,
                reason_code=_DISCOUNT_CODE,
            )


def _line(place: int, line: SheetLine) -> Line:
    discount = AllowanceCharge(amount=line.discount, reason=_DISCOUNT, reason_code=_DISCOUNT_CODE)
    return Line(
        identifier=str(place),
        quantity=line.quantity,
        unit=line.unit,
        net_amount=line_net(line),
        allowances=(discount,) if line.discount else (),
        price=Price(net=line.price),
        vat=VatCategory(code=line.vat.code, rate=line.vat.rate),
        item=Item(
            name=line.name,
            description=line.description or None,
            seller_identifier=line.reference or None,
        ),
    )


# -- What differs between the two codings ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodingDifference:
    """One value that the two codings write differently; "" where one of them does not write it."""

    path: str  # of the model: "seller.legal_registration"
    classic: str
    reform: str


def differences(sheet: Sheet) -> tuple[CodingDifference, ...]:
    """Everything that is not the same in the two files."""
    classic, other = (dict(_flat(compose(sheet, coding=coding), "")) for coding in Coding)
    paths = [*classic, *(path for path in other if path not in classic)]
    return tuple(
        CodingDifference(path, classic.get(path, ""), other.get(path, ""))
        for path in paths
        if classic.get(path) != other.get(path)
    )


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Identifier):
        yield path, f"{value.value} ({value.scheme})" if value.scheme else value.value
    elif isinstance(value, Group) or (is_dataclass(value) and not isinstance(value, type)):
        for field in fields(value):
            if field.compare:
                yield from _flat(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif isinstance(value, tuple):
        for place, item in enumerate(value, start=1):
            yield from _flat(item, f"{path}[{place}]" if len(value) > 1 else path)
    elif isinstance(value, Decimal | date | str):
        yield path, str(value)
