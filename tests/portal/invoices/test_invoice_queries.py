"""Which invoices each side finds, in which state, and from which instant."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import queries
from plainchant.portal.invoices.lifecycle import IN_VALIDATION, IN_WORKS, REFUSED, Status
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.invoices.operations import delete_draft, record_download
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Membership, Structure
from tests.making import a_draft, a_member, a_service, a_structure, a_town, made_available, thawed

pytestmark = pytest.mark.django_db

BEFORE_IT_ARRIVES = {Status.DRAFT, Status.DELETED, Status.DEPOSITED, Status.FORWARDING} | IN_VALIDATION | IN_WORKS


@pytest.fixture
def artist(at: datetime) -> User:
    return a_member(structure=a_structure(at=at), at=at)


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at)


@pytest.fixture
def invoice(artist: User, town: Structure, at: datetime) -> Invoice:
    """Made available to a town where nobody is attached and which has no address."""
    seller = artist.memberships.get().structure
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town, number="F-1")
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    return invoice


@pytest.mark.one_database
@pytest.mark.parametrize("status", Status)
def test_the_supplier_sees_all_but_what_was_deleted(invoice: Invoice, artist: User, status: Status) -> None:
    with thawed():
        Invoice.objects.update(status=status)
    issued = queries.issued_for(actor=Actor(artist), right=Right.SEE_ISSUED)
    assert issued.exists() == (status != Status.DELETED)
    of_works = {Status.WRONG_MOE, Status.WRONG_MOA, Status.TO_COMPLETE, Status.AT_SELLER}
    asked = {Status.DRAFT, Status.SUSPENDED, Status.TO_RECYCLE, Status.WRONG_VALIDATOR_1, *of_works, *REFUSED}
    assert queries.needing_supplier(issued=issued).exists() == (status in asked)


@pytest.mark.one_database
@pytest.mark.parametrize("status", Status)
def test_the_recipient_sees_what_has_arrived(invoice: Invoice, town: Structure, at: datetime, status: Status) -> None:
    agent = Actor(a_member(structure=town, at=at, name="Basile"))
    with thawed():
        Invoice.objects.update(status=status)
    received = queries.received_for(actor=agent, right=Right.SEE_RECEIVED)
    assert received.exists() == (status not in BEFORE_IT_ARRIVES)
    assert queries.to_process(received=received).exists() == (status in {Status.AVAILABLE, Status.COMPLETED})
    Invoice.objects.update(made_available_at=None)
    assert not queries.received_for(actor=agent, right=Right.SEE_RECEIVED).exists()


def test_a_number_is_taken_by_what_its_seller_has_sent(invoice: Invoice, at: datetime) -> None:
    wanted = [(invoice.seller_id, "F-1"), (invoice.seller_id, "F-2"), (a_structure(at=at).pk, "F-1")]
    assert queries.numbers_taken(wanted=wanted) == {(invoice.seller_id, "F-1")}
    for status in (Status.DRAFT, Status.DELETED):
        with thawed():
            Invoice.objects.update(status=status)
        assert queries.numbers_taken(wanted=wanted) == set()


def test_the_next_free_number_is_one_that_can_be_used(invoice: Invoice, artist: User, at: datetime) -> None:
    seller = invoice.seller
    a_draft(seller=seller, user=artist, at=at, number="F-3")
    deleted = a_draft(seller=seller, user=artist, at=at, number="F-4")
    delete_draft(invoice=deleted, actor=Actor(artist), at=at)
    assert queries.free_number(seller=seller, head="F-", after=0, width=1) == "F-2"
    assert queries.free_number(seller=seller, head="F-", after=2, width=1) == "F-4"
    assert queries.free_number(seller=seller, head="F-", after=9, width=3) == "F-010"
    assert queries.free_number(seller=a_structure(at=at), head="F-", after=0, width=1) == "F-1"


def test_a_number_that_would_be_too_long_is_shortened_and_free(invoice: Invoice) -> None:
    head = "ABCDEFGHIJKLMNOPQ"
    with thawed():
        Invoice.objects.update(number="BCDEFGHIJKLMNOPQ1000")
    assert queries.free_number(seller=invoice.seller, head=head, after=999, width=3) == "BCDEFGHIJKLMNOPQ1001"


def test_a_hundred_numbers_that_are_used_are_passed_over(invoice: Invoice, artist: User, at: datetime) -> None:
    def bearing(place: int) -> Invoice:
        return Invoice(
            seller=invoice.seller, number=f"F-{place}", status=Status.DEPOSITED, status_at=at, deposit_mode="PDF",
            created_at=at, created_by=artist, updated_at=at,
        )  # fmt: skip

    Invoice.objects.bulk_create(bearing(place) for place in range(2, 203))
    assert queries.free_number(seller=invoice.seller, head="F-", after=0, width=1) == "F-203"


# ---- recipients who could not be told ----


def found(before: datetime) -> list[Invoice]:
    return list(queries.without_notice(before=before))


def test_nobody_is_found_to_tell_where_nobody_is(invoice: Invoice, town: Structure, at: datetime) -> None:
    later = at + timedelta(days=1)
    a_member(structure=a_town(at=at), at=at)
    for state in set(Membership.State) - {Membership.State.ACCEPTED}:
        person = a_member(structure=town, at=at)
        Membership.objects.filter(user=person).update(state=state)
    closed = a_member(structure=town, at=at)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert found(later) == []
    a_member(structure=town, at=at)
    assert found(later) == [invoice]


def test_an_address_of_the_body_or_of_the_service_is_enough(invoice: Invoice, town: Structure, at: datetime) -> None:
    later = at + timedelta(days=1)
    Structure.objects.filter(pk=town.pk).update(email="mairie@exemple.fr")
    assert found(later) == [invoice]
    Structure.objects.filter(pk=town.pk).update(email="")
    service = a_service(structure=town, email="")
    Invoice.objects.update(buyer_service=service)
    assert found(later) == []
    service.email = "culture@exemple.fr"
    service.save()
    assert found(later) == [invoice]


def test_only_what_waits_there_untold_and_for_long_enough_is_found(
    invoice: Invoice, town: Structure, at: datetime
) -> None:
    a_member(structure=town, at=at)
    arrived = invoice.made_available_at
    assert arrived is not None
    assert found(arrived) == []
    assert found(arrived + timedelta(microseconds=1)) == [invoice]
    Invoice.objects.update(notice_written_at=at)
    assert found(at + timedelta(days=1)) == []
    for status in set(Status) - {Status.AVAILABLE, Status.COMPLETED}:
        with thawed():
            Invoice.objects.update(notice_written_at=None, status=status)
        assert found(at + timedelta(days=1)) == []


# ---- whom a supplier invoiced ----


def test_those_invoiced_lately_are_whom_this_supplier_has_sent_something(
    invoice: Invoice, artist: User, town: Structure, at: datetime
) -> None:
    another = a_town(at=at, name="Ville d’Orée")
    a_draft(seller=invoice.seller, user=artist, at=at, buyer=another, number="F-2")  # not sent
    a_draft(seller=invoice.seller, user=artist, at=at, buyer=None, number="F-3")
    stranger = a_member(structure=a_structure(at=at), at=at)
    theirs = a_draft(seller=stranger.memberships.get().structure, user=stranger, at=at, buyer=another, number="F-9")
    submit(draft=theirs.draft, actor=Actor(stranger), at=at)
    assert queries.recent_buyers(seller=invoice.seller) == [town.pk]
    assert queries.recent_buyers(seller=theirs.seller) == [another.pk]


def test_a_sheet_that_is_not_sent_holds_no_number_and_a_document_does(
    invoice: Invoice, artist: User, town: Structure, at: datetime
) -> None:
    sheet = a_draft(seller=invoice.seller, user=artist, at=at, buyer=town, number="F-2")
    Invoice.objects.filter(pk=sheet.pk).update(deposit_mode=DepositMode.ENTRY)
    assert queries.free_number(seller=invoice.seller, head="F-", after=0, width=1) == "F-2"
    Invoice.objects.filter(pk=invoice.pk).update(deposit_mode=DepositMode.ENTRY)
    assert queries.free_number(seller=invoice.seller, head="F-", after=0, width=1) == "F-2"  # F-1 was sent
    Invoice.objects.filter(pk=sheet.pk).update(deposit_mode=DepositMode.PDF)
    assert queries.free_number(seller=invoice.seller, head="F-", after=0, width=1) == "F-3"


def test_the_first_time_that_a_document_was_opened_is_kept_of_each(
    invoice: Invoice, artist: User, town: Structure, at: datetime
) -> None:
    other = a_draft(seller=invoice.seller, user=artist, at=at, buyer=town, number="F-2")
    submit(draft=other.draft, actor=Actor(artist), at=at)
    made_available(invoice=other, at=at)
    agent, first = Actor(a_member(structure=town, at=at)), at + timedelta(hours=1)
    for moment in (first, first + timedelta(hours=1)):
        record_download(invoice=invoice, actor=agent, at=moment)
    assert dict(Invoice.objects.values_list("number", "downloaded_at")) == {"F-1": first, "F-2": None}
