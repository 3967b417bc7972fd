"""The row of an invoice that came in a flow: how VAT applies to it, and on which account it is to be paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.making.composing import Sheet, SheetLine, compose
from plainchant.einvoice.model import VatCategory
from plainchant.portal.accounts.models import User
from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_member, a_structure, a_town, mandated
from tests.portal.flows.making_flows import archive, sent
from tests.portal.flows.tables import a_row, a_table
from tests.portal.flows.test_syntaxes import LIVE, party, written
from tests.spellings import spellings

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

IBAN = "FR7600000000010000000017736"  # of `test_syntaxes.an_invoice`


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def user(seller: Structure, at: datetime) -> User:
    return a_member(structure=seller, at=at)


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at)


def account(structure: Structure, user: User, at: datetime, *, iban: str = IBAN, **fields: bool) -> BankAccount:
    return BankAccount.objects.create(
        structure=structure, label="Courant", iban=iban, created_at=at, created_by=user, **fields
    )


def received(content: bytes, seller: Structure, user: User, at: datetime) -> Invoice:
    sent(content, structure=seller, user=user, at=at, name="facture.xml")
    return Invoice.objects.get()


@pytest.mark.parametrize("code", [code for code in LIVE if not code.endswith("MIN_16B")])
def test_the_account_of_the_file_is_that_of_the_sheet_in_every_syntax_that_has_one(
    code: str, seller: Structure, user: User, town: Structure, at: datetime
) -> None:
    account(seller, user, at, iban="FR1420041010050500013M02606")
    mine = account(seller, user, at)
    made = received(written(code, seller, town, "F-1"), seller, user, at)
    assert made.document["payment_account"] in (IBAN, "")  # a reduced form may have no place for it
    assert made.bank_account == (mine if made.document["payment_account"] else None)
    assert made.vat_regime == made.document["vat_regime"] == "TVA_SUR_ENCAISSEMENT"


def test_the_account_is_found_however_its_iban_is_written(
    seller: Structure, user: User, town: Structure, at: datetime
) -> None:
    mine = account(seller, user, at)
    data = written("IN_DP_E1_UBL_INVOICE", seller, town, "F-1").decode()
    lot = {
        f"{place}.xml": data.replace(IBAN, text).replace("F-1", f"F-{place}").encode()
        for place, text in enumerate(spellings(IBAN))
    }
    sent(archive(lot), structure=seller, user=user, at=at)
    assert [made.bank_account for made in Invoice.objects.all()] == [mine] * len(lot)


def test_an_account_of_somebody_else_or_closed_is_none_of_this_supplier(
    seller: Structure, user: User, town: Structure, at: datetime
) -> None:
    other = a_structure(at=at, name="Autre")
    account(other, user, at)
    account(seller, user, at, is_active=False)
    made = received(written("IN_DP_E1_UBL_INVOICE", seller, town, "F-1"), seller, user, at)
    assert made.bank_account is None
    assert made.document["payment_account"] == IBAN


@pytest.mark.parametrize(
    ("vat", "regime", "expected"),
    [
        (VatCategory(code="S", rate=Decimal(20)), "TVA_SUR_DEBIT", "TVA_SUR_DEBIT"),
        (VatCategory(code="S", rate=Decimal(20)), "TVA_SUR_ENCAISSEMENT", "TVA_SUR_ENCAISSEMENT"),
        (FRANCHISE, "SANS_TVA", "SANS_TVA"),
        ("VATEX-FR-CGI261-7", "EXONERATION", "EXONERATION"),
    ],
)
@pytest.mark.parametrize("code", ["IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B"])
def test_how_vat_applies_comes_through(
    code: str,
    vat: VatCategory | str,
    regime: str,
    expected: str,
    seller: Structure,
    user: User,
    town: Structure,
    at: datetime,
) -> None:
    if isinstance(vat, str):
        row = EXEMPTION_OF[vat]
        vat = VatCategory(
            code=row.category, rate=Decimal(0), exemption_reason=row.mention, exemption_reason_code=row.code
        )
    sheet = Sheet(
        number="F-1",
        issue_date=date(2026, 11, 2),
        seller=replace(party(seller), vat_number="FR57902100015"),
        buyer=party(town),
        lines=(SheetLine(name="Lecture", quantity=Decimal(2), price=Decimal(50), vat=vat),),
        vat_regime=regime,
        iban=IBAN,
    )
    content = SYNTAX_OF[code].write(compose(sheet), readable=None, at=at)
    assert received(content, seller, user, at).vat_regime == expected


@pytest.mark.parametrize(("vat", "expected"), [("franchise", "SANS_TVA"), ("20 %", "TVA_SUR_ENCAISSEMENT")])
def test_a_row_of_a_table_has_both_too(
    vat: str, expected: str, seller: Structure, user: User, town: Structure, at: datetime
) -> None:
    Structure.objects.filter(pk=seller.pk).update(vat_number="FR57902100015", postcode="99120", city="Valbrume")
    mine = account(seller, user, at, iban="FR1420041010050500013M02606")
    mandated(seller, by=user, at=at)
    table = a_table([a_row("F-1", seller=seller.identifier, buyer=town.identifier, vat=vat)])
    sent(table, structure=seller, user=user, at=at, name="factures.xlsx")
    made = Invoice.objects.get()
    assert (made.vat_regime, made.bank_account) == (expected, mine)
