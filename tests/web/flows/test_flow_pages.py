"""The pages of flows: hand in, see how far it has come, read the report; nobody else's is there."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.ubl.read import read
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.operations import submit
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import process, receive
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from tests.access.holding import holding
from tests.making import a_draft, a_member, a_structure, a_town, an_attachment, an_invoice_pdf, an_upload
from tests.portal.flows.making_flows import archive, invoice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def seller():
    return a_structure(at=now())


@pytest.fixture
def user(seller, client):
    user = a_member(structure=seller, at=now())
    client.force_login(user)
    return user


@pytest.fixture
def lot(seller):
    town = a_town(at=now())
    parties = {"seller": seller.identifier, "buyer": town.identifier}
    return archive({"a.xml": invoice("F-1", **parties), "b.xml": invoice("F-un-numero-beaucoup-trop-long", **parties)})


def drop(client, seller, content, name="lot.tar.gz"):
    return client.post("/flux/deposer/", {"structure": seller.uid, "file": SimpleUploadedFile(name, content)})


def test_a_file_is_acknowledged_then_reported_on(client, seller, user, lot):
    response = drop(client, seller, lot)
    flow = Flow.objects.get()
    assert response.url == f"/flux/{flow.uid}/"
    page = client.get(response.url)
    assert "Votre envoi est bien arrivé" in page.text
    assert flow.number in page.text
    assert process(flow=flow, at=now())
    page = client.get(response.url)
    assert "Une partie des factures est à corriger" in page.text
    assert "20 au plus sont acceptés" in page.text
    assert "F-1" in page.text
    assert "IN_INTEGRE_PARTIEL" in page.text
    assert "lot.tar.gz" in client.get("/flux/").text


def test_the_page_that_waits_is_told_when_it_has_ended(client, seller, user, lot):
    flow = sent(lot, structure=seller, user=user, at=now(), processed=False)
    waiting = client.get(f"/flux/{flow.uid}/", headers={"HX-Request": "true"})
    assert "hx-get" in waiting.text
    assert "<html" not in waiting.text
    process(flow=flow, at=now())
    assert client.get(f"/flux/{flow.uid}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_report_for_a_spreadsheet_has_a_line_for_each(client, seller, user, lot):
    flow = sent(lot, structure=seller, user=user, at=now())
    rows = client.get(f"/flux/{flow.uid}/compte-rendu.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("fichier;facture;")
    assert rows[1].endswith(";prise;;;;;;")
    assert "CPRO-G1.05-LONGUEUR" in rows[2]


def test_no_cell_of_the_report_is_a_formula(client, seller, user):
    town = a_town(at=now())
    bad = invoice("=CMD()|x-trop-long-pour-etre-pris", seller=seller.identifier, buyer=town.identifier)
    flow = sent(archive({"=evil.xml": bad}), structure=seller, user=user, at=now())
    text = client.get(f"/flux/{flow.uid}/compte-rendu.csv").content.decode("utf-8-sig")
    assert "\n=" not in text
    assert ";=" not in text


def test_what_is_taken_with_a_remark_says_so_on_the_page_of_the_flow(client, seller, user):
    parties = {"seller": seller.identifier, "buyer": a_town(at=now()).identifier}

    def due_too_much(number: str) -> bytes:
        xml = invoice(number, **parties)
        return xml.replace(b'PayableAmount currencyID="EUR">120', b'PayableAmount currencyID="EUR">500')

    lot = archive({"a.xml": due_too_much("F-1"), "b.xml": due_too_much("F-un-numero-beaucoup-trop-long")})
    page = client.get(f"/flux/{sent(lot, structure=seller, user=user, at=now()).uid}/").text
    assert "F-1 · a.xml\u00a0: prise, avec une remarque" in page
    assert "F-un-numero-beaucoup-trop-long · b.xml\u00a0: à vérifier aussi" in page
    assert page.count("Le montant à payer (500,00) dépasse le TTC (120,00)") == 2
    alone = sent(due_too_much("F-2"), structure=seller, user=user, at=now(), name="f.xml")
    page = client.get(f"/flux/{alone.uid}/").text
    assert "La facture est partie" in page
    assert "F-2\u00a0: prise, avec une remarque" in page


@pytest.mark.parametrize(
    ("numbers", "title", "mail"),
    [
        (("F-1",), "La facture avait déjà été prise", "1 facture prise (dont 1 déjà prise avant"),
        (("F-1", "F-2"), "Les 2 factures avaient déjà été prises", "2 factures prises (dont 2 déjà prises avant"),
        (("F-1", "F-3"), "Une facture est partie, 1 l’était déjà", "2 factures prises (dont 1 déjà prise avant"),
        (
            ("F-1", "F-2", "F-3", "F-4"),
            "2 factures sont parties, 2 l’étaient déjà",
            "4 factures prises (dont 2 déjà prises avant",
        ),
        (("F-3",), "La facture est partie", "1 facture prise."),
        (("F-3", "F-4"), "Les 2 factures sont parties", "2 factures prises."),
    ],
)
def test_what_had_been_taken_before_is_not_said_to_leave_again(client, seller, user, numbers, title, mail):
    parties = {"seller": seller.identifier, "buyer": a_town(at=now()).identifier}

    def handed_in(*numbers: str, folder: str) -> Flow:  # the very same file would be the same flow
        lot = archive({f"{folder}-{number}.xml": invoice(number, **parties) for number in numbers})
        return sent(lot, structure=seller, user=user, at=now())

    handed_in("F-1", "F-2", folder="mai")
    flow = handed_in(*numbers, folder="juin")
    assert f"<h1>{title}</h1>" in client.get(f"/flux/{flow.uid}/").text
    body = Message.objects.filter(kind="flow_ended").latest("pk").body
    assert mail in body.replace("\u00a0", " ")


@pytest.mark.parametrize("content", [b"", b"rien", b"PK\x03\x04" + bytes(60), b"%PDF-1.4"])
def test_what_is_no_flow_gets_a_sentence(client, seller, user, content):
    response = drop(client, seller, content, name="x.zip")
    assert response.status_code == 422
    assert "error-summary" in response.text or "field-error" in response.text or "errorlist" in response.text
    assert not Flow.objects.exists()


def test_a_flow_of_others_is_not_there(client, seller, user, lot):
    other = a_structure(at=now(), name="Autre atelier")
    flow = sent(lot, structure=other, user=a_member(structure=other, at=now(), name="Bob"), at=now())
    for address in (f"/flux/{flow.uid}/", f"/flux/{flow.uid}/compte-rendu.csv"):
        assert client.get(address).status_code == 404
    assert flow.number not in client.get("/flux/").text
    assert drop(client, other, lot).status_code == 422


def test_an_invoice_of_another_supplier_is_a_link_for_those_who_may_open_it(client, seller, user):
    other, town = a_structure(at=now()), a_town(at=now())
    an_attachment(person=user, structure=other, at=now())
    numbers = {"F-1": seller, "U-1": other}
    lot = {
        f"{number}.xml": invoice(number, seller=of.identifier, buyer=town.identifier) for number, of in numbers.items()
    }
    flow = sent(archive(lot), structure=seller, user=user, at=now())
    urls = {made.number: f'<a href="/factures/{made.uid}/">{made.number}</a>' for made in Invoice.objects.all()}
    page = client.get(f"/flux/{flow.uid}/").text
    assert urls["F-1"] in page
    assert urls["U-1"] in page
    client.force_login(a_member(structure=seller, at=now(), name="Bob"))
    page = client.get(f"/flux/{flow.uid}/").text
    assert urls["F-1"] in page
    assert urls["U-1"] not in page
    assert "<li>U-1</li>" in page


def a_facturx(seller, town) -> bytes:
    xml = write(
        read(parse(invoice("F-77", seller=seller.identifier, buyer=town.identifier))).invoice,
        profile=PROFILE_OF["EN 16931"],
    )
    return draw(read_cii(parse(xml)).invoice, at=now(), xml=xml)


def test_a_facturx_dropped_as_a_pdf_may_go_as_what_it_is(client, seller, user):
    town = a_town(at=now())
    pdf = a_facturx(seller, town)
    answer = client.post("/deposer/", {"seller": seller.uid, "file": SimpleUploadedFile("facture.pdf", pdf)})
    page = client.get(answer.url)
    assert "C’est une facture électronique" in page.text
    draft = Invoice.objects.get()
    answer = client.post(f"/deposer/{draft.uid}/electronique/")
    flow = Flow.objects.get()
    assert answer.url == f"/flux/{flow.uid}/"
    assert flow.number.startswith("CPP0011117")
    assert process(flow=flow, at=now())
    assert Invoice.objects.filter(number="F-77", status=Status.DEPOSITED).count() == 1
    draft.refresh_from_db()
    assert draft.status == Status.DELETED


def test_a_facturx_goes_as_what_it_is_or_nothing_is_done(client, seller, user, monkeypatch):
    pdf = a_facturx(seller, a_town(at=now()))
    client.post("/deposer/", {"seller": seller.uid, "file": SimpleUploadedFile("facture.pdf", pdf)})
    draft = Invoice.objects.get()
    may = frozenset(Right) - {Right.PREPARE}  # and so not let the draft go
    holding(monkeypatch, may)
    client.post(f"/deposer/{draft.uid}/electronique/")
    assert "Rien n’a été fait" in client.get("/").text
    assert not Flow.objects.exists()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_a_facturx_that_was_sent_as_a_pdf_meanwhile_is_not_sent_twice(seller, user):
    town = a_town(at=now())
    pdf = a_facturx(seller, town)
    upload = an_upload(content=pdf)
    sent_since = a_draft(seller=seller, user=user, at=now(), buyer=town, upload=upload, number="F-77").draft
    shown = Draft.objects.select_related("invoice").get(pk=sent_since.pk)
    submit(draft=sent_since, actor=Actor(user), at=now())
    with pytest.raises(StatusHasChanged):
        receive(
            structure=seller,
            file=ContentFile(pdf),
            name="facture.pdf",
            size=len(pdf),
            actor=Actor(user),
            at=now(),
            deposit_mode=DepositMode.FLOW,
            draft=shown,
        )
    assert not Flow.objects.exists()


def test_a_plain_pdf_has_no_such_way(client, seller, user):
    answer = client.post("/deposer/", {"seller": seller.uid, "file": SimpleUploadedFile("f.pdf", an_invoice_pdf())})
    draft = Invoice.objects.get()
    assert "C’est une facture électronique" not in client.get(answer.url).text
    assert client.post(f"/deposer/{draft.uid}/electronique/").url == answer.url
    assert not Flow.objects.exists()
