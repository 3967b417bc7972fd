"""Programs that are told of invoices: of which, with which proof, how often again, and until when."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.hooks import operations, queries
from plainchant.portal.hooks.models import Webhook, WebhookDelivery
from plainchant.portal.hooks.queries import SETTLED_AFTER, due
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.lib.outgoing import NotAllowedThere
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.structures.activity import activity_of
from plainchant.portal.structures.models import ActivityEntry, Membership
from tests.making import a_member, a_person, a_structure, an_attachment
from tests.portal.invoices.arrivals import arrived

pytestmark = pytest.mark.django_db
URL = "https://compta.example.org/plainchant"
LATER = SETTLED_AFTER + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _on(settings: Any) -> None:
    settings.WEBHOOKS = True


@dataclass
class Program:
    """What would be on the other side: it keeps what it is sent, and answers ``status``."""

    status: int | Exception = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __call__(self, *, url: str, body: bytes, headers: dict[str, str], seconds: float) -> int:
        assert (url, seconds) == (URL, operations.SECONDS)
        self.body, self.headers = body, dict(headers)
        if isinstance(self.status, Exception):
            raise self.status
        self.got += json.loads(body)["events"]
        return self.status


@dataclass
class World:
    invoice: Invoice
    manager: User  # of the supplier
    clerk: User  # of the body
    webhook: Webhook
    secret: str


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    from django.test import override_settings

    with once_a_module(), override_settings(WEBHOOKS=True):
        invoice = arrived(at)
        assert invoice.buyer is not None
        manager = a_person(at=at, name="Gérard")
        an_attachment(person=manager, structure=invoice.seller, at=at, is_manager=False)
        Membership.objects.filter(structure=invoice.seller).update(is_manager=False)
        Membership.objects.filter(user=manager).update(is_manager=True)
        webhook, secret = operations.make(structure=invoice.seller, url=URL, actor=Actor(manager), at=at)
        return World(invoice, manager, invoice.buyer.memberships.get().user, webhook, secret)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def moves(world: World, action: Action, at: datetime) -> None:
    given = {"reason_code": "JUSTIF_ABS"} if action is Action.SUSPEND else {}
    process(invoice=world.invoice, action=action, actor=Actor(world.clerk), at=at, **given)


def sent(world: World, program: Program, at: datetime) -> bool:
    return operations.send(uid=str(world.webhook.uid), at=at, posting=program)


def test_what_became_of_an_invoice_is_told_once_with_a_proof_of_who_writes(world: World, at: datetime) -> None:
    program = Program()
    assert not sent(world, program, at + LATER)  # nothing since it was made
    moves(world, Action.SUSPEND, at + LATER)
    assert not sent(world, program, at + LATER)  # a line just written may not be the last of its time
    assert sent(world, program, at + 2 * LATER)
    assert not sent(world, program, at + 3 * LATER)
    [event] = program.got
    assert (event["from"], event["to"], event["reason"]) == ("MISE_A_DISPOSITION", "SUSPENDUE", "JUSTIF_ABS")
    assert event["side"] == "seller"
    assert event["invoice"]["uid"] == str(world.invoice.uid)
    last = world.invoice.history.order_by("-sequence")[0]
    assert event["id"] == f"{world.invoice.uid}:{last.sequence}"
    moment, signature = (part.split("=")[1] for part in program.headers["Plainchant-Signature"].split(","))
    assert int(moment) == int((at + 2 * LATER).timestamp())
    wanted = hmac.new(world.secret.encode(), moment.encode() + b"." + program.body, hashlib.sha256).hexdigest()
    assert signature == wanted


def test_nobody_elses_invoices_are_told_and_no_draft(world: World, at: datetime) -> None:
    assert world.invoice.buyer is not None
    arrived(at, number="AUTRE-1")  # of others
    chief = world.clerk
    Membership.objects.filter(user=chief).update(is_manager=True)
    theirs, _ = operations.make(structure=world.invoice.buyer, url=URL, actor=Actor(chief), at=at - timedelta(days=2))
    Webhook.objects.filter(pk=theirs.pk).update(told_until=0)
    Webhook.objects.filter(pk=world.webhook.pk).update(told_until=0)
    seen, buyers = Program(), Program()
    assert sent(world, seen, at + LATER)
    assert operations.send(uid=str(theirs.uid), at=at + LATER, posting=buyers)
    assert [event["to"] for event in seen.got] == ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]
    assert [event["to"] for event in buyers.got] == ["MISE_A_DISPOSITION"]
    assert {event["side"] for event in buyers.got} == {"buyer"}


def test_a_program_that_does_not_answer_is_tried_less_and_less_often_with_the_same_ids(
    world: World, at: datetime
) -> None:
    moves(world, Action.SUSPEND, at)
    program = Program(status=503)
    moment, waits = at + LATER, []
    for _ in range(4):
        assert not sent(world, program, moment)
        retry_at = Webhook.objects.get().retry_at
        assert retry_at is not None
        waits.append(retry_at - moment)
        assert not sent(world, program, retry_at - timedelta(seconds=1))  # not before
        moment = retry_at
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert len({event["id"] for event in program.got}) == 1
    assert len(program.got) == 4
    program.status = 204
    assert sent(world, program, moment)
    webhook = Webhook.objects.get()
    assert (webhook.failures, webhook.failing_since, webhook.retry_at) == (0, None, None)
    log = WebhookDelivery.objects.order_by("pk").values_list("status", flat=True)
    assert list(log) == [503, 503, 503, 503, 204]


def test_after_five_days_it_is_ended_and_the_managers_are_told(world: World, at: datetime) -> None:
    moves(world, Action.SUSPEND, at)
    program = Program(status=NotAllowedThere())
    assert not sent(world, program, at + LATER)
    assert not sent(world, program, at + LATER + operations.GIVE_UP_AFTER - timedelta(hours=1))
    assert Webhook.objects.get().ended_at is None
    assert not sent(world, program, at + LATER + operations.GIVE_UP_AFTER + timedelta(hours=6))
    webhook = Webhook.objects.get()
    assert webhook.is_ended_by_portal
    [mail] = Message.objects.filter(kind="webhook_stopped")
    assert mail.recipient == world.manager.notice_address
    assert "pas publique" in WebhookDelivery.objects.latest("pk").trouble


def test_it_ends_when_whoever_made_it_no_longer_manages(world: World, at: datetime) -> None:
    moves(world, Action.SUSPEND, at)
    Membership.objects.filter(user=world.manager).update(is_manager=False)
    program = Program()
    assert not sent(world, program, at + LATER)
    assert program.got == []
    assert Webhook.objects.get().ended_at


def test_only_one_process_sends(world: World, at: datetime) -> None:
    moves(world, Action.SUSPEND, at)
    inner = Program()

    def outer(**given: Any) -> int:
        assert not sent(world, inner, at + LATER)  # another worker, meanwhile
        return 200

    assert operations.send(uid=str(world.webhook.uid), at=at + LATER, posting=outer)
    assert inner.got == []


def test_a_claim_of_another_process_is_seen_even_at_the_last_moment(
    world: World, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves(world, Action.SUSPEND, at)
    lines_for = queries.lines_for

    def meanwhile(**given: Any) -> Any:
        Webhook.objects.update(retry_at=at + LATER + timedelta(minutes=5))
        return lines_for(**given)

    monkeypatch.setattr(queries, "lines_for", meanwhile)
    program = Program()
    assert not sent(world, program, at + LATER)
    assert program.got == []


def test_one_that_is_ended_while_it_is_told_stays_as_it_was_ended(world: World, at: datetime) -> None:
    moves(world, Action.SUSPEND, at)

    def posting(**given: Any) -> int:
        operations.end(webhook=world.webhook, actor=Actor(world.manager), at=at + LATER)
        return 503

    assert not operations.send(uid=str(world.webhook.uid), at=at + LATER, posting=posting)
    webhook = Webhook.objects.get()
    assert (webhook.ended_at, webhook.failures, webhook.retry_at) == (at + LATER, 0, None)


def test_what_is_done_with_one_of_them_changes_no_other(
    world: World, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of one structure, that have been told of as much."""
    monkeypatch.setattr(operations, "KEPT", 1)
    manager = Actor(world.manager)
    other, _ = operations.make(structure=world.invoice.seller, url=URL, actor=manager, at=at)
    moves(world, Action.SUSPEND, at + LATER)
    program, later = Program(), at + 3 * LATER
    assert operations.send(uid=str(other.uid), at=later, posting=program)
    assert list(due(at=later)) == [world.webhook]
    WebhookDelivery.objects.update(at=later + LATER)  # the newest of all is the other's
    assert sent(world, program, later)
    assert len(program.got) == 2
    assert not due(at=later).exists()
    assert set(WebhookDelivery.objects.values_list("webhook", flat=True)) == {world.webhook.pk, other.pk}
    operations.send_again(webhook=other, since=at.date(), actor=manager, at=later)
    assert list(due(at=later)) == [other]
    operations.end(webhook=other, actor=manager, at=later)
    assert list(Webhook.objects.filter(ended_at=None)) == [world.webhook]
    assert not due(at=later).exists()


def test_those_of_others_and_those_that_have_ended_take_no_place(world: World, at: datetime) -> None:
    manager = Actor(world.manager)
    elsewhere = a_structure(at=at, name="Studio Nocturne")
    chief = Actor(a_member(structure=elsewhere, at=at, is_manager=True))
    for _ in range(operations.MOST_WEBHOOKS):
        operations.make(structure=elsewhere, url=URL, actor=chief, at=at)
    for _ in range(operations.MOST_WEBHOOKS):
        made, _ = operations.make(structure=world.invoice.seller, url=URL, actor=manager, at=at)
        operations.end(webhook=made, actor=manager, at=at)


def test_nothing_is_sent_where_the_operator_does_not_want_it(world: World, at: datetime, settings: Any) -> None:
    moves(world, Action.SUSPEND, at)
    assert list(due(at=at + LATER)) == [world.webhook]
    settings.WEBHOOKS = False
    program = Program()
    assert not sent(world, program, at + LATER)
    assert not due(at=at + LATER).exists()
    with pytest.raises(NotAllowed):
        operations.make(structure=world.invoice.seller, url=URL, actor=Actor(world.manager), at=at)


def test_a_manager_alone_makes_and_ends_them_and_three_at_most(world: World, at: datetime) -> None:
    seller, manager = world.invoice.seller, Actor(world.manager)
    colleague = a_member(structure=seller, at=at)
    with pytest.raises(NotAllowed):
        operations.make(structure=seller, url=URL, actor=Actor(colleague), at=at)
    with pytest.raises(NotAllowed):
        operations.end(webhook=world.webhook, actor=Actor(colleague), at=at)
    for url in ("http://a.example.org/", "https://127.0.0.1/"):
        with pytest.raises(operations.WebhookAddress):
            operations.make(structure=seller, url=url, actor=manager, at=at)
    for _ in range(operations.MOST_WEBHOOKS - 1):
        operations.make(structure=seller, url=URL, actor=manager, at=at)
    with pytest.raises(operations.TooManyWebhooks):
        operations.make(structure=seller, url=URL, actor=manager, at=at)
    operations.end(webhook=world.webhook, actor=manager, at=at)
    with pytest.raises(operations.WebhookHasEnded):
        operations.end(webhook=world.webhook, actor=manager, at=at)
    moves(world, Action.SUSPEND, at)
    program = Program()
    assert not sent(world, program, at + LATER)
    assert program.got == []


def test_the_pages_show_the_secret_once_and_what_was_sent(
    client: Client, world: World, at: datetime, settings: Any
) -> None:
    client.force_login(world.manager)
    home = f"/structures/{world.invoice.seller.uid}/logiciels-prevenus/"
    assert URL in client.get(home).content.decode()
    moves(world, Action.SUSPEND, at)
    sent(world, Program(), at + LATER)
    page = client.get(f"/structures/logiciels-prevenus/{world.webhook.uid}/").content.decode()
    assert str(world.invoice.uid) in page
    assert world.secret not in page
    client.post(f"/structures/logiciels-prevenus/{world.webhook.uid}/")
    assert Webhook.objects.get().ended_at
    settings.WEBHOOKS = False
    assert client.get(home).status_code == 404


def test_what_happened_from_a_day_on_is_told_again_with_the_same_ids(world: World, at: datetime) -> None:
    tomorrow = at + timedelta(days=1)
    moves(world, Action.CONFIRM_SERVICE, at + LATER)
    moves(world, Action.PAY_OUT, tomorrow)
    program, later = Program(), tomorrow + LATER
    sent(world, program, later)
    ids = [event["id"] for event in program.got]
    assert len(ids) == 2
    operations.send_again(webhook=world.webhook, since=tomorrow.date(), actor=Actor(world.manager), at=later)
    sent(world, program, later)
    assert [event["id"] for event in program.got] == [*ids, ids[-1]]
    operations.send_again(
        webhook=world.webhook, since=at.date() - timedelta(days=9), actor=Actor(world.manager), at=later
    )
    sent(world, program, later)
    assert [event["id"] for event in program.got][3:] == ids  # nothing from before it was made


def test_a_day_to_come_leaves_out_nothing_that_waits(world: World, at: datetime) -> None:
    moves(world, Action.SUSPEND, at + LATER)
    later = at + 3 * LATER
    operations.send_again(
        webhook=world.webhook, since=at.date() + timedelta(days=9), actor=Actor(world.manager), at=later
    )
    program = Program()
    sent(world, program, later)
    assert len(program.got) == 1


def test_one_that_has_ended_is_told_nothing_again(world: World, at: datetime) -> None:
    operations.end(webhook=world.webhook, actor=Actor(world.manager), at=at)
    with pytest.raises(operations.WebhookHasEnded):
        operations.send_again(webhook=world.webhook, since=at.date(), actor=Actor(world.manager), at=at)
    assert not ActivityEntry.objects.filter(kind=ActivityEntry.Kind.WEBHOOK_SENT_AGAIN).exists()


def test_a_manager_asks_for_it_on_the_page(world: World, client: Client, at: datetime) -> None:
    client.force_login(world.manager)
    address = f"/structures/logiciels-prevenus/{world.webhook.uid}/renvoyer/"
    assert client.post(address, {"since": "demain"}).status_code == 422
    Webhook.objects.filter(pk=world.webhook.pk).update(told_until=10**9)
    assert client.post(address, {"since": "01/01/2026"}).status_code == 302
    world.webhook.refresh_from_db()
    assert world.webhook.told_until < 10**9
    entry = activity_of(structure=world.webhook.structure).first()
    assert entry is not None
    assert (entry.kind, entry.actor) == (ActivityEntry.Kind.WEBHOOK_SENT_AGAIN, world.manager)
    assert entry.about == f"{world.webhook.url}, depuis le 01/01/2026"


def test_what_is_asked_for_again_while_it_is_told_is_told_again(world: World, at: datetime) -> None:
    moves(world, Action.CONFIRM_SERVICE, at + LATER)
    assert sent(world, Program(), at + 2 * LATER)
    moves(world, Action.PAY_OUT, at + 2 * LATER)

    def posting(**_: object) -> int:
        operations.send_again(webhook=world.webhook, since=at.date(), actor=Actor(world.manager), at=at + 3 * LATER)
        return 200

    assert operations.send(uid=str(world.webhook.uid), at=at + 3 * LATER, posting=posting)
    program = Program()
    assert sent(world, program, at + 3 * LATER + timedelta(days=1))
    assert [event["to"] for event in program.got] == ["SERVICE_FAIT", "MISE_EN_PAIEMENT"]


def test_one_that_waits_for_its_next_try_is_not_due(world: World, at: datetime) -> None:
    moves(world, Action.SUSPEND, at + LATER)
    later = at + 2 * LATER
    Webhook.objects.update(retry_at=later + timedelta(seconds=1))
    assert not due(at=later).exists()
    assert list(due(at=later + timedelta(seconds=1))) == [world.webhook]


def test_a_body_is_told_nothing_of_the_time_when_another_had_the_invoice(world: World, at: datetime) -> None:
    invoice = Invoice.objects.get(pk=world.invoice.pk)
    theirs = Webhook(structure=invoice.buyer, told_until=0)
    last = queries.last_line()
    shown = [line.to_status for line in queries.lines_for(webhook=theirs, until=last)]
    assert shown == ["MISE_A_DISPOSITION"]
    moves(world, Action.SUSPEND, at + LATER)
    lines = list(queries.lines_for(webhook=theirs, until=queries.last_line()))
    assert [line.to_status for line in lines] == ["MISE_A_DISPOSITION", "SUSPENDUE"]
    assert list(queries.lines_for(webhook=theirs, until=lines[0].pk)) == lines[:1]
    Invoice.objects.filter(pk=invoice.pk).update(made_available_at=lines[1].at)
    assert list(queries.lines_for(webhook=theirs, until=queries.last_line())) == lines[1:]
