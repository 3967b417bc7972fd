"""« Mes notifications »: what is asked of whom, what a choice changes, and the same work for thirty structures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.notices.models import NoticeChoice
from plainchant.portal.notices.muting import token_of_lists
from plainchant.portal.notices.queries import topics_of
from plainchant.portal.notices.rhythms import Rhythm
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Space
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment
from tests.portal.structures.test_reach import delegated

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PAGE = "/compte/notifications/"


def test_each_structure_and_service_has_its_line_and_all_can_be_chosen_at_once(client: Client, at: datetime) -> None:
    person = a_person(at=at)
    client.force_login(person)
    assert "rien à choisir" in client.get(PAGE).content.decode()
    town = a_town(at=at, name="Commune de Valbrume", email='"<b>"@ville.example')
    services = [a_service(structure=town, code=code) for code in ("CULTURE", "VOIRIE")]
    an_attachment(person=person, structure=town, at=at, services=services)
    with CaptureQueriesContext(connection) as few:
        page = client.get(PAGE).content.decode()
    assert "service VOIRIE" in page
    assert "&lt;b&gt;" in page  # an address may hold anything
    assert "<b>" not in page
    for number in range(6):
        an_attachment(person=person, structure=a_town(at=at, name=f"Commune {number}"), at=at, is_manager=number < 3)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    keys = [topic.key for topic in topics_of(actor=Actor(person))]
    everything = dict.fromkeys(keys, "QUOTIDIEN")
    page = client.post(PAGE, everything | {"everywhere": "HEBDOMADAIRE"}, follow=True).content.decode()
    assert "C’est enregistré" in page
    assert set(NoticeChoice.objects.values_list("rhythm", flat=True)) == {Rhythm.WEEKLY}
    assert NoticeChoice.objects.count() == len(keys) == 8
    page = client.post(PAGE, everything | {"everywhere": "AUCUN"}).content.decode()
    assert "Vous êtes la seule personne prévenue" in page
    assert NoticeChoice.objects.count() == 8


def test_mail_servers_stop_for_many_people_and_not_one_mail_over_and_over(at: datetime, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "stop_notices": "1/h/key", "activate": "1/h/ip"}
    people = [a_person(at=at) for _ in range(3)]
    links = [f"{PAGE}arreter/{token_of_lists(person=person, rhythm=Rhythm.DAILY)}/" for person in people]
    client = Client()
    assert [client.post(link).status_code for link in [*links, links[0]]] == [200, 200, 200, 429]


def test_a_mail_program_mutes_with_one_press_and_no_page_before_it(client: Client, at: datetime) -> None:
    person = a_person(at=at)
    an_attachment(person=person, structure=a_town(at=at, email="courrier@ville.example"), at=at)
    stop = f"{PAGE}arreter/{token_of_lists(person=person, rhythm=Rhythm.DAILY)}/"
    strict = Client(enforce_csrf_checks=True)
    assert "Ne plus recevoir ces messages" in strict.get(stop).content.decode()
    assert not NoticeChoice.objects.exists()  # a scanner opens every link
    assert "C’est fait" in strict.post(stop, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert NoticeChoice.objects.get().rhythm == Rhythm.NEVER
    assert client.get(f"{PAGE}arreter/abc/").status_code == 404
    alone = a_person(at=at)
    an_attachment(person=alone, structure=a_town(at=at), at=at)
    refused = strict.post(f"{PAGE}arreter/{token_of_lists(person=alone, rhythm=Rhythm.DAILY)}/")
    assert refused.status_code == 409
    assert "font courir le délai" in refused.content.decode()


def test_whoever_acts_for_clients_says_how_often_they_are_told_of_them(client: Client, at: datetime) -> None:
    office, clients = a_structure(at=at, name="Cabinet Mercier"), a_structure(at=at, name="Atelier Lumen")
    clerk = a_member(structure=office, at=at)
    client.force_login(clerk)
    assert "vos clients" not in client.get(PAGE).content.decode()
    delegated(clients, office, at=at)
    assert "Les clients de Cabinet Mercier" in client.get(PAGE).content.decode()
    keys = {topic.space: topic.key for topic in topics_of(actor=Actor(clerk))}
    client.post(PAGE, {keys[Space.ISSUED]: "IMMEDIAT", keys[None]: "AUCUN"})
    assert NoticeChoice.objects.get().rhythm == Rhythm.NEVER
