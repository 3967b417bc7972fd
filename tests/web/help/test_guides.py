"""The pages of the help: all guides, one, the search, and the way back."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from plainchant.help.guides import GUIDES
from plainchant.web.help.finding import index
from plainchant.web.help.way_back import PARAMETER

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_the_first_page_leads_to_every_guide(client: Client) -> None:
    page = html.fromstring(client.get("/aide/").content)
    assert {f"/aide/{guide.slug}/" for guide in GUIDES} <= set(page.xpath("//main//a/@href"))


def test_a_guide_shows_each_step_and_each_trouble(client: Client) -> None:
    guide = GUIDES[0]
    page = html.fromstring(client.get(f"/aide/{guide.slug}/").content)
    assert page.xpath("//ol[@class='help-steps numbered']/li/@id") == [f"etape-{step.name}" for step in guide.steps]
    assert page.xpath("//dl[@class='help-troubles']/div/dt/text()") == [trouble.what for trouble in guide.troubles]
    assert client.get("/aide/ce-guide-n-existe-pas/").status_code == 404


@pytest.mark.parametrize(
    ("back", "offered"),
    [
        ("/deposer/#id_commitment", True),
        ("/annuaire/?q=valbrume", True),
        ("//ailleurs.example/", False),
        ("https://ailleurs.example/", False),
        ("/\\ailleurs.example/", False),
        ("javascript:alert(1)", False),
        ("/cette-page-nexiste-pas/", False),
    ],
)
def test_the_way_back_leads_to_a_page_of_this_portal_alone(client: Client, back: str, offered: bool) -> None:
    page = html.fromstring(client.get(f"/aide/{GUIDES[0].slug}/", {PARAMETER: back}).content)
    assert page.xpath("//p[@class='help-back']/a/@href") == ([back] if offered else [])


def test_a_page_leads_to_its_guide_and_the_guide_back(client: Client) -> None:
    page = html.fromstring(client.get("/annuaire/?q=mairie").content)
    (link,) = page.xpath("//nav[@class='page-help']/a/@href")
    assert link.startswith("/aide/trouver-le-destinataire/")
    assert html.fromstring(client.get(link).content).xpath("//p[@class='help-back']/a/@href") == ["/annuaire/?q=mairie"]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("numéro d'engagement", "Je n’ai pas de numéro d’engagement."),
        ("numero d’engagemant", "Je n’ai pas de numéro d’engagement."),
        ("iban", "Créer votre fiche structure et donner votre IBAN"),
        ("mandat", "Donner un mandat de facturation"),
        ("mot de pase oublié", "J’ai oublié mon mot de passe."),
        ("je me suis trompé", "Je me suis trompé après l’envoi."),
    ],
)
def test_the_search_bears_slips(asked: str, first: str) -> None:
    assert index().find(asked)[0].title == first


def test_the_search_says_when_it_finds_nothing(client: Client) -> None:
    assert index().find("xylophone") == []
    assert "Rien sur «\u00a0xylophone\u00a0»" in client.get("/aide/chercher/?q=xylophone").content.decode()
    assert client.get("/aide/chercher/?q=").status_code == 200
