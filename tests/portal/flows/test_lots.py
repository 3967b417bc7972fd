"""Lots: fifty invoices a transaction, and still each one exactly once, with its own history and its own instants."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError

from plainchant.portal.accounts.models import User
from plainchant.portal.flows import lots, operations
from plainchant.portal.flows.models import FlowInvoice, State
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Event, Invoice, StatusChange
from plainchant.portal.invoices.operations import Routing, recycle
from plainchant.portal.invoices.operations import process as process_invoice
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor
from plainchant.tasks.embedded import run_until_idle
from tests.making import a_member, a_service, a_structure, a_town, an_attachment
from tests.portal.flows.making_flows import archive, invoice, sent
from tests.portal.invoices.listing import as_it_should

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return now()


@pytest.fixture
def seller(at):
    return a_structure(at=at)


@pytest.fixture
def user(seller, at):
    return a_member(structure=seller, at=at)


@pytest.fixture
def town(at):
    return a_town(at=at, email="courrier@valbrume.example")


@pytest.fixture
def xml(seller, town):
    def made(number: str, **changes: str) -> bytes:
        return invoice(number, **{"seller": seller.identifier, "buyer": town.identifier, **changes})

    return made


def test_an_invoice_that_the_database_does_not_take_stays_behind_alone(seller, user, at, xml, monkeypatch):
    real = lots.deposit_lot

    def unfit(**given):
        if any(one.values["number"] == "F-2" for one in given["lot"]):
            raise DataError("value too long")
        return real(**given)

    monkeypatch.setattr(lots, "deposit_lot", unfit)
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(5)})
    flow = sent(lot, structure=seller, user=user, at=at)
    assert (flow.state, flow.accepted, flow.refused) == (State.PARTLY, 4, 1)
    refused = FlowInvoice.objects.get(flow=flow, invoice__isnull=True)
    assert (refused.number, refused.findings[0]["rule"]) == ("F-2", "FLUX-VALEUR")
    assert set(Invoice.objects.values_list("number", flat=True)) == {"F-0", "F-1", "F-3", "F-4"}


def test_the_same_file_twice_in_one_flow_is_one_invoice(seller, user, at, xml):
    same = xml("F-1")
    flow = sent(archive({"a.xml": same, "b.xml": same, "c.xml": xml("F-2")}), structure=seller, user=user, at=at)
    assert (flow.accepted, flow.refused, Invoice.objects.count()) == (3, 0, 2)
    again = FlowInvoice.objects.get(flow=flow, name="b.xml")
    assert (again.invoice.number, again.findings[0]["rule"]) == ("F-1", "FLUX-DEJA-PRISE")


def test_a_number_taken_between_the_look_and_the_deposit_is_refused_the_others_go_on(
    seller, user, at, xml, monkeypatch
):
    real, seen = lots.numbers_taken, []

    def blind_at_first(**given):
        seen.append(given)
        return set() if len(seen) == 2 else real(**given)

    sent(xml("F-1", commitment="EJ-1"), structure=seller, user=user, at=at, name="f.xml")
    seen.append(None)
    monkeypatch.setattr(lots, "numbers_taken", blind_at_first)
    flow = sent(archive({f"{n}.xml": xml(f"F-{n}") for n in range(3)}), structure=seller, user=user, at=at)
    assert (flow.accepted, flow.refused) == (2, 1)
    assert FlowInvoice.objects.get(flow=flow, invoice__isnull=True).findings[0]["rule"] == "CPRO-G2.07"


def test_two_workers_with_one_flow_carry_each_invoice_once(seller, user, at, xml, monkeypatch):
    flow = sent(
        archive({f"{n}.xml": xml(f"F-{n}") for n in range(6)}), structure=seller, user=user, at=at, processed=False
    )
    monkeypatch.setattr(lots, "MOST_INVOICES", 2)
    real, others = lots.keep_many, []

    def overtaken(**given):  # another worker carries the whole flow while this one writes its bytes
        if not others:
            others.append(1)
            assert process(flow=flow, at=at)
        return real(**given)

    monkeypatch.setattr(lots, "keep_many", overtaken)
    process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (flow.state, flow.accepted, flow.refused) == (State.INTEGRATED, 6, 0)
    assert Invoice.objects.count() == 6
    assert FlowInvoice.objects.count() == 6
    assert Message.objects.filter(kind="flow_ended").count() == 1


def test_a_failure_that_is_not_the_invoices_fault_refuses_nothing(seller, user, at, xml, monkeypatch):
    flow = sent(xml("F-1"), structure=seller, user=user, at=at, processed=False)

    def refused(**given):
        raise IntegrityError("something else")

    monkeypatch.setattr(lots, "deposit_lot", refused)
    with pytest.raises(IntegrityError):
        process(flow=flow, at=at)
    monkeypatch.undo()
    assert not FlowInvoice.objects.exists()
    assert process(flow=flow, at=at)


def test_each_history_is_as_if_the_invoice_had_come_alone(seller, user, at, xml):
    sent(archive({f"{n}.xml": xml(f"F-{n}") for n in range(3)}), structure=seller, user=user, at=at)
    run_until_idle()
    invoices = Invoice.objects.all()
    assert len(invoices) == 3
    for made in invoices:
        lines = [(line.sequence, line.to_status, line.party) for line in StatusChange.objects.filter(invoice=made)]
        assert lines == [
            (1, Status.DRAFT, "seller"),
            (2, Status.DEPOSITED, "seller"),
            (3, Status.FORWARDING, "system"),
            (4, Status.AVAILABLE, "system"),
        ]
        assert made.created_at == made.deposited_at == at
        assert made.made_available_at is not None
        assert made.notified_at is not None


def test_a_recipient_is_told_of_a_lot_in_one_message_and_each_delay_starts_with_it(seller, user, at, town, xml):
    a_service(structure=town, code="CULTURE", email="culture@valbrume.example")
    lot = {f"{n}.xml": xml(f"F-{n}") for n in range(3)}
    lot |= {f"c{n}.xml": xml(f"C-{n}", service="CULTURE", commitment="EJ-7") for n in range(2)}
    sent(archive(lot), structure=seller, user=user, at=at)
    run_until_idle()
    notices = Message.objects.filter(kind="invoice_available")
    assert sorted((one.recipient, one.subject) for one in notices) == [
        ("courrier@valbrume.example", f"3 factures à traiter, « {seller} »"),
        ("culture@valbrume.example", f"2 factures à traiter, « {seller} »"),
    ]
    culture = notices.get(recipient="culture@valbrume.example")
    assert "engagement EJ-7" in culture.body
    assert "service" in culture.body
    for made in Invoice.objects.all():
        told = Event.objects.filter(invoice=made, kind=Event.Kind.NOTIFIED)
        assert {event.message_id for event in told} == {notice.message_id for notice in made.notices.all()}
        assert made.notified_at == min(event.at for event in told)
        assert made.number in told[0].message.body
        assert str(made.uid) in told[0].message.body
        as_it_should(made)


def test_the_notice_of_one_lot_is_not_counted_for_an_invoice_of_another(seller, user, at, town, xml):
    nobody_there = a_town(at=at, identifier="21990001600029", name="Commune de Clairbois")
    sent(archive({"a.xml": xml("A-1", buyer=nobody_there.identifier)}), structure=seller, user=user, at=at)
    run_until_idle()
    sent(archive({"b.xml": xml("B-1")}), structure=seller, user=user, at=at)
    run_until_idle()
    assert Invoice.objects.get(number="B-1").notice_written_at is not None
    assert Invoice.objects.get(number="A-1").notice_written_at is None


def test_a_notice_that_leaves_after_an_invoice_was_sent_elsewhere_counts_for_the_others_only(
    seller, user, at, town, xml
):
    from plainchant.portal.invoices.lots import carry_lot
    from plainchant.portal.invoices.operations import record_notification

    sent(archive({f"{n}.xml": xml(f"F-{n}") for n in range(2)}), structure=seller, user=user, at=at)
    uids = [str(uid) for uid in Invoice.objects.values_list("uid", flat=True)]
    carry_lot(uids=uids, at=at)
    Invoice.objects.filter(number="F-1").update(made_available_at=None)
    message = Message.objects.get(kind="invoice_available")
    record_notification(message=message, at=at + timedelta(minutes=1))
    assert Invoice.objects.get(number="F-0").notified_at == at + timedelta(minutes=1)
    assert Invoice.objects.get(number="F-1").notified_at is None


def test_suppliers_are_told_of_a_flow_once_not_of_each_invoice(seller, user, at, xml):
    other = a_structure(at=at, name="Atelier Umbra", email="umbra@example.org")
    an_attachment(person=user, structure=other, at=at)
    colleague = a_member(structure=seller, at=at, name="Grace")
    lot = {f"{n}.xml": xml(f"F-{n}") for n in range(3)} | {"u.xml": xml("U-1", seller=other.identifier)}
    sent(archive(lot), structure=seller, user=user, at=at)
    run_until_idle()
    assert not Message.objects.filter(kind="invoice_status").exists()
    assert Message.objects.get(kind="flow_ended").recipient == user.email
    told = {one.recipient: one.body for one in Message.objects.filter(kind="flow_deposited")}
    assert set(told) == {colleague.email, "umbra@example.org"}
    assert "3 factures" in told[colleague.email]
    assert "1 facture" in told["umbra@example.org"]


def test_suppliers_are_told_of_an_invoice_by_the_flow_that_sent_it_and_no_other(seller, user, at, xml):
    colleague = a_member(structure=seller, at=at, name="Grace")
    first = {"0.xml": xml("F-0"), "1.xml": xml("F-un-numero-beaucoup-trop-long")}
    sent(archive(first), structure=seller, user=user, at=at)
    sent(archive({**first, "1.xml": xml("F-1"), "2.xml": xml("F-2")}), structure=seller, user=user, at=at)
    again = sent(archive({"0.xml": first["0.xml"], "1.xml": xml("F-1")}), structure=seller, user=user, at=at)
    assert again.accepted == 2
    told = Message.objects.filter(kind="flow_deposited", recipient=colleague.email).order_by("pk")
    assert [one.subject.partition(" d’")[0] for one in told] == ["1 facture", "2 factures"]


def test_suppliers_are_told_of_credit_notes_as_such(seller, user, at, xml):
    colleague = a_member(structure=seller, at=at, name="Grace")
    sent(a_credit_note(xml("AV-1")), structure=seller, user=user, at=at, name="f.xml")
    sent(archive({"0.xml": xml("F-0"), "1.xml": a_credit_note(xml("AV-2"))}), structure=seller, user=user, at=at)
    told = Message.objects.filter(kind="flow_deposited", recipient=colleague.email).order_by("pk")
    assert [one.subject for one in told] == [
        f"1 avoir d’« {seller} » : déposé",
        f"1 facture et 1 avoir d’« {seller} » : déposés",
    ]
    assert f"1 avoir d’{named(seller)} a été envoyé par" in told[0].body
    assert f"1 facture et 1 avoir d’{named(seller)} ont été envoyés par" in told[1].body


def a_credit_note(xml: bytes) -> bytes:
    for before, after in (
        (b"Invoice-2", b"CreditNote-2"),
        (b"<Invoice ", b"<CreditNote "),
        (b"</Invoice>", b"</CreditNote>"),
        (b"cbc:InvoiceTypeCode", b"cbc:CreditNoteTypeCode"),
        (b"cac:InvoiceLine", b"cac:CreditNoteLine"),
        (b">380<", b">381<"),
    ):
        assert before in xml
        xml = xml.replace(before, after)
    return xml


def test_whoever_hands_in_a_flow_reads_of_it_at_the_address_they_chose_for_news(seller, user, at, xml):
    User.objects.filter(pk=user.pk).update(contact_email="avis@example.org")
    user.refresh_from_db()
    sent(xml("F-1"), structure=seller, user=user, at=at, name="f.xml")
    assert Message.objects.get(kind="flow_ended").recipient == "avis@example.org"


def test_a_supplier_is_told_of_everything_that_follows_the_arrival(seller, user, at, town, xml):
    agent = a_member(structure=town, at=at, name="Basile")
    sent(xml("F-1"), structure=seller, user=user, at=at, name="f.xml")
    run_until_idle()
    made = Invoice.objects.get()
    assert not made.is_told_with_flow
    process_invoice(
        invoice=made, action=Action.SEND_BACK, actor=Actor(agent), at=now(), reason_code="AUTRE", comment="Non"
    )
    recycle(invoice=made, routing=Routing(buyer=town, commitment="EJ-7"), comment="", actor=Actor(user), at=now())
    run_until_idle()
    subjects = Message.objects.filter(kind="invoice_status").order_by("pk").values_list("subject", flat=True)
    assert [subject.rpartition(": ")[2] for subject in subjects] == ["à recycler", "déposée", "mise à disposition"]


def test_a_lot_costs_a_handful_of_statements_whatever_its_size(seller, user, at, xml, django_assert_max_num_queries):
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(40)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    with django_assert_max_num_queries(60):
        assert process(flow=flow, at=at)
    with django_assert_max_num_queries(60):
        run_until_idle()
    assert operations.AT_ONCE > lots.MOST_INVOICES
    assert Invoice.objects.filter(status=Status.AVAILABLE, notified_at__isnull=False).count() == 40
