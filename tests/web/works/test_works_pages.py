"""What the architect, the town and the builder see of a dossier of works, and do on its pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class World:
    builder: User
    drawer: User
    clerk: User
    monthly: Invoice
    final: Invoice


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, architect = a_structure(at=at, name="Maçonnerie Dubois"), a_structure(at=at, name="Atelier des Plans")
        town = a_town(at=at)
        builder, drawer = a_member(structure=seller, at=at), a_member(structure=architect, at=at, name="Denise")
        clerk = a_member(structure=town, at=at, name="Claude")
        made = []
        for number, cadre in (("2026-03", "A4"), ("2026-FIN", "A7")):
            piece = a_draft(
                seller=seller, user=builder, at=at, buyer=town, number=number, billing_framework=cadre, moe=architect
            )
            submit(draft=piece.draft, actor=Actor(builder), at=at)
            made.append(piece)
        return World(builder, drawer, clerk, *made)


def visiting(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\u00a0", " ")


def filled(client: Client, address: str, **typed: object) -> dict[str, object]:
    """What the form at that address holds when it is opened, with what is typed over it."""
    form = client.get(address).context["form"]
    return {**{name: form[name].value() or "" for name in form.fields}, "attachments": [], "document": "", **typed}


def test_a_month_goes_from_page_to_page(world: World, at: datetime) -> None:
    drawer, clerk, builder = visiting(world.drawer), visiting(world.clerk), visiting(world.builder)
    assert "2 pièces de travaux à traiter" in read(drawer, "/")
    assert f"/travaux/{world.monthly.uid}/" in read(drawer, "/travaux/")
    assert f"/travaux/{world.monthly.uid}/" not in read(clerk, "/travaux/")  # theirs, but not their turn
    assert f"/travaux/{world.monthly.uid}/" in read(clerk, "/travaux/toutes/")
    page = read(drawer, f"/travaux/{world.monthly.uid}/")
    for words in ("Accepter et faire : état d’acompte", "Refuser", "Je ne suis pas le maître d’œuvre", "Le dossier"):
        assert words in page
    answer = f"/travaux/{world.monthly.uid}/oeuvre/suivante/A15/"
    wrong = drawer.post(answer, filled(drawer, answer, payable_amount="mille"))
    assert wrong.status_code == 422
    given = filled(drawer, answer, tax_exclusive_amount="1100", tax_inclusive_amount="1100", payable_amount="1100")
    assert drawer.post(answer, given).status_code == 302
    statement = Invoice.objects.get(number="2026-03-EA")
    assert "1 100,00" in read(builder, f"/factures/{statement.uid}/").replace("\u202f", " ")
    assert "au lieu de" in read(builder, f"/factures/{world.monthly.uid}/")
    assert f"/travaux/{world.monthly.uid}/" not in read(drawer, "/travaux/")  # it has been answered
    assert f"/travaux/{world.monthly.uid}/" in read(drawer, "/travaux/toutes/")
    answer = f"/travaux/{statement.uid}/ouvrage/suivante/A19/"
    assert clerk.post(answer, filled(clerk, answer)).status_code == 302
    agreed = Invoice.objects.get(number="2026-03-EAV")
    made_available(invoice=agreed, at=at)
    received = read(clerk, f"/recues/{agreed.uid}/")
    assert "Le dossier" in received
    assert "Fait par Atelier des Plans" in received
    assert drawer.post(answer.replace("ouvrage", "oeuvre"), {}).status_code == 404


def test_a_refusal_and_a_wrong_architect_are_said_on_pages(world: World, at: datetime) -> None:
    drawer, builder = visiting(world.drawer), visiting(world.builder)
    answer = f"/travaux/{world.final.uid}/oeuvre/repondre/"
    assert drawer.post(f"{answer}refuse-as-moe/", {"comment": ""}).status_code == 422
    assert drawer.post(f"{answer}disown-as-moe/", {"comment": "Voyez ailleurs"}).status_code == 302
    address = f"/factures/{world.final.uid}/maitre-d-oeuvre/"
    assert address in read(builder, f"/factures/{world.final.uid}/")
    assert "Voyez ailleurs" in read(builder, address)
    assert builder.post(address, {"moe": "abc", "comment": ""}).status_code == 422
    other = a_structure(at=at, name="Bureau d’Études", email="etudes@example.org")
    assert builder.post(address, {"moe": other.identifier, "comment": ""}).status_code == 302
    assert drawer.get(f"/travaux/{world.final.uid}/").status_code == 404
