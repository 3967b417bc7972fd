"""Of an invoice of the wrong service, the agent reads which is probably right, and why; nothing beyond his reach."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from django.test import Client

from plainchant.portal.commitments.models import Commitment
from plainchant.portal.drafts.models import DocumentReading
from plainchant.portal.drafts.operations import submit
from plainchant.portal.drafts.service_hints import service_hints
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.models import Service
from tests.making import a_draft, a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 3)


@pytest.fixture(scope="module")
def people(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> tuple[Actor, Actor]:
    """An agent of a town of four services, and one of ROADS alone. A went to ROADS, B to SPORT, C and D to MUSIC."""
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        artist = a_member(structure=seller, at=at)
        codes = {code: a_service(structure=town, code=code) for code in ("ROADS", "SPORT", "MUSIC", "MUSEUM")}
        a_service(structure=town, code="CLOSED", is_active=False)
        for number, code in (("A", "ROADS"), ("B", "SPORT"), ("C", "MUSIC"), ("D", "MUSIC")):
            draft = a_draft(
                seller=seller, user=artist, at=at, buyer=town, number=number, buyer_service=codes[code],
                commitment="EJ 7" if number == "A" else "",
            )  # fmt: skip
            submit(draft=draft.draft, actor=Actor(artist), at=at)
        carry_lot(uids=[str(uid) for uid in Invoice.objects.values_list("uid", flat=True)], at=at)
        of_roads = a_person(at=at)
        an_attachment(
            person=of_roads, structure=town, at=at, profiles=[AccessProfile.PROCESS], services=[codes["ROADS"]]
        )
        Commitment.objects.create(
            structure=town, service=codes["SPORT"], number="EJ-7", key="EJ7", amount=1, imported_at=at
        )
        return Actor(a_member(structure=town, at=at)), Actor(of_roads)


def hints(actor: Actor) -> list[tuple[str, str]]:
    found = service_hints(invoice=Invoice.objects.get(number="A"), actor=actor, day=DAY)
    return [(hint.service.code, hint.why) for hint in found]


def test_the_commitment_counts_first_then_the_document_then_what_came_before(people: tuple[Actor, Actor]) -> None:
    by_past = ("MUSIC", "il a reçu 2 autres de ses factures")
    assert hints(people[0]) == [("SPORT", "l’engagement EJ-7 est pour lui"), by_past]
    Invoice.objects.filter(number="A").update(comment="À l’attention du « service Museum ».")
    DocumentReading.objects.filter(invoice__number="A").update(result={"lines": [{"item": "closed roads"}]})
    assert hints(people[0])[1:] == [("MUSEUM", "le document le nomme"), by_past]
    Commitment.objects.all().delete()
    assert hints(people[0])[2] == ("SPORT", "il a reçu une autre de ses factures")


def test_who_sees_one_service_is_told_nothing_of_the_others(people: tuple[Actor, Actor]) -> None:
    assert hints(people[1]) == []
    Service.objects.filter(code="ROADS").update(is_active=False)
    Invoice.objects.filter(number="A").update(buyer=None, buyer_service=None)
    assert hints(people[0]) == []


def test_it_goes_into_the_reason_that_is_sent(people: tuple[Actor, Actor], client: Client) -> None:
    client.force_login(people[0].account)
    invoice = Invoice.objects.get(number="A")
    address = f"/recues/{invoice.uid}/traiter/send-back/"
    assert "EJ-7 est pour lui" in client.get(address).text
    assert "SPORT" not in client.get(f"/recues/{invoice.uid}/traiter/suspend/").text
    client.post(address, {"text": "SPORT", "comment": ""})
    line = invoice.history.last()
    assert line is not None
    assert line.reason_code == "CODE_ROUTAGE_ERR"
    assert line.comment == "Cette facture semble être pour le service SPORT (Service Sport) : corrigez son adresse."
