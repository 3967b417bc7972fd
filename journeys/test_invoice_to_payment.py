"""The whole journey of the guide, in Chromium: an artist's account, her structure, a deposit, a town hall, the payment.

One test a step; each starts where the one before ended. The PDF is one that nobody here wrote, when ../shared is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.seeing import assert_pleasant, open_every_value, settled
from journeys.watching import watched
from plainchant.demo import cast, directory
from plainchant.demo.paper import PrintedInvoice, print_invoice
from tests.making import an_invoice_pdf
from tests.samples import official_samples

ARTIST = "clemence@atelier.example"
PASSWORD = "un bleu de lessive par temps clair"
SIRET = "10000000900017"  # the supplier of the sample PDF: not a real one
OWN_PAPER = PrintedInvoice(
    number="UC1_2023025_F",
    day="15/10/2026",
    seller="Clémence Roussillon EI",
    seller_address="7 rue des Lavoirs, 99120 Valbrume-sur-Orée",
    seller_siret=SIRET,
    buyer="Mairie de Valbrume-sur-Orée",
    buyer_siret=directory.TOWN_HALL,
    commitment="ENG-2026-31",
    object="Atelier cyanotype, une classe",
    amount="216,00",
    iban="FR7600000000010000000017736",
)
FOREIGN = "Facture_UC1_2023025_F-LE_FOURNISSEUR-POUR-L'ACHETEUR_EN_16931.pdf"


@pytest.fixture(scope="module")
def invoice_pdf(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    try:
        if request.config.getoption("--readme-pictures") or request.config.getoption("--help-frames"):
            pytest.skip("the pictures we show have nobody else's document in them")
        place = official_samples() / "corpora" / "open-facturx" / "facturxdotnet" / FOREIGN
    except pytest.skip.Exception:
        place = tmp_path_factory.mktemp("pdf") / "facture.pdf"
        place.write_bytes(print_invoice(OWN_PAPER))
    return Path(place)


@pytest.fixture(scope="module")
def artist(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    yield watched(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def agent(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    yield watched(context.new_page())
    context.close()


@pytest.fixture(autouse=True)
def _the_browser_does_not_complain(artist: Page, agent: Page) -> Iterator[None]:
    yield
    assert artist.complaints + agent.complaints == []  # type: ignore[attr-defined]


def test_01_the_artist_creates_her_account(artist: Page, take_picture: Any, on_step: Any) -> None:
    artist.goto("/")
    assert_pleasant(artist)
    take_picture(artist, "accueil")
    on_step(artist, "creer-un-compte/accueil", artist.get_by_role("link", name="Créer mon compte").first)
    artist.get_by_role("link", name="Créer un compte").first.click()
    assert_pleasant(artist)
    artist.locator("#id_email").fill(ARTIST)
    artist.locator("#id_email2").fill(ARTIST)
    artist.locator("#id_first_name").fill("Clémence")
    artist.locator("#id_last_name").fill("Roussillon")
    artist.locator("#id_siret").fill("100 000 009 00017")
    artist.get_by_label(re.compile("J’accepte|conditions")).check()
    take_picture(artist, "creer-son-compte")
    on_step(artist, "creer-un-compte/formulaire", artist.locator("#id_siret"))
    on_step(artist, "creer-un-compte/envoyer", artist.get_by_role("button", name=re.compile("Créer mon compte")))
    artist.get_by_role("button", name=re.compile("Créer mon compte")).click()
    settled(artist)
    if artist.get_by_role("button", name=re.compile("Continuer")).count():  # the SIRET's key is wrong: only a warning
        assert_pleasant(artist)
        artist.get_by_role("button", name=re.compile("Continuer")).first.click()
    expect(artist.locator("h1")).to_contain_text(re.compile("courriel|message|boîte", re.I))
    assert_pleasant(artist)


def test_02_the_mail_leads_to_a_password_and_in(artist: Page, take_picture: Any, on_step: Any) -> None:
    artist.goto("/mailbox/")
    assert_pleasant(artist)
    artist.locator("main").get_by_role("link").filter(has_text=re.compile("compte|activ", re.I)).first.click()
    assert_pleasant(artist)
    on_step(artist, "creer-un-compte/message", artist.locator("main a[href*='/compte/activer/']").first)
    artist.locator("main a[href*='/compte/activer/']").first.click()
    expect(artist.locator("h1")).to_contain_text("mot de passe")
    assert_pleasant(artist)
    for name in ("#id_password1", "#id_password2"):
        artist.locator(name).fill("motdepasse2026")
    artist.locator("main form button[type=submit]").last.click()
    expect(artist.locator("[data-error-summary]")).to_be_visible()  # too common: said, and nothing lost
    for name in ("#id_password1", "#id_password2"):
        artist.locator(name).fill(PASSWORD)
    take_picture(artist, "choisir-un-mot-de-passe")
    on_step(artist, "creer-un-compte/mot-de-passe", artist.locator("#id_password1"))
    artist.locator("main form button[type=submit]").last.click()
    artist.wait_for_load_state()
    expect(artist.get_by_text("Clémence Roussillon").first).to_be_attached()


def test_03_she_creates_her_structure(artist: Page, take_picture: Any, on_step: Any) -> None:
    artist.goto(f"/structures/ajouter/{SIRET}/")
    assert_pleasant(artist)
    artist.locator("#id_name").fill("Clémence Roussillon EI")
    artist.locator("#id_label").fill("Atelier du Bleu")
    artist.locator("#id_address_line").fill("7 rue des Lavoirs")
    artist.locator("#id_postcode").fill("99120")
    artist.locator("#id_city").fill("Valbrume-sur-Orée")
    take_picture(artist, "creer-sa-structure")
    on_step(artist, "fiche-structure/fiche", artist.locator("#id_name"))
    on_step(artist, "fiche-structure/creer", artist.locator("main form button[type=submit]").last)
    artist.locator("main form button[type=submit]").last.click()
    expect(artist.get_by_role("heading", level=1)).to_contain_text("Atelier du Bleu")
    assert_pleasant(artist)


def test_04_she_adds_her_bank_account(artist: Page, take_picture: Any, on_step: Any) -> None:
    on_step(artist, "fiche-structure/ajouter-un-compte", artist.locator("a[href$='/comptes/ajouter/']").first)
    artist.locator("a[href$='/comptes/ajouter/']").first.click()
    assert_pleasant(artist)
    artist.locator("#id_label").fill("Compte de l’atelier")
    artist.locator("#id_iban").fill("FR76 0000 0000 0100 0000 0017 777")
    artist.locator("main form button[type=submit]").last.click()
    expect(artist.locator("[data-error-summary]")).to_be_visible()
    artist.locator("#id_iban").fill("FR76 0000 0000 0100 0000 0017 736")
    on_step(artist, "fiche-structure/iban", artist.locator("#id_iban"))
    artist.locator("main form button[type=submit]").last.click()
    take_picture(artist, "fiche-structure")
    expect(artist.get_by_text("Compte de l’atelier").first).to_be_visible()
    on_step(artist, "fiche-structure/pret", artist.get_by_text("Compte de l’atelier").first)


def test_05_she_finds_the_town_hall_in_spite_of_a_slip(artist: Page, take_picture: Any, on_step: Any) -> None:
    artist.goto("/annuaire/?q=mairi+valbrum")
    expect(artist.get_by_text("Mairie de Valbrume-sur-Orée").first).to_be_visible()
    assert_pleasant(artist)
    take_picture(artist, "annuaire")
    on_step(artist, "trouver-le-destinataire/chercher", artist.locator("main input[name=q]"))
    on_step(
        artist, "trouver-le-destinataire/choisir", artist.get_by_role("link", name="Mairie de Valbrume-sur-Orée").first
    )
    artist.goto(f"/annuaire/{directory.TOWN_HALL}/")
    expect(artist.get_by_text("code service").first).to_be_visible()
    assert_pleasant(artist)
    take_picture(artist, "fiche-annuaire")
    on_step(artist, "trouver-le-destinataire/ce-qu-il-demande", artist.get_by_text("code service").first)


def test_06_she_drops_her_pdf_and_it_is_read(artist: Page, invoice_pdf: Path, take_picture: Any, on_step: Any) -> None:
    artist.goto(f"/deposer/?destinataire={directory.TOWN_HALL}")
    assert_pleasant(artist)
    artist.locator("input[type=file]").set_input_files(invoice_pdf)
    on_step(artist, "deposer-une-facture/fichier", artist.get_by_role("button", name="Lire", exact=True))
    artist.get_by_role("button", name="Lire", exact=True).click()
    settled(artist)
    expect(artist.locator("#id_number")).to_have_value("UC1_2023025_F")
    expect(artist.locator("#id_tax_inclusive_amount")).to_have_value("216,00")
    assert artist.locator(".doc-place").count() >= 4
    take_picture(artist, "preparer", readme=True)
    on_step(artist, "deposer-une-facture/relire", artist.locator(".doc-pages"))
    open_every_value(artist)
    artist.locator("#id_number").focus()
    expect(artist.locator(".doc-place.is-lit")).to_have_count(1)
    # A word of the page, clicked, goes into the field one was in.
    artist.locator("#id_comment").focus()
    artist.locator(".doc-word[data-word='216,00']").first.dispatch_event("click")
    expect(artist.locator("#id_comment")).to_have_value("216,00")
    artist.locator("#id_comment").fill("")
    artist.locator("#id_number").focus()
    assert_pleasant(artist)


def test_07_what_would_be_refused_is_listed_with_its_mend(artist: Page, take_picture: Any, on_step: Any) -> None:
    artist.locator("#id_commitment").fill("")
    artist.locator("#id_tax_inclusive_amount").fill("217,00")
    artist.get_by_role("button", name=re.compile("Vérifier la facture|Envoyer cette facture")).first.click()
    settled(artist)
    expect(artist.locator("h1")).to_contain_text("serait refusée")
    stops = artist.locator(".findings-stop li")
    assert stops.count() >= 2  # neither service nor commitment; totals; with VAT, its regime too
    assert_pleasant(artist)
    take_picture(artist, "serait-refusee")
    on_step(artist, "deposer-une-facture/corriger", artist.locator(".findings-stop").first)
    stops.filter(has_text="TTC").get_by_role("link").first.click()
    expect(artist.locator("#id_tax_inclusive_amount")).to_be_visible()


def test_08_a_draft_kept_is_not_sent(artist: Page, take_picture: Any) -> None:
    artist.get_by_role("button", name=re.compile("Garder en brouillon")).click()
    artist.wait_for_load_state()
    expect(artist.get_by_text("Il n’est pas envoyé")).to_be_visible()
    expect(artist.get_by_text("Non envoyée").first).to_be_visible()
    assert_pleasant(artist)
    artist.locator("[data-row-link]").filter(has_text="UC1_2023025_F").click()
    expect(artist.locator("#id_tax_inclusive_amount")).to_have_value("217,00")  # what was typed is still there


def test_09_she_corrects_joins_a_document_checks_and_sends(
    artist: Page, tmp_path: Path, take_picture: Any, on_step: Any
) -> None:
    open_every_value(artist)
    artist.locator("#id_tax_inclusive_amount").fill("216,00")
    artist.locator("#id_buyer_service").select_option("CULTURE")
    on_step(artist, "deposer-une-facture/service", artist.locator("#id_buyer_service"))
    artist.get_by_label(re.compile("sur les encaissements")).check()
    annex = tmp_path / "liste des œuvres.txt"
    annex.write_text("Bleu de lessive, 2026")
    artist.locator("#id_attachments").set_input_files(annex)
    artist.get_by_role("button", name="Joindre ces fichiers").click()
    settled(artist)
    expect(artist.get_by_role("link", name="liste des œuvres.txt")).to_be_visible()
    artist.get_by_role("button", name=re.compile("Vérifier la facture|Envoyer cette facture")).first.click()
    settled(artist)
    expect(artist.locator("h1")).to_contain_text("Envoyer cette facture")
    assert_pleasant(artist)
    take_picture(artist, "confirmer")
    on_step(artist, "deposer-une-facture/envoyer", artist.get_by_role("button", name="Confirmer et envoyer"))
    artist.get_by_role("button", name="Confirmer et envoyer").click()
    settled(artist)
    expect(artist.locator("h1")).to_contain_text("est envoyée")
    assert_pleasant(artist)
    take_picture(artist, "envoyee")


def test_10_she_keeps_her_certificate(artist: Page, tmp_path: Path, on_step: Any) -> None:
    certificate = artist.get_by_role("link", name=re.compile("Télécharger le certificat"))
    on_step(artist, "deposer-une-facture/certificat", certificate)
    with artist.expect_download() as download:
        certificate.click()
    kept = tmp_path / "certificat.pdf"
    download.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")
    assert download.value.suggested_filename == "certificat-de-depot-UC1_2023025_F.pdf"


def test_11_the_town_hall_is_told_by_mail(artist: Page) -> None:
    subject = "UC1_2023025_F, «\u00a0Atelier du Bleu\u00a0» : à traiter"
    _until(artist, "/mailbox/", subject)
    artist.get_by_role("link").filter(has_text=subject).first.click()
    expect(artist.get_by_text("R2192-15")).to_be_visible()


def test_12_the_agent_finds_it_in_her_work_list_and_opens_it(
    agent: Page, tmp_path: Path, take_picture: Any, on_step: Any
) -> None:
    agent.goto("/compte/connexion/")
    agent.locator("input[type=email]").fill(cast.TOWN_AGENT.email)
    agent.locator("input[type=password]").fill(cast.PASSWORD)
    agent.locator("main form button[type=submit]").last.click()
    agent.wait_for_load_state()
    agent.goto("/recues/")
    assert_pleasant(agent)
    take_picture(agent, "a-traiter")
    on_step(agent, "traiter-une-facture/liste", agent.locator("[data-row-link]").filter(has_text="UC1_2023025_F"))
    agent.locator("[data-row-link]").filter(has_text="UC1_2023025_F").click()
    settled(agent)
    assert_pleasant(agent)
    take_picture(agent, "recue")
    on_step(agent, "traiter-une-facture/lire", agent.locator(".doc-pages"))
    on_step(agent, "traiter-une-facture/decider", agent.get_by_role("link", name=re.compile("Suspendre")).first)
    with agent.expect_download() as download:
        agent.get_by_role("link", name="Télécharger le document", exact=True).click()
    kept = tmp_path / "facture.pdf"
    download.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")
    agent.goto(agent.url.partition("?")[0])  # not within the list: one stays on this one


def test_13_she_suspends_it_and_must_say_why(agent: Page, take_picture: Any, on_step: Any) -> None:
    on_step(agent, "suspendre-recycler-rejeter/suspendre", agent.get_by_role("link", name=re.compile("Suspendre")))
    agent.get_by_role("link", name=re.compile("Suspendre")).click()
    agent.locator("main form button[type=submit]").last.click()
    expect(agent.locator("[data-error-summary]")).to_contain_text("motif")
    assert_pleasant(agent)
    agent.get_by_label("Il manque un justificatif").check()
    agent.locator("#id_comment").fill("Merci de joindre le bon de commande signé.")
    take_picture(agent, "suspendre")
    on_step(agent, "suspendre-recycler-rejeter/motif", agent.locator("#id_comment"))
    agent.locator("main form button[type=submit]").last.click()
    agent.wait_for_load_state()
    expect(agent.locator(".status-word").first).to_have_text("Attend le fournisseur")


def test_14_the_artist_sees_who_when_and_why_and_completes(
    artist: Page, tmp_path: Path, take_picture: Any, on_step: Any
) -> None:
    artist.goto("/factures/?vue=a-faire")
    artist.locator("[data-row-link]").filter(has_text="UC1_2023025_F").click()
    settled(artist)
    expect(artist.locator(".timeline")).to_contain_text("Basile Tournemire")
    expect(artist.locator(".timeline")).to_contain_text("bon de commande signé")
    expect(artist.get_by_text("Le délai de paiement est arrêté").first).to_be_visible()
    assert_pleasant(artist)
    take_picture(artist, "suspendue")
    on_step(artist, "repondre-a-l-organisme/motif", artist.locator(".timeline"))
    on_step(artist, "repondre-a-l-organisme/completer", artist.get_by_role("link", name="Compléter et renvoyer"))
    artist.get_by_role("link", name="Compléter et renvoyer").click()
    assert_pleasant(artist)
    order = tmp_path / "bon-de-commande.pdf"
    order.write_bytes(an_invoice_pdf(number="BC-1"))
    artist.locator("#id_attachments").set_input_files(order)
    artist.locator("#id_comment").fill("Voici le bon signé.")
    on_step(artist, "repondre-a-l-organisme/joindre", artist.get_by_role("button", name="Compléter et renvoyer"))
    artist.get_by_role("button", name="Compléter et renvoyer").click()
    settled(artist)
    expect(artist.locator(".timeline")).to_contain_text("Complétée")


def test_15_the_agent_sends_it_back_and_the_artist_corrects_the_address(
    agent: Page, artist: Page, take_picture: Any, on_step: Any
) -> None:
    agent.reload()
    expect(agent.locator(".timeline")).to_contain_text("Voici le bon signé.")
    on_step(agent, "suspendre-recycler-rejeter/recycler", agent.get_by_role("link", name=re.compile("À recycler")))
    agent.get_by_role("link", name=re.compile("À recycler")).click()
    agent.get_by_label("Ce n’est pas le bon service").check()
    agent.locator("main form button[type=submit]").last.click()
    agent.wait_for_load_state()
    artist.reload()
    artist.get_by_role("link", name=re.compile("Corriger l’adresse")).click()
    assert_pleasant(artist)
    artist.locator("#id_buyer_service").select_option("ECOLES")
    take_picture(artist, "recycler")
    on_step(artist, "repondre-a-l-organisme/recycler", artist.get_by_role("button", name="Renvoyer la facture"))
    artist.get_by_role("button", name="Renvoyer la facture").click()
    settled(artist)
    _until_there(artist, ".timeline li:last-child", "Dernier jour pour payer")


def test_16_the_agent_moves_it_on_to_payment(agent: Page, take_picture: Any, on_step: Any) -> None:
    agent.reload()
    done = agent.get_by_role("button", name=re.compile("Service fait")).or_(
        agent.get_by_role("link", name=re.compile("Service fait"))
    )
    on_step(agent, "mettre-en-paiement/service-fait", done.first)
    invoice = agent.url
    for key in "s", "m", "t", "c":
        agent.goto(invoice)
        agent.keyboard.press(key)
        if key == "m":  # the letter leads to its number
            agent.keyboard.type("M-2026-77")
            on_step(agent, "mettre-en-paiement/mandater", agent.locator(":focus"))
            agent.keyboard.press("Enter")
        expect(agent.locator(".messages")).to_contain_text("C’est fait")
    _until_link(agent, invoice, "Mettre en paiement")
    on_step(agent, "mettre-en-paiement/payer", agent.get_by_role("link", name="Mettre en paiement", exact=True))
    agent.get_by_role("link", name="Mettre en paiement", exact=True).click()
    agent.locator("main form button[type=submit]").last.click()
    agent.goto(invoice)
    expect(agent.locator(".status-official").first).to_contain_text("Mise en paiement")
    take_picture(agent, "mise-en-paiement")


def test_17_the_artist_follows_it_to_the_end(artist: Page, take_picture: Any, on_step: Any) -> None:
    invoice = artist.url
    artist.goto("/factures/")
    assert_pleasant(artist)
    take_picture(artist, "suivi", readme=True)
    on_step(artist, "suivre-une-facture/liste", artist.get_by_role("link", name="UC1_2023025_F").first)
    artist.goto(invoice)
    timeline = artist.locator(".timeline")
    on_step(artist, "suivre-une-facture/etapes", timeline)
    for step in ("Déposée", "Suspendue", "Complétée", "À recycler", "Service fait", "Mandatée", "Mise en paiement"):
        expect(timeline).to_contain_text(step)
    expect(artist.locator(".status-word").first).to_have_text("Payée")
    assert_pleasant(artist)
    take_picture(artist, "payee")
    _until(artist, "/mailbox/", "UC1_2023025_F : mise en paiement")


def _until(page: Page, address: str, text: str, tries: int = 60) -> None:
    """Load ``address`` again until it shows ``text``: the background works at its own pace."""
    plain = text.replace("\u00a0", " ")
    for _ in range(tries):
        page.goto(address)
        if plain in page.locator("main").inner_text().replace("\u00a0", " "):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{text!r} never came on {address}")


def _until_there(page: Page, selector: str, text: str, tries: int = 60) -> None:
    for _ in range(tries):
        if text in page.locator(selector).first.inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{text!r} never came")


def _until_link(page: Page, address: str, name: str, tries: int = 60) -> None:
    for _ in range(tries):
        page.goto(address)
        if page.get_by_role("link", name=name, exact=True).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"no link {name!r}")
