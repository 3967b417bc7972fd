"""The pages by which managers let a program act: a password is shown once, after a proof, and on no other page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.time import now
from plainchant.portal.structures.grants import profiles_held
from plainchant.portal.structures.models import Structure, TechnicalAccount, TechnicalSecret
from plainchant.portal.structures.technical_accounts import authenticate
from tests.making import a_member, a_program
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def shown(text: str) -> str:
    found = re.search(r'id="id_secret"[^>]*>([^<]+)<', text)
    assert found is not None
    return found.group(1)


def test_a_manager_makes_one_changes_it_moves_to_another_password_and_ends_it(
    as_marie: Client, pottery: Structure
) -> None:
    listed = f"/structures/{pottery.uid}/comptes-techniques/"
    assert "Aucun logiciel n’agit" in as_marie.get(listed).text
    assert listed in as_marie.get(f"/structures/{pottery.uid}/").text
    form = as_marie.get(f"{listed}creer/").text
    assert "Facturer" in form
    assert "Gérer la structure" not in form  # what stays with people is not offered
    made = as_marie.post(f"{listed}creer/", {"name": "Compta Facile", "profiles": ["facturer"]})
    first = shown(made.text)
    assert made.headers["Cache-Control"] == "no-store, private"
    program = TechnicalAccount.objects.get()
    own = f"/structures/comptes-techniques/{program.uid}/"
    assert authenticate(identifier=program.identifier, secret=first, at=now()) == program
    page = as_marie.get(own).text
    assert first not in page + as_marie.get(listed).text
    assert "utilisé pour la dernière fois" in page
    for other in (page, made.text, as_marie.get(listed).text):
        assert "/api/oauth/token" in other
    as_marie.post(own, {"name": "Compta Sûre", "profiles": ["suivre"]})
    program.refresh_from_db()
    assert program.name == "Compta Sûre"
    assert profiles_held(holder=program)[0] == ["suivre"]
    assert "l’ancien continue" in as_marie.get(f"{own}mot-de-passe/").text.lower()
    second = shown(as_marie.post(f"{own}mot-de-passe/").text)
    old = TechnicalSecret.objects.order_by("pk")[0]
    assert as_marie.get(f"{own}retirer/{old.pk}/").status_code == 200
    as_marie.post(f"{own}retirer/{old.pk}/")
    assert authenticate(identifier=program.identifier, secret=first, at=now()) is None
    assert authenticate(identifier=program.identifier, secret=second, at=now()) == program
    as_marie.post(f"{own}finir/")
    assert authenticate(identifier=program.identifier, secret=second, at=now()) is None
    assert "Terminé" in as_marie.get(own).text


def test_what_widens_asks_for_a_proof_and_what_ends_does_not(marie: User, pottery: Structure, at: datetime) -> None:
    program, _ = a_program(structure=pottery, by=marie, at=at)
    own = f"/structures/comptes-techniques/{program.uid}/"
    client = Client()
    client.force_login(marie)
    proved(client, ago=3600)
    for address, form in (
        (f"/structures/{pottery.uid}/comptes-techniques/creer/", {"name": "X", "profiles": ["suivre"]}),
        (own, {"name": program.name, "profiles": ["tout"]}),
        (f"{own}mot-de-passe/", {}),
    ):
        assert client.post(address, form).status_code == 403, address
    assert TechnicalSecret.objects.count() == 1
    assert client.post(f"{own}retirer/{program.secrets.get().pk}/").status_code == 302
    assert client.post(f"{own}finir/").status_code == 302


def test_a_password_of_another_program_is_not_withdrawn_and_a_member_finds_nothing(
    as_marie: Client, marie: User, pottery: Structure, at: datetime
) -> None:
    one, _ = a_program(structure=pottery, by=marie, at=at)
    other, _ = a_program(structure=pottery, by=marie, at=at, name="Deux")
    foreign = other.secrets.get().pk
    assert as_marie.post(f"/structures/comptes-techniques/{one.uid}/retirer/{foreign}/").status_code == 404
    member = Client()
    member.force_login(a_member(structure=pottery, at=at, name="Jean"))
    assert member.get(f"/structures/comptes-techniques/{one.uid}/").status_code == 404
    assert "comptes-techniques" not in member.get(f"/structures/{pottery.uid}/").text


def test_what_ends_soon_and_who_else_knows_a_password_are_on_the_page(
    as_marie: Client, marie: User, pottery: Structure, at: datetime
) -> None:
    gone = a_member(structure=pottery, at=at, name="Grace")
    program, _ = a_program(structure=pottery, by=marie, at=at)
    program.secrets.update(ends_at=now() + timedelta(days=59), created_by=gone)
    page = as_marie.get(f"/structures/{pottery.uid}/comptes-techniques/").text
    assert "Il prend bientôt fin" in page
    assert "Il a été montré à Grace Essai, qui ne gère plus la structure" in page
    assert "prend bientôt fin, ou a pris fin" in as_marie.get(f"/structures/{pottery.uid}/").text
    program.secrets.update(ends_at=now() + timedelta(days=61), created_by=marie)
    page = as_marie.get(f"/structures/{pottery.uid}/comptes-techniques/").text
    assert "bientôt" not in page
    assert "montré à" not in page
