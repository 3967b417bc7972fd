"""Flows: a number at once, each invoice carried or told, good ones go on, nothing done twice."""

from __future__ import annotations

import hashlib
import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from plainchant.einvoice.codes.cadres import CADRES
from plainchant.portal.flows import lots, operations
from plainchant.portal.flows.folder import Piece
from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.operations import FlowRefused, process
from plainchant.portal.flows.queries import progress_of
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.pages import document_of
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.mail.models import Message
from plainchant.portal.queue.models import Job
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.antivirus import ScannerAway
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.queries import local_file, read_bytes
from plainchant.reader import flows as files
from plainchant.reader.flows import read_flow
from plainchant.reader.sandbox import FailureReason, ReaderFailed
from tests.making import a_member, a_service, a_structure, a_town
from tests.portal.flows.making_flows import archive, invoice, sent, zipped
from tests.spellings import spellings

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
    return a_town(at=at)


@pytest.fixture
def xml(seller, town):
    def made(number: str, **changes: str) -> bytes:
        return invoice(number, **{"seller": seller.identifier, "buyer": town.identifier, **changes})

    return made


def rules(flow: Flow) -> dict[str, list[str]]:
    """Number or file → the rules that refused it; [] for one that was taken."""
    rows = FlowInvoice.objects.filter(flow=flow)
    return {row.number or row.name: [finding["rule"] for finding in row.findings] for row in rows}


def test_a_flow_has_its_number_at_once_and_is_not_yet_anything_else(seller, user, at, xml):
    flow = sent(xml("F-1"), structure=seller, user=user, at=at, name="facture.xml", processed=False)
    assert flow.state == State.RECEIVED
    assert len(flow.number) == 25
    assert flow.number.startswith("CPP0011100")
    assert flow.label == f"FSO1100A_CPP001_{flow.number}"
    assert not Invoice.objects.exists()


def test_one_invoice_is_on_its_way_with_its_page_and_its_data(seller, user, at, town, xml):
    content = xml("F-1")
    flow = sent(content, structure=seller, user=user, at=at, name="facture.xml")
    assert (flow.state, flow.accepted, flow.refused) == (State.INTEGRATED, 1, 0)
    made = Invoice.objects.get(number="F-1")
    assert made.status == Status.DEPOSITED
    assert (made.seller, made.buyer, made.deposit_mode) == (seller, town, "UPLOAD_PORTAIL")
    assert made.document["tax_inclusive_amount"] == "120.00"
    assert read_bytes(stored=InvoiceFile.objects.get(invoice=made).stored) == content
    page = document_of(invoice=made, at=at)
    assert read_bytes(stored=page.stored).startswith(b"%PDF-")
    assert (page.role, page.name) == ("01", "F-1.pdf")
    assert document_of(invoice=made, at=at) == page


def test_parties_are_found_however_their_siret_is_written(seller, user, at, town, xml):
    written = zip(spellings(seller.identifier), spellings(town.identifier), strict=True)
    lot = {f"{place}.xml": xml(f"F-{place}", seller=one, buyer=other) for place, (one, other) in enumerate(written)}
    flow = sent(archive(lot), structure=seller, user=user, at=at)
    assert rules(flow) == {f"F-{place}": [] for place in range(len(lot))}
    assert set(Invoice.objects.values_list("seller", "buyer")) == {(seller.pk, town.pk)}


def test_good_ones_go_on_and_each_bad_one_is_told(seller, user, at, xml):
    lot = archive(
        {
            "bon.xml": xml("F-1"),
            "long.xml": xml("F-un-numero-beaucoup-trop-long"),
            "coupe.xml": xml("F-2")[:300],
            "autre.xml": xml("F-3", seller="12345678200044"),
            "perdu.xml": xml("F-4", buyer="12345678200051"),
            "aussi.xml": xml("F-5"),
            "._aussi.xml": b"what a file manager leaves",
        }
    )
    flow = sent(lot, structure=seller, user=user, at=at)
    assert (flow.state, flow.accepted, flow.refused) == (State.PARTLY, 2, 4)
    assert rules(flow) == {
        "F-1": [],
        "F-un-numero-beaucoup-trop-long": ["CPRO-G1.05-LONGUEUR"],
        "coupe.xml": ["XML-MAL-FORME"],
        "F-3": ["FLUX-FOURNISSEUR"],
        "F-4": ["ANNUAIRE-DESTINATAIRE-INCONNU"],
        "F-5": [],
    }
    assert {row.number for row in Invoice.objects.all()} == {"F-1", "F-5"}
    mail = Message.objects.get(kind="flow_ended")
    assert mail.recipient == user.email
    assert "2 factures prises" in mail.body
    assert "4 factures refusées" in mail.body


@pytest.mark.one_database
def test_what_the_recipient_demands_is_asked(seller, user, at, town, xml):
    town.requires_service = town.requires_commitment = True
    town.save()
    a_service(structure=town, code="CULTURE")
    lot = zipped(
        {
            "a.xml": xml("F-1"),
            "b.xml": xml("F-2", service="CULTURE", commitment="EJ-1"),
            "c.xml": xml("F-3", service="CANTINE", commitment="EJ-1"),
        }
    )
    flow = sent(lot, structure=seller, user=user, at=at, name="lot.zip")
    told = rules(flow)
    assert len(told["F-1"]) == 2
    assert told["F-2"] == []
    assert len(told["F-3"]) == 1
    assert Invoice.objects.get(number="F-2").buyer_service.code == "CULTURE"


@pytest.mark.one_database
@pytest.mark.parametrize("cadre", CADRES, ids=lambda row: row.code)
def test_what_others_must_see_before_the_buyer_is_not_carried_straight_to_it(seller, user, at, xml, cadre):
    carried = cadre.code in {"A1", "A2", "A3", "A21"}
    flow = sent(xml("F-1", cadre=cadre.code), structure=seller, user=user, at=at, name="facture.xml")
    wrong = ["SAISIE-VALIDEUR"] if cadre.code in {"A9", "A12"} else ["FLUX-CIRCUIT"]
    if cadre.code in {
        "A4",
        "A5",
        "A7",
    }:  # nobody reads of the buyer's works, and the first and the last need an architect
        wrong = ["SAISIE-TRAVAUX-INJOIGNABLE", *(["SAISIE-TRAVAUX-ABSENT"] if cadre.code != "A5" else [])]
    assert rules(flow) == {"F-1": [] if carried else wrong}
    assert Invoice.objects.filter(number="F-1").exists() is carried
    if wrong == ["FLUX-CIRCUIT"] and not carried:
        finding = FlowInvoice.objects.get(flow=flow).findings[0]
        assert f"Le cadre {cadre.code} (" in finding["message"]
        assert finding["field"] == "billing_framework"


def test_a_refused_number_is_not_consumed_a_taken_one_is(seller, user, at, xml):
    first = sent(xml("F-1", buyer="12345678200051"), structure=seller, user=user, at=at, name="f.xml")
    assert first.state == State.REJECTED
    assert sent(xml("F-1"), structure=seller, user=user, at=at, name="f.xml").state == State.INTEGRATED
    again = sent(xml("F-1", commitment="EJ-9"), structure=seller, user=user, at=at, name="f.xml")
    assert rules(again) == {"F-1": ["CPRO-G2.07"]}
    assert Invoice.objects.filter(number="F-1").count() == 1


def test_two_invoices_of_one_number_in_one_flow(seller, user, at, xml):
    lot = archive({"a.xml": xml("F-1"), "b.xml": xml("F-1", commitment="EJ-9")})
    flow = sent(lot, structure=seller, user=user, at=at)
    assert (flow.accepted, flow.refused) == (1, 1)


def test_the_same_bytes_are_the_same_flow(seller, user, at, xml):
    lot = archive({"a.xml": xml("F-1"), "b.xml": xml("F-un-numero-beaucoup-trop-long")})
    flow = sent(lot, structure=seller, user=user, at=at)
    stored = StoredFile.objects.count()
    assert sent(lot, structure=seller, user=user, at=at, name="autre-nom.tar.gz") == flow
    assert Flow.objects.count() == 1
    assert StoredFile.objects.count() == stored


def test_a_flow_name_in_official_form_serves_once(seller, user, at, xml):
    name = "FSO1100A_XXX999_XXX9991100000000000000001"
    sent(xml("F-1"), structure=seller, user=user, at=at, name=name)
    with pytest.raises(FlowRefused, match="déjà été envoyé"):
        sent(xml("F-2"), structure=seller, user=user, at=at, name=name)
    assert sent(xml("F-2"), structure=seller, user=user, at=at, name="facture.xml").state == State.INTEGRATED
    assert sent(xml("F-3"), structure=seller, user=user, at=at, name="facture.xml").state == State.INTEGRATED


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"%PDF-1.7 rien", "ne contient pas"),
        (b"\x1f\x8b abc", "abîmée"),
        (b"bonjour", "ne contient pas"),
    ],
)
def test_what_is_no_flow_is_refused_at_once_and_not_kept(seller, user, at, content, said):
    with pytest.raises(FlowRefused, match=said):
        sent(content, structure=seller, user=user, at=at, name="x")
    assert not Flow.objects.exists()
    assert not StoredFile.objects.exists()
    assert PendingFile.objects.count() == (1 if content else 0)  # its bytes go with the next orphans


@pytest.mark.one_database
def test_a_flow_may_be_as_large_as_is_said_and_no_larger(seller, user, at, xml, monkeypatch):
    content = xml("F-1")
    monkeypatch.setattr(operations, "MAX_FLOW_BYTES", len(content))
    assert sent(content, structure=seller, user=user, at=at).state == State.INTEGRATED
    with pytest.raises(FlowRefused, match="ne peut pas dépasser 1 Go") as refusal:
        sent(content + b"\n", structure=seller, user=user, at=at)
    assert (refusal.value.code, Flow.objects.count()) == ("IRR_TAILLE_F", 1)


@pytest.mark.one_database
@pytest.mark.parametrize(("most", "is_taken"), [(2, True), (1, False)])
def test_a_folder_may_hold_as_many_files_as_is_said(seller, user, at, xml, monkeypatch, most, is_taken):
    monkeypatch.setattr(operations, "MAX_FILES", most)
    contents = [xml("F-1"), xml("F-2")]
    pieces = [Piece(f"{n}.xml", ContentFile(content), len(content)) for n, content in enumerate(contents)]
    given = {"structure": seller, "actor": Actor(user), "at": at, "deposit_mode": DepositMode.FLOW}
    with nullcontext() if is_taken else pytest.raises(FlowRefused, match="1 factures au plus, et il y a 2 fichiers"):
        operations.receive_folder(pieces=pieces, name="dossier", **given)
    assert Flow.objects.count() == is_taken


def test_what_becomes_of_a_flow_changes_no_other(seller, user, at, xml, monkeypatch):
    given = {"structure": seller, "user": user, "at": at}
    first = sent(archive({"a.xml": xml("F-1"), "b.xml": xml("F-2", buyer="12345678200099")}), **given)
    waiting = sent(xml("F-3"), **given, processed=False)
    second = sent(archive({"a.xml": xml("F-4")}), **given)
    operations.stop(flow=second, at=at)
    assert (progress_of(flow=first), progress_of(flow=second)) == ((1, 1), (1, 0))
    states = dict(Flow.objects.values_list("pk", "state"))
    assert states == {first.pk: State.PARTLY, waiting.pk: State.RECEIVED, second.pk: State.INTEGRATED}
    assert list(Flow.objects.order_by("pk").values_list("accepted", "refused")) == [(1, 1), (0, 0), (1, 0)]
    Flow.objects.filter(pk=waiting.pk).update(state=State.WORKING)
    third = sent(xml("F-5"), **given, processed=False)

    def away(*_: object) -> bool:
        raise ScannerAway

    monkeypatch.setattr(operations, "_process", away)
    with pytest.raises(ScannerAway):
        process(flow=third, at=at)
    states = dict(Flow.objects.values_list("pk", "state"))
    assert (states[waiting.pk], states[third.pk]) == (State.WORKING, State.WAITING)


@pytest.mark.one_database
def test_an_empty_folder_is_no_flow_and_a_stranger_hears_no_more_than_that_they_may_not(seller, user, at):
    given = {"pieces": [], "name": "dossier", "structure": seller, "at": at, "deposit_mode": DepositMode.FLOW}
    with pytest.raises(FlowRefused, match="aucun fichier"):
        operations.receive_folder(actor=Actor(user), **given)
    with pytest.raises(NotAllowed):
        operations.receive_folder(actor=Actor(a_member(structure=a_structure(at=at), at=at)), **given)


@pytest.mark.one_database
def test_an_invoice_that_kills_its_reader_is_told_and_the_others_go_on(seller, user, at, xml, monkeypatch):
    lot = archive({"a.xml": xml("F-1"), "b.xml": xml("F-2"), "c.xml": xml("F-3")})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    real = operations.read_flow

    def dying(*, document, at, start=0):
        for found in real(document=document, at=at, start=start):
            if getattr(found, "position", None) == 1:
                raise ReaderFailed(FailureReason.TIMEOUT)
            yield found

    monkeypatch.setattr(operations, "read_flow", dying)
    assert process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (flow.state, flow.accepted, flow.refused) == (State.PARTLY, 2, 1)
    assert FlowInvoice.objects.get(flow=flow, position=1).findings[0]["rule"] == "FLUX-ILLISIBLE"


def test_a_flow_stopped_half_way_goes_on_where_it_was(seller, user, at, xml, monkeypatch):
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(7)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    monkeypatch.setattr(lots, "MOST_INVOICES", 2)
    real, seen = lots._carry, []

    def killed(**given):
        seen.append(given["lot"][0].position)
        if len(seen) == 3:
            raise KeyboardInterrupt
        real(**given)

    monkeypatch.setattr(lots, "_carry", killed)
    with pytest.raises(KeyboardInterrupt):
        process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (flow.state, Invoice.objects.count()) == (State.WORKING, 4)
    monkeypatch.setattr(lots, "_carry", real)
    assert process(flow=flow, at=at)
    assert process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (flow.state, flow.accepted) == (State.INTEGRATED, 7)
    assert Invoice.objects.count() == 7
    assert Message.objects.filter(kind="flow_ended").count() == 1


def test_a_long_flow_lets_others_pass(seller, user, at, xml, monkeypatch):
    monkeypatch.setattr(operations, "AT_ONCE", 3)
    monkeypatch.setattr(lots, "MOST_INVOICES", 3)
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(7)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    runs = 1
    while not process(flow=flow, at=at):
        flow.refresh_from_db()
        runs += 1
    assert runs == 3
    assert FlowInvoice.objects.filter(flow=flow, invoice__isnull=False).count() == 7


def test_the_document_is_the_one_that_was_sent(seller, user, at, xml):
    content = archive({"a.xml": xml("F-1")})
    flow = sent(content, structure=seller, user=user, at=at)
    assert read_bytes(stored=flow.stored) == content
    assert flow.content == hashlib.sha256(content).hexdigest()


@pytest.mark.one_database
def test_a_reader_that_dies_of_something_else_costs_nothing(seller, user, at, xml, monkeypatch):
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(4)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    real, deaths = operations.read_flow, []

    def dying_once(*, document, at, start=0):
        for found in real(document=document, at=at, start=start):
            if getattr(found, "position", None) == 2 and not deaths:
                deaths.append(start)
                raise ReaderFailed(FailureReason.CRASHED)
            yield found

    monkeypatch.setattr(operations, "read_flow", dying_once)
    assert process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (deaths, flow.state, flow.accepted, flow.refused) == ([0], State.INTEGRATED, 4, 0)


@pytest.mark.one_database
def test_a_file_that_kills_every_reader_is_refused_after_the_second(seller, user, at, xml, monkeypatch):
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(3)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    real, deaths = operations.read_flow, []

    def dying(*, document, at, start=0):
        for found in real(document=document, at=at, start=start):
            if getattr(found, "position", None) == 1:
                deaths.append(start)
                raise ReaderFailed(FailureReason.CRASHED)
            yield found

    monkeypatch.setattr(operations, "read_flow", dying)
    assert process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (len(deaths), flow.accepted, flow.refused) == (2, 2, 1)
    assert FlowInvoice.objects.get(flow=flow, position=1).findings[0]["rule"] == "FLUX-ILLISIBLE"


@pytest.mark.one_database
def test_readers_that_die_behind_the_last_file_make_up_no_invoice(seller, user, at, xml, monkeypatch):
    lot = archive({f"{n}.xml": xml(f"F-{n}") for n in range(3)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    real, deaths = operations.read_flow, []

    def dying(*, document, at, start=0):
        for found in real(document=document, at=at, start=start):
            if isinstance(found, files.FlowEnd) and len(deaths) < 5:
                deaths.append(start)
                raise ReaderFailed(FailureReason.TIMEOUT)
            yield found

    monkeypatch.setattr(operations, "read_flow", dying)
    assert process(flow=flow, at=at)
    flow.refresh_from_db()
    assert (len(deaths), flow.state, flow.accepted, flow.refused) == (5, State.INTEGRATED, 3, 0)


@pytest.mark.one_database
def test_a_flow_that_finds_no_reader_free_waits_and_refuses_nothing(seller, user, at, xml, monkeypatch):
    flow = sent(xml("F-1"), structure=seller, user=user, at=at, processed=False)
    Job.objects.all().delete()

    def busy(**given):
        raise ReaderFailed(FailureReason.BUSY)
        yield

    with monkeypatch.context() as patched:
        patched.setattr(operations, "read_flow", busy)
        assert not process(flow=flow, at=at)
    assert not FlowInvoice.objects.exists()
    assert Job.objects.get().task == operations.PROCESS
    assert process(flow=flow, at=at)


def test_a_server_that_is_slow_to_store_does_not_cost_the_reader_its_time(seller, user, at, xml, monkeypatch):
    monkeypatch.setattr(files, "SECONDS_EACH", 1.0)
    lot = archive({f"{n}.xml": xml(f"F-{n}", commitment="x" * 40) for n in range(3)})
    flow = sent(lot, structure=seller, user=user, at=at, processed=False)
    reading = read_flow(document=local_file(stored=flow.stored), at=day_in_paris(at))
    found = [next(reading)]
    threading.Event().wait(1.5)  # longer than a reader has for an invoice
    found += list(reading)
    assert [getattr(one, "position", None) for one in found] == [0, 1, 2, None]


@pytest.mark.one_database
def test_litter_and_a_signature_in_an_archive_are_not_refused_invoices(seller, user, at, xml):
    signature = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    lot = {
        "Thumbs.db": b"x",
        "desktop.ini": b"x",
        "F-1.xml": xml("F-1"),
        "F-1-s.xml": signature,
        "F-2.xml": xml("F-2"),
    }
    flow = sent(archive(lot), structure=seller, user=user, at=at)
    flow.refresh_from_db()
    assert rules(flow) == {"F-1": [], "F-2": []}
    assert flow.state == State.INTEGRATED


def test_a_flow_that_is_under_way_is_not_stopped_whatever_others_wait(seller, user, at, xml):
    begun = sent(xml("F-1"), structure=seller, user=user, at=at, processed=False)
    waiting = sent(xml("F-2"), structure=seller, user=user, at=at, processed=False)
    Flow.objects.filter(pk=begun.pk).update(state=State.WORKING)
    operations.stop(flow=begun, at=at)
    states = dict(Flow.objects.values_list("pk", "state"))
    assert states == {begun.pk: State.WORKING, waiting.pk: State.RECEIVED}


def test_a_flow_that_another_process_has_ended_meanwhile_stays_as_it_was_ended(seller, user, at, xml):
    flow = sent(xml("F-1"), structure=seller, user=user, at=at, processed=False)
    as_it_was = Flow.objects.get(pk=flow.pk)
    while not process(flow=flow, at=at):
        flow.refresh_from_db()
    mails = Message.objects.count()
    later = at + timedelta(hours=1)
    while not process(flow=as_it_was, at=later):
        as_it_was.refresh_from_db()
    ended = Flow.objects.get(pk=flow.pk)
    assert (ended.state, ended.state_at, ended.accepted) == (State.INTEGRATED, at, 1)
    assert Message.objects.count() == mails


def test_a_flow_that_ends_while_the_antivirus_goes_away_does_not_wait_again(seller, user, at, xml, monkeypatch):
    flow = sent(xml("F-1"), structure=seller, user=user, at=at, processed=False)

    def ended_elsewhere(*_: object) -> bool:
        Flow.objects.filter(pk=flow.pk).update(state=State.INTEGRATED)
        raise ScannerAway

    monkeypatch.setattr(operations, "_process", ended_elsewhere)
    with pytest.raises(ScannerAway):
        process(flow=flow, at=at)
    assert Flow.objects.get(pk=flow.pk).state == State.INTEGRATED


def test_a_file_of_which_nothing_was_taken_may_be_sent_again(seller, user, at, xml):
    refused = sent(xml("F-1", buyer="12345678200099"), structure=seller, user=user, at=at)
    assert refused.state == State.REJECTED
    again = sent(xml("F-1", buyer="12345678200099"), structure=seller, user=user, at=at)
    assert again.pk != refused.pk
    assert Flow.objects.count() == 2
