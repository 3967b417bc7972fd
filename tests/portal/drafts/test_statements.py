"""How many statements a document costs the database, from the bytes handed in to the notice that has left.

What one reads or writes twice is found here: a deposit that comes alone spends most of its time on them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from plainchant.tasks.embedded import run_until_idle
from tests.making import a_draft, a_member, a_structure, a_town, an_invoice_pdf, an_upload

pytestmark = pytest.mark.django_db

_OF_THE_TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN")
_OF_THE_QUEUE = "queue_job"


def statements(work: Callable[[], object]) -> list[str]:
    """What ``work`` asks the database, but for the transactions and the jobs of the embedded queue."""
    with CaptureQueriesContext(connection) as asked:
        work()
    texts = [query["sql"] for query in asked.captured_queries]
    return [text for text in texts if not text.startswith(_OF_THE_TRANSACTION) and _OF_THE_QUEUE not in text]


def test_a_document_is_deposited_sent_carried_and_told_of_in_few_statements(at: datetime) -> None:
    # Numbers that look like nothing else: what a document may mean is looked up.
    seller = a_structure(at=at, identifier="90000000000001")
    town = a_town(at=at, identifier="90000000000002", email="mairie@valbrume.example")
    person = a_member(structure=seller, at=at)
    made: list[Invoice] = []
    deposited = statements(lambda: made.append(a_deposit(seller, town, person, at)))
    draft = a_draft(seller=seller, user=person, at=at, buyer=town).draft
    sent = statements(lambda: submit(draft=draft, actor=Actor(person), at=at))
    carried = statements(run_until_idle)
    assert Message.objects.exclude(sent_at=None).count() == 3  # deposited, available, and the notice to the town
    # One of each of the first two asks on whose behalf the person acts, one of the first whether the supplier is open.
    assert [len(deposited), len(sent), len(carried)] == [20, 21, 26], "\n".join([*deposited, "", *sent, "", *carried])


def a_deposit(seller: Structure, town: Structure, person: User, at: datetime) -> Invoice:
    upload = an_upload(content=an_invoice_pdf(seller=seller.identifier, buyer=town.identifier))
    return deposit_document(seller=seller, upload=upload, actor=Actor(person), at=at).invoice
