"""What the database itself refuses, whoever asks: a history rewritten, a certificate or a sent amount changed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import histories
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sent_once(once_a_module: Any, at: datetime) -> Invoice:
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        author = a_member(structure=seller, at=at)
        invoice = a_draft(seller=seller, user=author, buyer=town, at=at)
        submit(draft=invoice.draft, actor=Actor(author), at=at)
        histories.add([Event(invoice=invoice, kind=Event.Kind.DOWNLOADED, at=at)])
        a_draft(seller=seller, user=author, buyer=town, at=at)
        return invoice


def is_refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            return False
    except DatabaseError as error:
        return "is frozen" in str(error) or "is append-only" in str(error)


@pytest.mark.parametrize("table", ["invoices_statuschange", "invoices_event", "drafts_certificate"])
def test_a_row_is_neither_changed_nor_removed(sent_once: Invoice, table: str) -> None:
    assert is_refused(f"DELETE FROM {table}")  # noqa: S608 - and there is one: an empty table refuses nothing
    assert is_refused(f"UPDATE {table} SET invoice_id = invoice_id")  # noqa: S608


@pytest.mark.parametrize(
    "column",
    ["tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount", "created_at", "deposited_at",
     "number", "issue_date", "type_code", "currency", "seller_id"],
)  # fmt: skip
def test_what_a_sent_invoice_asks_for_stays(sent_once: Invoice, column: str) -> None:
    values = {"created_at": "'2020-01-01'", "number": "'F-8'", "type_code": "'381'", "currency": "'USD'"}
    other = values.get(column, "NULL")
    assert is_refused(f"UPDATE invoices_invoice SET {column} = {other} WHERE id = {sent_once.pk}")  # noqa: S608


def test_a_sent_invoice_is_never_a_draft_again(sent_once: Invoice) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.filter(pk=sent_once.pk).update(status=Status.DRAFT)


def test_a_sent_invoice_is_not_removed(sent_once: Invoice) -> None:
    assert is_refused(f"DELETE FROM invoices_invoice WHERE id = {sent_once.pk}")  # noqa: S608


def test_a_draft_may_still_become_something_else(sent_once: Invoice) -> None:
    drafts = Invoice.objects.filter(status=Status.DRAFT)
    assert drafts.update(payable_amount=Decimal(1), number="F-9") == 1
    assert Invoice.objects.filter(pk=sent_once.pk).update(comment="what may change") == 1
