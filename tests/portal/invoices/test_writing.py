"""What may be written of an invoice while it is a draft, and nothing afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.writing import write_draft
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(at: datetime) -> Invoice:
    seller, town = a_structure(at=at), a_town(at=at)
    return a_draft(seller=seller, user=a_member(structure=seller, at=at), at=at, buyer=town)


def test_only_columns_of_a_draft_are_written(draft: Invoice, at: datetime) -> None:
    for name in ("status", "seller", "uid", "made_available_at"):
        with pytest.raises(ValueError, match="not columns of a draft"):
            write_draft(invoice=draft, values={name: "REJETEE"}, at=at)
    write_draft(invoice=draft, values={"comment": "Atelier de mars"}, at=at)
    draft.refresh_from_db()
    assert (draft.status, draft.comment) == (Status.DRAFT, "Atelier de mars")


def test_what_was_sent_is_written_no_more(draft: Invoice, at: datetime) -> None:
    submit(draft=draft.draft, actor=Actor(draft.created_by), at=at)
    sent = Invoice.objects.get(pk=draft.pk)
    with pytest.raises(StatusHasChanged):
        write_draft(invoice=draft, values={"comment": "Trop tard"}, at=at + timedelta(hours=1))
    now = Invoice.objects.get(pk=draft.pk)
    assert (now.comment, now.updated_at) == (sent.comment, sent.updated_at)
