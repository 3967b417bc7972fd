"""Every address a message may contain, in one place; `tests/web/account` compares them with the routes.

Always built on settings.PUBLIC_URL, never on the Host of a request: a forged one would send our own readers elsewhere.
"""

from __future__ import annotations

import uuid

from django.conf import settings


def public(path: str) -> str:
    """The full address of a path of this portal."""
    return f"{settings.PUBLIC_URL}{path}"


def home() -> str:
    return public("/")


def signup() -> str:
    return public("/compte/creer/")


def activate(*, token: str) -> str:
    return public(f"/compte/activer/{token}/")


def resend_activation() -> str:
    return public("/compte/activer/")


def confirm_address(*, token: str) -> str:
    return public(f"/compte/adresse/{token}/")


def stop_login_address(*, token: str) -> str:
    return public(f"/compte/adresse/arreter/{token}/")


def come_back(*, token: str) -> str:
    return public(f"/compte/revenir/{token}/")


def profile() -> str:
    return public("/compte/")


def notifications() -> str:
    return public("/compte/notifications/")


def login() -> str:
    return public("/compte/connexion/")


def operation() -> str:
    return public("/exploitation/")


def reset_password() -> str:
    return public("/compte/mot-de-passe/oublie/")


def choose_new_password(*, key: str) -> str:
    """``key`` is allauth's: the person and the token, joined by a dash."""
    return public(f"/compte/mot-de-passe/nouveau/{key}/")


def ticket(*, uid: uuid.UUID) -> str:
    return public(f"/sollicitations/{uid}/")


def my_structures() -> str:
    return public("/structures/")


def structure(*, uid: uuid.UUID) -> str:
    return public(f"/structures/{uid}/")


def my_spaces() -> str:
    return public("/structures/espaces/")


def delegations(*, uid: uuid.UUID) -> str:
    return public(f"/structures/{uid}/delegations/")


def technical_account(*, uid: uuid.UUID) -> str:
    return public(f"/structures/comptes-techniques/{uid}/")
