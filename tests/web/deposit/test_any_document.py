"""Whatever honest file an invoice comes in: kept as it is, read, shown on pages, and given to the recipient twice."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from plainchant.portal.drafts.models import DocumentReading
from plainchant.portal.drafts.operations import change, submit
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.lib.time import now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.tasks.embedded import run_until_idle
from tests.capture.hostile_workbooks import LETHAL, REFUSED, XLSX
from tests.capture.letters import as_docx
from tests.capture.letters import as_odt as as_odt_letter
from tests.capture.samples import SAMPLES
from tests.capture.test_letters import BOMB as LETTER_BOMB
from tests.capture.test_letters import a_mail
from tests.capture.workbooks import LAYOUTS, WRITERS, Formula, Layout, as_ods, as_xlsx, book_of, read_spreadsheet
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ARTIST, FIRM = SAMPLES["artist, one column, no VAT"].pdf, SAMPLES["small firm, two columns, footer"].pdf
SIMPLE = LAYOUTS["labels left of values"]


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def client(seller: Structure, at: datetime) -> Client:
    client = Client()
    client.force_login(a_member(structure=seller, at=at))
    return client


def drop(client: Client, seller: Structure, content: bytes, name: str):
    return client.post("/deposer/", {"seller": str(seller.uid), "file": SimpleUploadedFile(name, content)})


def a_picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, kind)
    return out.getvalue()


HOSTILE = {name: data for name, (data, _) in REFUSED.items()} | LETHAL


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("name", ["facture.xlsx", "facture.xls"])
def test_a_hostile_workbook_gets_a_sentence_and_nothing_is_kept(client, seller, content, name) -> None:
    answer = drop(client, seller, content, name)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert not StoredFile.objects.exists()
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (a_picture()[:300], "photo.jpg", "abîmée"),
        (XLSX, "facture.ods", "Renommez-le"),
        (a_picture("PNG"), "photo.jpg", "Renommez-le"),
        (b"GIF89a", "photo.png", "une image GIF"),
        (b"PK\x03\x04 cut".ljust(60), "lettre.docx", "« lettre.docx » est abîmé ou incomplet"),
        (b"PK\x03\x04 cut".ljust(60), "facture.xlsx", "« facture.xlsx » est abîmé ou incomplet"),
    ],
)
def test_what_is_not_what_it_says_is_told(client, seller, content: bytes, name: str, said: str) -> None:
    answer = drop(client, seller, content, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("kind", "write"), WRITERS.items(), ids=WRITERS.keys())
def test_a_workbook_is_kept_byte_for_byte_and_each_field_names_its_cell(client, seller, kind, write) -> None:
    book = write(book_of(SIMPLE))
    answer = drop(client, seller, book, f"facture.{kind}")
    assert answer.status_code == 302
    file = InvoiceFile.objects.select_related("stored", "legible").get()
    assert read_bytes(stored=file.stored) == book
    assert file.legible is not None
    assert read_bytes(stored=file.legible).startswith(b"%PDF-")
    page = client.get(answer["Location"]).text
    assert "F2026-014" in page
    assert "Lu en B3." in page
    assert "Lu en B14." in page
    draft = Invoice.objects.get()
    assert draft.deposit_mode == "DEPOT_PDF_PORTAIL"
    assert client.get(f"/factures/{draft.uid}/page/1.png")["Content-Type"] == "image/png"
    assert client.get(f"/factures/{draft.uid}/copie/").getvalue().startswith(b"%PDF-")
    assert client.get(f"/factures/{draft.uid}/document/").getvalue() == book


def test_a_field_that_was_changed_no_longer_says_where_it_was_read(client, seller) -> None:
    answer = drop(client, seller, as_xlsx(book_of(SIMPLE)), "facture.xlsx")
    draft = Invoice.objects.get()
    change(draft=draft.draft, fields={"number": "AUTRE-1"}, actor=Actor(draft.created_by), at=now())
    assert "Lu en B3." not in client.get(answer["Location"]).text


def test_what_differs_from_the_document_is_asked_on_both_pages_beside_its_field(client, seller) -> None:
    question = "le numéro est «\u00a0F2026-014\u00a0» (en B3)"
    answer = drop(client, seller, as_xlsx(book_of(SIMPLE)), "facture.xlsx")
    draft = Invoice.objects.get()
    assert question not in client.get(answer["Location"]).text
    change(draft=draft.draft, fields={"number": "AUTRE-1"}, actor=Actor(draft.created_by), at=now())
    help_text = client.get(answer["Location"]).text.partition('id="id_number_helptext">')[2].partition("</div>")[0]
    assert question in help_text
    asked = client.get(f"/deposer/{draft.uid}/verifier/").text
    line = next(line for line in asked.splitlines() if question in line)
    assert f'href="/deposer/{draft.uid}/#id_number"' in line
    change(draft=draft.draft, fields={"number": "f2026-014"}, actor=Actor(draft.created_by), at=now())
    assert question not in client.get(f"/deposer/{draft.uid}/verifier/").text


def test_what_is_not_sure_is_a_question(client, seller) -> None:
    answer = drop(client, seller, as_xlsx(book_of(SIMPLE)), "facture.xlsx")
    reading = DocumentReading.objects.get()
    reading.result["fields"]["number"]["certainty"] = "doubtful"
    reading.save()
    assert "Est-ce bien le numéro de votre facture" in client.get(answer["Location"]).text


def test_two_sheets_say_which(client, seller) -> None:
    lines = Layout([["IBAN", "FR76 3000 6000 0112 3456 7890 189"], ["Marché n°", "M-2026-7"]], {})
    answer = drop(client, seller, as_ods({"Facture": SIMPLE, "Détail": lines}), "facture.ods")
    assert "Lu en B3 de la feuille" in client.get(answer["Location"]).text


def test_formulas_without_result_and_hidden_sheets_are_told(client, seller) -> None:
    rows = [*SIMPLE.rows, ["Pénalités", Formula("=B12*0.1", None)]]
    book = as_xlsx({"Facture": Layout(rows, {}), "Marges": SIMPLE}, hidden=("Marges",))
    page = client.get(drop(client, seller, book, "facture.xlsx")["Location"]).text
    assert "Des formules sans résultat" in page
    assert "Des feuilles masquées" in page
    check = client.get(f"/deposer/{Invoice.objects.get().uid}/verifier/").text
    assert "feuilles masquées" in check


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "photo.jpeg"), ("PNG", "photo.png")])
def test_a_picture_is_shown_beside_an_empty_form(client, seller, kind: str, name: str) -> None:
    picture = a_picture(kind)
    answer = drop(client, seller, picture, name)
    page = client.get(answer["Location"]).text
    assert "C’est une image" in page
    draft = Invoice.objects.get()
    assert draft.number == ""
    assert client.get(f"/factures/{draft.uid}/page/1.png").status_code == 200
    assert client.get(f"/factures/{draft.uid}/document/").getvalue() == picture


def test_the_recipient_gets_both_and_a_pdf_has_no_copy(client, seller, at) -> None:
    town = a_town(at=at)
    user = a_member(structure=seller, at=at)
    pdf = a_draft(seller=seller, user=user, at=at, buyer=town)
    assert client.get(f"/factures/{pdf.uid}/copie/").status_code == 404
    book = as_ods(book_of(SIMPLE))
    drop(client, seller, book, "facture.ods")
    draft = Invoice.objects.exclude(pk=pdf.pk).get()
    typed = {"buyer": town.identifier, "buyer_service": "", "vat_regime": "TVA_SUR_DEBIT", "issue_date": "03/11/2026"}
    change(draft=draft.draft, fields=typed, actor=Actor(draft.created_by), at=at)
    submit(draft=draft.draft, actor=Actor(user), at=at)
    run_until_idle()
    agent = Client()
    agent.force_login(a_member(structure=town, at=at, name="Bob"))
    page = agent.get(f"/recues/{draft.uid}/").text
    assert "Télécharger le document d’origine" in page
    assert "Télécharger la copie lisible en PDF" in page
    assert agent.get(f"/recues/{draft.uid}/document/").getvalue() == book
    copy = agent.get(f"/recues/{draft.uid}/copie/")
    assert copy.getvalue().startswith(b"%PDF-")
    assert "copie lisible" in copy["Content-Disposition"] or "copie%20lisible" in copy["Content-Disposition"]
    assert agent.get(f"/recues/{draft.uid}/page/1.png").status_code == 200
    assert agent.get(f"/recues/{pdf.uid}/copie/").status_code == 404


def test_the_template_knows_the_supplier_and_comes_back_whole(client, seller, at) -> None:
    BankAccount.objects.create(
        structure=seller,
        label="Atelier",
        iban="FR7630006000011234567890189",
        created_at=at,
        created_by=a_member(structure=seller, at=at),
    )
    town = a_town(at=at)
    answer = client.get(f"/deposer/modele/?pour={seller.uid}&destinataire={town.identifier}")
    assert answer["Content-Disposition"].endswith("modele-de-facture.xlsx")
    read = read_spreadsheet(answer.content).fields
    assert read["iban"].value == "FR7630006000011234567890189"
    assert read["seller_siret"].value == seller.identifier
    assert read["buyer_siret"].value == town.identifier
    other = a_structure(at=now(), name="Autre")
    assert read_spreadsheet(client.get(f"/deposer/modele/?pour={other.uid}").content).fields[
        "seller_siret"
    ].value == seller.identifier  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "has_copy"),
    [
        (as_docx(), "facture.docx", "facture.docx", True),
        (as_odt_letter(), "facture.odt", "facture.odt", True),
        (a_mail(("mai.pdf", ARTIST)), "message.eml", "mai.pdf", False),
        (a_mail(("mai.docx", as_docx())), "message.eml", "mai.docx", True),
    ],
    ids=["docx", "odt", "a PDF in a mail", "a docx in a mail"],
)
def test_a_letter_or_a_mail_becomes_a_draft(client, seller, content, name, kept_as, has_copy) -> None:
    assert drop(client, seller, content, name).status_code == 302
    invoice = Invoice.objects.get()
    file = InvoiceFile.objects.get(invoice=invoice)
    assert (file.name, file.legible is not None) == (kept_as, has_copy)
    assert invoice.number in ("F-2026-14", "2026-07")
    assert client.get(f"/deposer/{invoice.uid}/").status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (as_docx()[:500], "facture.docx", "Ce document est abîmé"),
        (as_docx([], []), "facture.docx", "ne contient pas de texte"),
        (LETTER_BOMB, "facture.docx", "trop long pour une facture"),
        (a_mail(), "message.eml", "Aucune facture n’est jointe"),
        (a_mail(("a.pdf", ARTIST), ("b.docx", as_docx()), ("c.pdf", FIRM)), "message.eml", "Plusieurs fichiers joints"),
        (a_mail(("a.pdf", b"%PDF-1.7 no more")), "message.eml", "abîmé ou incomplet"),
    ],
)
def test_a_letter_or_a_mail_that_cannot_be_read_says_why_and_leaves_nothing(
    client, seller, content, name, sentence
) -> None:
    answer = drop(client, seller, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("\u00a0", " ")
    assert not StoredFile.objects.exists()
