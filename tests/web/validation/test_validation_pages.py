"""What a validator sees of a sub-contractor's invoice and answers, and what the two sides read afterwards."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from lxml import html

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def visiting(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\u00a0", " ")


@pytest.fixture
def people(at: datetime) -> tuple[Client, Client, Client, Invoice]:
    """The supplier, the validator and the town, and an invoice that the validator is asked about."""
    seller, town = a_structure(at=at, name="Plomberie Dubois"), a_town(at=at)
    main = a_structure(at=at, name="Grand Chantier SA")
    artist, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at, name="Basile")
    boss = a_member(structure=main, at=at, name="Gaspard")
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town, billing_framework="A9", validator=main)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    return visiting(artist), visiting(boss), visiting(agent), invoice


def test_it_is_found_answered_and_the_buyer_reads_who_agreed(
    people: tuple[Client, Client, Client, Invoice], at: datetime
) -> None:
    _, boss, agent, invoice = people
    assert "À valider" in read(boss, "/")
    assert f"/a-valider/{invoice.uid}/" in read(boss, "/a-valider/")
    [status] = html.fromstring(read(boss, "/a-valider/")).xpath("//td[contains(@class, 'is-status')]")
    assert status.text_content().split() == ["À", "valider"]  # once
    page = read(boss, f"/a-valider/{invoice.uid}/")
    for words in ("Valider", "Refuser", "Je ne suis pas le bon valideur", "Répondez au plus tard le"):
        assert words in page
    answer = f"/a-valider/{invoice.uid}/repondre/validate/"
    assert "Quelqu’un d’autre doit-il valider après vous" in read(boss, answer)
    assert boss.post(answer, {"second": "12345678200051", "comment": ""}).status_code == 422
    assert boss.post(f"/a-valider/{invoice.uid}/repondre/refuse/", {"comment": ""}).status_code == 422
    assert boss.post(answer, {"second": "", "comment": ""}).status_code == 302
    made_available(invoice=invoice, at=at)
    assert "Validée par Grand Chantier SA" in read(agent, f"/recues/{invoice.uid}/")
    assert "Chez l’acheteur" in read(boss, "/a-valider/toutes/")
    assert boss.get(answer).status_code == 409 or "n’est plus possible" in read(boss, f"/a-valider/{invoice.uid}/")


def test_a_supplier_whose_validator_is_wrong_names_another(
    people: tuple[Client, Client, Client, Invoice], at: datetime
) -> None:
    artist, boss, _, invoice = people
    other = a_structure(at=at, name="Groupement Val", email="val@example.org")
    boss.post(f"/a-valider/{invoice.uid}/repondre/disown/", {"comment": "Voyez le groupement"})
    address = f"/factures/{invoice.uid}/valideur/"
    assert address in read(artist, f"/factures/{invoice.uid}/")
    assert "Voyez le groupement" in read(artist, address)
    assert artist.post(address, {"validator": "abc", "comment": ""}).status_code == 422
    assert artist.post(address, {"validator": other.identifier, "comment": ""}).status_code == 302
    assert boss.get(f"/a-valider/{invoice.uid}/").status_code == 404
    assert "Groupement Val doit donner son accord" in read(artist, f"/factures/{invoice.uid}/")
