"""An advance, and the invoice of what is left: taken off once, with its VAT, by who may."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from plainchant.einvoice.verdict import check as judge
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import deposits, operations, successors
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.deposits import DepositDeducted, family_of, open_deposits
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Structure
from tests.making import a_mandate, a_member, a_structure, a_town, an_entry, put_in, thawed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(
        at=at,
        name="Atelier Rivet",
        identifier="90210001500012",
        address_line="1 rue des Essais",
        postcode="31000",
        vat_number="FR57902100015",
    )


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at, identifier="21990001600011", address_line="1 place", postcode="06999")


@pytest.fixture
def author(seller: Structure, at: datetime) -> User:
    person = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=person, at=at)
    return person


def entry(seller: Structure, town: Structure, author: User, at: datetime, price: str, **fields: str) -> Draft:
    """A draft of one line at 20 %, which takes its number when it is sent."""
    draft = an_entry(
        seller=seller, user=author, at=at, buyer=town, **{"number": "", "vat_regime": "TVA_SUR_DEBIT", **fields}
    )
    line = {**draft.typed["lines"][0], "name": "Fresque", "quantity": "1", "price": price, "rate": "20"}
    return operations.change(draft=draft, lines=[line], actor=Actor(author), at=at)


def send(draft: Draft, at: datetime) -> Invoice:
    operations.submit(draft=draft, actor=Actor(draft.invoice.created_by), at=at)
    draft.invoice.refresh_from_db()
    return draft.invoice


@pytest.fixture
def deposit(seller: Structure, town: Structure, author: User, at: datetime) -> Invoice:
    return send(entry(seller, town, author, at, "300,00", type_code="386"), at)


def document(invoice: Invoice) -> bytes:
    return read_bytes(stored=InvoiceFile.objects.get(invoice=invoice, role=InvoiceFile.Role.INVOICE).stored)


def rules(draft: Draft, at: datetime) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.field) for finding in check(draft=draft, at=at).findings]


def test_the_rest_is_asked_for_with_the_deposit_and_its_vat_taken_off(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    assert (deposit.kind.name, deposit.payable_amount) == ("Facture d’acompte", Decimal(360))
    final = entry(seller, town, author, at, "1000,00", deducts=str(deposit.uid))
    assert check(draft=final, at=at).findings == []
    columns = final.invoice
    assert (columns.tax_exclusive_amount, columns.tax_amount, columns.payable_amount) == (700, 140, 840)
    invoice = send(final, at)
    assert invoice.payable_amount == 840
    verdict = judge(document(invoice), at=at.date())
    assert verdict.accepted
    family = family_of(invoice=invoice)
    assert (family.deposits, family.final) == ([deposit], None)
    assert family_of(invoice=deposit).final == invoice


def test_a_deposit_is_taken_off_once(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    first, second = (entry(seller, town, author, at, "1000,00", deducts=str(deposit.uid)) for _ in range(2))
    assert rules(second, at) == [], "two drafts may choose it"
    seen = check(draft=second, at=at)
    sent = send(first, at)
    assert open_deposits(seller=seller, buyer=town) == []
    assert rules(second, at) == [("SAISIE-ACOMPTE-DEDUIT", "deducts")]
    assert sent.number in check(draft=second, at=at).findings[0].message
    with pytest.raises(DepositDeducted):  # the other tab had looked before
        deposits.record(draft=second, understood=seen.understood)


def test_a_rejected_final_invoice_gives_its_deposit_back_to_the_one_that_replaces_it(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    final = entry(seller, town, author, at, "1000,00", deducts=str(deposit.uid))
    put_in(Status.REJECTED, pk=send(final, at).pk)
    again = successors.reissue(draft=Draft.objects.get(pk=final.pk), actor=Actor(author), at=at)
    assert rules(again, at) == []
    assert again.invoice.payable_amount == 840
    copy = successors.duplicate(draft=Draft.objects.get(pk=final.pk), actor=Actor(author), at=at)
    assert copy.fields["deducts"] == ""
    assert send(again, at + timedelta(days=1)) == family_of(invoice=deposit).final


def test_a_credit_note_on_the_final_invoice_credits_what_it_asked_for(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    final = entry(seller, town, author, at, "1000,00", deducts=str(deposit.uid))
    send(final, at)
    note = successors.credit(draft=Draft.objects.get(pk=final.pk), actor=Actor(author), at=at)
    assert (note.invoice.payable_amount, rules(note, at)) == (840, [])
    assert open_deposits(seller=seller, buyer=town) == []
    send(note, at)
    assert [row.invoice for row in open_deposits(seller=seller, buyer=town)] == [deposit], "all of it was credited"


def test_only_deposits_of_the_same_two_that_stand_are_offered(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    other = a_town(at=at, name="Commune d’Ailleurs", identifier="21990002400013", address_line="1", postcode="06999")
    entry(seller, town, author, at, "10,00", type_code="386")  # a draft
    send(entry(seller, town, author, at, "10,00"), at)  # no deposit
    rejected = send(entry(seller, town, author, at, "10,00", type_code="386"), at)
    put_in(Status.REJECTED, pk=rejected.pk)
    credited = entry(seller, town, author, at, "10,00", type_code="386")
    send(credited, at)
    send(successors.credit(draft=Draft.objects.get(pk=credited.pk), actor=Actor(author), at=at), at)
    assert [row.invoice for row in open_deposits(seller=seller, buyer=town)] == [deposit]
    assert open_deposits(seller=seller, buyer=other) == open_deposits(seller=seller, buyer=None) == []
    for chosen in (str(rejected.uid), str(credited.invoice.uid), "x", "-" * 36, str(deposit.uid) + "x"):
        draft = entry(seller, town, author, at, "1000,00", deducts=chosen)
        assert rules(draft, at) == [("SAISIE-ACOMPTE-DEDUIT", "deducts")]
    elsewhere = entry(seller, other, author, at, "1000,00", deducts=str(deposit.uid))
    assert rules(elsewhere, at) == [("SAISIE-ACOMPTE-DEDUIT", "deducts")]


def test_a_deposit_that_came_as_a_file_is_taken_off_where_its_totals_leave_one_rate(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    Draft.objects.filter(invoice=deposit).update(composed=None)
    final = entry(seller, town, author, at, "1000,00", deducts=str(deposit.uid))
    assert (rules(final, at), final.invoice.tax_amount) == ([], 140)
    with thawed():
        Invoice.objects.filter(pk=deposit.pk).update(tax_amount=Decimal("47.50"))
    assert rules(final, at) == [("SAISIE-ACOMPTE-TAUX", "deducts")]


@pytest.mark.parametrize(
    ("amount", "date", "expected"),
    [
        ("-1", "01/11/2026", [("SAISIE-DEJA-RECU", "prepaid_amount")]),
        ("100", "", [("SAISIE-DEJA-RECU-DATE", "prepaid_date")]),
        ("beaucoup", "01/11/2026", [("SAISIE-FORME", "prepaid_amount")]),
        ("1200,01", "01/11/2026", [("SAISIE-DEJA-RECU-TROP", "prepaid_amount")]),
        ("1200", "01/11/2026", [("SAISIE-DEJA-RECU-TOUT", "prepaid_amount")]),
        ("450,50", "01/11/2026", []),
    ],
)
def test_what_was_paid_before_is_taken_off_what_is_due(
    seller: Structure,
    town: Structure,
    author: User,
    at: datetime,
    amount: str,
    date: str,
    expected: list[tuple[str, str]],
) -> None:
    draft = entry(seller, town, author, at, "1000,00", prepaid_amount=amount, prepaid_date=date)
    assert rules(draft, at) == expected
    if not expected:
        invoice = send(draft, at)
        assert (invoice.tax_inclusive_amount, invoice.payable_amount) == (1200, Decimal("749.50"))
        assert judge(document(invoice), at=at.date()).accepted


def test_nothing_is_taken_off_a_deposit_or_a_credit_note(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    for kind in ("386", "381"):
        draft = entry(
            seller, town, author, at, "100,00", type_code=kind, preceding_number="F-1", deducts=str(deposit.uid)
        )
        assert draft.invoice.payable_amount == 120


def test_one_that_is_named_twice_is_taken_off_once(
    deposit: Invoice, seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    draft = entry(seller, town, author, at, "1000,00", deducts=f"{deposit.uid} {str(deposit.uid).upper()}")
    assert rules(draft, at) == []
    assert send(draft, at).payable_amount == 840
    assert family_of(invoice=draft.invoice).deposits == [deposit]
