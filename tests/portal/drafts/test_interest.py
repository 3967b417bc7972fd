"""What is claimed for lateness: the invoice that asks for it, the letter, and the dossier with all that proves it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pypdfium2
import pytest

from plainchant.einvoice.verdict import check as judge
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.dossier import entries_of
from plainchant.portal.drafts.interest import invoice_interest
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import claim_letter
from plainchant.portal.invoices.errors import NothingOwed
from plainchant.portal.invoices.late_payment import AmountDue, amount_due
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.payments import note_payment
from plainchant.portal.invoices.reminders import REMINDERS, send_reminder
from plainchant.portal.lib.archives import write_archive
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.queries import read_bytes
from tests.making import a_member, a_structure, a_town, an_entry, mandated
from tests.portal.invoices.arrivals import carry

pytestmark = pytest.mark.django_db
DUE_ON = date(2026, 12, 3)


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    """An invoice of 500 euros that was typed here, and reached its recipient."""
    with once_a_module():
        seller = a_structure(at=at, identifier="90210001500012", address_line="1 rue des Essais", postcode="31000")
        town = a_town(at=at, address_line="2 place de la Mairie", postcode="31000")
        artist = a_member(structure=seller, at=at)
        a_member(structure=town, at=at, name="Basile")
        mandated(seller, by=artist, at=at)
        draft = an_entry(seller=seller, user=artist, at=at, buyer=town, commitment="EJ-2026-7")
        submit(draft=draft, actor=Actor(artist), at=at)
        invoice = Invoice.objects.get(pk=draft.invoice_id)
        carry(invoice, at)
        return invoice


@pytest.fixture
def invoice(built: Invoice) -> Invoice:
    return deepcopy(built)


def owed(*, paid_on: date | None, at: date = date(2027, 1, 20)) -> AmountDue:
    return amount_due(payable=Decimal(500), due_on=DUE_ON, at=at, paid_on=paid_on)


def claimed(invoice: Invoice, due: AmountDue | None, at: datetime) -> Invoice:
    return invoice_interest(invoice=invoice, due=due, actor=Actor(invoice.created_by), at=at).invoice


def written_in(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    "due",
    [
        None,
        owed(paid_on=DUE_ON),
        owed(paid_on=None),
        amount_due(payable=Decimal(500), due_on=date(2026, 12, 31), at=date(2027, 2, 1), paid_on=date(2027, 1, 20)),
    ],
    ids=["nothing is known", "paid in time", "not paid yet", "the rate is not known"],
)
def test_what_is_not_sure_is_not_invoiced(invoice: Invoice, at: datetime, due: AmountDue | None) -> None:
    with pytest.raises(NothingOwed):
        claimed(invoice, due, at)


def test_the_invoice_of_interest_is_ready_bears_no_vat_and_its_data_are_in_order(
    invoice: Invoice, at: datetime
) -> None:
    later = at + timedelta(days=78)
    draft = invoice_interest(
        invoice=invoice, due=owed(paid_on=date(2027, 1, 17)), actor=Actor(invoice.created_by), at=later
    )
    assert check(draft=draft, at=later).stops == []
    submit(draft=draft, actor=Actor(invoice.created_by), at=later)
    made = Invoice.objects.get(pk=draft.invoice_id)
    # 500 × 10,40 % × 45 / 365 = 6,4109…
    assert (made.payable_amount, made.tax_amount) == (Decimal("46.41"), 0)
    assert (made.buyer, made.commitment) == (invoice.buyer, "EJ-2026-7")
    verdict = judge(read_bytes(stored=made.files.get(role="01").stored), at=date(2027, 1, 20))
    assert verdict.accepted
    assert verdict.reading is not None
    (row,) = verdict.reading.invoice.vat_breakdown
    assert row.category is not None
    assert row.category.code == "O"
    assert "hors du champ de la TVA" in (row.category.exemption_reason or "")
    item = verdict.reading.invoice.lines[0].item
    assert item is not None
    assert invoice.number in (item.name or "")


def test_asked_twice_it_is_the_same_draft(invoice: Invoice, at: datetime) -> None:
    due = owed(paid_on=date(2027, 1, 17))
    assert claimed(invoice, due, at).pk == claimed(invoice, due, at + timedelta(days=3)).pk


def test_the_letter_claims_what_is_owed_and_says_why_and_where_to_pay(invoice: Invoice, at: datetime) -> None:
    with pytest.raises(NothingOwed):
        claim_letter.draw(invoice=invoice, due=owed(paid_on=DUE_ON), at=at)
    text = written_in(claim_letter.draw(invoice=invoice, due=owed(paid_on=date(2027, 1, 17)), at=at))
    assert "500,00 € × 10,40 % × 45 / 365 = 6,41 €" in text
    assert "46,41 €" in text
    assert "3 mars 2027" in text  # 45 days after the payment
    assert "FR1420041010050500013M02606" in text
    assert "R2192-36" in text
    assert f"La facture {invoice.number} du 2 novembre 2026" in text


def test_the_dossier_holds_what_was_handed_in_what_happened_and_what_was_written(
    invoice: Invoice, at: datetime
) -> None:
    actor = Actor(invoice.created_by)
    send_reminder(
        invoice=invoice, kind=REMINDERS[0].kind, text="Où en est-elle ?", actor=actor, at=at + timedelta(days=40)
    )
    note_payment(invoice=invoice, day=date(2027, 1, 17), actor=actor, at=at + timedelta(days=77))
    due = owed(paid_on=date(2027, 1, 17))
    out = io.BytesIO()
    write_archive(out, entries_of(invoice=invoice, due=due, at=at), at=at)
    with ZipFile(out) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        file = invoice.files.select_related("stored").get(role="01")
        assert archive.read(names[0]) == read_bytes(stored=file.stored)
        assert names[1:4] == ["certificat-de-depot.pdf", "historique.csv", "calcul.csv"]
        rows = list(csv.reader(io.StringIO(archive.read("historique.csv").decode("utf-8-sig")), delimiter=";"))
        assert [row[1] for row in rows[-2:]] == ["action", "action"]
        assert rows[-1][-1] == "17/01/2027"
        assert "Où en est-elle" in archive.read("messages/1 rappel.txt").decode()
        assert archive.read("demande-d-interets.pdf").startswith(b"%PDF")


def test_a_name_in_the_dossier_leads_nowhere_else(invoice: Invoice, at: datetime) -> None:
    invoice.files.update(name="../../etc/passwd\x1b.pdf")
    entries = entries_of(invoice=invoice, due=None, at=at)
    assert all(".." not in entry.name.split("/") and "\x1b" not in entry.name for entry in entries)
    assert entries[0].name.count("/") == 1
