"""Whatever the queue forgets, the sweep finds: the rows themselves say what is still to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Event, Invoice
from plainchant.portal.invoices.moves import CARRY
from plainchant.portal.invoices.queries import without_notice
from plainchant.portal.lib.outages import StoreAway
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import DELIVER, GIVE_UP_AFTER
from plainchant.portal.queue.models import Job
from plainchant.portal.queue.operations import enqueue, run_one
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.delegations import Terms, delegate
from plainchant.tasks import embedded, table
from plainchant.tasks import invoices as invoice_tasks
from plainchant.tasks import mail as mail_task
from plainchant.tasks import sweep as sweeping
from plainchant.tasks.embedded import run_until_idle
from plainchant.tasks.sweep import sweep
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_attachment, put_in

pytestmark = pytest.mark.django_db


@contextmanager
def mock_now(at: datetime) -> Iterator[None]:
    """The edges' clock, set: the mail task and the embedded engine read it, nothing below does."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (mail_task, embedded, invoice_tasks):
            patch.setattr(module, "now", lambda: at)
        yield


@pytest.fixture
def sent(at: datetime) -> Invoice:
    seller, buyer = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    a_member(structure=buyer, at=at, name="Basile")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=buyer)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    return invoice


def test_a_sent_invoice_reaches_its_recipient_and_the_delay_starts(sent: Invoice) -> None:
    run_until_idle()
    sent.refresh_from_db()
    assert sent.status == Status.AVAILABLE
    assert sent.notified_at == Message.objects.get(kind="invoice_available").sent_at
    assert Event.objects.get(invoice=sent).kind == Event.Kind.NOTIFIED


def test_a_queue_that_lost_everything_loses_nothing(sent: Invoice, at: datetime) -> None:
    Job.objects.all().delete()
    much_later = at + timedelta(minutes=10)
    for _ in range(4):  # deposited → forwarding → available → its mails
        sweep(at=much_later)
        run_until_idle()
        Job.objects.all().delete()
        Invoice.objects.filter(pk=sent.pk).update(status_at=at)
        Message.objects.update(created_at=at)
    sent.refresh_from_db()
    assert sent.status == Status.AVAILABLE
    assert not Message.objects.filter(sent_at__isnull=True).exists()
    assert sent.history.count() == 4


def test_a_clock_that_was_put_back_keeps_nothing_waiting(sent: Invoice, at: datetime) -> None:
    Job.objects.all().delete()
    yesterday = at - timedelta(hours=26)
    for _ in range(4):  # deposited → forwarding → available → its mails
        Message.objects.update(retry_at=at)
        sweep(at=yesterday)
        with mock_now(yesterday):
            run_until_idle()
        Job.objects.all().delete()
    sent.refresh_from_db()
    assert sent.status == Status.AVAILABLE
    assert not Message.objects.filter(sent_at__isnull=True).exists()
    assert sent.notified_at is not None
    assert sent.notified_at >= sent.made_available_at >= sent.deposited_at


def test_the_loop_goes_on_sweeping_though_the_clock_was_put_back(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    stop = threading.Event()
    asked, swept = [], []

    def earlier_each_time() -> datetime:
        asked.append(at)
        if len(asked) == 20:  # the loop of a portal that sweeps no more
            stop.set()
        return at - timedelta(hours=len(asked))

    def sweep_once(at: datetime) -> None:
        swept.append(at)
        if len(swept) == 2:
            stop.set()

    monkeypatch.setattr(embedded, "now", earlier_each_time)
    monkeypatch.setattr(embedded, "sweep", sweep_once)
    monkeypatch.setattr(embedded, "take_out_orphans", lambda at: None)
    monkeypatch.setattr(embedded, "EVERY", timedelta(0))
    monkeypatch.setattr(embedded, "POLL_SECONDS", 0)
    embedded.run_forever(stop)
    assert len(swept) == 2


def test_what_has_just_been_asked_for_is_left_alone(sent: Invoice, at: datetime) -> None:
    assert sweep(at=at + timedelta(seconds=30)) == 0


def test_sweeping_twice_asks_once(sent: Invoice, at: datetime) -> None:
    Job.objects.all().delete()
    later = at + timedelta(minutes=10)
    sweep(at=later)
    waiting = Job.objects.count()
    sweep(at=later)
    assert Job.objects.count() == waiting > 0


def test_a_delegation_whose_last_day_has_passed_is_ended_and_both_sides_are_told(at: datetime) -> None:
    client, office = a_structure(at=at), a_structure(at=at, name="Cabinet Mercier")
    owner, clerk = a_member(structure=client, at=at, is_manager=True), a_member(structure=office, at=at)
    last_day = Terms(profiles=[AccessProfile.INVOICE], begins_on=day_in_paris(at), ends_on=day_in_paris(at))
    delegation = delegate(structure=client, siret=office.identifier, terms=last_day, actor=Actor(owner), at=at)
    tomorrow = at + timedelta(days=1)
    for instant in (at, tomorrow, tomorrow + timedelta(minutes=1)):
        sweep(at=instant)
    delegation.refresh_from_db()
    assert delegation.ended_at == tomorrow
    recipients = Message.objects.filter(kind="delegation_run_out").values_list("recipient", flat=True)
    assert sorted(recipients) == sorted([owner.email, clerk.email])


def test_a_body_without_anybody_is_told_when_somebody_joins(at: datetime) -> None:
    seller, buyer = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=buyer)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    run_until_idle()
    invoice.refresh_from_db()
    assert (invoice.status, invoice.notified_at) == (Status.AVAILABLE, None)
    much_later = at + timedelta(days=1)
    assert list(without_notice(before=much_later)) == []
    agent = a_person(at=at, name="Basile")
    an_attachment(person=agent, structure=buyer, at=at)
    Invoice.objects.filter(pk=invoice.pk).update(made_available_at=at)
    sweep(at=much_later)
    run_until_idle()
    invoice.refresh_from_db()
    assert invoice.notified_at is not None
    assert list(without_notice(before=much_later)) == []


def test_a_new_recipient_is_told_even_though_the_former_one_was(sent: Invoice, at: datetime) -> None:
    run_until_idle()
    sent.refresh_from_db()
    agent = sent.buyer.memberships.get().user
    nobody_there = a_town(at=at, name="Commune de Clairbois")
    operations.process(invoice=sent, action=Action.SEND_BACK, actor=Actor(agent), at=at, reason_code="SIRET_ERR")
    operations.recycle(
        invoice=sent, routing=operations.Routing(buyer=nobody_there), comment="", actor=Actor(sent.created_by), at=at
    )
    run_until_idle()
    a_member(structure=nobody_there, at=at, name="Célestine")
    Invoice.objects.filter(pk=sent.pk).update(made_available_at=at)
    assert list(without_notice(before=at + timedelta(days=1))) == [sent]


@pytest.mark.one_database
def test_a_mail_server_away_for_a_whole_day_loses_no_notice(sent: Invoice, at: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    tries = 0
    for minute in range(2, 24 * 60, 45):
        later = at + timedelta(minutes=minute)
        with mock_now(later):
            sweep(at=later)
            tries += run_until_idle()
    unsent = Message.objects.filter(sent_at__isnull=True)
    assert unsent.filter(kind="invoice_available").count() == 1
    assert max(unsent.values_list("attempts", flat=True)) < 20  # later and later, not every minute
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    next_day = at + timedelta(days=2)
    with mock_now(next_day):
        sweep(at=next_day)
        run_until_idle()
    sent.refresh_from_db()
    assert sent.notified_at == next_day


def test_an_address_that_is_always_refused_is_given_up_after_two_weeks(sent: Invoice, at: datetime) -> None:
    Job.objects.all().delete()
    Invoice.objects.filter(pk=sent.pk).update(notice_written_at=at)
    put_in(Status.AVAILABLE, pk=sent.pk)
    sweep(at=at + GIVE_UP_AFTER - timedelta(hours=1))
    assert Job.objects.filter(task=DELIVER).exists()
    Job.objects.all().delete()
    sweep(at=at + GIVE_UP_AFTER + timedelta(hours=1))
    assert not Job.objects.filter(task=DELIVER).exists()


def carried(at: datetime) -> set[str]:
    """What one sweep asks for, of invoices on their way."""
    Job.objects.all().delete()
    sweep(at=at)
    return set(Job.objects.filter(task=CARRY).values_list("key", flat=True))


@pytest.fixture
def five_on_their_way(sent: Invoice, at: datetime) -> list[str]:
    """The uids of five invoices that are never carried, oldest first."""
    people = (sent.seller, sent.created_by, sent.buyer)
    for minute in range(1, 5):
        invoice = a_draft(seller=people[0], user=people[1], at=at, buyer=people[2])
        submit(draft=invoice.draft, actor=Actor(people[1]), at=at + timedelta(minutes=minute))
    return [str(uid) for uid in Invoice.objects.order_by("status_at").values_list("uid", flat=True)]


def test_rows_that_always_fail_keep_no_other_waiting(
    five_on_their_way: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    first, second, third, fourth, fifth = five_on_their_way
    later = at + timedelta(hours=1)
    asked = [carried(later) for _ in range(4)]
    assert asked == [{first, second}, {third, fourth}, {fifth, first}, {second, third}]


def test_a_row_that_is_done_meanwhile_is_no_loss_of_place(
    five_on_their_way: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    _, second, third, fourth, _ = five_on_their_way
    later = at + timedelta(hours=1)
    carried(later)
    put_in(Status.AVAILABLE, uid=second)
    assert carried(later) == {third, fourth}


def test_a_row_that_cannot_even_be_asked_for_is_noted_and_the_others_are(
    five_on_their_way: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse_the_first(*, key: str, **others: Any) -> None:
        if key == five_on_their_way[0]:
            raise ValueError("of ours")
        enqueue(key=key, **others)

    monkeypatch.setattr(sweeping, "enqueue", refuse_the_first)
    with caplog.at_level("ERROR"):
        assert carried(at + timedelta(hours=1)) == set(five_on_their_way[1:])
    assert "invoices on their way" in caplog.text


def test_when_the_store_is_away_the_sweep_says_so_and_goes_on_next_time(
    five_on_their_way: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**others: Any) -> None:
        raise StoreAway("no bucket")

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "enqueue", away)
        with pytest.raises(StoreAway):
            sweep(at=at + timedelta(hours=1))
    assert carried(at + timedelta(hours=1)) == set(five_on_their_way)


def test_a_task_that_is_away_counts_no_attempt(at: datetime) -> None:
    def away() -> None:
        raise StoreAway("no bucket")

    enqueue(task="t", key="1", at=at)
    for minute in range(20):
        run_one(tasks={"t": away}, at=at + timedelta(minutes=minute))
    job = Job.objects.get()
    assert (job.attempts, job.failed_at, job.last_error) == (0, None, "StoreAway: no bucket")


def test_a_former_name_leads_to_a_task_that_exists() -> None:
    assert set(table.FORMER_NAMES.values()) <= set(table.TASKS)
    assert not set(table.FORMER_NAMES) & set(table.TASKS)
    assert {name: table.BY_NAME[name] for name in table.TASKS} == table.TASKS
