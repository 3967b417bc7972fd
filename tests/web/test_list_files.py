"""Each list offers itself as a file: the same rows, the same order, for whoever may read it."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.einvoice.chorus import placements
from plainchant.einvoice.syntaxes.attached import opened
from plainchant.einvoice.syntaxes.pivot.read import read as read_pivot
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import bundles
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.searches.models import SavedSearch
from plainchant.portal.store.queries import read_bytes
from plainchant.web.list_files import one_turn
from tests.making import a_draft, a_member, a_structure, a_town, thawed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Any:
    """A draft and three invoices sent, two of them to one town: its clerk, and the supplier."""
    with once_a_module():
        seller, town, other = a_structure(at=at), a_town(at=at), a_town(at=at, name="Ville d’Orée")
        artist = a_member(structure=seller, at=at)
        for number in "ABCD":
            draft = a_draft(seller=seller, user=artist, at=at, buyer=other if number == "C" else town, number=number)
            if number != "D":
                submit(draft=draft.draft, actor=Actor(artist), at=at)
        sent = Invoice.objects.exclude(number="D")
        carry_lot(uids=[str(uid) for uid in sent.values_list("uid", flat=True)], at=at)
        return {"artist": artist, "clerk": a_member(structure=town, at=at, name="Basile")}


def visitor(built: Any, who: str) -> Client:
    client = Client()
    client.force_login(deepcopy(built[who]))
    return client


def numbers(answer: Any) -> list[str]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    answer.close()
    return [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1:]


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("artist", "/factures/?tri=numero"),
        ("artist", "/factures/?tri=-numero&vue=a-faire"),
        ("artist", "/factures/?q=orée&structure="),
        ("clerk", "/recues/?tri=-numero"),
        ("clerk", "/recues/toutes/?numero=B"),
        ("clerk", "/recues/toutes/?numero=aucune"),
    ],
)
def test_the_file_that_a_list_offers_holds_its_rows(built: Any, who: str, address: str) -> None:
    client = visitor(built, who)
    page = client.get(address).text
    listed = re.findall(r"data-row-link>([^<]+)</a>", page)
    if not listed:
        assert "Exporter cette liste" not in page
        return
    (link,) = re.findall(r'href="([^"]+/export/csv/[^"]*)"', page)
    answer = client.get(html.unescape(link))
    assert answer["Content-Disposition"].startswith('attachment; filename="factures-')
    assert numbers(answer) == listed


def test_a_format_that_is_none_and_a_list_that_is_another_ones(built: Any) -> None:
    artist, clerk = visitor(built, "artist"), visitor(built, "clerk")
    assert artist.get("/factures/export/pdf/").status_code == 404
    assert numbers(artist.get("/recues/export/csv/?dans=toutes")) == []
    assert numbers(clerk.get("/factures/export/csv/")) == []
    assert Client().get("/recues/export/csv/").status_code == 302


def test_two_large_files_are_made_at_once_and_no_more(built: Any) -> None:
    with ExitStack() as turns:
        turns.enter_context(one_turn())
        turns.enter_context(one_turn())
        answer = visitor(built, "artist").get("/factures/export/xlsx/")
        assert answer.status_code == 503
        assert "Attendez une minute" in answer.text
    answer = visitor(built, "artist").get("/factures/export/xlsx/")
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")
    answer.close()


def archive(answer: Any) -> dict[str, bytes]:
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    answer.close()
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_documents_of_a_list_come_in_one_archive_and_are_noted_as_downloaded(built: Any) -> None:
    artist, clerk = visitor(built, "artist"), visitor(built, "clerk")
    found = archive(artist.get("/factures/telecharger/pdf/?tout=1&tri=numero"))
    assert [name[:2] for name in found] == ["A ", "B ", "C ", "D "]  # a draft has its document too
    assert all(name.endswith(".pdf") and content.startswith(b"%PDF") for name, content in found.items())
    assert not Invoice.objects.exclude(downloaded_at=None).exists()
    page = clerk.get("/recues/toutes/?tri=numero").text
    assert "téléchargée" not in page
    (chosen, *_) = re.findall(r'name="facture" value="([^"]+)"', page)
    (address, *_) = re.findall(r'formaction="(/recues/telecharger/tout/)"', page)
    found = archive(clerk.get(address, {"facture": [chosen, "x", str(Invoice.objects.get(number="C").uid)]}))
    (name,) = found  # C is another town's
    invoice = Invoice.objects.get(uid=chosen)
    assert re.fullmatch(rf"{invoice.number} [^/]+/01 [^/]+", name)
    assert [event.kind for event in invoice.events.all()].count("TELECHARGEMENT_FACTURE") == 1
    for client, address in ((clerk, "/recues/toutes/"), (artist, "/factures/")):
        assert client.get(address).text.count("· téléchargée") == 1
    (link,) = re.findall(r'href="(/recues/telecharger/pdf/[^"]+)"', page)
    assert len(archive(clerk.get(html.unescape(link)))) == 2
    assert Invoice.objects.exclude(downloaded_at=None).count() == 2


def test_a_pivot_holds_what_was_sent_and_its_documents(built: Any) -> None:
    found = archive(visitor(built, "artist").get("/factures/telecharger/pivot/?tout=1&tri=numero"))
    *pivots, said = found.values()
    assert "D" in said.decode()  # a draft is nobody's yet
    assert "pas de pivot" in said.decode()
    assert [name[:2] for name in found][:3] == ["A ", "B ", "C "]
    for number, pivot in zip("ABC", pivots, strict=True):
        invoice = Invoice.objects.select_related("seller", "buyer").get(number=number)
        reading = read_pivot(parse(pivot))
        read = reading.invoice
        assert read.totals is not None
        assert (read.number, read.totals.payable_amount) == (number, invoice.payable_amount)
        data = placements(read, reading.facts)
        assert (data.seller.value, data.buyer.value) == (invoice.seller.identifier, invoice.buyer.identifier)
        (document,) = read.supporting_documents
        _, content = opened(document.content)
        assert content == read_bytes(stored=invoice.files.get().stored)


def test_what_cannot_be_had_in_one_archive_is_said(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    artist = visitor(built, "artist")
    assert artist.get("/factures/telecharger/zip/?tout=1").status_code == 404
    nothing = artist.get("/factures/telecharger/pdf/")
    assert (nothing.status_code, "Choisissez d’abord" in nothing.text) == (422, True)
    monkeypatch.setattr(bundles, "MOST_BUNDLED_BYTES", 10)
    heavy = artist.get("/factures/telecharger/pdf/?tout=1")
    assert (heavy.status_code, "Choisissez moins de factures" in heavy.text) == (413, True)
    monkeypatch.setattr(bundles, "MOST_BUNDLED", 3)
    many = artist.get("/factures/telecharger/pdf/?tout=1")
    assert (many.status_code, "3 factures au plus" in many.text) == (413, True)


def test_invoices_that_came_as_data_are_drawn_as_far_as_one_waits_and_named(
    built: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoices = list(Invoice.objects.exclude(number="D").order_by("number").select_related("seller", "buyer"))
    for invoice in invoices[:2]:
        file = invoice.files.get()
        file.role, file.part = InvoiceFile.Role.COMPLEMENT, 0
        with thawed():
            file.save()
    drawn: list[str] = []
    monkeypatch.setattr(bundles, "_MOST_DRAWN", 1)
    monkeypatch.setattr(bundles, "document_of", lambda invoice, at: drawn.append(invoice.number))
    invoices.append(Invoice(seller=invoices[0].seller, number=""))
    invoices[-1].pk = 10**9
    found = bundles.bundle_of(invoices=invoices, kind=bundles.BundleKind.PAGES, side=Side.SELLER, at=at)
    assert drawn == ["A"]
    said = b"".join(found[-1].pieces()).decode("utf-8-sig").splitlines()
    assert [line.partition("\u00a0")[0] for line in said] == ["Facture A", "Facture B", "Brouillon sans numéro"]
    assert len({file.name for file in found}) == 4


def test_a_kept_search_is_a_link_that_shows_what_the_page_does(built: Any) -> None:
    artist, clerk = visitor(built, "artist"), visitor(built, "clerk")
    town = Invoice.objects.get(number="A").buyer
    page = clerk.get("/recues/toutes/?numero=B&tri=-montant").text
    assert "Garder cette recherche" in page
    assert "Garder cette recherche" not in clerk.get("/recues/toutes/").text
    (query,) = re.findall(r'name="query" value="([^"]+)"', page)
    asked = {"do": "keep", "name": "Les B", "listing": "recues", "query": html.unescape(query)}
    answer = clerk.post("/recherches/", asked, follow=True)
    assert answer.redirect_chain[-1][0] == "/recues/toutes/?numero=B&tri=-montant"
    assert re.search(r'<a href="/recues/toutes/\?numero=B&amp;tri=-montant" aria-current="true">Les B</a>', answer.text)
    assert "Les B" not in clerk.get("/recues/").text
    assert "Les B" not in artist.get("/recherches/").text
    search = SavedSearch.objects.get()
    assert artist.post("/recherches/", {"do": "remove", "search": str(search.uid)}).status_code == 404
    clerk.post("/recherches/", {**asked, "name": "Ma ville", "query": f"structure={town.uid}&x=%0d%0aX"})
    kept = SavedSearch.objects.get(name="Ma ville")
    link = f"/recues/toutes/?{kept.query}"
    assert numbers(clerk.get(f"/recues/export/csv/?{kept.query}")) == ["B", "A"]
    town.memberships.all().delete()  # who has lost the right reads nothing more by the link than by the page
    assert "data-row-link" not in clerk.get(link).text
    assert numbers(clerk.get(f"/recues/export/csv/?{kept.query}")) == []
    clerk.post("/recherches/", {"do": "rename", "search": str(search.uid), "name": "Les autres"})
    assert "Les autres" in clerk.get("/recherches/").text
    clerk.post("/recherches/", {"do": "remove", "search": str(search.uid)})
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["Ma ville"]
    assert clerk.post("/recherches/", {**asked, "listing": "ailleurs"}).status_code == 404
