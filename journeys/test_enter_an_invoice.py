"""Invoices made on screen, in Chromium: the mandate, an author's visit to a school, a sculpture, and what follows.

One test a step; each starts where the one before ended. Each PDF that is sent is read again, each XML judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.seeing import assert_pleasant
from journeys.test_every_page import log_in
from journeys.watching import watched
from plainchant.capture.pdf import read_document
from plainchant.demo import cast, directory
from plainchant.einvoice.pdfa.probe import probe
from plainchant.einvoice.verdict import check

VISIT = "LR-2026-018"  # the number after the last one of the demonstration
SILENT = ("wellformed", "schema", "en16931", "fr")


@pytest.fixture(scope="module")
def author(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url, accept_downloads=True)
    page = watched(context.new_page())
    log_in(page, cast.ARTIST.email)
    yield page
    context.close()


@pytest.fixture(autouse=True)
def _nothing_complains(author: Page) -> Iterator[None]:
    yield
    assert author.complaints == []  # type: ignore[attr-defined]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def uid_of(page: Page) -> str:
    return page.url.split("/saisir/")[1].split("/")[0]


def vat_number(siret: str) -> str:
    """The French VAT number of a SIREN, with its key."""
    siren = siret[:9]
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def fetched(page: Page, address: str) -> bytes:
    answer = page.request.get(address)
    assert answer.ok, address
    return bytes(answer.body())


def assert_good_files(page: Page, uid: str, *words: str, remarks: frozenset[str] = frozenset()) -> None:
    """The page shows the words; the data have nothing wrong in the layers that count for each coding.

    ``remarks``: what Chorus Pro's layer finds worth a look in the classic coding.
    """
    pdf = fetched(page, f"/factures/{uid}/document/")
    text = " ".join(word.text for sheet in read_document(pdf).pages for word in sheet.words)
    for word in words:
        assert word.replace("\u202f", " ") in text.replace("\u202f", " "), word
    told = check(pdf, at=date.today())  # noqa: DTZ011 - the rules of the day the journey is run
    assert told.accepted
    assert {
        f.rule
        for layer in told.layers
        if layer.name in ("wellformed", "schema", "chorus", "en16931")
        for f in layer.findings
    } == remarks
    assert [finding.rule for finding in probe(pdf)] == []
    for syntax in ("cii", "ubl"):
        classic = check(fetched(page, f"/saisir/{uid}/donnees/classic/{syntax}.xml"), at=date.today())  # noqa: DTZ011
        reform = check(fetched(page, f"/saisir/{uid}/donnees/reform/{syntax}.xml"), at=date.today())  # noqa: DTZ011
        assert {f.rule for name in ("chorus", "en16931") for f in classic.layer(name).findings} == remarks  # type: ignore[arg-type]
        assert [f.rule for name in SILENT for f in reform.layer(name).findings] == []  # type: ignore[arg-type]


def test_without_a_mandate_the_entry_says_how_to_open_it(author: Page, take_picture: Any, on_step: Any) -> None:
    author.goto("/saisir/")
    title(author, "Il faut d’abord un mandat")
    assert_pleasant(author)
    take_picture(author, "saisie-sans-mandat")
    on_step(author, "donner-un-mandat/sans-mandat", author.get_by_role("link", name="Donner ce mandat"))


def test_the_manager_gives_the_mandate(author: Page, take_picture: Any, on_step: Any) -> None:
    author.get_by_role("link", name="Donner ce mandat").click()
    title(author, "Donner un mandat de facturation")
    assert_pleasant(author)
    take_picture(author, "mandat-donner")
    on_step(author, "donner-un-mandat/lire", author.get_by_role("button", name="J’ai lu, je donne ce mandat"))
    press(author, "J’ai lu, je donne ce mandat")
    expect(author.get_by_text("Le mandat est donné")).to_be_visible()
    assert_pleasant(author)
    take_picture(author, "mandat")


def test_an_author_says_who_she_is_once(author: Page, take_picture: Any, on_step: Any) -> None:
    author.goto("/saisir/")
    press(author, "Commencer")
    title(author, "Qui êtes-vous")
    assert_pleasant(author)
    take_picture(author, "saisie-qui-etes-vous")
    press(author, "Continuer")
    expect(author.get_by_text("Choisissez ce qui vous ressemble")).to_be_visible()
    author.get_by_label("Je suis artiste-auteur").check()
    on_step(author, "saisir-une-facture/qui", author.get_by_text("Je suis artiste-auteur").first)
    author.get_by_label("Non : « TVA non applicable").check()
    on_step(author, "saisir-une-facture/tva", author.get_by_text("Non : « TVA non applicable").first)
    press(author, "Continuer")
    title(author, "Qui vous doit cet argent")


def test_she_finds_the_town_hall(author: Page, take_picture: Any, on_step: Any) -> None:
    assert_pleasant(author)
    author.get_by_label("Nom, ville, code postal ou SIRET").fill("valbrume")
    author.locator("button.choice-line").first.wait_for()
    expect(author.locator("#annonces")).to_have_text(re.compile(r"^\d+ structures?"))  # the list is not read out
    assert_pleasant(author)
    take_picture(author, "saisie-destinataire")
    on_step(author, "saisir-une-facture/destinataire", author.locator("button.choice-line").first)
    author.locator(f'button.choice-line[value="{directory.TOWN_HALL}"]').click()
    title(author, "Qu’avez-vous fait")


def test_she_says_what_she_did(author: Page, take_picture: Any, on_step: Any) -> None:
    assert_pleasant(author)
    take_picture(author, "saisie-situations")
    on_step(author, "saisir-une-facture/travail", author.get_by_role("link", name="rencontre").first)
    author.get_by_role("link", name="rencontre").first.click()
    assert_pleasant(author)
    take_picture(author, "saisie-situation")
    author.get_by_label("Une rencontre où j’ai présenté").check()
    author.get_by_label("Autour de quoi").fill("« Les Racines », album illustré")
    author.get_by_label("Où ?").fill("École des Tilleuls, Valbrume")
    author.get_by_label("Devant qui").fill("deux classes de CM2")
    author.get_by_label("À quelles dates").fill("le 12 novembre 2026")
    author.get_by_label("Combien y en a-t-il eu").fill("2")
    press(author, "Continuer")  # the price was forgotten
    expect(author.locator("[data-error-summary]")).to_be_focused()
    assert_pleasant(author)
    author.get_by_label("Combien demandez-vous").fill("258,50")
    on_step(author, "saisir-une-facture/details", author.get_by_label("Combien demandez-vous"))
    press(author, "Continuer")
    title(author, "Combien")


def test_the_totals_follow_what_she_types(author: Page, take_picture: Any, on_step: Any) -> None:
    expect(author.locator("#totaux .total-main")).to_contain_text("517,00")
    author.get_by_label("Ligne 1, quantité").fill("3")
    expect(author.locator("#totaux .total-main")).to_contain_text("775,50")
    expect(author.locator("#net-0")).to_contain_text("775,50")
    expect(author.locator("#annonces")).to_have_text(re.compile("^À payer 775,50"))
    author.get_by_label("Ligne 1, quantité").fill("2")
    expect(author.locator("#totaux .total-main")).to_contain_text("517,00")
    assert_pleasant(author)
    take_picture(author, "saisie-combien")
    on_step(author, "saisir-une-facture/montant", author.locator("#totaux"))


def test_stuck_at_the_commitment_number_she_finds_help_and_comes_back(author: Page, take_picture: Any) -> None:
    field = author.get_by_label("Numéro d’engagement")
    field.fill("ENG-2026")  # half of it, and the help is opened before the page has saved itself
    author.get_by_text("Qu’est-ce que c’est ? (Numéro d’engagement)").click()
    expect(author.get_by_text("il relie votre facture à l’argent")).to_be_visible()
    assert_pleasant(author)
    take_picture(author, "aide-mot-du-champ")
    author.get_by_role("link", name=re.compile("En savoir plus.*engagement")).click()
    title(author, "Les mots de la facturation publique")
    expect(author.get_by_text("Il est écrit sur le bon de commande")).to_be_in_viewport()
    assert_pleasant(author)
    author.get_by_role("link", name="Revenir à la page où vous étiez").click()
    title(author, "Combien")
    expect(field).to_have_value("ENG-2026")
    expect(field).to_be_focused()
    field.fill("")  # and that is kept too, before the page is left
    expect(author.locator("form[data-touched]")).to_have_count(0)


def test_what_the_town_hall_demands_is_asked_beside_its_field(author: Page, take_picture: Any, on_step: Any) -> None:
    press(author, "Relire la facture")
    expect(author.locator("[data-error-summary]")).to_be_focused()
    assert_pleasant(author)
    take_picture(author, "saisie-a-corriger")
    author.get_by_label("Service à facturer").select_option(index=1)
    author.get_by_label("Numéro d’engagement").fill("ENG-2026-77")
    on_step(author, "saisir-une-facture/references", author.get_by_label("Numéro d’engagement"))
    press(author, "Relire la facture")  # still the same question
    title(author, "Envoyer cette facture")


def test_she_reads_it_as_the_town_hall_will_and_sends_it(author: Page, take_picture: Any, on_step: Any) -> None:
    preview = author.locator(".doc-pages img").first
    expect(preview).to_be_visible()
    expect(preview).to_have_js_property("complete", True)
    assert preview.evaluate("picture => picture.naturalWidth") > 900
    assert_pleasant(author)
    take_picture(author, "saisie-relire")
    on_step(author, "saisir-une-facture/relire", author.get_by_role("button", name="Confirmer et envoyer"))
    press(author, "Confirmer et envoyer")
    title(author, "est envoyée")
    assert_pleasant(author)
    take_picture(author, "saisie-envoyee")
    on_step(author, "saisir-une-facture/envoyee", author.get_by_role("heading", level=1))
    uid = uid_of(author)
    assert_good_files(author, uid, "517,00 €", "TVA non applicable, art. 293 B du CGI", "40 €", "ENG-2026-77", "EI")
    note = read_document(fetched(author, f"/saisir/{uid}/note/"))
    assert note.page_count == 1
    author.get_by_role("link", name="Ses données").click()
    title(author, "écrite pour les logiciels")
    assert_pleasant(author)
    take_picture(author, "saisie-donnees")


def test_an_illustrator_makes_a_credit_note_from_it(author: Page, take_picture: Any) -> None:
    author.goto("/factures/")
    author.get_by_role("link", name=VISIT).click()
    press(author, "Faire un avoir sur cette facture")
    title(author, "avoir")
    expect(author.get_by_label("Numéro de la facture d’origine")).to_have_value(VISIT)
    author.get_by_label("Ligne 1, quantité").fill("1")
    expect(author.locator("#totaux .total-main")).to_contain_text("258,50")
    assert_pleasant(author)
    take_picture(author, "saisie-avoir")
    press(author, "Vérifier la facture")
    title(author, "Envoyer cet avoir")
    press(author, "Confirmer et envoyer")
    title(author, "est envoyé")
    assert_good_files(author, uid_of(author), "Avoir", "258,50 €", VISIT)


def test_an_advance_is_asked_for_and_then_the_rest(author: Page, take_picture: Any) -> None:
    for what, price, kind in (("Avance sur une fresque", "300", "d’acompte"), ("Fresque", "1000", "facture")):
        author.goto(f"/saisir/?destinataire={directory.TOWN_WITHOUT_DEMANDS}")
        press(author, "Commencer")
        author.goto(f"/saisir/{uid_of(author)}/travail/?mots=1")
        author.get_by_label("Ce que vous facturez").fill(what)
        press(author, "Continuer")
        author.get_by_label("Ligne 1, prix unitaire").fill(price)
        if kind == "d’acompte":
            author.get_by_label("Oui, une avance").check()
        else:
            author.get_by_role("checkbox", name="Acompte").check()
            expect(author.locator("#totaux .total-main")).to_contain_text("700,00")
            assert_pleasant(author)
            take_picture(author, "saisie-reste-apres-acompte")
        press(author, "Relire la facture")
        title(author, kind)
        press(author, "Confirmer et envoyer")
        title(author, "est envoyée")
    assert_good_files(author, uid_of(author), "Acompte déjà facturé", "700,00 €", remarks=frozenset({"CPRO-ORIGINE"}))
    author.goto(f"/factures/{uid_of(author)}/")
    expect(author.get_by_text("Elle demande le reste, après la facture d’acompte")).to_be_visible()


def test_a_sculptor_who_charges_vat_sells_a_work_at_five_and_a_half(author: Page, take_picture: Any) -> None:
    author.goto("/structures/")
    author.locator(".portfolio h3 a").first.click()
    sheet = author.url
    author.get_by_role("link", name="Modifier la fiche").click()
    author.get_by_label("TVA").fill(vat_number(cast.SCULPTOR_WORKSHOP.siret))
    author.get_by_role("button", name="Enregistrer").click()
    author.goto(sheet)
    author.get_by_role("link", name="Ce qui figure sur ses factures").click()
    assert_pleasant(author)
    author.get_by_label("La TVA, d’habitude").select_option("TVA_SUR_DEBIT")
    author.get_by_label("Pourquoi sans TVA").select_option("")
    author.get_by_label("Avec mon logo et ma couleur").check()
    author.get_by_label("Votre couleur").fill("#1f5f5b")
    take_picture(author, "saisie-reglages")
    press(author, "Enregistrer")
    expect(author.get_by_text("C’est enregistré")).to_be_visible()
    author.goto(f"/saisir/?destinataire={directory.TOWN_WITHOUT_DEMANDS}")
    press(author, "Commencer")
    title(author, "Qu’avez-vous fait")
    author.get_by_role("link", name="J’ai vendu une œuvre originale").click()
    author.get_by_label("Quel est le titre").fill("Vague")
    kind = author.locator("[name=work_kind]")
    kind.select_option("sculpture")
    author.get_by_label("Quelle technique").fill("bronze, fonte à la cire perdue")
    author.get_by_label("En combien d’exemplaires").fill("8")
    author.get_by_label("Quel numéro porte-t-elle").fill("3/8")
    author.get_by_label("Quel est le prix de l’œuvre").fill("4200")
    press(author, "Continuer")
    expect(author.locator("#totaux .total-main")).to_contain_text("4 431,00".replace(" ", "\u202f"))
    press(author, "Relire la facture")
    title(author, "Envoyer cette facture")
    take_picture(author, "saisie-sculpture")
    press(author, "Confirmer et envoyer")
    title(author, "est envoyée")
    assert_good_files(author, uid_of(author), "Vague", "231,00 €", "5,5")


def test_two_tabs_on_one_draft_never_overwrite_each_other(author: Page, take_picture: Any) -> None:
    author.goto(f"/saisir/?destinataire={directory.TOWN_WITHOUT_DEMANDS}")
    press(author, "Commencer")
    uid = uid_of(author)
    author.goto(f"/saisir/{uid}/")
    other = watched(author.context.new_page())
    other.goto(f"/saisir/{uid}/")
    other.get_by_label("Un mot pour le destinataire").fill("écrit dans l’autre onglet")
    expect(other.locator("[data-saved]")).to_contain_text("Enregistré à")
    other.locator("[data-saved].is-late").wait_for(state="detached")
    author.get_by_label("Un mot pour le destinataire").fill("écrit ici")
    expect(author.get_by_text("Ce brouillon a changé ailleurs")).to_be_visible()
    assert_pleasant(author)
    take_picture(author, "saisie-deux-onglets")
    press(author, "Garder ce que j’ai ici")
    author.goto(f"/saisir/{uid}/")
    expect(author.get_by_label("Un mot pour le destinataire")).to_have_value("écrit ici")
    other.close()


def test_what_was_typed_survives_a_log_out(author: Page, base_url: str) -> None:
    uid = uid_of(author)
    author.goto(f"/saisir/{uid}/")
    author.context.clear_cookies(name=re.compile("session"))  # as a time-out does
    author.get_by_label("Un mot pour le destinataire").fill("tapé après la déconnexion")
    author.get_by_label("Numéro de marché").evaluate("field => field.closest('details').open = true")
    author.get_by_role("button", name="Vérifier la facture").click()
    expect(author.get_by_text("Vous n’êtes plus connecté").first).to_be_visible()
    author.locator("[name=login]").fill(cast.ARTIST.email)
    author.locator("[name=password]").fill(cast.PASSWORD)
    author.locator("main form [type=submit]").last.click()
    expect(author.get_by_role("heading", level=1)).to_have_text("Reprendre où vous en étiez")
    author.get_by_role("button", name="Reprendre").click()
    author.goto(f"/saisir/{uid}/")
    expect(author.get_by_label("Un mot pour le destinataire")).to_have_value("tapé après la déconnexion")
    # The browser reports the answers that asked for the log-in.
    author.complaints.clear()  # type: ignore[attr-defined]


def test_forty_lines_of_three_rates_are_pasted_from_a_spreadsheet(author: Page, take_picture: Any) -> None:
    author.goto(f"/saisir/?destinataire={directory.TOWN_WITHOUT_DEMANDS}")
    press(author, "Commencer")
    uid = uid_of(author)
    author.goto(f"/saisir/{uid}/")
    rates = ("20", "10", "5,5")
    rows = [f"Poste {n}\t{n}\t{n},25\t{rates[n % 3]}" for n in range(1, 41)]
    table = "Désignation\tQuantité\tPrix unitaire HT\tTVA\n" + "\n".join(rows)
    # The cells arrive as a spreadsheet's copy does: tabs between them, pasted in the first cell.
    author.get_by_label("Ligne 1, désignation").focus()
    author.evaluate(
        """table => {
          const data = new DataTransfer();
          data.setData("text/plain", table);
          const how = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        table,
    )
    expect(author.get_by_label("Ligne 40, désignation")).to_have_value("Poste 40")
    expect(author.locator("#totaux .total-rate")).to_have_count(3)
    assert_pleasant(author)
    take_picture(author, "saisie-quarante-lignes")
    press(author, "Vérifier la facture")
    title(author, "Envoyer cette facture")
    press(author, "Confirmer et envoyer")
    title(author, "est envoyée")
    net = sum(round(n * (n + 0.25), 2) for n in range(1, 41))
    assert_good_files(author, uid, "Poste 1", "Poste 40", f"{net:,.2f}".replace(",", "\u202f").replace(".", ","))


def test_the_grid_is_walked_with_the_keyboard_alone(author: Page) -> None:
    author.goto(f"/saisir/?destinataire={directory.TOWN_WITHOUT_DEMANDS}")
    press(author, "Commencer")
    uid = uid_of(author)
    author.goto(f"/saisir/{uid}/")
    author.get_by_label("Ligne 1, désignation").focus()
    author.keyboard.type("Première")
    author.keyboard.press("Enter")  # the next line, made because there was none
    expect(author.get_by_label("Ligne 2, désignation")).to_be_focused()
    author.keyboard.type("Deuxième")
    author.get_by_label("Ligne 1, prix unitaire").focus()
    author.keyboard.type("10")
    author.keyboard.press("Enter")
    author.keyboard.type("20,50")
    author.get_by_label("Ligne 1, quantité").fill("1")
    author.get_by_label("Ligne 2, quantité").fill("2")
    for line in (1, 2):
        author.get_by_label(f"Ligne {line}, taux").fill("20")
    expect(author.locator("#totaux .total-main")).to_contain_text("61,20")
    author.get_by_role("button", name="Retirer la ligne 1").focus()
    author.keyboard.press("Enter")
    expect(author.get_by_label("Ligne 1, désignation")).to_have_value("Deuxième")
    expect(author.locator("#totaux .total-main")).to_contain_text("49,20")


def test_a_collective_names_the_validator_of_a_sub_contractors_invoice(
    browser: Browser, browser_context_args: dict[str, Any], base_url: str, take_picture: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = watched(context.new_page())
    log_in(page, cast.BOOKKEEPER.email)
    page.goto("/saisir/")
    page.get_by_role("link", name="Donner ce mandat").click()
    press(page, "J’ai lu, je donne ce mandat")
    page.goto(f"/saisir/?destinataire={directory.TOWN_WITHOUT_DEMANDS}")
    press(page, "Commencer")
    page.get_by_label("Je facture pour une association").check()
    page.get_by_label("Non : association exonérée").check()
    press(page, "Continuer")
    title(page, "Qu’avez-vous fait")
    page.get_by_label("Ce que vous facturez").fill("Montage de l’exposition, part du collectif")
    press(page, "Continuer")
    page.get_by_label("Ligne 1, quantité").fill("3")
    page.get_by_label("Ligne 1, prix unitaire").fill("400")
    press(page, "Voir toute la feuille")
    page.get_by_text("Plus de détails").click()
    page.get_by_label("Je suis sous-traitant").check()
    press(page, "Vérifier la facture")
    expect(page.locator("[data-error-summary]")).to_contain_text("le titulaire du marché")
    page.get_by_label("Qui valide avant l’acheteur").fill(cast.SCULPTOR_WORKSHOP.siret)
    press(page, "Vérifier la facture")
    title(page, "Envoyer cette facture")
    expect(page.get_by_text("Un valideur est nommé")).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "saisie-valideur")
    press(page, "Confirmer et envoyer")
    title(page, "est envoyée")
    uid = uid_of(page)
    told = check(fetched(page, f"/factures/{uid}/document/"), at=date.today())  # noqa: DTZ011
    assert told.accepted
    assert told.reading is not None
    assert told.reading.invoice.business_process == "A9"
    validator = told.reading.invoice.validator
    assert validator is not None
    assert validator.identifiers[0].value == cast.SCULPTOR_WORKSHOP.siret
    assert page.complaints == []  # type: ignore[attr-defined]
    context.close()
