"""A bookkeeper's software has made forty invoices, three of them wrong: sent, seen coming, read, mended, sent again."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from journeys.seeing import assert_pleasant
from journeys.test_every_page import log_in
from journeys.watching import PATIENCE
from plainchant.demo import cast, directory
from tests.portal.flows.archives import archive
from tests.portal.flows.tables import a_row, a_table
from tests.web.verify.invoices import invoice

PARTIES = {"seller": cast.SCULPTOR_WORKSHOP.siret, "buyer": directory.TOWN_WITHOUT_DEMANDS}
BAD = {
    "lot-07.xml": invoice("LOT-2026-07-numero-trop-long", **PARTIES),
    "lot-19.xml": invoice("LOT-2026-19", seller=PARTIES["seller"], buyer="00000000000018"),
    "lot-33.xml": invoice("LOT-2026-33", **PARTIES)[:400],
}
PHONE = {"width": 360, "height": 740}


def _send(page: Page, *files: tuple[str, bytes]) -> None:
    page.goto("/flux/deposer/")
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )
    page.get_by_role("button", name="Envoyer").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/flux/[0-9a-f]{8}-[0-9a-f-]+/"))


def _on_a_phone(page: Page, take_picture: Any, name: str) -> None:
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    take_picture(page, f"{name}-telephone")
    if before:
        page.set_viewport_size(before)


def test_a_lot_of_forty_with_three_bad_ones(
    browser: Any, browser_context_args: dict[str, Any], base_url: str, take_picture: Any, on_step: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, cast.ARTIST.email)
    files = {f"lot-{n:02}.xml": invoice(f"LOT-2026-{n:02}", **PARTIES) for n in range(1, 41)} | BAD
    page.goto("/flux/deposer/")
    assert_pleasant(page)
    take_picture(page, "flux-deposer")
    on_step(page, "envoyer-plusieurs-factures/choisir", page.get_by_role("button", name="Envoyer"))
    _on_a_phone(page, take_picture, "flux-deposer")

    # The progress is asked for every two seconds: what the page says meanwhile is kept as it comes.
    seen: list[str] = []
    page.on("response", lambda answer: seen.append(answer.text()) if _is_progress(answer) else None)
    _send(page, ("novembre.tar.gz", archive(files)))
    seen.append(page.content())
    expect(page.get_by_role("heading", level=1)).to_have_text("Une partie des factures est à corriger", timeout=60_000)
    assert any('max="40"' in told for told in seen)

    for said in ("20 au plus sont acceptés", "00000000000018", "n’est pas un fichier XML correct"):
        expect(page.get_by_text(said).first).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "flux-compte-rendu")
    on_step(page, "envoyer-plusieurs-factures/compte-rendu", page.get_by_role("heading", level=1))
    _on_a_phone(page, take_picture, "flux-compte-rendu")
    for form in ("À imprimer (PDF)", "Pour un tableur (CSV)", "Pour un logiciel (JSON)"):
        with page.expect_download() as waited:
            page.get_by_role("link", name=form).click()
        assert waited.value.suggested_filename.startswith("compte-rendu-CPP001")

    # The three that were mended go alone, chosen together.
    mended = {name: invoice(f"LOT-2026-{name[4:6]}", **PARTIES) for name in BAD}
    _send(page, *mended.items())
    expect(page.get_by_role("heading", level=1)).to_have_text("Les 3 factures sont parties", timeout=60_000)
    page.goto("/flux/")
    assert_pleasant(page)
    take_picture(page, "flux-suivi")
    _on_a_phone(page, take_picture, "flux-suivi")
    page.get_by_role("link", name="Fichier des rejets du jour").click()
    expect(page.get_by_text("3 factures refusées ce jour-là")).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "flux-rejets")
    on_step(page, "envoyer-plusieurs-factures/rejets", page.get_by_text("3 factures refusées ce jour-là"))
    _on_a_phone(page, take_picture, "flux-rejets")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger le fichier (CSV)").click()
    assert waited.value.suggested_filename.startswith("rejets-")
    context.close()


def _is_progress(answer: Any) -> bool:
    return answer.request.headers.get("hx-request") == "true" and "hx-refresh" not in answer.headers


def test_a_table_of_invoices_with_a_wrong_row(
    browser: Any, browser_context_args: dict[str, Any], base_url: str, take_picture: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, cast.ARTIST.email)
    page.goto("/flux/deposer/")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger le tableau de factures (.xlsx)").click()
    assert waited.value.suggested_filename == "tableau-de-factures.xlsx"
    rows = [a_row(f"TAB-{n}", **PARTIES) for n in range(1, 6)]
    rows[2]["issue_date"] = "la semaine dernière"
    heading = page.get_by_role("heading", level=1)
    _send(page, ("tableau.xlsx", a_table(rows)))
    expect(heading).to_have_text("1 est à corriger, 4 attendent un mandat", timeout=60_000)
    page.get_by_role("link", name="Donner ce mandat").click()
    page.get_by_role("button", name="J’ai lu, je donne ce mandat").click()
    _send(page, ("tableau.xlsx", a_table(rows)))
    expect(heading).to_have_text("4 factures partiraient, 1 est à corriger", timeout=60_000)
    expect(page.get_by_text("Case E4").first).to_be_visible()
    assert_pleasant(page)
    take_picture(page, "flux-tableau")
    _on_a_phone(page, take_picture, "flux-tableau")
    page.get_by_role("button", name="Envoyer ces 4 factures").click()
    expect(heading).to_have_text("Une partie des factures est à corriger", timeout=60_000)
    rows[2]["issue_date"] = "02/11/2026"
    _send(page, ("tableau.xlsx", a_table(rows)))
    expect(heading).to_have_text("1 facture partirait", timeout=60_000)
    page.get_by_role("button", name="Envoyer cette facture").click()
    expect(heading).to_have_text("Une facture est partie, 4 l’étaient déjà", timeout=60_000)
    context.close()
