"""The rules of passwords, each with the sentence that says how to mend it.

Long rather than twisted (ANSSI, CNIL 2022-100): twelve characters, nothing that a list of stolen passwords begins with,
nothing that is the person's own name. Which rules apply is settings.AUTH_PASSWORD_VALIDATORS.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 12, 1000
RULES = (
    f"au moins {SHORTEST} caractères\u00a0: trois ou quatre mots sans lien entre eux conviennent très bien\u00a0;",
    "ni votre nom, ni votre adresse, ni le numéro de votre structure\u00a0;",
    "pas un mot courant suivi de chiffres («\u00a0motdepasse2026\u00a0», «\u00a0Bonjour123456\u00a0»)\u00a0;",
    "pas uniquement des chiffres.",
)

_FEWEST_OWN_LETTERS = 4  # what must remain of a password once everyday words and own names are taken away
_MOST_WORDS = 2  # three everyday words already make a long enough riddle
_LOOK_ALIKES = str.maketrans("0134578@$!€", "oieastbasie")


class LengthValidator:
    """At least SHORTEST characters, and no more than Argon2 is worth feeding."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                f"Ce mot de passe a {len(password)} caractères\u00a0; il en faut au moins {SHORTEST}. "
                "Ajoutez un mot ou deux.",
                code="password_too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                f"Ce mot de passe dépasse {LONGEST} caractères. Raccourcissez-le.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return RULES[0]


class CommonValidator:
    """Not a password that everybody's list of stolen ones begins with, nor that password with a decoration."""

    def validate(self, password: str, user: Any = None) -> None:
        if password.isdigit():
            raise ValidationError(
                "Ce mot de passe n’a que des chiffres\u00a0: il se devine vite. Ajoutez des mots.",
                code="password_entirely_numeric",
            )
        if _is_common(password[:LONGEST]):
            raise ValidationError(
                "Ce mot de passe est parmi les premiers que l’on essaie pour entrer chez les autres. "
                "Prenez plutôt trois ou quatre mots sans lien entre eux.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return RULES[2]


class OwnNameValidator:
    """Not the person's own name, address or structure, alone or decorated."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None:
            return
        own = {
            word
            for field in ("first_name", "last_name", "email", "contact_email", "siret_at_registration")
            for word in re.split(r"[^a-z0-9]+", _plain(str(getattr(user, field, "") or "")))
            if len(word) >= 3
        }
        text = re.sub(r"[^a-z0-9]", "", _plain(password[:LONGEST]))
        rest, taken = text, 0
        for word in sorted(own, key=len, reverse=True):
            taken += rest.count(word)
            rest = rest.replace(word, "")
        if taken and len(re.sub(r"[^a-z]", "", rest)) < _FEWEST_OWN_LETTERS:
            raise ValidationError(
                "Ce mot de passe est fait de votre nom, de votre adresse ou de votre SIRET\u00a0: "
                "on l’essaierait en premier. Prenez des mots qui ne parlent pas de vous.",
                code="password_too_similar",
            )

    def get_help_text(self) -> str:
        return RULES[1]


def weaknesses(*, password: str, user: Any) -> list[str]:
    """What is wrong with this password for this person, in sentences; empty when it may be used."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@cache
def _stolen() -> frozenset[str]:
    """Django's list of 20,000 stolen passwords."""
    return frozenset(password_validation.CommonPasswordValidator().passwords)


@cache
def _everyday() -> tuple[str, ...]:
    """French everyday words and rows of the keyboard, longest first."""
    lines = files(__package__).joinpath("everyday_words.txt").read_text(encoding="utf-8").splitlines()
    words = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _is_common(password: str) -> bool:
    plain = _plain(password)
    stolen = _stolen()
    if plain in stolen or len(set(plain)) <= 3:
        return True
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    letters = re.sub(r"[^a-z]", "", plain)
    disguised = re.sub(r"[^a-z]", "", plain.translate(_LOOK_ALIKES))
    for base in {core, letters, disguised}:
        unit = _repeated_unit(base)
        if unit in stolen or _is_everyday(unit):
            return True
    return False


def _is_everyday(letters: str) -> bool:
    rest, taken = letters, 0
    for word in _everyday():
        if word in rest:
            taken += rest.count(word)
            rest = rest.replace(word, "")
    return 0 < taken <= _MOST_WORDS and len(rest) < _FEWEST_OWN_LETTERS


def _repeated_unit(text: str) -> str:
    """ "soleilsoleil" → "soleil": the shortest piece that, repeated, makes the text."""
    start = (text + text).find(text, 1)
    return text[:start] if 0 < start < len(text) else text
