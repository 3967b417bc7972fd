"""How allauth's second factors behave here: in French, under our public address, with their secrets sealed."""

from __future__ import annotations

import base64
import ipaddress
import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from plainchant.portal.accounts.models import User

from .device import device_of

log = logging.getLogger(__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The points where allauth's second factors ask their host."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "Ce n’est pas le bon code. Attendez que l’application en montre un autre, puis recopiez-le chiffre par "
            "chiffre."
        ),
        "cannot_delete_authenticator": "Cette protection ne peut pas être retirée.",
        "cannot_generate_recovery_codes": "Ajoutez d’abord une application ou une clé d’accès.",
        "unverified_email": "Confirmez d’abord votre adresse de connexion.",
    }

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; something that no code goes with, if that was under another secret key."""
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("what a second factor keeps was sealed with another PLAINCHANT_SECRET_KEY: it has to be reset")
            return base64.b32encode(secrets.token_bytes(40)).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "", "name": "Plainchant"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return device_of(self.request)


def _seal() -> Fernet:
    """Of the secret key, which stands outside of the database: a copy of the one opens nothing."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"plainchant.second_factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def passkeys_work() -> bool:
    """Whether browsers make passkeys for the public address: they want TLS and a name, or this very machine's."""
    address = urlsplit(settings.PUBLIC_URL)
    host = address.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return address.scheme == "https" or host == "localhost"
    return False
