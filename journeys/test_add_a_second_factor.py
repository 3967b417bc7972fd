"""Somebody who must have a second factor adds a passkey, and comes back with it; an application; the pages of all that.

The authenticator is Chromium's own virtual one, which signs as a device with a fingerprint reader would.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from journeys.conftest import FirstStart, _free_port, portal
from journeys.seeing import assert_pleasant
from journeys.watching import PATIENCE
from plainchant.demo import cast

HOME = re.compile(r"^http://localhost:\d+/$")


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[str]:
    """A portal that asks public bodies for a second factor. Browsers make passkeys for « localhost », not for an IP."""
    folder = tmp_path_factory.mktemp("second_factor")
    shutil.copytree(first_start.folder, folder, dirs_exist_ok=True)
    port = _free_port()
    address = f"http://localhost:{port}"
    settings = {"PLAINCHANT_URL": address, "PLAINCHANT_SECOND_FACTOR_FOR": "public-bodies"}
    with portal(folder, port=port, database=None, log=folder / "run.log", more=settings):
        yield address


@pytest.fixture
def page(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args, base_url=base_url)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def with_authenticator(page: Page) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def log_in(page: Page, email: str) -> None:
    page.goto("/compte/connexion/")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.get_by_label("Votre mot de passe").fill(cast.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def log_out(page: Page) -> None:
    page.goto("/compte/deconnexion/")
    page.get_by_role("button", name="Me déconnecter").click()
    page.wait_for_url(HOME)


def seen(page: Page, take_picture: Any, name: str) -> None:
    assert_pleasant(page)
    take_picture(page, f"securite-{name}")
    page.set_viewport_size({"width": 390, "height": 844})
    take_picture(page, f"securite-{name}-telephone")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_an_agent_adds_a_passkey_and_comes_back_with_it(page: Page, take_picture: Any, on_step: Any) -> None:
    with_authenticator(page)
    log_in(page, cast.TOWN_AGENT.email)
    page.wait_for_url("**/compte/securite/")
    page.goto("/recues/")
    page.wait_for_url("**/compte/securite/")
    seen(page, take_picture, "demandee")
    on_step(page, "proteger-son-compte/choisir", page.get_by_role("link", name="Ajouter une clé d’accès"))
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    seen(page, take_picture, "cle")
    page.get_by_label("Le nom de cet appareil").fill("Mon ordinateur")
    on_step(page, "proteger-son-compte/nommer", page.get_by_label("Le nom de cet appareil"))
    page.get_by_role("button", name="Ajouter cet appareil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    seen(page, take_picture, "codes")
    on_step(page, "proteger-son-compte/codes", page.locator(".recovery-codes"))
    page.get_by_role("link", name="Je les ai notés").click()
    page.goto("/recues/")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("protection")
    page.goto("/compte/securite/")
    expect(page.get_by_text("Mon ordinateur")).to_be_visible()
    seen(page, take_picture, "page")

    log_out(page)
    log_in(page, cast.TOWN_AGENT.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Encore une étape pour entrer")
    seen(page, take_picture, "etape")
    on_step(page, "proteger-son-compte/entrer", page.get_by_role("button", name="Utiliser ma clé d’accès"))
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(HOME)

    log_out(page)
    page.goto("/compte/connexion/?next=/recues/")
    seen(page, take_picture, "connexion")
    page.get_by_role("button", name="Entrer avec ma clé d’accès").click()
    page.wait_for_url(re.compile(r":\d+/recues/$"))

    page.goto("/compte/securite/preuve/?next=/recues/")
    seen(page, take_picture, "preuve")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(re.compile(r":\d+/recues/$"))
    page.goto("/compte/securite/")
    page.get_by_role("link", name=re.compile("Retirer")).click()
    seen(page, take_picture, "retirer")
    page.get_by_role("button", name="Retirer la clé").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("avant de commencer")


def test_a_supplier_may_add_a_code_by_mail_or_an_application_and_comes_back_with_a_recovery_code(
    page: Page, take_picture: Any
) -> None:
    log_in(page, cast.ARTIST.email)
    page.wait_for_url(HOME)
    page.goto("/compte/securite/")
    seen(page, take_picture, "offerte")
    page.get_by_role("link", name="Choisir le code par courriel").click()
    seen(page, take_picture, "courriel")
    page.get_by_role("button", name="Recevoir un code à chaque connexion").click()
    log_out(page)
    log_in(page, cast.ARTIST.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Recopiez le code reçu par courriel")
    seen(page, take_picture, "code-par-courriel")
    mail = page.context.new_page()
    mail.goto("/mailbox/")
    mail.get_by_role("link", name=re.compile("Votre code pour vous connecter")).first.click()
    code = re.search(r"\b(\d{6})\b", mail.locator("main").inner_text())
    assert code
    page.get_by_label("Le code du message").fill(code[1])
    page.get_by_label("Le code du message").press("Enter")
    page.wait_for_url(HOME)

    page.goto("/compte/securite/application/")
    seen(page, take_picture, "application")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Le code que montre l’application").fill("000000")
    page.get_by_role("button", name="Terminer").click()
    expect(page.get_by_text("pas le bon code").first).to_be_visible()
    seen(page, take_picture, "application-erreur")
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Le code que montre l’application").fill(shown)
    page.get_by_role("button", name="Terminer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    recovery_code = page.locator(".recovery-codes li").first.inner_text()
    page.goto("/compte/securite/")
    seen(page, take_picture, "application-en-service")

    log_out(page)  # and the telephone is lost
    log_in(page, cast.ARTIST.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Encore une étape pour entrer")
    page.get_by_label("Le code").fill(recovery_code)
    take_picture(page, "securite-code-de-secours")
    page.get_by_role("button", name="Entrer", exact=True).click()
    page.wait_for_url(HOME)
