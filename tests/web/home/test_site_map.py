"""The map of the site has every page with an address of its own, and shows each visitor those that they may open."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from plainchant.access.permissions import DEVELOPMENT
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.web.home.pins import ADDRESSES
from plainchant.web.home.site_map import GROUPS
from plainchant.web.routes import named_routes
from tests.making import a_member, a_person, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db

# A step of something that another page begins, a file, or what programs ask for.
IN_NO_MAP = re.compile(
    r"^(?:site_map|health|ready|metrics|deposit_template|flows_template|flows_rejects_file|received_payments_template"
    r"|open_figures_file|space_ask|structures_without_siret|library_add|account_logout|account_inactive"
    r"|account_login_address|account_mail_code|account_reauthenticate|account_confirm_login_code"
    r"|account_activation_sent|account_reset_password_done|mfa_(?!index).*|openid_.*)$"
)


def routes_in_the_map() -> list[str]:
    return [entry[0] if isinstance(entry, tuple) else ADDRESSES[entry] for group in GROUPS for entry in group.pages]


def test_every_page_with_an_address_of_its_own_is_in_it_once() -> None:
    pages = {
        name
        for address, view, name in named_routes()
        if "<" not in address and getattr(view, "permissions", {}).get("GET") not in (None, DEVELOPMENT)
    }
    assert sorted(routes_in_the_map()) == sorted(name for name in pages if not IN_NO_MAP.match(name))


def shown_to(client: Client) -> dict[str, str]:
    main = client.get("/plan/").content.decode().partition("<main")[2].partition("</main>")[0]
    return dict(re.findall(r'<a class="plain-link" href="([^"]+)">([^<]+)</a>', main))


def test_a_stranger_sees_what_needs_no_account(client: Client) -> None:
    links = shown_to(client)
    assert links["/compte/creer/"] == "Créer un compte"
    assert links["/verifier/"] == "Vérifier une facture"
    assert not {"/deposer/", "/recues/", "/compte/", "/exploitation/", "/statistiques/"} & set(links)
    assert [url for url in links if client.get(url, follow=True).status_code != 200] == []


def test_a_supplier_and_a_town_see_their_own_and_every_link_opens(client: Client, at: datetime) -> None:
    supplier = a_member(structure=a_structure(at=at), at=at)
    clerk = a_member(structure=a_town(at=at), at=at)
    client.force_login(supplier)
    sends = shown_to(client)
    assert {"/deposer/", "/saisir/", "/factures/", "/flux/", "/compte/"} <= set(sends)
    assert not {"/recues/", "/compte/connexion/", "/exploitation/"} & set(sends)
    assert [url for url in sends if client.get(url, follow=True).status_code != 200] == []
    client.force_login(clerk)
    receives = shown_to(client)
    assert receives["/recues/"] == "Factures à traiter"
    assert "/recues/paiements/" in receives
    assert [url for url in receives if client.get(url, follow=True).status_code != 200] == []


def test_who_may_only_read_is_not_led_to_what_acts(client: Client, at: datetime) -> None:
    reader, town = a_person(at=at), a_town(at=at)
    an_attachment(person=reader, structure=town, at=at, profiles=[AccessProfile.READ])
    client.force_login(reader)
    links = shown_to(client)
    assert "/recues/toutes/" in links
    assert not {"/recues/paiements/", "/deposer/", "/flux/deposer/"} & set(links)


def test_every_foot_leads_to_it(client: Client) -> None:
    assert '<a href="/plan/">Plan du site</a>' in client.get("/aide/").content.decode().partition("<footer")[2]
