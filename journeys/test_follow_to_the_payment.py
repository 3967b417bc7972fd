"""What both sides do with an invoice after it has arrived: the three « no », a part admitted, a validator, a late
payment that is claimed, payments from a table, the daily list, and the drawings of what came of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys import desk
from journeys.arriving import As, browsers, pages, world_of
from journeys.conftest import Restart
from journeys.seeing import assert_pleasant
from plainchant.demo import cast


@pytest.fixture(scope="module")
def world(base_url: str, restart: Restart) -> dict[str, Any]:
    return world_of(desk, folder=restart.folder, address=base_url)


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
def issued(world: dict[str, Any]) -> Callable[[str], str]:
    return lambda number: f"/factures/{world['addresses'][number]}/"


@pytest.fixture(scope="module")
def received(world: dict[str, Any]) -> Callable[[str], str]:
    return lambda number: f"/recues/{world['addresses'][number]}/"


Address = Callable[[str], str]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def today(page: Page) -> str:
    return str(page.evaluate("new Date().toLocaleDateString('fr-FR', {timeZone: 'Europe/Paris'})"))


def says_no(page: Page, label: str, reason: str, words: str) -> None:
    """The agent stops the invoice that is open."""
    page.get_by_role("link", name=re.compile(f"^{label}")).click()
    page.get_by_label(reason).check()
    page.get_by_label("Un mot pour le fournisseur").fill(words)
    page.locator("main form").get_by_role("button", name=re.compile(f"^{label}")).click()
    expect(page.locator(".messages")).to_contain_text("C’est fait")


def test_suspended_for_a_document_and_answered(page_of: As, issued: Address, received: Address) -> None:
    agent, artist = page_of(desk.AGENT), page_of(desk.ARTIST)
    agent.goto(received(desk.SUSPENDED))
    says_no(agent, "Suspendre", "Il manque un justificatif", "La liste des élèves, s’il vous plaît.")
    artist.goto(issued(desk.SUSPENDED))
    expect(artist.get_by_text("La liste des élèves").first).to_be_visible()
    expect(artist.get_by_text("Le délai de paiement est arrêté").first).to_be_visible()
    artist.get_by_role("link", name="Compléter et renvoyer").click()
    artist.get_by_label("Votre réponse à l’acheteur").fill("Vingt-deux élèves étaient là.")
    press(artist, "Compléter et renvoyer")
    expect(artist.locator(".timeline")).to_contain_text("Complétée")
    agent.reload()
    expect(agent.locator(".timeline")).to_contain_text("Vingt-deux élèves étaient là.")


def test_sent_back_for_its_address_and_corrected(page_of: As, issued: Address, received: Address) -> None:
    agent, artist = page_of(desk.AGENT), page_of(desk.ARTIST)
    agent.goto(received(desk.SENT_BACK))
    says_no(agent, "À recycler", "Ce n’est pas le bon service", "C’est pour les écoles.")
    artist.goto(issued(desk.SENT_BACK))
    artist.get_by_role("link", name=re.compile("Corriger l’adresse")).click()
    artist.get_by_label(re.compile("^Service")).select_option("ECOLES")
    press(artist, "Renvoyer la facture")
    expect(artist.locator(".timeline")).to_contain_text("Corrigée et renvoyée")
    heading(artist, desk.SENT_BACK)  # under its number


def test_rejected_for_good_and_closed_by_whoever_has_read_it(
    page_of: As, issued: Address, received: Address, take_picture: Any
) -> None:
    agent, artist = page_of(desk.AGENT), page_of(desk.ARTIST)
    agent.goto(received(desk.REJECTED))
    says_no(agent, "Rejeter", "La facture a déjà été reçue", "Nous l’avons payée en octobre.")
    artist.goto("/factures/?vue=a-faire")
    artist.get_by_role("link", name=desk.REJECTED).click()
    expect(artist.get_by_text("Nous l’avons payée en octobre.").first).to_be_visible()
    expect(artist.get_by_text("Rien à faire si l’autre facture suit son cours.").first).to_be_visible()
    assert_pleasant(artist)
    take_picture(artist, "bureau-refus")
    press(artist, "J’ai lu ce refus, le classer")
    expect(artist.get_by_text("Refus classé le")).to_be_visible()
    artist.goto("/factures/?vue=a-faire")
    expect(artist.get_by_role("link", name=desk.REJECTED)).to_have_count(0)


def test_a_part_is_admitted_and_the_rest_contested(
    page_of: As, issued: Address, received: Address, take_picture: Any
) -> None:
    agent, artist = page_of(desk.AGENT), page_of(desk.ARTIST)
    agent.goto(received(desk.IN_PART))
    agent.get_by_role("link", name=re.compile("^Admettre une partie")).click()
    agent.get_by_label("Le montant total ne convient pas").check()
    agent.get_by_label("La somme que vous ne contestez pas").fill("900")
    agent.get_by_label("Que contestez-vous").fill("Trois séances, pas quatre.")
    assert_pleasant(agent)
    take_picture(agent, "bureau-partie")
    press(agent, "Admettre une partie du montant")
    expect(agent.locator(".messages")).to_contain_text("C’est fait")
    artist.goto(issued(desk.IN_PART))
    expect(artist.get_by_text("Une partie est contestée")).to_be_visible()
    expect(artist.get_by_text(re.compile(r"admet 900,00.€ sur 1.200,00.€, et conteste 300,00.€"))).to_be_visible()
    expect(artist.get_by_text("Trois séances, pas quatre.").first).to_be_visible()


def test_a_wrong_validator_says_so_and_the_right_one_agrees(
    page_of: As, world: dict[str, Any], issued: Address, received: Address
) -> None:
    wrong, right, artist = page_of(desk.ARCHITECT), page_of(desk.FULBERT), page_of(desk.ARTIST)
    wrong.goto("/a-valider/")
    wrong.get_by_role("link", name=desk.VALIDATED).click()
    wrong.get_by_role("link", name="Je ne suis pas le bon valideur").click()
    press(wrong, "Je ne suis pas le bon valideur")
    expect(wrong.locator(".messages")).to_contain_text("C’est fait")
    artist.goto(issued(desk.VALIDATED))
    expect(artist.get_by_text("Ce n’est pas le bon valideur").first).to_be_visible()
    artist.get_by_role("link", name="Nommer le bon valideur").click()
    artist.get_by_label("Qui valide avant l’acheteur").fill(world["addresses"]["publisher"])
    press(artist, "Envoyer à ce valideur")
    expect(artist.locator(".timeline")).to_contain_text("Autre valideur nommé")
    right.goto("/a-valider/")
    right.get_by_role("link", name=desk.VALIDATED).click()
    right.get_by_role("link", name="Valider", exact=True).click()
    press(right, "Valider")
    expect(right.locator(".messages")).to_contain_text("C’est fait")
    agent = page_of(desk.AGENT)
    agent.goto(received(desk.VALIDATED))  # which the town could not see before
    expect(agent.locator(".desk-notes")).to_contain_text(cast.PUBLISHER.label)  # has agreed
    assert wrong.request.get(f"/a-valider/{world['addresses'][desk.VALIDATED]}/").status == 404


def test_a_late_payment_is_reminded_of_and_its_interest_claimed(
    page_of: As, issued: Address, take_picture: Any, tmp_path: Path
) -> None:
    artist = page_of(desk.ARTIST)
    artist.goto(issued(desk.LATE))
    expect(artist.get_by_text("Le paiement est en retard")).to_be_visible()
    with artist.expect_download() as download:
        artist.get_by_role("link", name=re.compile("La lettre de demande")).click()
    letter = tmp_path / "lettre.pdf"
    download.value.save_as(letter)
    assert letter.read_bytes().startswith(b"%PDF-")
    artist.get_by_role("link", name="Relancer", exact=True).click()
    expect(artist.get_by_text("Message 1 sur 3")).to_be_visible()
    assert_pleasant(artist)
    take_picture(artist, "bureau-relancer")
    press(artist, "Envoyer ce message")
    expect(artist.get_by_text("Votre message est parti")).to_be_visible()
    artist.get_by_role("link", name=re.compile("L’argent est arrivé")).click()
    artist.get_by_label("Le jour où l’argent est arrivé").fill(today(artist))
    press(artist, "Noter ce paiement")
    expect(artist.get_by_text("C’est noté")).to_be_visible()
    press(artist, "Facturer ces sommes")
    interest = artist.get_by_label("Ligne 1, désignation")
    expect(interest).to_have_value(re.compile(f"^Intérêts de retard, facture {desk.LATE}"))
    artist.goto("/mailbox/")
    expect(artist.get_by_role("link").filter(has_text=desk.LATE).first).to_be_visible()


def test_payments_come_from_a_table(page_of: As, issued: Address, take_picture: Any, tmp_path: Path) -> None:
    agent, artist = page_of(desk.AGENT), page_of(desk.ARTIST)
    table = tmp_path / "paiements.csv"
    lines = (
        "Numéro de facture;Montant payé;Date de paiement",
        f"{desk.PAID};1200;{{day}}",
        f"{desk.SHORT};300;{{day}}",
    )
    agent.goto("/recues/paiements/")
    table.write_text("\n".join(lines).format(day=today(agent)))
    agent.locator("input[type=file]").set_input_files(table)
    press(agent, "Voir ce qui va changer")
    heading(agent, "Mettre en paiement : 1 facture")
    expect(agent.get_by_text(f"Ligne 3, facture {desk.SHORT}")).to_be_visible()
    assert_pleasant(agent)
    take_picture(agent, "bureau-paiements")
    press(agent, "Mettre en paiement")
    expect(agent.get_by_text("1 facture mise en paiement")).to_be_visible()
    artist.goto(issued(desk.PAID))
    expect(artist.locator(".status-word").first).to_have_text("Payée")


def test_the_daily_list_is_read_and_leads_to_an_invoice(page_of: As, take_picture: Any) -> None:
    reader = page_of(desk.READER)
    reader.goto(f"/mailbox/?recipient={desk.READER_EMAIL}")
    reader.get_by_role("link", name=re.compile("factures à consulter")).click()
    body = reader.locator(".mail-body")
    expect(body).to_contain_text("depuis votre dernière liste")
    expect(body).not_to_contain_text("à traiter")  # they may only read
    take_picture(reader, "bureau-liste")
    body.get_by_role("link").first.click()
    heading(reader, "BUREAU")
    expect(reader.get_by_role("link", name=re.compile("Suspendre"))).to_have_count(0)


def test_each_drawing_stands_on_its_table(page_of: As, take_picture: Any, tmp_path: Path) -> None:
    artist = page_of(desk.ARTIST)
    artist.goto("/factures/tableau-de-bord/")
    drawn = artist.locator("main section").filter(has=artist.locator("svg.plot"))
    assert drawn.count() >= 3
    for section in drawn.all():
        rows = section.locator("tbody tr")
        assert section.locator("svg.plot text.plot-value").count() == rows.count() > 0
        for row, value in zip(rows.all(), section.locator("svg.plot title").all_text_contents(), strict=True):
            name = value.partition(" : ")[0].strip()
            expect(row).to_contain_text(name)
    assert_pleasant(artist)
    take_picture(artist, "bureau-tableau")
    with artist.expect_download() as download:
        drawn.first.get_by_role("link", name="Télécharger ce tableau").click()
    kept = tmp_path / "tableau.csv"
    download.value.save_as(kept)
    assert len(kept.read_text().splitlines()) == drawn.first.locator("tbody tr").count() + 1
