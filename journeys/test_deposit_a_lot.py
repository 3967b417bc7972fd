"""Counted on a phone: from an opened browser to a sent invoice. Then an archive of twelve; three need a look."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
import typst
from playwright.sync_api import Browser, Locator, Page, expect

from journeys.seeing import assert_pleasant, on_page, settled
from journeys.test_every_page import log_in
from journeys.watching import watched
from plainchant.demo import cast, directory
from plainchant.demo.paper import PrintedInvoice, print_invoice
from plainchant.einvoice.identifiers import key_agrees

PHONE = {"width": 390, "height": 844}
PASSWORD = "un bleu de lessive par temps clair"
SIRET = "10000000900017"  # nobody's
READ = 60_000  # milliseconds


def paper(number: str, *, seller: str, buyer: str = directory.TOWN_WITHOUT_DEMANDS, commitment: str = "") -> bytes:
    return print_invoice(
        PrintedInvoice(
            number=number,
            day="15/10/2026",
            seller="Atelier du Bleu",
            seller_address="7 rue des Lavoirs, 99120 Valbrume-sur-Orée",
            seller_siret=seller,
            buyer="Commune",
            buyer_siret=buyer,
            commitment=commitment,
            object="Atelier cyanotype, une classe",
            amount="216,00",
            iban="FR7600000000010000000017736",
        )
    )


def note(number: str, *, seller: str) -> bytes:
    """An artist-author's note with what is withheld for Urssaf: the body owes it too."""
    text = f"""#set page(paper: "a4")
= NOTE DE DROITS D’AUTEUR
Note n° {number} \\ Date : 15/10/2026

Atelier du Bleu \\ SIRET : {seller}

Commune \\ SIRET client : {directory.TOWN_WITHOUT_DEMANDS}

#table(columns: (1fr, auto), [Désignation], [Montant], [Atelier cyanotype, une classe], [1 000,00 €])

#align(right)[Montant brut HT : 1 000,00 € \\ TVA non applicable, art. 293 B du CGI \\
Précompte sécurité sociale (0,40 %) : - 4,00 € \\ CSG (9,2 %) : - 90,39 € \\ CRDS (0,5 %) : - 4,91 € \\
CFP (0,35 %) : - 3,50 € \\ Net à payer : 897,20 €]"""
    return bytes(typst.compile(text.encode(), format="pdf"))


def joined(*papers: bytes) -> bytes:
    """One document of several, as a printer's queue or a careless export makes it."""
    whole = pikepdf.new()
    for content in papers:
        with pikepdf.open(io.BytesIO(content)) as one:
            whole.pages.extend(one.pages)
    whole.save(out := io.BytesIO())
    return out.getvalue()


@dataclass
class Effort:
    """What somebody does on a page: each press and each field takes 2.5 s, each character 0.4 s."""

    actions: int = 0
    characters: int = 0

    @property
    def seconds(self) -> float:
        return 2.5 * self.actions + 0.4 * self.characters

    def tap(self, target: Locator) -> None:
        self.actions += 1
        target.first.click()

    def write(self, target: Locator, text: str) -> None:
        self.actions += 1
        self.characters += len(text)
        target.fill(text)

    def choose(self, page: Page, name: str, content: bytes) -> None:
        """A press on the place for files, and one on the file."""
        self.actions += 2
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )


@pytest.fixture
def page(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**{**browser_context_args, "viewport": PHONE}, base_url=base_url)
    page = watched(context.new_page())
    yield page
    assert page.complaints == []  # type: ignore[attr-defined]
    context.close()


def _deposit(page: Page, effort: Effort, number: str, seller: str) -> None:
    effort.choose(page, "note.pdf", paper(number, seller=seller))
    effort.tap(page.get_by_role("button", name="Lire", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Voici ce que nous avons lu")


def test_01_who_is_known_sends_in_less_than_a_minute(page: Page, take_picture: Any) -> None:
    log_in(page, cast.ARTIST.email)  # the browser has kept it
    page.goto("/")
    effort = Effort()
    effort.tap(page.get_by_role("link", name="Déposer une facture déjà faite"))
    _deposit(page, effort, "CONNUE-1", cast.SCULPTOR_WORKSHOP.siret)
    assert_pleasant(page)
    take_picture(page, "resume-telephone")
    page.get_by_role("link", name="Le document").click()  # one may look: the other half of the screen, under the thumb
    expect(page.locator(".doc-page img").first).to_be_in_viewport()
    page.get_by_role("link", name="Les valeurs").click()
    effort.tap(page.get_by_role("button", name="Envoyer cette facture"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("est envoyée")
    assert effort.seconds <= 60


def test_01b_a_note_with_precompte_goes_from_its_pdf_to_sent(page: Page, take_picture: Any) -> None:
    log_in(page, cast.ARTIST.email)
    page.goto("/")
    effort = Effort()
    effort.tap(page.get_by_role("link", name="Déposer une facture déjà faite"))
    effort.choose(page, "note.pdf", note("ND-2026-014", seller=cast.SCULPTOR_WORKSHOP.siret))
    effort.tap(page.get_by_role("button", name="Lire", exact=True))
    expect(page.locator("#id_payable_amount")).to_have_value("1000,00")  # what is withheld is owed all the same
    expect(page.locator("#id_payable_amount_helptext")).to_contain_text("102,80")
    assert_pleasant(page)
    take_picture(page, "note-telephone")
    effort.tap(page.get_by_role("button", name="Vérifier la facture"))
    effort.tap(page.get_by_role("button", name="Confirmer et envoyer"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("est envoyée")
    assert effort.seconds <= 60


def test_02_the_first_time_takes_less_than_five_minutes(page: Page) -> None:
    effort = Effort()
    page.goto("/compte/creer/")
    for name, text in (
        ("email", "lise@atelier.example"),
        ("email2", "lise@atelier.example"),
        ("first_name", "Lise"),
        ("last_name", "Aubry"),
        ("siret", SIRET),
    ):
        effort.write(page.locator(f"#id_{name}"), text)
    effort.tap(page.get_by_label("J’accepte"))
    effort.tap(page.get_by_role("button", name="Créer mon compte"))
    again = page.get_by_role("button", name="Continuer")
    settled(page)
    if again.count():  # the SIRET's key is wrong: only a warning
        effort.tap(again)
    page.goto("/mailbox/")
    effort.tap(page.locator("main").get_by_role("link").filter(has_text="compte"))
    effort.tap(page.locator("main a[href*='/compte/activer/']"))
    for name in ("password1", "password2"):
        effort.write(page.locator(f"#id_{name}"), PASSWORD)
    effort.tap(page.locator("main form button[type=submit]").last)
    settled(page)
    page.goto(f"/structures/ajouter/{SIRET}/")
    effort.actions += 2  # the page says the SIRET that was given, and leads here
    for name, text in (
        ("name", "Lise Aubry EI"),
        ("address_line", "7 rue des Lavoirs"),
        ("postcode", "99120"),
        ("city", "Valbrume-sur-Orée"),
    ):
        effort.write(page.locator(f"#id_{name}"), text)
    effort.tap(page.locator("main form button[type=submit]").last)
    settled(page)
    page.goto("/deposer/")
    effort.actions += 1
    _deposit(page, effort, "PREMIERE-1", SIRET)
    effort.tap(page.get_by_role("button", name="Envoyer cette facture"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("est envoyée")
    assert effort.seconds <= 300


def test_03_an_archive_of_twelve_of_which_three_need_a_look(page: Page, take_picture: Any) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    seller = cast.SCULPTOR_WORKSHOP.siret
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(12):
            buyer = directory.TOWN_HALL if number < 3 else directory.TOWN_WITHOUT_DEMANDS  # the former demands a code
            archive.writestr(f"{number:02d}.pdf", paper(f"LOT-{number:02d}", seller=seller, buyer=buyer))
    log_in(page, cast.ARTIST.email)
    page.goto("/deposer/")
    Effort().choose(page, "octobre.zip", out.getvalue())
    page.get_by_role("button", name="Lire", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("9 prêtes, 3 à regarder", timeout=READ)
    assert_pleasant(page)
    take_picture(page, "lot")
    page.get_by_role("link", name="Regarder la première question").click()
    for place, left in ((1, ", 2 autres à regarder"), (2, ", 1 autre à regarder"), (3, "")):
        expect(page.get_by_text(f"Fichier {place} sur 12{left}", exact=True)).to_be_visible()
        page.locator("#id_buyer_service").select_option("CULTURE")
        page.get_by_role("button", name="J’ai regardé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12 prêtes")
    page.get_by_role("link", name="Envoyer les 12 factures prêtes").click()
    assert_pleasant(page)
    take_picture(page, "lot-envoyer")
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(on_page(page, "12 envoyées")).to_be_visible(timeout=READ)
    page.get_by_role("link", name="00.pdf").click()
    expect(page.get_by_role("link", name="certificat").first).to_be_visible()  # each has its own


def test_04_a_document_of_two_invoices_becomes_two_drafts(page: Page, take_picture: Any) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    log_in(page, cast.ARTIST.email)
    page.goto("/deposer/")
    seller = cast.SCULPTOR_WORKSHOP.siret
    Effort().choose(page, "octobre.pdf", joined(paper("DEUX-1", seller=seller), paper("DEUX-2", seller=seller)))
    page.get_by_role("button", name="Lire", exact=True).click()
    expect(page.get_by_text("Ce document contient 2 factures : DEUX-1, DEUX-2")).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "deux-factures")
    page.get_by_role("button", name="Faire 2 brouillons, un par facture").click()
    for number, other in (("DEUX-1", "DEUX-2"), ("DEUX-2", "DEUX-1")):
        expect(page.locator("#id_number")).to_have_value(number)
        take_picture(page, f"deux-factures-{number}")
        page.get_by_role("button", name="Envoyer cette facture").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("est envoyée")
        if number == "DEUX-1":
            page.goto("/factures/?q=DEUX-2")
            page.get_by_role("link", name=other, exact=True).click()
    page.goto("/factures/?q=DEUX")
    expect(page.locator("main tbody tr")).to_have_count(2)


CLIENTS = 39  # and the one she has in the demonstration


def clients_of(page: Page) -> list[str]:
    """The SIRETs of structures that she has just said she manages, by the pages for it, without looking at them."""
    heads = (f"7{number:08d}0001" for number in range(CLIENTS))
    sirets = [next(head + str(key) for key in range(10) if key_agrees(head + str(key))) for head in heads]
    for number, siret in enumerate(sirets):
        page.context.request.get("/structures/ajouter/")
        token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
        client = {"name": f"Client {number}", "address_line": "1 rue", "postcode": "99120", "city": "Valbrume-sur-Orée"}
        page.context.request.post(f"/structures/ajouter/{siret}/", form={"csrfmiddlewaretoken": token, **client})
    return sirets


def test_05_a_bookkeeper_of_forty_drops_twenty_files_of_six_of_them(page: Page, take_picture: Any) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    log_in(page, cast.BOOKKEEPER.email)
    clients = clients_of(page)[::6][:6]
    page.goto("/deposer/")
    papers = [
        (f"C{number % 6}-{number}", paper(f"C{number % 6}-{number}", seller=clients[number % 6]))
        for number in range(20)
    ]
    files = [{"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": content} for name, content in papers]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("20 prêtes", timeout=READ)
    assert_pleasant(page)
    take_picture(page, "lot-de-six-clients")
    for number in range(6):  # each in the name of the one whose SIRET stands on it
        expect(page.locator("main tr").filter(has_text=f"C{number}-{number}.pdf")).to_contain_text(
            f"Client {6 * number}"
        )
    page.get_by_role("link", name="Envoyer les 20 factures prêtes").click()
    take_picture(page, "lot-de-six-clients-envoyer")
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(on_page(page, "20 envoyées")).to_be_visible(timeout=READ)
