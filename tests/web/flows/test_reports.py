"""What is taken away of flows, and found again: PDF, CSV, JSON, filters, the day's rejects, the table to fill in."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plainchant.capture.billing_table import billing_rows
from plainchant.capture.spreadsheet import read_workbook
from plainchant.portal.flows.models import Flow, FlowInvoice, Packaging
from plainchant.portal.flows.operations import process
from plainchant.portal.flows.proposal import look
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris, now
from tests.making import a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, invoice, sent
from tests.portal.flows.tables import a_row, a_table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BAD = "12345678200051"  # in no directory


@pytest.fixture
def seller():
    return a_structure(at=now())


@pytest.fixture
def user(seller, client):
    user = a_member(structure=seller, at=now())
    client.force_login(user)
    return user


@pytest.fixture
def parties(seller):
    return {"seller": seller.identifier, "buyer": a_town(at=now()).identifier}


@pytest.fixture
def flow(seller, user, parties):
    lot = archive({"a.xml": invoice("F-1", **parties), "b.xml": invoice("F-2", **{**parties, "buyer": BAD})})
    return sent(lot, structure=seller, user=user, at=now())


def post(client, seller, *files: tuple[str, bytes], **more):
    sent_files = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/flux/deposer/", {"structure": seller.uid, "file": sent_files, **more})


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbffichier;"), ("json", b"{")])
def test_the_report_is_a_download(client, flow, ending, begins):
    answer = client.get(f"/flux/{flow.uid}/compte-rendu.{ending}")
    assert answer.content.startswith(begins)
    assert "attachment" in answer["Content-Disposition"]
    assert f"compte-rendu-{flow.number}.{ending}" in answer["Content-Disposition"]


def test_the_page_links_each_form_and_names_what_is_wrong(client, flow):
    page = client.get(f"/flux/{flow.uid}/").text
    for ending in ("pdf", "csv", "json"):
        assert f"/flux/{flow.uid}/compte-rendu.{ending}" in page
    assert f"n’a le SIRET {BAD}" in page
    assert "F-2 · b.xml" in page
    assert (
        json.loads(client.get(f"/flux/{flow.uid}/compte-rendu.json").content)["listeErreurDP"][0]["numeroDP"] == "F-2"
    )


def test_all_refused_ones_are_reached_page_after_page(client, seller, user, parties):
    lot = archive({f"{n:02}.xml": invoice(f"F-{n:02}", **{**parties, "buyer": BAD}) for n in range(30)})
    flow = sent(lot, structure=seller, user=user, at=now())
    first, second = (client.get(f"/flux/{flow.uid}/?page={n}").text for n in (1, 2))
    shown = [f"F-{n:02}" for n in range(30)]
    assert [name for name in shown if f">{name} " in first] == shown[:25]
    assert [name for name in shown if f">{name} " in second] == shown[25:]


def test_how_far_it_has_come_has_figures(client, seller, user, parties):
    lot = archive({f"{n}.xml": invoice(f"F-{n}", **parties) for n in range(3)})
    flow = sent(lot, structure=seller, user=user, at=now(), processed=False)
    assert flow.expected == 3
    page = client.get(f"/flux/{flow.uid}/", headers={"HX-Request": "true"}).text
    assert 'max="3" value="0"' in page
    FlowInvoice.objects.create(flow=flow, position=0, part=0, at=now())
    page = client.get(f"/flux/{flow.uid}/", headers={"HX-Request": "true"}).text
    assert "1 facture lue sur 3" in page
    assert 'value="1"' in page


def test_files_chosen_together_are_one_flow(client, seller, user, parties):
    answer = post(client, seller, *[(f"{n}.xml", invoice(f"F-{n}", **parties)) for n in range(3)])
    flow = Flow.objects.get()
    assert answer.url == f"/flux/{flow.uid}/"
    assert (flow.packaging, flow.expected, flow.name) == (Packaging.FOLDER, 3, "3 fichiers, 0.xml…")
    assert process(flow=flow, at=now())
    assert {one.name for one in FlowInvoice.objects.filter(flow=flow)} == {"0.xml", "1.xml", "2.xml"}
    assert Invoice.objects.count() == 3
    # The same files in another order are the same flow.
    again = post(client, seller, *[(f"{n}.xml", invoice(f"F-{n}", **parties)) for n in (2, 0, 1)])
    assert again.url == answer.url


def test_a_declared_format_that_differs_is_told(client, seller, user, parties):
    answer = post(client, seller, ("f.xml", invoice("F-1", **parties)), syntax="IN_DP_E1_CII_16B")
    assert process(flow=Flow.objects.get(), at=now())
    assert "C’est le contenu qui a été suivi" in client.get(answer.url).text


def test_nothing_chosen_is_told(client, seller, user):
    answer = client.post("/flux/deposer/", {"structure": seller.uid})
    assert answer.status_code == 422
    assert "Choisissez le fichier à envoyer" in answer.text


def test_an_archive_broken_in_its_middle_is_refused_at_once(client, seller, user, parties):
    lot = archive({f"{n}.xml": invoice(f"F-{n}", **parties) for n in range(40)})
    answer = post(client, seller, ("lot.tar.gz", lot[: len(lot) // 2]))
    assert answer.status_code == 422
    assert "abîmée ou protégée" in answer.text
    assert not Flow.objects.exists()


def test_more_than_five_hundred_are_refused_at_once(client, seller, user):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(501):
            made.writestr(f"{number}.xml", b"<a/>")
    answer = post(client, seller, ("lot.zip", out.getvalue()))
    assert answer.status_code == 422
    assert "plus de 500 factures" in answer.text


def test_the_template_has_ones_structures_and_comes_back_filled_in(client, seller, user, parties):
    other = a_structure(at=now(), name="Pas la mienne")
    saved = client.get("/flux/tableau-de-factures.xlsx")
    assert "sandbox" in saved["Content-Security-Policy"]
    content = saved.content
    told = " ".join(cell.text for sheet in read_workbook(content).sheets for cell in sheet.cells)
    assert seller.identifier in told
    assert other.identifier not in told
    assert billing_rows(read_workbook(content)) == []
    answer = post(client, seller, ("tableau.xlsx", content))
    assert "Aucune ligne du tableau n’est remplie" in answer.text
    rows = [a_row("F-1", **parties), a_row("F-2", **parties, issue_date="hier")]
    answer = post(client, seller, ("tableau.xlsx", a_table(rows)))
    assert "Nous lisons votre tableau" in client.get(answer.url).text
    look(flow=Flow.objects.get(), at=now())
    page = client.get(answer.url).text
    assert "Case E3" in page
    assert "« hier » n’est pas une date" in page.replace("\u00a0", " ")


def test_flows_are_filtered(client, flow, seller, user, parties):
    sent(invoice("G-1", **parties), structure=seller, user=user, at=now(), name="seule.xml")
    today = f"{day_in_paris(now()):%d/%m/%Y}"
    for query, names in (
        ("", {"lot.tar.gz", "seule.xml"}),
        ("q=seule", {"seule.xml"}),
        ("q=F-2", {"lot.tar.gz"}),
        ("state=IN_INTEGRE_PARTIEL", {"lot.tar.gz"}),
        (f"since={today}&until={today}", {"lot.tar.gz", "seule.xml"}),
        ("until=01/01/2020", set()),
        ("q=rien+de+tel", set()),
        ("since=n’importe&state=x", {"lot.tar.gz", "seule.xml"}),
    ):
        page = client.get(f"/flux/?{query}").text
        assert {name for name in ("lot.tar.gz", "seule.xml") if name in page} == names, query


def test_the_days_rejects_are_shown_and_downloaded(client, flow, seller, user):
    today = day_in_paris(now())
    page = client.get("/flux/rejets/").text
    assert "F-2" in page
    assert "1 facture refusée" in page
    text = client.get(f"/flux/rejets.csv?day={today:%Y-%m-%d}&structure={seller.uid}")
    assert f"rejets-{today}-{seller.identifier}.csv" in text["Content-Disposition"]
    assert flow.number in text.content.decode()
    assert "Aucun rejet" in client.get("/flux/rejets/?day=01/01/2020").text


def test_the_rejects_of_others_are_not_there(client, flow):
    stranger = a_structure(at=now(), name="Autre")
    client.force_login(a_member(structure=stranger, at=now(), name="Bob"))
    assert "F-2" not in client.get("/flux/rejets/").text
    assert flow.number not in client.get(f"/flux/rejets.csv?structure={flow.structure.uid}").content.decode()
