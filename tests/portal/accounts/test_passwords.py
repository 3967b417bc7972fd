"""Which passwords are refused, and with which sentence."""

from __future__ import annotations

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.passwords import weaknesses

MARIE = User(
    first_name="Marie",
    last_name="Lefèvre-Dupont",
    email="marie.lefevre@potiers.fr",
    siret_at_registration="73282932000074",
)


def found(password: str) -> str:
    return " ".join(weaknesses(password=password, user=MARIE))


@pytest.mark.parametrize("password", ["", "onze signes", "Xk9#fT2!vLq"])
def test_eleven_characters_are_too_few(password: str) -> None:
    assert "il en faut au moins 12" in found(password)


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse2026",
        "Motdepasse!!!",
        "M0tdepass3!!!",
        "Bonjour123456",
        "azertyuiop123",
        "AzertyAzerty12",
        "qwertyuiop[]",
        "Password1234",
        "1q2w3e4r5t6y",
        "SoleilSoleil1!",
        "bonjoursoleil2026",
        "plainchant2026!",
        "aaaaaaaaaaaa1",
        "abababababab",
    ],
)
def test_an_everyday_word_with_a_decoration_is_refused(password: str) -> None:
    assert found(password)


@pytest.mark.parametrize("password", ["marielefevre26", "Lefèvre-Dupont!", "Dupont2026Marie", "73282932000074 x"])
def test_ones_own_name_address_or_siret_is_refused(password: str) -> None:
    assert "votre nom" in found(password)


def test_digits_alone_are_refused() -> None:
    assert "que des chiffres" in found("840318275062")


def test_a_password_of_a_million_signs_is_refused_at_once() -> None:
    assert "Raccourcissez" in found("ab" * 500_000)


@pytest.mark.parametrize(
    "password",
    [
        "trois vases bleus",
        "correct cheval agrafe",
        "le ciel est gris ce matin",
        "Xk9#fT2!vLq8",
        "lundi mardi mercredi jeudi",
        "пароль очень длинный",
        "🏺🏺🏺 argile et feu",
    ],
)
def test_a_few_words_make_a_good_password(password: str) -> None:
    assert found(password) == ""
