"""« Créer votre compte »: what is refused with which sentence, and one answer for every address."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts import operations
from plainchant.portal.accounts.models import User
from plainchant.portal.mail.models import Message
from plainchant.web.account import limits

pytestmark = pytest.mark.django_db
Signup = Callable[..., Any]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "", "Écrivez votre adresse électronique"),
        ("email", "marie", "n’a pas la forme d’une adresse"),
        ("email", "éva@potiers.fr", "n’a pas la forme d’une adresse"),
        ("email", "a" * 400 + "@potiers.fr", "254 caractères au plus"),
        ("email2", "mari@potiers.fr", "Les deux adresses ne sont pas les mêmes"),
        ("first_name", "", "Écrivez votre prénom"),
        ("first_name", "a" * 101, "100 caractères au plus"),
        ("last_name", "Voir https://exemple.fr", "Un nom ne contient ni adresse"),
        ("last_name", "\x00\x00", "Écrivez votre nom"),
        ("siret", "", "14 chiffres"),
        ("siret", "732829320", "C’est un SIREN"),
        ("siret", "7328293200007A", "que des chiffres"),
        ("siret", "1" * 100_000, "60 caractères au plus"),
        ("contact_email", "marie", "n’a pas la forme d’une adresse"),
        ("phone", "bonjour", "Ce numéro n’est pas complet"),
        ("terms", "", "Cochez la case"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_beside_its_field(field: str, typed: str, sentence: str, signup: Signup) -> None:
    answer = signup(**{field: typed})
    assert answer.status_code == 200
    assert sentence in " ".join(answer.context["form"].errors[field])
    assert sentence.split("’")[0] in answer.content.decode()
    assert not Message.objects.exists()


@pytest.mark.one_database
def test_what_was_typed_is_never_lost_by_a_refusal(signup: Signup) -> None:
    page = signup(siret="12").content.decode()
    for typed in ("marie@potiers.fr", "Marie", "Lefèvre"):
        assert f'value="{typed}"' in page


@pytest.mark.one_database
def test_a_siret_whose_key_is_wrong_warns_once_and_lets_go_on(signup: Signup) -> None:
    warned = signup(siret="123 456 789 00012")
    assert "faute de frappe" in warned.content.decode()
    assert 'name="siret_confirmed" value="12345678900012"' in warned.content.decode()
    assert not User.objects.exists()
    assert signup(siret="123 456 789 00012", siret_confirmed="12345678900012").status_code == 302
    assert User.objects.get().siret_at_registration == "12345678900012"


@pytest.mark.one_database
def test_confirming_one_siret_does_not_confirm_another(signup: Signup) -> None:
    assert signup(siret="12345678900013", siret_confirmed="12345678900012").status_code == 200


def test_pasted_spaces_capitals_and_line_breaks_are_accepted(signup: Signup) -> None:
    typed = {"email": " Marie@Potiers.FR\n", "email2": "marie@potiers.fr", "siret": "\t732.829.320-00074\r\n"}
    assert signup(**typed).status_code == 302
    assert User.objects.get().email == "marie@potiers.fr"


Bare = Callable[[Any, str], bytes]


def answers_for(email: str, client: Client, bare: Bare) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
    """Both pages a visitor sees after asking."""
    answers = []
    first = client.post("/compte/creer/", {**_typed(email)})
    for answer in (first, client.get(first.headers["Location"])):
        # Expires is the second it was asked in: four questions may fall on either side of one. Each has an id.
        own = ("Content-Length", "Expires", "X-Request-ID")
        headers = sorted((n, v) for n, v in answer.headers.items() if n not in own)
        answers.append((answer.status_code, bare(answer, email), headers))
    return answers


def _typed(email: str) -> dict[str, str]:
    return {
        "email": email,
        "email2": email,
        "first_name": "Marie",
        "last_name": "Lefèvre",
        "siret": "73282932000074",
        "terms": "on",
    }


def test_new_known_closed_and_waiting_addresses_get_the_same_bytes(at: datetime, bare: Bare) -> None:
    operations.enrol(email="known@exemple.fr", first_name="A", last_name="B", password="trois vases bleus", at=at)
    shut = operations.enrol(
        email="close@exemple.fr", first_name="A", last_name="B", password="trois vases bleus", at=at
    )
    User.objects.filter(pk=shut.pk).update(is_active=False)
    answers_for("waits@exemple.fr", Client(), bare)
    seen = [answers_for(f"{who}@exemple.fr", Client(), bare) for who in ("fresh", "known", "close", "waits")]
    assert seen[0][0][0] == 302
    assert all(answers == seen[0] for answers in seen)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/compte/creer/", _typed("inconnu@exemple.fr")),
        ("/compte/activer/", {"email": "inconnu@exemple.fr"}),
        ("/compte/mot-de-passe/oublie/", {"email": "inconnu@exemple.fr"}),
    ],
)
def test_no_answer_comes_sooner_than_the_slowest_case(
    path: str, typed: dict[str, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNHURRIED_SECONDS", 0.2)
    start = time.monotonic()
    assert client.post(path, typed).status_code == 302
    assert time.monotonic() - start >= 0.2


@pytest.mark.one_database
def test_a_forged_host_never_enters_a_link(settings: Any, signup: Signup, client: Client) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.defaults["HTTP_HOST"] = "evil.example"
    signup()
    client.post("/compte/mot-de-passe/oublie/", {"email": "marie@potiers.fr"})
    client.post("/compte/activer/", {"email": "marie@potiers.fr"})
    bodies = "".join(Message.objects.values_list("body", flat=True))
    assert Message.objects.count() == 3
    assert "evil.example" not in bodies


def test_the_sixth_registration_of_an_address_in_an_hour_waits(signup: Signup) -> None:
    assert [signup().status_code for _ in range(6)] == [302] * 5 + [429]
    assert Message.objects.count() == 5


def test_someone_logged_in_is_led_home(client: Client, marie: User) -> None:
    client.force_login(marie)
    assert client.get("/compte/creer/").headers["Location"] == "/"
