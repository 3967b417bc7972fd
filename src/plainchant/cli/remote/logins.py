"""Servers and secrets that `plainchant login` keeps: a file of the user's own; secrets in a keyring, if there is one.

Under `$XDG_CONFIG_HOME/plainchant/`. A secret is never printed.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from plainchant.client.servers import Credentials, Server
from plainchant.einvoice.command.written import unwritten

SERVICE = "plainchant"
_SECRETS = ("client_secret", "password")


@dataclass(frozen=True)
class KeptLogin:
    """``place``: where its secrets are, in French."""

    name: str
    server: Server
    credentials: Credentials
    place: str


def file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "plainchant" / "logins.json"


def keep(name: str, server: Server, credentials: Credentials) -> str:
    """Keep it as the one that commands use from now on; where its secrets are, in French."""
    kept = _read()
    row: dict[str, Any] = {
        "token_url": server.token_url,
        "api_url": server.api_url,
        "is_plainchant": server.is_plainchant,
        "client_id": credentials.client_id,
        "login": credentials.login,
    }
    secrets = {each: getattr(credentials, each) for each in _SECRETS}
    ring = _keyring()
    if ring is None:
        row |= secrets
    else:
        ring.set_password(SERVICE, name, json.dumps(secrets))
    kept["last"] = name
    kept.setdefault("logins", {})[name] = row
    _write(kept)
    return _place(ring)


def login_named(name: str | None) -> KeptLogin:
    """That of this name, or the one kept last. Raises ClickException."""
    kept = _read()
    name = name or kept.get("last")
    row = kept.get("logins", {}).get(name)
    if name is None or row is None:
        others = ", ".join(kept.get("logins", {})) or "aucune"
        raise click.ClickException(
            f"Aucune connexion {f'« {name} »' if name else 'gardée'} sur cet ordinateur (gardées : {others}). "
            "plainchant login en garde une."
        )
    ring = _keyring()
    secrets = {each: row[each] for each in _SECRETS if each in row}
    if len(secrets) < len(_SECRETS):
        found = ring.get_password(SERVICE, name) if ring is not None else None
        if found is None:
            raise click.ClickException(
                f"Les mots de passe de « {name} » ne sont plus dans le trousseau de cet ordinateur. "
                "Refaites plainchant login."
            )
        secrets = json.loads(found)
    server = Server(row["token_url"], row["api_url"], is_plainchant=row["is_plainchant"])
    return KeptLogin(name, server, Credentials(client_id=row["client_id"], login=row["login"], **secrets), _place(ring))


def forget(name: str) -> None:
    """Raises ClickException for one that is not kept."""
    login_named(name)
    kept = _read()
    row = kept["logins"].pop(name)
    ring = _keyring()
    if ring is not None and "password" not in row:
        with suppress(ring.errors.PasswordDeleteError):
            ring.delete_password(SERVICE, name)
    if kept["last"] == name:
        kept["last"] = next(iter(kept["logins"]), None)
    _write(kept)


def _place(ring: ModuleType | None) -> str:
    return f"dans {file()}" if ring is None else "dans le trousseau de cet ordinateur"


def _keyring() -> ModuleType | None:
    """The package `keyring`, where it is installed and has a place that is safe."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return None
    return None if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring) else keyring


def _read() -> dict[str, Any]:
    try:
        with file().open(encoding="utf-8") as stream:
            if os.fstat(stream.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise click.ClickException(
                    f"{file()} contient des mots de passe, et d’autres personnes peuvent le lire. "
                    f"Faites d’abord : chmod 600 {file()}"
                )
            kept: dict[str, Any] = json.load(stream)
            return kept
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"{file()} ne se lit pas ({type(error).__name__}). Supprimez-le, puis refaites plainchant login."
        ) from error


def _write(kept: dict[str, Any]) -> None:
    path = file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, new = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # which only its owner reads
        with open(handle, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
            json.dump(kept, stream, ensure_ascii=False, indent=2)
        Path(new).replace(path)
    except OSError as error:
        raise click.ClickException(unwritten(path, error)) from error
