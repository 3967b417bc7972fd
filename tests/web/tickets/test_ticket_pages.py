"""The pages of tickets: from the invoice where one is stuck, to the answer, and nothing for strangers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.rights.actor import Actor
from plainchant.portal.tickets.models import Ticket, TicketFile
from tests.making import a_draft, a_member, a_person, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "/sollicitations/nouvelle/"
TYPED = {"to": "acheteur", "subject": "PAIEMENT", "title": "Quand ?", "text": "<b>Bonjour</b>"}


def logged_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_supplier_asks_a_body_and_reads_the_answer(at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at, name="Commune de Valbrume")
    artist, chief = a_member(structure=seller, at=at), a_member(structure=town, at=at, is_manager=True)
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    supplier, body, stranger = logged_in(artist), logged_in(chief), logged_in(a_person(at=at))
    new = f"{NEW}?facture={invoice.uid}"
    assert new in supplier.get(f"/factures/{invoice.uid}/").content.decode()
    assert "Commune de Valbrume" in supplier.get(new).content.decode()
    assert stranger.get(new).status_code == stranger.get(f"{NEW}?facture=x").status_code == 404
    assert "Résumez votre demande" in supplier.post(new, TYPED | {"title": ""}).content.decode()
    page = supplier.post(
        new, TYPED | {"attachments": SimpleUploadedFile("ecran.png", b"x")}, follow=True
    ).content.decode()
    ticket = Ticket.objects.get()
    assert ticket.number in page
    assert "&lt;b&gt;Bonjour" in page
    place, file = f"/sollicitations/{ticket.uid}/", f"/sollicitations/piece/{TicketFile.objects.get().uid}/"
    for address in (place, f"{place}ajouter/", f"{place}repondre/", file):
        assert stranger.get(address).status_code == 404
    saved = body.get(file)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(saved.streaming_content) == b"x"  # type: ignore[attr-defined]
    assert "À répondre" in body.get("/sollicitations/?vue=recues").content.decode()
    assert body.post(f"{place}ajouter/", {"text": "x"}).status_code == 404
    assert supplier.post(f"{place}repondre/", {"text": "x"}).status_code == 404
    empty = body.post(f"{place}repondre/", {"text": "", "step": "REPONSE"})
    assert (empty.status_code, "Écrivez votre message" in empty.content.decode()) == (422, True)
    body.post(f"{place}repondre/", {"text": "Demain.", "step": "REPONSE"})
    page = supplier.get(place).content.decode()
    assert "Demain." in page
    assert "Une réponse est arrivée" in supplier.get("/sollicitations/").content.decode()
    supplier.post(f"{place}ajouter/", {"text": "", "step": "CLOTURE"})
    assert "Rouvrir" in supplier.get(place).content.decode()
    assert ticket.number in supplier.get("/sollicitations/?q=quand").content.decode()
    assert ticket.number not in supplier.get("/sollicitations/?q=quand&open=on").content.decode()


def test_one_person_asks_twenty_times_an_hour_at_most(at: datetime, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "ticket": "2/h/user"}
    client = logged_in(a_person(at=at))
    answers = [client.post(NEW, TYPED | {"to": "portail"}).status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert Ticket.objects.count() == 2


def test_operators_find_what_is_asked_of_the_portal_where_they_look(at: datetime) -> None:
    logged_in(a_person(at=at)).post(NEW, TYPED | {"to": "portail"})
    operator = logged_in(a_person(at=at, operator_since=at, mail_codes_since=at))
    assert "1 demande" in operator.get("/exploitation/").content.decode()
    page = operator.get("/sollicitations/?vue=recues").content.decode()
    assert Ticket.objects.get().number in page
