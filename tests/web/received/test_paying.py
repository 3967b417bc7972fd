"""Payments come from a table: the page shows what it would do, and does it once it is confirmed."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ADDRESS = "/recues/paiements/"


def table(*lines: str) -> dict[str, SimpleUploadedFile]:
    text = "\n".join(("Numéro de facture;Fournisseur;Montant payé;Date de paiement", *lines))
    return {"file": SimpleUploadedFile("paiements.csv", text.encode("utf-8-sig"))}


def test_a_table_is_shown_then_confirmed_then_nothing_more(client: Client, at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    artist, clerk = a_member(structure=seller, at=at), a_member(structure=town, at=at, name="Basile")
    for number in ("A-1", "A-2"):
        sent = a_draft(seller=seller, user=artist, at=at, buyer=town, number=number)
        submit(draft=sent.draft, actor=Actor(artist), at=at)
        made_available(invoice=sent, at=at)
    client.force_login(clerk)
    assert client.get(f"{ADDRESS}modele.csv").text.startswith("\ufeffNuméro de facture;")
    assert 'href="/recues/paiements/"' in client.get("/recues/toutes/").text
    lines = ("A-1;;1200;20/11/2026", "A-2;;300;20/11/2026", "X;;1;20/11/2026")
    page = client.post(ADDRESS, table(*lines)).text.replace("\u00a0", " ")
    assert "Mettre en paiement : 1 facture" in page
    assert "Ligne 3, facture A-2 : Paiement partiel" in page
    assert "Ligne 4, facture X : Aucune facture" in page
    assert not Invoice.objects.filter(status="MISE_EN_PAIEMENT").exists()
    values = re.findall(r'name="paiement" value="([^"]+)"', page)
    confirmed = {"confirme": "1", "paiement": [*values, "x:y", "0" * 32 + ":2026-11-20"]}
    done = client.post(ADDRESS, confirmed, follow=True).text
    assert "1 facture mise en paiement" in done
    assert Invoice.objects.get(status="MISE_EN_PAIEMENT").number == "A-1"
    assert "Déjà en paiement" in client.post(ADDRESS, table(*lines)).text
    client.force_login(artist)
    nothing = client.post(ADDRESS, table(*lines)).text
    assert 'name="paiement"' not in nothing
    client.post(ADDRESS, {"confirme": "1", "paiement": f"{Invoice.objects.get(number='A-2').uid}:2026-11-20"})
    assert Invoice.objects.filter(status="MISE_EN_PAIEMENT").count() == 1
    assert "Vous n’avez pas de factures" in client.get(ADDRESS).text


def test_sums_in_two_currencies_are_not_added_up(client: Client, at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    for number, currency in (("A-1", "EUR"), ("A-2", "USD")):
        sent = a_draft(seller=seller, user=artist, at=at, buyer=town, number=number, currency=currency)
        submit(draft=sent.draft, actor=Actor(artist), at=at)
        made_available(invoice=sent, at=at)
    client.force_login(a_member(structure=town, at=at, name="Basile"))
    page = client.post(ADDRESS, table("A-1;;1200;20/11/2026", "A-2;;1200;20/11/2026")).text
    total = re.search(r"En tout.*?<strong[^>]*>(.*?)</strong>", page)
    assert total is not None
    assert re.sub(r"\s", " ", total[1]) == "1 200,00 € et 1 200,00 USD"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (None, "Choisissez le fichier"),
        (b"Bonjour", "les colonnes"),
        ("Numéro;Montant;Date".encode(), "Aucune ligne"),
        (b"%PDF-1.7 \x81\x8d", "n’est pas un classeur"),
    ],
)
def test_what_is_no_table_is_said_beside_the_field(client: Client, at: datetime, file: bytes | None, why: str) -> None:
    client.force_login(a_member(structure=a_town(at=at), at=at))
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile("x", file)} if file else {})
    assert (answer.status_code, why in answer.text) == (422, True)
