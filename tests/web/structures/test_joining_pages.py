"""Adding a structure by its SIRET: create it, or ask to join it and see nothing until accepted."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import memberships, operations
from plainchant.portal.structures.models import BankAccount, Membership, Structure

SHEET = {"name": "Poterie du Pont", "address_line": "1 rue du Port", "postcode": "29 000", "city": "Quimper"}
ADD = "/structures/ajouter/73282932000074/"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Écrivez le nom officiel"),
        ("name", "x" * 202, "201 caractères au plus"),
        ("address_line", "\x00", "Écrivez le numéro et la rue"),
        ("postcode", "29", "5 chiffres"),
        ("city", "", "Écrivez le nom de la ville"),
        ("vat_number", "FR41303265045", "La clé « 41 »"),
        ("vat_number", "303265045", "commence par les deux lettres"),
        ("email", "x", "n’a pas la forme"),
        ("phone", "x", "n’est pas complet"),
    ],
)
def test_a_wrong_line_of_the_sheet_gets_a_sentence(field: str, typed: str, sentence: str, as_marie: Client) -> None:
    answer = as_marie.post(ADD, {**SHEET, field: typed})
    assert answer.status_code == 200
    found = " ".join(answer.context["form"].errors[field]).replace("\u00a0", " ")
    assert sentence in found
    assert not Structure.objects.exists()


def test_the_first_who_types_a_siret_fills_its_sheet_and_manages_it(as_marie: Client, marie: User) -> None:
    page = as_marie.get("/structures/ajouter/").content.decode()
    assert 'value="73282932000074"' in page  # typed when registering
    assert as_marie.post("/structures/ajouter/", {"siret": "732 829 320 00074"}).headers["Location"] == ADD
    assert 'value="marie@exemple.fr"' in as_marie.get(ADD).content.decode()
    answer = as_marie.post(ADD, {**SHEET, "vat_number": "FR 40 303 265 045", "nature": "PUBLIQUE"})
    structure = Structure.objects.get()
    assert answer.headers["Location"] == f"/structures/{structure.uid}/"
    assert (structure.nature, structure.postcode, structure.vat_number) == ("PRIVEE", "29000", "FR40303265045")
    assert operations.queries.manager_of(structure=structure) == marie


def test_the_next_one_learns_that_it_exists_and_nothing_else(pottery: Structure, as_jean: Client) -> None:
    pages = [as_jean.get(ADD), as_jean.post(ADD, {"comment": "Comptable"}, follow=True), as_jean.get("/structures/")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        for secret in ("Poterie", "Quimper", "Marie", "rue du Port", str(pottery.uid)):
            assert secret not in text
    assert "Le gestionnaire de cette structure a reçu votre demande" in pages[1].content.decode()


def test_asking_without_a_word_is_enough(pottery: Structure, as_jean: Client) -> None:
    as_jean.post(ADD)
    assert Membership.objects.get(is_manager=False).state == Membership.State.PENDING


def test_while_pending_or_refused_every_page_of_the_structure_is_absent(
    pottery: Structure, account: BankAccount, as_jean: Client, jean: User, marie: User, at: datetime
) -> None:
    request = memberships.ask_to_join(actor=Actor(jean), structure=pottery, comment="", at=at)
    assert _reached_by(as_jean, pottery, account, request) == []
    memberships.decide(membership=request, actor=Actor(marie), accept=False, at=at)
    assert _reached_by(as_jean, pottery, account, request) == []


def _reached_by(client: Client, structure: Structure, account: BankAccount, request: Membership) -> list[str]:
    paths = [
        f"/structures/{structure.uid}/",
        f"/structures/{structure.uid}/modifier/",
        f"/structures/{structure.uid}/comptes/ajouter/",
        f"/structures/comptes/{account.uid}/",
        f"/structures/demandes/{request.uid}/",
    ]
    typed = {"answer": "accept", "close": "yes", "label": "x"}
    client.post("/structures/demandes/", {"answer": "accept", "request": [str(request.uid)]})
    return [
        path
        for path in paths
        if client.get(path).status_code != 404 or client.post(path, typed).status_code not in (404, 405)
    ]


def test_a_foreign_structure_and_an_absent_one_give_the_same_bytes(pottery: Structure, as_jean: Client) -> None:
    foreign = as_jean.get(f"/structures/{pottery.uid}/")
    absent = as_jean.get("/structures/00000000-0000-4000-8000-000000000000/")
    assert foreign.status_code == absent.status_code == 404
    without_token = [_without_token(answer) for answer in (foreign, absent)]
    assert without_token[0] == without_token[1]


def _without_token(answer: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", answer.content.decode())


def test_a_public_body_without_manager_says_that_the_operator_decides(town: Structure, as_jean: Client) -> None:
    path = f"/structures/ajouter/{town.identifier}/"
    assert "Commune de Quimper" in as_jean.get(path).content.decode()
    page = as_jean.post(path, {**SHEET, "comment": "DGS"}, follow=True).content.decode()
    assert "sera examinée par la personne qui tient ce portail" in page
    assert Membership.objects.get().state == Membership.State.PENDING
    assert as_jean.get(f"/structures/{town.uid}/").status_code == 404


def test_a_refused_person_asks_again_from_the_same_page(
    pottery: Structure, as_jean: Client, jean: User, marie: User, at: datetime
) -> None:
    request = memberships.ask_to_join(actor=Actor(jean), structure=pottery, comment="", at=at)
    memberships.decide(membership=request, actor=Actor(marie), accept=False, at=at)
    assert "Demande refusée" in as_jean.get("/structures/").content.decode()
    as_jean.post(ADD, {"comment": "On s’est parlé"})
    request.refresh_from_db()
    assert (request.state, request.comment) == ("EN_COURS_DE_VALIDATION", "On s’est parlé")


def test_someone_attached_is_led_to_the_sheet(pottery: Structure, as_marie: Client) -> None:
    assert as_marie.get(ADD).headers["Location"] == f"/structures/{pottery.uid}/"


@pytest.mark.one_database
@pytest.mark.parametrize("siret", ["", "123", "\x00", "1" * 9999, "7328293200007A"])
def test_an_odd_siret_gets_a_sentence(siret: str, as_marie: Client) -> None:
    answer = as_marie.post("/structures/ajouter/", {"siret": siret})
    assert answer.status_code == 200
    assert answer.context["form"].errors["siret"]


def test_trying_many_sirets_is_slowed_down(as_jean: Client) -> None:
    codes = [as_jean.post("/structures/ajouter/", {"siret": "73282932000074"}).status_code for _ in range(61)]
    assert codes == [302] * 60 + [429]


@pytest.mark.one_database
def test_reading_whether_many_sirets_are_known_is_slowed_down_too(as_jean: Client) -> None:
    codes = [as_jean.get(f"/structures/ajouter/{10_000_000_000_000 + n}/").status_code for n in range(61)]
    assert codes == [200] * 60 + [429]
