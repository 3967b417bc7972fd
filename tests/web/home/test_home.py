"""The first page, for strangers and for the others."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.test import Client

from plainchant.einvoice import wording
from plainchant.portal.accounts import operations as accounts
from plainchant.portal.accounts import terms
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.lib.operator import operator
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import memberships, operations
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.tickets.operations import TicketQuestion, ask
from plainchant.portal.tickets.subjects import Subject
from tests.making import a_draft, a_member, a_structure, a_town, made_available
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow

pytestmark = pytest.mark.django_db


def test_a_stranger_reads_what_it_is_and_where_to_begin(client: Client) -> None:
    text = client.get("/").content.decode()
    assert "/compte/connexion/" in text.partition("<main")[0]
    main = text.partition("<main")[2]
    assert re.findall(r'class="btn[^"]*" href="([^"]+)"', main) == ["/verifier/", "/compte/creer/"]
    preview = re.search(r'property="og:image" content="(https?://[^/"]+/static/plainchant/preview[^"]*\.png)"', text)
    assert preview, "another site wants a whole address"
    assert re.search(r'<img src="/static/plainchant/preparer[^"]*\.webp" width="1024" height="720" alt="La page', main)


def test_the_conditions_carry_the_version_that_people_accept(client: Client) -> None:
    version = wording.day(date.fromisoformat(terms.VERSION))
    assert f"Version du {version}." in client.get("/conditions/").content.decode()


def test_someone_without_structure_is_told_to_add_the_one_they_named(client: Client, at: datetime) -> None:
    person = accounts.enrol(
        email="m@exemple.fr", first_name="M", last_name="L", password="trois vases bleus", siret="73282932000074", at=at
    )
    client.force_login(person)
    assert "/structures/ajouter/73282932000074/" in client.get("/").content.decode()


def test_a_manager_is_told_who_waits_and_a_person_who_waits_is_told_so(client: Client, at: datetime) -> None:
    marie, jean = (
        accounts.enrol(email=f"{name}@exemple.fr", first_name=name, last_name="L", password="trois vases bleus", at=at)
        for name in ("marie", "jean")
    )
    structure = operations.create(
        actor=Actor(marie),
        identifier="73282932000074",
        name=LegalName(name="Poterie"),
        sheet=operations.StructureDetails(),
        at=at,
    ).structure
    memberships.ask_to_join(actor=Actor(jean), structure=structure, comment="", at=at)
    client.force_login(marie)
    assert "Une personne demande à rejoindre votre structure" in client.get("/").content.decode()
    client.force_login(jean)
    text = client.get("/").content.decode()
    assert "attend sa réponse" in text
    assert "Poterie" not in text


FOOT = ["/aide/", "/aide/qui-aide/", "/aide/etat/", "/plan/", "/accessibilite/", "/vos-donnees/", "/mentions-legales/"]


def test_every_link_of_the_foot_leads_somewhere(client):
    foot = client.get("/").content.decode().partition("<footer")[2]
    assert re.findall(r'href="([^"]+)"', foot) == FOOT
    assert [client.get(address).status_code for address in FOOT] == [200] * len(FOOT)
    assert "n’a pas encore indiqué son nom" in client.get("/mentions-legales/").content.decode()
    assert "non conforme" in client.get("/accessibilite/").content.decode()


def test_pages_and_mails_name_who_runs_the_portal(client, settings):
    settings.OPERATOR = {
        **settings.OPERATOR,
        "name": "Coopérative <des> Ateliers",
        "help": "aide@example.org",
        "legal_url": "https://example.org/legal",
    }
    page = client.get("/vos-donnees/").content.decode()
    assert "Coopérative &lt;des&gt; Ateliers" in page
    assert 'href="mailto:aide@example.org"' in page
    assert 'href="https://example.org/legal"' in page
    assert operator().signature().splitlines()[1:3] == [
        "Coopérative <des> Ateliers",
        "Une question\u00a0? aide@example.org",
    ]


def test_who_works_alone_meets_no_role_and_sees_what_there_is(client: Client, at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    ada, mayor = (a_member(structure=one, at=at, is_manager=True) for one in (seller, town))
    client.force_login(ada)
    text = client.get("/").text
    for word in ("Mes espaces de travail</a> <", "leurs personnes", "Suivi des flux"):
        assert word not in text
    content = xml_invoice("F-9", seller=seller.identifier, buyer=town.identifier)
    a_flow(content, structure=seller, user=ada, at=at)
    a_member(structure=seller, at=at)
    text = client.get("/").text
    for word in ("Mes espaces de travail</a> <", "leurs personnes", "Suivi des flux"):
        assert word in text
    invoice = a_draft(seller=seller, user=ada, at=at, buyer=town)
    drafts.submit(draft=invoice.draft, actor=Actor(ada), at=at)
    made_available(invoice=invoice, at=at)
    question = TicketQuestion(subject=Subject.PAYMENT, title="Quand ?", text="Quand ?", invoice=invoice, to_body=True)
    client.force_login(mayor)
    assert "Sollicitations" not in client.get("/").text
    ask(question=question, uploads=[], actor=Actor(ada), at=at)
    assert "1 à répondre" in client.get("/").text.replace("\u00a0", " ")
