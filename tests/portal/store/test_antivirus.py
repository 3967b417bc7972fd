"""The antivirus, a real one: what it knows stays out, what it does not answer for waits, and without one it is said."""

from __future__ import annotations

import base64
import socket
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.lib.time import now
from plainchant.portal.store import antivirus
from plainchant.portal.store.antivirus import Infected, Scan, ScannerAway, TooBigToScan
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.tasks import flows as task
from plainchant.tasks.sweep import TOO_LONG, sweep
from tests.making import a_member, a_structure, a_town, an_invoice_pdf, made_available
from tests.portal.flows.making_flows import archive, invoice, sent, zipped
from tests.portal.store.clamd import EICAR, clamd

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with clamd(tmp_path_factory.mktemp("clamd")) as address:
        yield address


@pytest.fixture
def scanner(running, settings):
    settings.CLAMD = running
    return running


@pytest.fixture
def nobody(tmp_path, settings):
    """An address that nobody answers at."""
    settings.CLAMD = str(tmp_path / "nobody.sock")


def kept(content: bytes, *, name: str = "piece.txt", **more) -> StoredFile:
    stored = keep(file=ContentFile(content, name=name), name=name, media_type="text/plain", at=now(), **more)
    register(kept=[stored])
    return stored


def test_what_the_antivirus_knows_is_not_kept(scanner):
    with pytest.raises(Infected, match=r"Essai\.Eicar") as refused:
        kept(EICAR)
    assert refused.value.code == "IRR_ANTIVIRUS"
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("packed", [zipped, archive])
def test_a_file_of_an_archive_is_looked_at_too(scanner, packed):
    with pytest.raises(Infected):
        kept(packed({"a.txt": b"bon", "b.com": EICAR}))


def test_what_it_does_not_know_is_kept_and_said_to_be_scanned(scanner):
    stored = kept(b"bonjour")
    assert stored.scan == Scan.CLEAN
    assert stored.get_scan_display() == "analysé par un antivirus"
    assert kept(b"").scan == Scan.CLEAN


def test_without_one_it_is_said(settings):
    settings.CLAMD = ""
    assert kept(EICAR).get_scan_display() == "non analysé par un antivirus"


def test_one_that_does_not_answer_keeps_files_out(nobody):
    with pytest.raises(ScannerAway, match="réessayez dans quelques minutes"):
        kept(b"bonjour")
    assert not StoredFile.objects.exists()


def test_one_that_answers_nonsense_keeps_files_out(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"127.0.0.1:{server.getsockname()[1]}"

        def odd() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"stream: je ne sais pas\0")

        thread = threading.Thread(target=odd)
        thread.start()
        with pytest.raises(ScannerAway):
            kept(b"bonjour")
        thread.join()


def test_too_big_for_one_look_is_refused_unless_its_files_are_looked_at_one_by_one(scanner, settings):
    settings.CLAMD_MAX_BYTES = 1 << 20
    big = bytes((1 << 20) + 1)
    with pytest.raises(TooBigToScan, match="1 Mo"):
        kept(big)
    assert kept(big, members_follow=True).scan == Scan.BY_MEMBER


def test_clamds_own_limit_is_no_clean_bill(scanner, settings):
    settings.CLAMD_MAX_BYTES = 1 << 30
    with pytest.raises(ScannerAway):
        kept(bytes(101 << 20))


# In the portal


@pytest.fixture
def seller():
    return a_structure(at=now())


@pytest.fixture
def user(seller, client):
    user = a_member(structure=seller, at=now())
    client.force_login(user)
    return user


@pytest.fixture
def town():
    return a_town(at=now())


def with_attachment(number: str, content: bytes, *, seller, town) -> bytes:
    """An electronic invoice that carries a document, in base64: nobody sees it before it is unpacked."""
    xml = invoice(number, seller=seller.identifier, buyer=town.identifier).decode()
    piece = (
        "<cac:AdditionalDocumentReference><cbc:ID>piece.txt</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain" filename="piece.txt">'
        f"{base64.b64encode(content).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
        "</cac:AdditionalDocumentReference>"
    )
    return xml.replace("<cac:AccountingSupplierParty>", piece + "<cac:AccountingSupplierParty>", 1).encode()


def test_an_infected_pdf_is_refused_on_the_page(scanner, client, seller, user):
    pdf = an_invoice_pdf() + EICAR
    answer = client.post("/deposer/", {"seller": seller.uid, "file": SimpleUploadedFile("facture.pdf", pdf)})
    assert answer.status_code == 422
    assert "antivirus a reconnu" in answer.text
    assert not Invoice.objects.exists()
    assert not StoredFile.objects.exists()


def test_an_infected_attachment_is_refused_on_the_page(scanner, client, seller, user):
    answer = client.post(
        "/deposer/", {"seller": seller.uid, "file": SimpleUploadedFile("facture.pdf", an_invoice_pdf())}
    )
    page = client.post(answer.url, {"go": "attach", "attachments": SimpleUploadedFile("piece.txt", EICAR)})
    assert "antivirus a reconnu" in page.text
    assert InvoiceFile.objects.filter(role="02").count() == 0


def test_an_infected_flow_is_refused_before_it_has_a_number(scanner, client, seller, user, town):
    lot = archive({"a.xml": invoice("F-1", seller=seller.identifier, buyer=town.identifier), "b.com": EICAR})
    answer = client.post("/flux/deposer/", {"structure": seller.uid, "file": SimpleUploadedFile("lot.tar.gz", lot)})
    assert answer.status_code == 422
    assert "antivirus a reconnu" in answer.text
    assert not Flow.objects.exists()


def test_what_an_invoice_carries_is_scanned_before_it_is_taken(scanner, seller, user, town):
    lot = archive(
        {
            "a.xml": with_attachment("F-1", b"un bon de commande", seller=seller, town=town),
            "b.xml": with_attachment("F-2", EICAR, seller=seller, town=town),
        }
    )
    flow = sent(lot, structure=seller, user=user, at=now())
    assert (flow.state, flow.accepted, flow.refused) == (State.PARTLY, 1, 1)
    assert [one["rule"] for one in FlowInvoice.objects.get(flow=flow, position=1).findings] == ["IRR_ANTIVIRUS"]
    assert {file.stored.scan for file in InvoiceFile.objects.all()} == {Scan.CLEAN}


def test_a_flow_waits_for_the_antivirus_and_loses_nothing(scanner, settings, tmp_path, seller, user, town, client):
    parties = {"seller": seller.identifier, "buyer": town.identifier}
    lot = archive({f"{n}.xml": invoice(f"F-{n}", **parties) for n in range(3)})
    flow = sent(lot, structure=seller, user=user, at=now(), processed=False)
    settings.CLAMD = str(tmp_path / "gone.sock")
    with pytest.raises(ScannerAway):
        process(flow=flow, at=now())
    task.process(uid=str(flow.uid))  # the background task does not make a fuss of it
    flow.refresh_from_db()
    assert flow.state == State.WAITING
    assert not Invoice.objects.exists()
    assert "reprendra seul" in client.get(f"/flux/{flow.uid}/").text
    assert sweep(at=now() + 2 * TOO_LONG) == 1
    settings.CLAMD = scanner
    assert process(flow=flow, at=now())
    flow.refresh_from_db()
    assert (flow.state, flow.accepted) == (State.INTEGRATED, 3)


def test_an_antivirus_that_is_away_is_told_on_the_page(nobody, client, seller, user):
    answer = client.post("/flux/deposer/", {"structure": seller.uid, "file": SimpleUploadedFile("f.xml", b"<a/>")})
    assert answer.status_code == 422
    assert "réessayez dans quelques minutes" in answer.text


def test_the_report_says_that_nothing_was_scanned(settings, client, seller, user, town):
    settings.CLAMD = ""
    flow = sent(invoice("F-1", seller=seller.identifier, buyer=town.identifier), structure=seller, user=user, at=now())
    assert "Non analysé par un antivirus" in client.get(f"/flux/{flow.uid}/").text
    made = Invoice.objects.get()
    # Whoever sent it has nothing to do about it; who receives it may choose not to open it.
    assert "par un antivirus" not in client.get(f"/factures/{made.uid}/").text
    made_available(invoice=made, at=now())
    client.force_login(a_member(structure=town, at=now(), name="Basile"))
    assert "non analysé par un antivirus" in client.get(f"/recues/{made.uid}/").text


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1", "clamav", "127.0.0.1:clamav", "127.0.0.1:70000", f"{'a' * 70}.fr:3310", "/nowhere\0"]
)
def test_an_address_where_nobody_can_answer_keeps_files_out(settings, address):
    settings.CLAMD = address
    with pytest.raises(ScannerAway):
        antivirus.scan(file=ContentFile(b"x"), name="x")
