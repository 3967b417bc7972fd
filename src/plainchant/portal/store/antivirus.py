"""Every file that comes in goes past the antivirus, where one is configured: clamd, by its INSTREAM command.

Fail closed: a configured antivirus that does not answer keeps files out (« réessayez ») or waiting, never lets them in.
Where none is configured nothing is scanned, and every list of files says so.
"""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import suppress

from django.conf import settings
from django.core.files.base import File
from django.db import models

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.outages import Dependency

log = logging.getLogger(__name__)

_SECONDS = 60.0  # of silence: clamd unpacks and looks at a hundred megabytes meanwhile
_SECONDS_TO_CONNECT = 5.0
_CHUNK = 256 << 10
_MAX_REPLY = 4 << 10
_LENGTH = struct.Struct(">I")


class Scan(models.TextChoices):
    """What the antivirus said of a stored file."""

    NOT_SCANNED = "", "non analysé par un antivirus"
    CLEAN = "CLEAN", "analysé par un antivirus"
    BY_MEMBER = "MEMBERS", "analysé fichier par fichier"  # too big for one look: an archive


class Infected(Refused):
    """The antivirus knows something in this file. Nothing of it is kept."""

    code = "IRR_ANTIVIRUS"

    def __init__(self, *, name: str, signature: str) -> None:
        self.signature = signature
        super().__init__(
            f"L’antivirus a reconnu un programme malveillant dans {_called(name)} ({signature[:80]}) : "
            "le fichier n’est pas gardé. Faites analyser votre ordinateur, puis produisez le fichier à nouveau.",
            field="file",
        )


class ScannerAway(Refused):
    """The antivirus does not answer: nothing comes in without it."""

    code = "ANTIVIRUS_INDISPONIBLE"
    away = Dependency.ANTIVIRUS

    def __init__(self) -> None:
        super().__init__(
            "L’antivirus du portail ne répond pas, et aucun fichier n’est pris sans lui. Rien n’est perdu : "
            "réessayez dans quelques minutes.",
            field="file",
        )


class TooBigToScan(Refused):
    """More than the antivirus takes in one piece."""

    code = "IRR_TAILLE_F"

    def __init__(self, *, name: str) -> None:
        super().__init__(
            f"{_called(name) if name else 'Ce fichier'} dépasse {settings.CLAMD_MAX_BYTES >> 20} Mo : l’antivirus du "
            "portail ne peut pas l’analyser. Allégez-le, ou répartissez-le en plusieurs fichiers.",
            field="file",
        )


REFUSALS = (Infected, ScannerAway, TooBigToScan)


def _called(name: str) -> str:
    return f"« {name[:60]} »" if name else "ce fichier"


def scan(*, file: File, name: str, members_follow: bool = False) -> Scan:
    """Have a file looked at; it is then back at its beginning. Raises Infected, ScannerAway, TooBigToScan.

    ``members_follow``: an archive whose files will each be scanned before they are taken, so that it may be too big
    for one look.
    """
    if not settings.CLAMD:
        return Scan.NOT_SCANNED
    if file.size > settings.CLAMD_MAX_BYTES:
        if members_follow:
            return Scan.BY_MEMBER
        raise TooBigToScan(name=name)
    reply = _ask(file)
    file.seek(0)
    if reply == "stream: OK":
        return Scan.CLEAN
    if reply.endswith(" FOUND"):
        signature = reply.removeprefix("stream: ").removesuffix(" FOUND")
        log.warning("the antivirus found %s in a file", signature)
        raise Infected(name=name, signature=signature)
    log.error("the antivirus answered %r", reply[:200], extra={"away": Dependency.ANTIVIRUS})
    raise ScannerAway


def _ask(file: File) -> str:
    try:
        with _connected() as clamd:
            clamd.settimeout(_SECONDS)
            # clamd may answer and hang up before the end (its StreamMaxLength): what it said is still to be heard.
            with suppress(BrokenPipeError, ConnectionResetError):
                clamd.sendall(b"zINSTREAM\0")
                for chunk in file.chunks(_CHUNK):
                    if chunk:  # an empty one would be the end
                        clamd.sendall(_LENGTH.pack(len(chunk)) + chunk)
                clamd.sendall(_LENGTH.pack(0))
            reply = bytearray()
            while len(reply) < _MAX_REPLY and not reply.endswith(b"\0"):
                part = clamd.recv(_MAX_REPLY)
                if not part:
                    break
                reply += part
    except OSError as error:
        log.error(
            "the antivirus at %s does not answer: %s", settings.CLAMD, error, extra={"away": Dependency.ANTIVIRUS}
        )
        raise ScannerAway from error
    return reply.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    """To the address of the settings: the path of a Unix socket, or host:port."""
    address = settings.CLAMD.removeprefix("unix:")
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_SECONDS_TO_CONNECT)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    try:
        return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS_TO_CONNECT)
    except ValueError as error:
        raise OSError(f"it is neither host:port nor the path of a socket ({error})") from error
