"""Call a Plainchant, or Chorus Pro over PISTE, from Python. No Django, no settings, no database.

    from plainchant.client import Client, Credentials, Server

    with Client(Server.at("https://portal.example"), Credentials(client_id, client_secret, login, password)) as client:
        deposit = client.deposit(path.read_bytes(), name=path.name)
        report = client.wait(deposit.flow)

`AsyncClient` has the same methods, awaited. Tokens are asked for and renewed; calls are tried again where that
does nothing twice. What goes wrong is a ClientError, one class for each thing that a program does about it (`errors`).
"""

from __future__ import annotations

from .asynchronous import AsyncClient
from .conversation import Retries
from .errors import (
    AccessDenied,
    CallRefused,
    ClientError,
    ContractBroken,
    LimitReached,
    NotAuthenticated,
    RefusalReason,
    ServerUnavailable,
)
from .servers import CHORUS_PRO, CHORUS_PRO_QUALIFICATION, AddressNotSafe, Credentials, Server
from .sync import Client

__all__ = [
    "CHORUS_PRO",
    "CHORUS_PRO_QUALIFICATION",
    "AccessDenied",
    "AddressNotSafe",
    "AsyncClient",
    "CallRefused",
    "Client",
    "ClientError",
    "ContractBroken",
    "Credentials",
    "LimitReached",
    "NotAuthenticated",
    "RefusalReason",
    "Retries",
    "Server",
    "ServerUnavailable",
]
