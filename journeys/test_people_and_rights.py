"""Who may do what, in the browser: joining, leaving, handing over, acting for others, two people for an IBAN, going.

One portal and one world for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys import people
from journeys.arriving import As, browsers, pages, world_of
from journeys.conftest import Restart
from journeys.seeing import assert_pleasant
from plainchant.demo import cast

NOWHERE = f"/recues/{UUID(int=0)}/"
IBAN = "FR7600000000010000000017930"


@pytest.fixture(scope="module")
def world(base_url: str, restart: Restart) -> dict[str, Any]:
    return world_of(people, folder=restart.folder, address=base_url)


@pytest.fixture(scope="module")
def contexts(
    browser: Browser, browser_context_args: dict[str, Any], world: dict[str, Any]
) -> Iterator[Callable[[str], BrowserContext]]:
    with browsers(browser, browser_context_args, world) as contexts:
        yield contexts


@pytest.fixture
def page_of(contexts: Callable[[str], BrowserContext]) -> Iterator[As]:
    with pages(contexts) as page_of:
        yield page_of


@pytest.fixture(scope="module")
def seen(take_picture: Any) -> Callable[[Page, str], None]:
    """For pages that no other journey comes to."""

    def look(page: Page, name: str) -> None:
        assert_pleasant(page)
        take_picture(page, name)

    return look


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_a_new_agent_sees_one_service_and_a_second_after_leaving_nothing(
    page_of: As, world: dict[str, Any], take_picture: Any, seen: Any, on_step: Any
) -> None:
    agent, manager = page_of(people.NADIA), page_of(people.TOWN)
    agent.goto(world["addresses"]["join"])
    take_picture(agent, "gens-demander")
    on_step(agent, "rejoindre-une-structure/demander", agent.get_by_role("button", name="Demander mon rattachement"))
    press(agent, "Demander mon rattachement")
    heading(agent, "Votre demande attend sa réponse")
    take_picture(agent, "gens-attendre")
    on_step(agent, "rejoindre-une-structure/attendre", agent.get_by_role("heading", level=1))
    agent.goto("/recues/toutes/")
    expect(agent.get_by_text("LR-2026")).to_have_count(0)

    manager.goto("/structures/")
    on_step(manager, "regler-les-espaces/demande", manager.get_by_role("link", name="Nadia Essai"))
    manager.get_by_role("link", name="Nadia Essai").click()
    manager.get_by_label(re.compile("^Traiter les factures reçues")).uncheck()
    manager.get_by_label(re.compile("^Consulter les factures reçues")).check()
    manager.get_by_label(re.compile("CULTURE")).check()
    seen(manager, "gens-accepter")
    on_step(
        manager, "regler-les-espaces/choisir", manager.get_by_text(re.compile("^Consulter les factures reçues")).first
    )
    on_step(manager, "regler-les-espaces/accepter", manager.get_by_role("button", name="Accepter", exact=True))
    press(manager, "Accepter")
    expect(manager.get_by_text("Nadia Essai est maintenant rattaché")).to_be_visible()

    agent.goto("/recues/")  # where a mail may lead: there is nothing to process for whoever may only consult
    heading(agent, "Toutes les factures reçues")
    expect(agent.get_by_text("2 factures", exact=True)).to_be_visible()
    expect(agent.locator("tbody")).to_contain_text(re.compile("LR-2026-014.*LR-2026-011", re.DOTALL))
    expect(agent.locator(".site-nav")).not_to_contain_text("À traiter")
    take_picture(agent, "gens-consulter")
    searching = agent.get_by_role("searchbox").first
    searching.fill("LR-2026-013")  # of another service
    searching.press("Enter")
    heading(agent, "Toutes les factures reçues")
    expect(agent.get_by_text("Rien ne correspond")).to_be_visible()
    absent, other = (absence(agent, address) for address in (NOWHERE, world["addresses"]["other_service"]))
    assert other == absent
    agent.goto("/recues/toutes/")
    agent.get_by_role("link", name="LR-2026-014").click()
    heading(agent, "LR-2026-014")
    expect(agent.get_by_role("button", name=re.compile("Suspendre|Rejeter|Mandater"))).to_have_count(0)
    take_picture(agent, "gens-voir")

    manager.goto(world["addresses"]["town"] + "personnes/")
    manager.get_by_role("link", name="Nadia Essai").click()
    manager.get_by_role("link", name="Mettre fin à son rattachement").click()
    seen(manager, "gens-detacher")
    on_step(manager, "regler-les-espaces/finir", manager.get_by_role("button", name="Mettre fin au rattachement"))
    press(manager, "Mettre fin au rattachement")
    expect(manager.get_by_text("n’est plus rattaché")).to_be_visible()
    assert absence(agent, agent.url) == absent
    agent.goto("/recues/toutes/")
    expect(agent.get_by_text("Cette page est pour les organismes publics")).to_be_visible()
    expect(agent.get_by_text("LR-2026")).to_have_count(0)
    take_picture(agent, "gens-plus-rien")


def absence(page: Page, address: str) -> tuple[int, str]:
    """How this person is answered there: the status, and the words of the page."""
    answer = page.request.get(address)
    return answer.status, " ".join(html.fromstring(answer.text()).find(".//main").text_content().split())


def test_a_manager_hands_over_and_the_next_changes_the_siret(
    page_of: As, world: dict[str, Any], take_picture: Any, seen: Any
) -> None:
    before, after = page_of(people.FULBERT), page_of(people.INES)
    before.goto(world["addresses"]["publisher"] + "personnes/")
    take_picture(before, "gens-qui-fait-quoi")
    before.get_by_role("link", name="Inès Essai").click()
    take_picture(before, "gens-une-personne")
    before.get_by_role("link", name="Lui transmettre la gestion").click()
    seen(before, "gens-transmettre")
    press(before, "Transmettre la gestion")
    expect(before.get_by_text("Inès Essai est maintenant le gestionnaire principal")).to_be_visible()
    take_picture(before, "gens-transmis")

    after.goto(world["addresses"]["publisher"] + "nouveau-siret/")
    after.get_by_label("Son nouveau numéro SIRET").fill(world["addresses"]["new_siret"])
    seen(after, "gens-nouveau-siret")
    press(after, "Déclarer ce SIRET")
    heading(after, cast.PUBLISHER.label)
    expect(after.get_by_text("Voici la nouvelle fiche")).to_be_visible()
    take_picture(after, "gens-siret-declare")
    before.goto(after.url)  # attached still, to the one that goes on
    heading(before, cast.PUBLISHER.label)
    after.goto(world["addresses"]["publisher"])
    take_picture(after, "gens-ancien-siret")


def test_a_collective_invoices_for_three_artists_and_loses_one(
    page_of: As, world: dict[str, Any], take_picture: Any, on_step: Any
) -> None:
    collective, artist = page_of(people.COLETTE), page_of(people.AUGUSTE)
    collective.goto(world["addresses"]["draft"])
    take_picture(collective, "collectif-brouillon")
    on_step(collective, "agir-pour-un-client/envoyer", collective.get_by_role("button", name="Envoyer cette facture"))
    press(collective, "Envoyer cette facture")
    heading(collective, "est envoyée")
    collective.goto("/factures/")
    take_picture(collective, "collectif-factures")
    on_step(collective, "agir-pour-un-client/suivre", collective.get_by_role("link", name="ATELIERS-11"))
    for number in ("ATELIERS-11", "ATELIERS-12", "ATELIERS-13"):
        expect(collective.get_by_role("link", name=number)).to_be_visible()

    artist.goto(world["addresses"]["delegations"])
    take_picture(artist, "collectif-delegations")
    artist.get_by_role("link", name="Ce qui a été fait, changer").click()
    expect(artist.get_by_text("ATELIERS-11").first).to_be_visible()
    take_picture(artist, "collectif-fait-en-votre-nom")
    on_step(artist, "agir-pour-un-client/voir", artist.get_by_text("ATELIERS-11").first)
    artist.get_by_role("link", name="Mettre fin à cette délégation").click()
    take_picture(artist, "collectif-finir")
    on_step(artist, "agir-pour-un-client/finir", artist.get_by_role("button", name="Mettre fin à la délégation"))
    press(artist, "Mettre fin à la délégation")
    expect(artist.get_by_text("n’agit plus pour Auguste Landier EI")).to_be_visible()

    assert collective.request.get(world["addresses"]["invoice"]).status == 404
    collective.goto("/factures/")
    expect(collective.get_by_role("link", name="ATELIERS-12")).to_be_visible()
    expect(collective.get_by_text("ATELIERS-11")).to_have_count(0)
    collective.goto("/structures/")
    expect(collective.get_by_role("link", name="Berthe Solin EI").first).to_be_visible()
    expect(collective.get_by_text("Auguste Landier")).to_have_count(0)
    take_picture(collective, "collectif-structures")


def test_somebody_asks_about_an_invoice(page_of: As, seen: Any, on_step: Any) -> None:
    page = page_of(people.COLETTE)
    page.goto("/factures/")
    page.get_by_role("link", name="ATELIERS-12").click()
    asking = page.get_by_role("link", name="Signaler un problème sur cette facture")
    on_step(page, "poser-une-question/ouvrir", asking)
    asking.click()
    heading(page, "Qu’est-ce qui ne va pas")
    page.get_by_label("De quoi s’agit-il").select_option(index=1)
    page.get_by_label("En quelques mots").fill("Quand serons-nous payés ?")
    page.get_by_label("Votre message").fill("La facture date de novembre.")
    seen(page, "question-ecrire")
    on_step(page, "poser-une-question/ecrire", page.get_by_role("button", name="Envoyer", exact=True))
    press(page, "Envoyer")
    heading(page, "Quand serons-nous payés")
    seen(page, "question-envoyee")
    on_step(page, "poser-une-question/suivre", page.get_by_role("heading", level=1))


def test_an_architect_agrees_to_one_piece_and_answers_another(page_of: As, seen: Any, on_step: Any) -> None:
    page = page_of(people.ARCHITECT)
    page.goto("/a-valider/")
    invoice, agree = page.get_by_role("link", name="LR-2026-016"), page.get_by_role("link", name="Valider", exact=True)
    on_step(page, "valider-un-sous-traitant/liste", invoice)
    invoice.click()
    heading(page, "LR-2026-016")
    on_step(page, "valider-un-sous-traitant/lire", agree)
    agree.click()
    seen(page, "valider-accord")
    on_step(page, "valider-un-sous-traitant/accord", page.get_by_role("button", name="Valider", exact=True))
    press(page, "Valider")
    expect(page.get_by_text("C’est fait")).to_be_visible()

    page.goto("/travaux/")
    piece = page.get_by_role("link", name="LR-2026-017")
    on_step(page, "factures-de-travaux/liste", piece)
    piece.click()
    heading(page, "LR-2026-017")
    following = page.locator(".moves").get_by_role("link", name=re.compile("état d’acompte"))
    on_step(page, "factures-de-travaux/lire", following)
    following.click()
    page.get_by_label("Un mot pour qui la reçoit").fill("Vu sur place.")
    seen(page, "travaux-piece-suivante")
    on_step(page, "factures-de-travaux/suivante", page.get_by_role("button", name="Confirmer et envoyer"))
    press(page, "Confirmer et envoyer")
    expect(page.get_by_text("C’est fait")).to_be_visible()
    on_step(page, "factures-de-travaux/dossier", page.get_by_role("heading", name="Le dossier"))
    seen(page, "travaux-dossier")


def test_a_manager_lets_a_program_in(page_of: As, world: dict[str, Any], seen: Any, on_step: Any) -> None:
    page = page_of(people.ARCHITECT)
    page.goto(world["addresses"]["firm"] + "comptes-techniques/")
    making = page.get_by_role("link", name="Créer un compte technique")
    on_step(page, "brancher-un-logiciel/compte", making)
    making.click()
    page.get_by_label("Comment s’appelle ce logiciel").fill("Compta Facile")
    page.get_by_label(re.compile("^Facturer")).check()
    seen(page, "logiciel-droits")
    on_step(page, "brancher-un-logiciel/droits", page.get_by_role("button", name="Créer ce compte"))
    press(page, "Créer ce compte")
    heading(page, "Donnez ceci au logiciel maintenant")
    on_step(page, "brancher-un-logiciel/mot-de-passe", page.get_by_label("Mot de passe"))
    page.goto(world["addresses"]["firm"] + "comptes-techniques/")
    expect(page.get_by_text("Compta Facile").first).to_be_visible()
    on_step(page, "brancher-un-logiciel/application", page.get_by_role("link", name="Créer une application"))


def test_anybody_reads_how_fast_bodies_pay(page_of: As, seen: Any, on_step: Any) -> None:
    page = page_of("nobody")
    page.goto("/statistiques/")
    on_step(page, "comparer-les-delais/chercher", page.get_by_label("Chercher un organisme"))
    seen(page, "delais-publies")


def test_an_iban_waits_for_a_second_person(page_of: As, world: dict[str, Any], take_picture: Any, seen: Any) -> None:
    first, second = page_of(people.ARTIST, refused="/comptes/ajouter/"), page_of(people.COLLEAGUE)
    first.goto(world["addresses"]["workshop"] + "comptes/ajouter/")
    first.get_by_label("Un nom pour ce compte").fill("Nouvelle banque")
    first.get_by_role("textbox", name="IBAN").fill(IBAN)
    take_picture(first, "iban-ajouter")
    press(first, "Ajouter ce compte")
    heading(first, "Est-ce bien vous")
    take_picture(first, "iban-preuve")
    first.get_by_label("Votre mot de passe").fill(cast.PASSWORD)
    press(first, "Continuer")
    expect(first.get_by_text("Un compte attend d’être confirmé")).to_be_visible()
    take_picture(first, "iban-attend")

    second.goto(world["addresses"]["workshop"])
    second.get_by_role("link", name="Confirmer ou refuser").click()
    seen(second, "iban-confirmer")
    press(second, "Confirmer ce compte")
    expect(second.get_by_text("Le compte est confirmé")).to_be_visible()
    first.reload()
    expect(first.get_by_text("Un compte attend d’être confirmé")).to_have_count(0)
    expect(first.get_by_text("Un compte est nouveau")).to_be_visible()
    take_picture(first, "iban-confirme")


def test_somebody_closes_their_account_and_comes_back(page_of: As, take_picture: Any, seen: Any, on_step: Any) -> None:
    page = page_of(people.ZOE)
    page.goto("/compte/fermer/")
    page.get_by_label(re.compile("^Effacer aussi")).check()
    page.get_by_label(re.compile("^J’ai lu")).check()
    take_picture(page, "adieu-fermer")
    on_step(page, "fermer-son-compte/lire", page.get_by_role("button", name="Fermer mon compte"))
    press(page, "Fermer mon compte")
    heading(page, "Votre compte est fermé")
    take_picture(page, "adieu-ferme")
    page.goto("/structures/")
    heading(page, "Se connecter")

    page.goto(f"/mailbox/?recipient={people.ZOE}@journees.example")
    page.get_by_role("link", name="Votre compte Plainchant est fermé").first.click()
    address = re.search(r"/compte/revenir/[^\s\"<]+", page.locator("main").inner_text())
    assert address
    page.goto(address[0])
    seen(page, "adieu-revenir")
    on_step(page, "fermer-son-compte/revenir", page.get_by_role("button", name="Rouvrir mon compte"))
    press(page, "Rouvrir mon compte")
    heading(page, "Votre compte est rouvert")
