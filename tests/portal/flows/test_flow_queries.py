"""Which flows are found, on which day a refusal counts, and when a file is the same invoice again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.flows import queries
from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.queries import Wanted
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.lib.time import PARIS
from plainchant.portal.structures.models import Structure
from tests.making import a_member, a_structure, a_town, put_in
from tests.portal.flows.making_flows import archive, invoice, sent

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 3)
FIRST = datetime(2026, 11, 3, tzinfo=PARIS)
NEXT = datetime(2026, 11, 4, tzinfo=PARIS)


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def user(seller: Structure, at: datetime) -> User:
    return a_member(structure=seller, at=at)


@pytest.fixture
def flow(seller: Structure, user: User, at: datetime) -> Flow:
    """One invoice taken, one refused."""
    town = a_town(at=at)
    good = invoice("F-1", seller=seller.identifier, buyer=town.identifier)
    bad = invoice("F-2", seller=seller.identifier, buyer="12345678200051")
    return sent(archive({"bon.xml": good, "mauvais.xml": bad}), structure=seller, user=user, at=at, name="novembre.zip")


# ---- the same invoice again ----


def test_a_file_is_the_same_invoice_for_its_seller_its_number_and_its_content(flow: Flow, at: datetime) -> None:
    taken = FlowInvoice.objects.get(flow=flow, invoice__isnull=False)
    assert taken.invoice is not None
    same = {"seller": taken.invoice.seller, "number": "F-1", "content": taken.content}
    assert queries.same_invoice(**same) == taken.invoice
    for other in ({"seller": a_structure(at=at)}, {"number": "F-9"}, {"content": "0" * 64}):
        assert queries.same_invoice(**same | other) is None


def test_what_came_without_a_file_of_its_own_is_never_the_same(flow: Flow) -> None:
    FlowInvoice.objects.filter(flow=flow).update(content="")
    assert queries.same_invoice(seller=flow.structure, number="F-1", content="") is None


def test_a_rejected_invoice_is_used_up(flow: Flow) -> None:
    taken = FlowInvoice.objects.get(flow=flow, invoice__isnull=False)
    put_in(Status.REJECTED)
    assert queries.same_invoice(seller=flow.structure, number="F-1", content=taken.content) is None


# ---- the rejects of a day ----


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (FIRST - timedelta(microseconds=1), False),
        (FIRST, True),
        (NEXT - timedelta(microseconds=1), True),
        (NEXT, False),
    ],
)
def test_a_reject_counts_from_midnight_to_midnight_in_paris(flow: Flow, at: datetime, counts: bool) -> None:
    FlowInvoice.objects.update(at=at)
    rejects = queries.rejects_on(structure_ids=[flow.structure_id], day=DAY)
    assert [row.number for row in rejects] == ["F-2"] * counts
    Flow.objects.update(state_at=at, state=State.REJECTED, trouble="Illisible.")
    assert list(queries.rejects_whole_on(structure_ids=[flow.structure_id], day=DAY)) == [flow] * counts


def test_the_rejects_are_those_of_the_structures_that_are_named(flow: Flow, at: datetime) -> None:
    Flow.objects.update(state_at=FIRST, trouble="Illisible.")
    other = a_structure(at=at).pk
    assert list(queries.rejects_on(structure_ids=[other], day=DAY)) == []
    assert list(queries.rejects_whole_on(structure_ids=[other], day=DAY)) == []


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"trouble": "Illisible."}, True),
        ({"trouble": ""}, False),
        ({"trouble": "Illisible.", "state": State.WORKING}, False),
    ],
)
def test_a_flow_counts_as_a_whole_once_it_has_ended_with_something_wrong(
    flow: Flow, changes: dict[str, str], counts: bool
) -> None:
    Flow.objects.update(state_at=FIRST, **changes)
    assert list(queries.rejects_whole_on(structure_ids=[flow.structure_id], day=DAY)) == [flow] * counts


# ---- the list ----


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), True),
        (Wanted(text="NOVEMBRE"), True),
        (Wanted(text="f-2"), True),
        (Wanted(text="CPP001"), True),
        (Wanted(text="décembre"), False),
        (Wanted(state=State.PARTLY), True),
        (Wanted(state=State.INTEGRATED), False),
        (Wanted(since=DAY), True),
        (Wanted(since=DAY + timedelta(days=1)), False),
        (Wanted(until=DAY), True),
        (Wanted(until=DAY - timedelta(days=1)), False),
        (Wanted(text="novembre", state=State.INTEGRATED), False),
    ],
)
def test_a_flow_answers_to_all_that_is_wanted(flow: Flow, wanted: Wanted, found: bool) -> None:
    for instant in (FIRST, NEXT - timedelta(microseconds=1)):
        Flow.objects.update(received_at=instant)
        assert list(queries.narrowed(Flow.objects.all(), wanted=wanted)) == [flow] * found


def test_the_number_of_an_invoice_finds_the_flow_that_holds_it_and_no_other(
    flow: Flow, seller: Structure, user: User, at: datetime
) -> None:
    other = sent(invoice("G-1", seller=seller.identifier), structure=seller, user=user, at=at, name="autre.xml")
    assert list(queries.narrowed(Flow.objects.all(), wanted=Wanted(text="G-1"))) == [other]


def test_progress_counts_what_this_flow_took_and_refused(
    flow: Flow, seller: Structure, user: User, at: datetime
) -> None:
    sent(invoice("G-1", seller=seller.identifier), structure=seller, user=user, at=at, name="autre.xml")
    assert queries.progress_of(flow=flow) == (1, 1)


def test_remarks_are_those_of_what_this_flow_took(flow: Flow, seller: Structure, user: User, at: datetime) -> None:
    taken = FlowInvoice.objects.get(flow=flow, invoice__isnull=False)
    assert taken.invoice is not None
    assert taken.invoice.buyer is not None
    parties = {"seller": seller.identifier, "buyer": taken.invoice.buyer.identifier}
    other = sent(invoice("G-1", **parties), structure=seller, user=user, at=at, name="autre.xml")
    assert other.accepted == 1
    FlowInvoice.objects.update(findings=[{"rule": "CPRO-ESSAI"}])
    assert list(queries.with_remarks(flow=flow)) == [taken]
