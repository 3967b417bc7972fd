"""A sheet in which nobody has typed: one a person and a supplier, no number, in no list, gone after a week."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import checking, operations, queries, successors
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.numbering import next_number
from plainchant.portal.drafts.operations import UNTOUCHED_FOR, NumberHasMoved
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import issued_for, needing_supplier
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.tasks.sweep import sweep
from tests.making import a_draft, a_mandate, a_member, a_structure, a_town, an_entry, an_upload

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at, identifier="90210001500012", address_line="1 rue des Essais", postcode="31000")


@pytest.fixture
def author(seller: Structure, at: datetime) -> User:
    person = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=person, at=at)
    return person


def begin(seller: Structure, person: User, at: datetime, **fields: str) -> Draft:
    return operations.start(seller=seller, actor=Actor(person), at=at, fields=fields)


def test_beginning_three_times_is_one_draft_with_the_proposals_of_the_last(
    seller: Structure, author: User, at: datetime
) -> None:
    town = a_town(at=at)
    drafts = [begin(seller, author, at), begin(seller, author, at, buyer=town.identifier)]
    drafts.append(begin(seller, author, at + timedelta(days=2)))
    assert len({draft.pk for draft in drafts}) == Invoice.objects.count() == 1
    assert drafts[-1].fields["issue_date"] == "05/11/2026"
    assert drafts[-1].fields["buyer"] == ""


def test_each_person_and_each_supplier_has_one_of_its_own(seller: Structure, author: User, at: datetime) -> None:
    colleague = a_member(structure=seller, at=at, name="Bob")
    begin(seller, author, at)
    begin(seller, colleague, at)
    other = a_structure(at=at, name="Autre")
    manager = a_member(structure=other, at=at, is_manager=True)
    a_mandate(structure=other, by=manager, at=at)
    begin(other, manager, at)
    assert Draft.objects.count() == 3


def test_once_something_is_typed_the_next_is_another_one(seller: Structure, author: User, at: datetime) -> None:
    first = begin(seller, author, at)
    operations.change(draft=first, fields={"comment": "Bonjour"}, actor=Actor(author), at=at)
    assert begin(seller, author, at).pk != first.pk


def test_a_sheet_takes_its_number_when_it_is_sent_so_that_none_is_left_out(
    seller: Structure, author: User, at: datetime
) -> None:
    town = a_town(at=at, address_line="1 place", postcode="06999")
    given_up, deleted, kept, typed = (
        an_entry(seller=seller, user=author, at=at, buyer=town, number=number) for number in ("", "", "", "F-2026-002")
    )
    operations.delete(draft=deleted, actor=Actor(author), at=at)
    assert {check(draft=draft, at=at).header.number for draft in (given_up, kept)} == {"F-2026-001"}
    operations.submit(draft=kept, actor=Actor(author), at=at, number="F-2026-001")
    assert (kept.invoice.number, Draft.objects.get(pk=kept.pk).fields["number"]) == ("F-2026-001", "F-2026-001")
    assert next_number(structure=seller, on=at.date()) == "F-2026-002", "one that is typed and not sent holds nothing"
    operations.submit(draft=typed, actor=Actor(author), at=at)
    assert check(draft=given_up, at=at).header.number == "F-2026-003"


def test_a_number_taken_meanwhile_is_shown_before_the_next_one_is_sent(
    seller: Structure, author: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(at=at, address_line="1 place", postcode="06999")
    first, second = (an_entry(seller=seller, user=author, at=at, buyer=town, number="") for _ in range(2))
    operations.submit(draft=first, actor=Actor(author), at=at, number="F-2026-001")
    with pytest.raises(NumberHasMoved, match="F-2026-001 vient de servir"):
        operations.submit(draft=second, actor=Actor(author), at=at, number="F-2026-001")
    monkeypatch.setattr(checking, "next_number", lambda **_: "F-2026-001")  # both were looked at in the same instant
    monkeypatch.setattr(checking, "_numbers", lambda *_: ())
    with pytest.raises(NumberHasMoved):
        operations.submit(draft=second, actor=Actor(author), at=at, number="F-2026-001")
    second.invoice.refresh_from_db()
    assert second.invoice.status == Status.DRAFT


def test_the_draft_of_a_document_holds_the_number_printed_on_it(seller: Structure, author: User, at: datetime) -> None:
    a_draft(seller=seller, user=author, at=at, number="F-2026-001")
    assert next_number(structure=seller, on=at.date()) == "F-2026-002"


def test_it_is_in_no_list_until_something_is_typed(seller: Structure, author: User, at: datetime) -> None:
    draft = begin(seller, author, at)
    issued = issued_for(actor=Actor(author), right=Right.SEE_ISSUED)
    assert list(needing_supplier(issued=queries.begun(issued))) == []
    assert list(queries.sheets_to_resume(issued=issued)) == []
    assert list(issued) == [draft.invoice]  # its own pages are still there
    operations.change(draft=draft, fields={"comment": "Bonjour"}, actor=Actor(author), at=at)
    assert list(needing_supplier(issued=queries.begun(issued))) == [draft.invoice]
    assert list(queries.sheets_to_resume(issued=issued)) == [draft]


def test_a_document_joined_to_it_is_something_too(seller: Structure, author: User, at: datetime) -> None:
    draft = begin(seller, author, at)
    attach(draft=draft, uploads=[an_upload(content=b"x", name="rib.pdf")], actor=Actor(author), at=at)
    assert begin(seller, author, at).pk != draft.pk
    sweep(at=at + UNTOUCHED_FOR + timedelta(days=1))
    draft.invoice.refresh_from_db()
    assert draft.invoice.status == Status.DRAFT


def test_forgotten_it_is_deleted_by_the_portal_and_not_a_moment_before(
    seller: Structure, author: User, at: datetime
) -> None:
    draft = begin(seller, author, at)
    typed_in = begin(seller, a_member(structure=seller, at=at, name="Bob"), at)
    operations.change(draft=typed_in, fields={"comment": "Bonjour"}, actor=Actor(author), at=at)
    sweep(at=at + UNTOUCHED_FOR)
    assert not Invoice.objects.filter(status=Status.DELETED).exists()
    sweep(at=at + UNTOUCHED_FOR + timedelta(seconds=1))
    gone = Invoice.objects.get(status=Status.DELETED)
    assert gone == draft.invoice
    last = gone.history.last()
    assert last is not None
    assert (last.actor, last.actor_name) == (None, "Plainchant")
    assert begin(seller, author, at).pk != draft.pk


def test_beginning_again_starts_the_week_anew(seller: Structure, author: User, at: datetime) -> None:
    begin(seller, author, at)
    begin(seller, author, at + timedelta(days=3))
    sweep(at=at + UNTOUCHED_FOR + timedelta(days=1))
    assert Invoice.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("again", [successors.duplicate, successors.credit])
def test_a_copy_and_a_credit_note_asked_three_times_are_one(
    again: object, seller: Structure, author: User, at: datetime
) -> None:
    town = a_town(at=at, address_line="1 place", postcode="06999")
    sent = an_entry(seller=seller, user=author, at=at, buyer=town, number="F-2026-001")
    operations.submit(draft=sent, actor=Actor(author), at=at)
    made = {again(draft=sent, actor=Actor(author), at=at).pk for _ in range(3)}  # type: ignore[operator]
    (copy,) = Draft.objects.filter(pk__in=made)
    issued = issued_for(actor=Actor(author), right=Right.SEE_ISSUED)
    assert copy.invoice in needing_supplier(issued=queries.begun(issued))
    sweep(at=at + UNTOUCHED_FOR + timedelta(days=1))
    copy.invoice.refresh_from_db()
    assert copy.invoice.status == Status.DRAFT


@pytest.mark.parametrize("again", [successors.duplicate, successors.credit])
def test_a_copy_and_a_credit_note_asked_another_day_have_the_date_of_that_day(
    again: object, seller: Structure, author: User, at: datetime
) -> None:
    town = a_town(at=at, address_line="1 place", postcode="06999")
    sent = an_entry(seller=seller, user=author, at=at, buyer=town, number="F-2026-001")
    operations.submit(draft=sent, actor=Actor(author), at=at)
    later = at + timedelta(days=9)
    made = [again(draft=sent, actor=Actor(author), at=when) for when in (at, later, later)]  # type: ignore[operator]
    assert [draft.fields["issue_date"] for draft in made] == ["03/11/2026", "12/11/2026", "12/11/2026"]
    assert made[1] == made[2]
