"""Two clicks, two tabs, two machines: one invoice."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, connections

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.attachments import PieceGone, attach, detach
from plainchant.portal.drafts.fields import DraftSource, cleaned
from plainchant.portal.drafts.models import Certificate, Draft
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import histories
from plainchant.portal.invoices.errors import NumberTaken, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile, StatusChange
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.operations import remove
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Structure
from tests.making import a_member, a_structure, a_town
from tests.portal.library.test_library import keep

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="real concurrency needs PostgreSQL"),
]

PAIRS = int(os.environ.get("PLAINCHANT_TEST_RACES", "20"))  # a thousand by hand
THREADS = 16


def drafts(*, seller: Structure, buyer: Structure, user: User, at: datetime, numbers: list[str]) -> list[Invoice]:
    """Complete drafts without going through the reader: the race is what is tried here."""
    stored = StoredFile.objects.create(
        path="aa/bb/one", name="f.pdf", media_type="application/pdf", size=1, sha256="0" * 64, created_at=at
    )
    made = Invoice.objects.bulk_create(
        Invoice(
            seller=seller,
            buyer=buyer,
            number=number,
            status=Status.DRAFT,
            status_at=at,
            deposit_mode=DepositMode.PDF,
            issue_date=at.date(),
            vat_regime="SANS_TVA",
            tax_exclusive_amount=100,
            tax_amount=0,
            tax_inclusive_amount=100,
            payable_amount=100,
            created_at=at,
            created_by=user,
            updated_at=at,
        )
        for number in numbers
    )
    created = {"action": Action.CREATE, "to_status": Status.DRAFT, "party": Side.SELLER, "actor_name": "Ada"}
    histories.add([StatusChange(invoice=invoice, at=at, **created) for invoice in made], are_first=True)
    filled = {
        "buyer": buyer.identifier,
        "issue_date": f"{at:%d/%m/%Y}",
        "vat_regime": "SANS_TVA",
        "tax_exclusive_amount": "100",
        "tax_amount": "0",
        "tax_inclusive_amount": "100",
        "payable_amount": "100",
    }
    Draft.objects.bulk_create(
        Draft(
            invoice=invoice,
            source=DraftSource.DOCUMENT,
            typed=cleaned({"fields": {**filled, "number": invoice.number}}, source=DraftSource.DOCUMENT),
        )
        for invoice in made
    )
    InvoiceFile.objects.bulk_create(
        InvoiceFile(invoice=invoice, stored=stored, role="01", name="f.pdf", added_at=at, added_by=user)
        for invoice in made
    )
    return made


def together(calls: list[Callable[[], object]]) -> list[object]:
    """Run the calls from real threads, as many at once as THREADS; what each returned or raised."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the outcome is what the test looks at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, calls))


def sending(uid: UUID, user: User, at: datetime, barrier: threading.Barrier) -> Callable[[], object]:
    def call() -> object:
        draft = Draft.objects.select_related("invoice").get(invoice__uid=uid)
        barrier.wait(timeout=30)  # both have read the draft before either sends it
        return submit(draft=draft, actor=Actor(user), at=at)

    return call


def test_two_clicks_at_once_send_one_invoice(at: datetime) -> None:
    assert connection.vendor == "postgresql"
    seller, buyer = a_structure(at=at), a_town(at=at)
    user = a_member(structure=seller, at=at)
    made = drafts(seller=seller, buyer=buyer, user=user, at=at, numbers=[f"F-{n}" for n in range(PAIRS)])
    calls: list[Callable[[], object]] = []
    for draft in made:
        barrier = threading.Barrier(2)
        calls += [sending(draft.uid, user, at, barrier)] * 2
    outcomes = together(calls)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Certificate)] == []
    assert Certificate.objects.count() == PAIRS
    assert Invoice.objects.filter(status=Status.DEPOSITED).count() == PAIRS
    assert StatusChange.objects.filter(to_status=Status.DEPOSITED).count() == PAIRS
    assert Message.objects.filter(kind="invoice_status").count() == PAIRS


def test_two_drafts_with_one_number_sent_at_once_give_one_invoice_and_one_clear_refusal(at: datetime) -> None:
    seller, buyer = a_structure(at=at), a_town(at=at)
    user = a_member(structure=seller, at=at)
    numbers = [f"F-{n // 2}" for n in range(2 * PAIRS)]
    made = drafts(seller=seller, buyer=buyer, user=user, at=at, numbers=numbers)
    calls: list[Callable[[], object]] = []
    for first, second in zip(made[::2], made[1::2], strict=True):
        barrier = threading.Barrier(2)
        calls += [sending(first.uid, user, at, barrier), sending(second.uid, user, at, barrier)]
    outcomes = together(calls)
    sent = [outcome for outcome in outcomes if isinstance(outcome, Certificate)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, NumberTaken | WouldBeRefused)]
    assert (len(sent), len(refused)) == (PAIRS, PAIRS)
    assert Invoice.objects.filter(status=Status.DEPOSITED).count() == PAIRS


def test_a_document_joined_while_it_is_removed_is_joined_whole_or_not_at_all(at: datetime) -> None:
    seller, buyer = a_structure(at=at), a_town(at=at)
    user = a_member(structure=seller, at=at)
    made = drafts(seller=seller, buyer=buyer, user=user, at=at, numbers=[f"F-{n}" for n in range(PAIRS)])
    calls: list[Callable[[], object]] = []
    for number, draft in enumerate(made):
        file, barrier = keep(user=user, at=at, name=f"{number}.pdf"), threading.Barrier(2)

        def joining(draft: Invoice = draft, file: LibraryFile = file, barrier: threading.Barrier = barrier) -> object:
            barrier.wait(timeout=30)
            return attach(draft=draft.draft, pieces=[file], actor=Actor(user), at=at)[0]

        def removing(file: LibraryFile = file, barrier: threading.Barrier = barrier) -> object:
            barrier.wait(timeout=30)
            return remove(file=file, actor=Actor(user), at=at)

        calls += [joining, removing]
    outcomes = together(calls)
    joined = [outcome for outcome in outcomes if isinstance(outcome, InvoiceFile)]
    gone = [outcome for outcome in outcomes if isinstance(outcome, PieceGone)]
    assert len(joined) + len(gone) == outcomes.count(None) == PAIRS
    assert not LibraryFile.objects.exists()
    for file in joined:
        assert read_bytes(stored=InvoiceFile.objects.get(pk=file.pk).stored)
    assert PendingFile.objects.count() == len(gone)  # the bytes that nobody names any more


def test_a_document_taken_off_its_shelf_and_its_draft_at_once_goes(at: datetime) -> None:
    seller, buyer = a_structure(at=at), a_town(at=at)
    user = a_member(structure=seller, at=at)
    made = drafts(seller=seller, buyer=buyer, user=user, at=at, numbers=[f"F-{n}" for n in range(PAIRS)])
    documents = StoredFile.objects.count()
    calls: list[Callable[[], object]] = []
    for number, draft in enumerate(made):
        file, barrier = keep(user=user, at=at, name=f"{number}.pdf"), threading.Barrier(2)
        [attached] = attach(draft=draft.draft, pieces=[file], actor=Actor(user), at=at)

        def detaching(file: InvoiceFile = attached, barrier: threading.Barrier = barrier) -> object:
            barrier.wait(timeout=30)
            return detach(file=file, actor=Actor(user), at=at)

        def removing(file: LibraryFile = file, barrier: threading.Barrier = barrier) -> object:
            barrier.wait(timeout=30)
            return remove(file=file, actor=Actor(user), at=at)

        calls += [detaching, removing]
    assert [outcome for outcome in together(calls) if outcome is not None] == []
    assert StoredFile.objects.count() == documents
    assert PendingFile.objects.count() == len(made)
