"""`plainchant login`: which server the other commands speak to, with which secrets. `plainchant logout` forgets it."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

import click

from plainchant.client.servers import (
    CHORUS_PRO,
    CHORUS_PRO_QUALIFICATION,
    AddressNotSafe,
    Credentials,
    Server,
)
from plainchant.sandbox.asking import NoSandbox, SandboxRefused, ask

from . import logins

SANDBOX = "http://127.0.0.1:8100"
_SERVERS = {"chorus-pro": CHORUS_PRO, "qualification": CHORUS_PRO_QUALIFICATION}
_NOBODY = "00000000000000"  # asked for to see whether the server takes the secrets
_SANDBOX_SECONDS = 300.0
_QUESTIONS = (  # name, question, whether it is a secret
    ("client_id", "Identifiant de l’application (client_id)", False),
    ("client_secret", "Son secret (client_secret)", True),
    ("login", "Identifiant du compte technique", False),
    ("password", "Son mot de passe", True),
)


@click.command()
@click.argument("server", required=False)
@click.option("--sandbox", is_flag=True, help="The secrets are those that a sandbox gives; waits until it has started.")
@click.option(
    "--for", "siret", help="Of a sandbox: the supplier or recipient with this SIRET; the first supplier by default."
)
@click.option("--from", "source", type=click.File(), help="JSON with client_id, client_secret, login, password; - too.")
@click.option("--name", help="Under which name it is kept; that of the server by default.")
def login(server: str | None, *, sandbox: bool, siret: str | None, source: Any, name: str | None) -> None:
    """Keep a login on this machine: SERVER is the address of a Plainchant, « chorus-pro », or « qualification ».

    Secrets are asked for, tried, and kept in the keyring (with the package keyring), else in a file that only you read.
    The other commands speak to the login that was made last, or to that of --with.
    """
    from plainchant.client import Client, ClientError

    where = _server(server or (SANDBOX if sandbox else click.prompt("Adresse du serveur")))
    if sandbox and source is not None:
        raise click.UsageError("--sandbox et --from ne vont pas ensemble.")
    if siret and not sandbox:
        raise click.UsageError("--for va avec --sandbox.")
    if sandbox:
        credentials = _of_sandbox(where.origin, siret)
    elif source is not None:
        credentials = _read(source)
    else:
        credentials = _asked()
    name = name or next((key for key, known in _SERVERS.items() if known == where), urlsplit(where.api_url).netloc)
    try:
        with Client(where, credentials) as client:
            client.search_directory(siret=_NOBODY)
    except ClientError as error:
        raise click.ClickException(error.sentence) from error
    place = logins.keep(name, where, credentials)
    click.echo(f"Connexion « {name} » vérifiée et gardée. Ses mots de passe sont {place}.")


@click.command()
@click.argument("name", required=False)
def logout(name: str | None) -> None:
    """Forget a login that is kept on this machine: the one made last, or NAME."""
    name = name or logins.login_named(None).name
    logins.forget(name)
    click.echo(f"Connexion « {name} » oubliée sur cet ordinateur. Ses mots de passe restent valables sur le serveur.")


def _server(given: str) -> Server:
    try:
        return _SERVERS.get(given) or Server.at(given)
    except AddressNotSafe as error:
        raise click.ClickException(str(error)) from error


def _asked() -> Credentials:
    return Credentials(**{key: click.prompt(text, hide_input=is_secret) for key, text, is_secret in _QUESTIONS})


def _read(source: Any) -> Credentials:
    try:
        given = json.load(source)
        return Credentials(**{key: str(given[key]) for key, _, _ in _QUESTIONS})
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(
            "Ce fichier n’a pas les quatre valeurs attendues en JSON : client_id, client_secret, login, password."
        ) from error


def _of_sandbox(url: str, siret: str | None) -> Credentials:
    rows = _welcome(url)["credentials"]
    row = next((row for row in rows if siret in (None, row["siret"])), None)
    if row is None:
        known = ", ".join(row["siret"] for row in rows)
        raise click.ClickException(f"Ce bac à sable n’a pas de compte technique pour {siret}. Il en a pour : {known}.")
    return Credentials(**{key: row[key] for key, _, _ in _QUESTIONS})


def _welcome(url: str) -> dict[str, Any]:
    """What a sandbox says of itself, once it has started."""
    until = time.monotonic() + _SANDBOX_SECONDS
    while True:
        try:
            return ask(url, "GET", seconds=30)
        except SandboxRefused as error:
            raise click.ClickException(f"{url} n’est pas un bac à sable. Retirez --sandbox.") from error
        except NoSandbox as error:
            if time.monotonic() > until:
                raise click.ClickException(
                    f"Aucun bac à sable ne répond à {url}. plainchant sandbox en démarre un."
                ) from error
            time.sleep(0.2)
