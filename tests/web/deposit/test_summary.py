"""« Voici ce que nous avons lu »: a text a value, a field a question, and sent from there when nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import Certificate, DocumentReading, Draft, Recognition
from plainchant.portal.drafts.operations import change, delete, submit
from plainchant.portal.drafts.proposal import propose
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.queries import read_bytes
from tests.access.holding import holding
from tests.making import a_draft, a_member, a_structure, a_town, an_invoice_pdf, an_upload

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SELLER, TOWN, STRICT = "73282932000074", "21990001600011", "20099988600019"


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> User:
    """A supplier with an invoice read in full, and another addressed to a town that demands a commitment."""
    with once_a_module():
        seller = a_structure(at=at, identifier=SELLER)
        a_town(at=at, identifier=TOWN)
        a_town(at=at, identifier=STRICT, name="Commune de Clairbois", requires_commitment=True)
        person = a_member(structure=seller, at=at)
        for number, buyer in (("F-1", TOWN), ("F-2", STRICT)):
            pdf = an_invoice_pdf(number=number, seller=SELLER, buyer=buyer)
            deposit_document(seller=seller, upload=an_upload(content=pdf), actor=Actor(person), at=at)
    return person


@pytest.fixture
def client(world: User) -> Client:
    client = Client()
    client.force_login(world)
    return client


def draft(number: str = "F-1") -> Draft:
    return Draft.objects.select_related("invoice__seller").get(invoice__number=number)


def page_of(client: Client, found: Draft) -> str:
    return client.get(f"/deposer/{found.invoice.uid}/").text


def asked_in(page: str) -> list[str]:
    """The labels of the fields that stand open."""
    parts = re.split(r'<(?:div|details) class="value', page)
    return [
        re.findall(r'class="field-label"[^>]*>([^<]+)', part)[0].strip() for part in parts if part[:9] == " is-asked"
    ]


def press(client: Client, found: Draft, go: str, page: str = "", **fields: str):
    notes = [note.replace("&#x27;", "'") for note in re.findall(r'name="asked" value="([^"]*)"', page)]
    sent = {**found.fields, "revision": str(found.revision), "go": go, "asked": notes, **fields}
    return client.post(f"/deposer/{found.invoice.uid}/", sent)


def test_what_is_certain_is_text_and_it_leaves_from_there(client: Client) -> None:
    page = page_of(client, draft())
    assert asked_in(page) == []
    assert "Envoyer cette facture" in page
    assert "1\u202f200,00\u202f€" in page
    assert "Commune de Valbrume" in page
    answer = press(client, draft(), "send", page)
    invoice = Invoice.objects.get(number="F-1")
    assert answer["Location"] == f"/deposer/{invoice.uid}/envoyee/"
    assert invoice.status != Status.DRAFT
    assert Certificate.objects.filter(invoice=invoice).exists()


def test_what_the_recipient_demands_and_nobody_read_is_asked(client: Client) -> None:
    page = page_of(client, draft("F-2"))
    assert asked_in(page) == ["Numéro d’engagement"]
    assert "Une question reste ouverte" in page
    assert "Envoyer cette facture" not in page
    answer = press(client, draft("F-2"), "send", page)  # from a page that somebody kept
    assert answer["Location"].endswith("/verifier/")
    assert Invoice.objects.get(number="F-2").status == Status.DRAFT


def test_what_was_typed_since_the_page_was_shown_is_asked_about_before_it_leaves(client: Client) -> None:
    answer = press(
        client, draft(), "send", tax_exclusive_amount="120", tax_inclusive_amount="120", payable_amount="120"
    )
    assert answer["Location"].endswith("/verifier/")
    assert draft().invoice.status == Status.DRAFT
    assert len(asked_in(page_of(client, draft()))) == 3


def test_a_question_that_was_seen_is_not_asked_again_until_its_value_is_another(
    client: Client, world: User, at: datetime
) -> None:
    change(draft=draft(), fields={"issue_date": "03/11/2026"}, actor=Actor(world), at=at)
    page = page_of(client, draft())
    assert asked_in(page) == ["Date de la facture"]
    press(client, draft(), "check", page)
    assert asked_in(page_of(client, draft())) == []
    change(draft=draft(), fields={"issue_date": "04/11/2026"}, actor=Actor(world), at=at)
    assert asked_in(page_of(client, draft())) == ["Date de la facture"]


def test_a_doubtful_value_is_an_open_question_and_a_likely_one_has_a_mark(client: Client) -> None:
    row = DocumentReading.objects.get(invoice__number="F-1")
    row.result["fields"]["number"]["certainty"] = "doubtful"
    row.result["fields"]["issue_date"]["certainty"] = "likely"
    row.save()
    page = page_of(client, draft())
    assert asked_in(page) == ["Numéro de facture"]
    assert "Est-ce bien le numéro de votre facture" in page
    assert page.count("(lu presque sûrement") == 1
    press(client, draft(), "check", page)
    assert "Envoyer cette facture" in page_of(client, draft())


def test_what_changed_elsewhere_is_not_sent_unseen(client: Client, world: User, at: datetime) -> None:
    seen = draft()
    attach(draft=draft(), uploads=[an_upload(content=b"x", name="x.txt")], actor=Actor(world), at=at)
    press(client, seen, "send")
    assert draft().invoice.status == Status.DRAFT


def test_who_may_not_send_is_not_offered_to(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held = frozenset({Right.SEE, Right.SEE_ISSUED, Right.PREPARE})
    holding(monkeypatch, held)
    assert "Envoyer cette facture" not in page_of(client, draft())
    press(client, draft(), "send")
    assert draft().invoice.status == Status.DRAFT


def test_nothing_is_asked_of_a_document_that_is_still_being_read(client: Client, at: datetime) -> None:
    Recognition.objects.create(invoice=draft("F-2").invoice, asked_at=at)
    page = page_of(client, draft("F-2"))
    assert asked_in(page) == []
    assert "Envoyer cette facture" not in page


def test_all_is_opened_for_who_wants_to_correct_it_all(client: Client) -> None:
    answer = press(client, draft(), "all")
    assert len(asked_in(answer.text)) > 10
    assert "Tout corriger" not in answer.text


def test_the_vat_regime_of_the_last_invoice_with_vat_is_proposed(world: User, at: datetime) -> None:
    seller, town = draft().invoice.seller, draft().invoice.buyer
    reading = {"fields": {"tax_amount": {"value": "200.00", "text": "200,00", "place": None, "certainty": "certain"}}}
    assert propose(reading=reading, seller=seller, buyer=None, at=at)["vat_regime"] == ""
    amounts = {"tax_amount": "200", "tax_inclusive_amount": "1400", "payable_amount": "1400"}
    last = a_draft(seller=seller, user=world, at=at, buyer=town, vat_regime="TVA_SUR_ENCAISSEMENT", **amounts)
    submit(draft=last.draft, actor=Actor(world), at=at)
    assert propose(reading=reading, seller=seller, buyer=None, at=at)["vat_regime"] == "TVA_SUR_ENCAISSEMENT"


def test_what_was_sent_before_is_told_with_its_link(client: Client, world: User, at: datetime) -> None:
    first = draft()
    submit(draft=first, actor=Actor(world), at=at)
    for pdf, words in (
        (read_bytes(stored=first.invoice.files.get().stored), "Vous l’avez déjà envoyée le 3\u00a0novembre\u00a02026"),
        (an_invoice_pdf(number="F-1", seller=SELLER, total="300,00"), "Vous avez déjà envoyé une facture de ce numéro"),
    ):
        again = deposit_document(seller=first.invoice.seller, upload=an_upload(content=pdf), actor=Actor(world), at=at)
        page = page_of(client, again)
        assert words in page
        assert f'href="/factures/{first.invoice.uid}/"' in page
        delete(draft=again, actor=Actor(world), at=at)


def test_a_document_dropped_twice_leads_to_its_draft(client: Client) -> None:
    known = draft("F-2")
    pdf = read_bytes(stored=known.invoice.files.get().stored)
    answer = client.post("/deposer/", {"file": an_upload(content=pdf).file})
    assert answer["Location"] == f"/deposer/{known.invoice.uid}/"
    assert "son brouillon" in client.get(answer["Location"]).text
