"""The sheet, the requests and the bank details, as the manager and a colleague see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import managers, memberships
from plainchant.portal.structures.models import BankAccount, Membership, Structure


@pytest.fixture
def colleague(pottery: Structure, jean: User, marie: User, at: datetime) -> User:
    request = memberships.ask_to_join(actor=Actor(jean), structure=pottery, comment="", at=at)
    memberships.decide(membership=request, actor=Actor(marie), accept=True, at=at)
    return jean


def test_a_colleague_sees_the_sheet_with_a_masked_iban_and_changes_nothing(
    account: BankAccount, colleague: User, as_jean: Client
) -> None:
    sheet = f"/structures/{account.structure.uid}/"
    text = as_jean.get(sheet).content.decode().replace("\u00a0", "")
    assert "Poterie du Pont" in text
    assert "FR76••••••••0189" in text
    assert account.iban not in text.replace(" ", "")
    for path in (f"{sheet}modifier/", f"{sheet}comptes/ajouter/", f"/structures/comptes/{account.uid}/"):
        assert path not in text
        assert as_jean.get(path).status_code == 404
        assert as_jean.post(path, {"close": "yes"}).status_code == 404


def test_an_attachment_that_ends_takes_effect_at_once(pottery: Structure, colleague: User, as_jean: Client) -> None:
    assert as_jean.get(f"/structures/{pottery.uid}/").status_code == 200
    Membership.objects.filter(user=colleague).update(state=Membership.State.DISABLED)
    assert as_jean.get(f"/structures/{pottery.uid}/").status_code == 404


def test_the_manager_sees_the_iban_in_full_and_no_page_calls_it_verified(
    account: BankAccount, as_marie: Client
) -> None:
    text = as_marie.get(f"/structures/{account.structure.uid}/").content.decode()
    assert "FR76 3000 6000 0112 3456 7890 189" in text
    assert "vérifié" not in text


def test_the_manager_edits_the_sheet_but_neither_siret_nor_name_nor_nature(
    pottery: Structure, as_marie: Client
) -> None:
    typed = {"label": "L’atelier", "address_line": "2 quai Neuf", "postcode": "29200", "city": "Brest"}
    more = {"name": "Mairie", "identifier": "0", "nature": "PUBLIQUE", "requires_service": "on", "is_active": ""}
    answer = as_marie.post(f"/structures/{pottery.uid}/modifier/", {**typed, **more})
    assert answer.status_code == 302
    pottery.refresh_from_db()
    assert (pottery.label, pottery.city, pottery.name, pottery.identifier, pottery.nature) == (
        "L’atelier",
        "Brest",
        "Poterie du Pont",
        "73282932000074",
        "PRIVEE",
    )
    assert pottery.is_active
    assert not pottery.requires_service


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("label", "", "Donnez un nom"),
        ("iban", "", "il est sur votre RIB"),
        ("iban", "FR7630006000011234567890188", "La clé de l’IBAN"),
        ("iban", "FR76300060000112345678901", "il en manque 2"),
        ("iban", "XX7630006000011234567890189", "n’en est pas un"),
        ("iban", "FR76\x00" * 1000, "100 caractères au plus"),
        ("bic", "AGRI", "8 ou 11 caractères"),
        ("bic", "DEUTDEFF", "Ce BIC est celui d’une banque du pays"),
    ],
)
def test_wrong_bank_details_get_a_sentence(
    field: str, typed: str, sentence: str, pottery: Structure, as_marie: Client
) -> None:
    right = {"label": "Courant", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": ""}
    answer = as_marie.post(f"/structures/{pottery.uid}/comptes/ajouter/", {**right, field: typed})
    assert sentence in " ".join(answer.context["form"].errors[field])
    assert not BankAccount.objects.exists()


def test_the_same_iban_twice_is_refused_beside_its_field(account: BankAccount, as_marie: Client) -> None:
    answer = as_marie.post(
        f"/structures/{account.structure.uid}/comptes/ajouter/", {"label": "Autre", "iban": account.iban, "bic": ""}
    )
    assert "déjà enregistré sous le nom" in " ".join(answer.context["form"].errors["iban"])


def test_an_account_is_added_renamed_and_closed(pottery: Structure, as_marie: Client) -> None:
    typed = {"label": "Courant", "iban": "fr76 3000 6000 0112 3456 7890 189", "bic": "agri fr pp 882"}
    assert as_marie.post(f"/structures/{pottery.uid}/comptes/ajouter/", typed).status_code == 302
    account = BankAccount.objects.get()
    assert (account.iban, account.bic) == ("FR7630006000011234567890189", "AGRIFRPP882")
    page = f"/structures/comptes/{account.uid}/"
    assert as_marie.post(page, {"label": ""}).status_code == 200
    as_marie.post(page, {"label": "Crédit agricole"})
    assert "Aucune nouvelle facture ne pourra le nommer" in as_marie.get(page).content.decode()
    as_marie.post(page, {"close": "yes"})
    account.refresh_from_db()
    assert (account.label, account.is_active) == ("Crédit agricole", False)
    assert as_marie.get(page).status_code == 404


def test_the_manager_answers_one_request(pottery: Structure, jean: User, as_marie: Client, at: datetime) -> None:
    request = memberships.ask_to_join(actor=Actor(jean), structure=pottery, comment="Comptable <b>", at=at)
    page = f"/structures/demandes/{request.uid}/"
    assert page in as_marie.get("/structures/").content.decode()
    assert "Comptable &lt;b&gt;" in as_marie.get(page).content.decode()
    assert as_marie.post(page, {"answer": "peut-être"}).status_code == 200
    assert "Choisissez au moins une chose" in as_marie.post(page, {"answer": "accept"}).content.decode()
    as_marie.post(page, {"answer": "accept", "profiles": ["facturer"]})
    request.refresh_from_db()
    assert request.state == Membership.State.ACCEPTED
    assert as_marie.get(page).status_code == 404


def test_the_manager_answers_several_requests_at_once(
    pottery: Structure, jean: User, as_marie: Client, at: datetime
) -> None:
    request = memberships.ask_to_join(actor=Actor(jean), structure=pottery, comment="", at=at)
    for nonsense in ([], ["x"], ["\x00"], ["00000000-0000-4000-8000-000000000000"]):
        as_marie.post("/structures/demandes/", {"answer": "accept", "request": nonsense})
    request.refresh_from_db()
    assert request.state == Membership.State.PENDING
    as_marie.post("/structures/demandes/", {"answer": "refuse", "request": [str(request.uid), "x"]})
    request.refresh_from_db()
    assert request.state == Membership.State.REFUSED


def test_a_public_sheet_shows_its_services_and_demands(
    town: Structure, jean: User, as_jean: Client, at: datetime, settings: Any
) -> None:
    managers.appoint_manager(email=jean.email, siret=town.identifier, at=at)
    text = as_jean.get(f"/structures/{town.uid}/").content.decode()
    assert "1 service ouvert" in text
    assert "CULTURE" in as_jean.get(f"/structures/{town.uid}/services/").content.decode()
    assert "Le service à facturer (code service) est obligatoire" in text
    activity = f"/structures/{town.uid}/activite/"
    assert "La personne qui tient ce portail a nommé le gestionnaire" in as_jean.get(activity).text
    settings.OPERATOR = {**settings.OPERATOR, "name": "Département d’Essai"}
    assert "Département d’Essai a nommé le gestionnaire" in as_jean.get(activity).text


@pytest.mark.one_database
def test_the_lists_ask_the_database_a_fixed_number_of_times(
    pottery: Structure, as_marie: Client, at: datetime, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        person = User.objects.create(
            email=f"p{number}@exemple.fr", first_name="P", last_name="Q", is_active=True,
            terms_version="1", terms_accepted_at=at, created_at=at,
        )  # fmt: skip
        memberships.ask_to_join(actor=Actor(person), structure=pottery, comment="", at=at)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        as_marie.get("/structures/")
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        as_marie.get(f"/structures/{pottery.uid}/")
