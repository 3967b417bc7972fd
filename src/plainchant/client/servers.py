"""Where a server is, and with which secrets one calls it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit


class AddressNotSafe(ValueError):
    """Secrets would leave this machine unencrypted, or the address is none. The message is French."""


@dataclass(frozen=True)
class Server:
    """``token_url`` gives tokens, operations are below ``api_url``.

    ``is_plainchant``: it does once a call that comes twice with its Idempotency-Key, and it checks and converts
    documents.
    """

    token_url: str
    api_url: str
    is_plainchant: bool = False

    def __post_init__(self) -> None:
        for url in (self.token_url, self.api_url):
            parts = urlsplit(url)
            if parts.scheme == "https" and parts.hostname:
                continue
            if parts.scheme != "http" or not parts.hostname:
                raise AddressNotSafe(f"« {url} » n’est pas l’adresse d’un serveur : elle commence par https://.")
            if not _is_this_machine(parts.hostname):
                raise AddressNotSafe(
                    f"« {url} » commence par http:// : vos mots de passe se liraient en chemin. Indiquez https://."
                )

    @classmethod
    def at(cls, url: str) -> Server:
        """The Plainchant whose pages are at ``url``. Raises AddressNotSafe."""
        base = url.rstrip("/")
        return cls(f"{base}/api/oauth/token", f"{base}/cpro", is_plainchant=True)

    @property
    def origin(self) -> str:
        """Scheme and host of the operations."""
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc}"


CHORUS_PRO = Server("https://oauth.piste.gouv.fr/api/oauth/token", "https://api.piste.gouv.fr/cpro")
CHORUS_PRO_QUALIFICATION = Server(
    "https://sandbox-oauth.piste.gouv.fr/api/oauth/token", "https://sandbox-api.piste.gouv.fr/cpro"
)


@dataclass(frozen=True)
class Credentials:
    """Of an application, and of the technical account of the structure that it acts for. No secret is in its repr."""

    client_id: str
    client_secret: str = field(repr=False)
    login: str
    password: str = field(repr=False)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
