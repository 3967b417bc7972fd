"""The files of a backup, sealed with age where a key is given: what makes backups need not be able to read them.

age (age-encryption.org) is a format with several makers: `age -d -i key database.dump.age` opens what this has sealed,
without Plainchant.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from .databases import BackupUnusable

if TYPE_CHECKING:
    import pyrage

_MISSING = "Le paquet pyrage manque pour chiffrer et déchiffrer. Installez Plainchant avec l’option backup."


class _Hashing(io.RawIOBase):
    """Passes bytes on to ``target``, if there is one, and adds up their SHA-256 and size."""

    def __init__(self, target: IO[bytes] | None) -> None:
        self._target = target
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        content = bytes(cast("bytes", data))
        self.digest.update(content)
        self.size += len(content)
        if self._target is not None:
            self._target.write(content)
        return len(content)


class _HashingReader(io.RawIOBase):
    """Reads ``source``, and adds up what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        content = self._source.read(len(view))
        view[: len(content)] = content
        self.digest.update(content)
        self.size += len(content)
        return len(content)


@dataclass(frozen=True)
class Seal:
    """How files are written to a backup and read from it. Without keys they are as they are.

    ``recipient`` seals (age1…, public); ``identity`` opens (AGE-SECRET-KEY-1…).
    """

    recipient: str = ""
    identity: str = ""

    def __post_init__(self) -> None:
        if self.recipient:
            self._recipient()
        if self.identity:
            self._identity()

    @property
    def suffix(self) -> str:
        """What the name of a file that it has sealed ends with."""
        return ".age" if self.recipient else ""

    def write(self, source: IO[bytes], target: Path) -> tuple[str, int]:
        """The whole of ``source`` to a new file; the SHA-256 and the size of what was read."""
        reader = _HashingReader(source)
        with target.open("xb") as out:
            if self.recipient:
                import pyrage

                pyrage.encrypt_io(io.BufferedReader(reader, 1 << 20), out, [self._recipient()])
            else:
                shutil.copyfileobj(reader, out, 1 << 20)
        return reader.digest.hexdigest(), reader.size

    def read(self, source: Path, target: IO[bytes] | None) -> tuple[str, int]:
        """A file of a backup, opened, to ``target`` or nowhere; the SHA-256 and the size of what is in it.

        Raises BackupUnusable if it cannot be opened.
        """
        writer = _Hashing(target)
        with source.open("rb") as sealed:
            if source.suffix != ".age":
                shutil.copyfileobj(sealed, cast("IO[bytes]", writer), 1 << 20)
            elif not self.identity:
                raise BackupUnusable("Cette sauvegarde est chiffrée. Donnez le fichier de sa clé avec --key-file.")
            else:
                import pyrage

                try:
                    pyrage.decrypt_io(sealed, writer, [self._identity()])
                except pyrage.DecryptError as error:
                    raise BackupUnusable(
                        f"{source.name} ne s’ouvre pas avec cette clé, ou est abîmé ({error})."
                    ) from error
        return writer.digest.hexdigest(), writer.size

    def _recipient(self) -> pyrage.x25519.Recipient:
        with suppress(ImportError):
            import pyrage

            try:
                return pyrage.x25519.Recipient.from_str(self.recipient)
            except pyrage.RecipientError as error:
                raise BackupUnusable(
                    "La clé publique des sauvegardes n’en est pas une : elle commence par age1. "
                    "« plainchant backup key FICHIER » en fait une."
                ) from error
        raise BackupUnusable(_MISSING)

    def _identity(self) -> pyrage.x25519.Identity:
        with suppress(ImportError):
            import pyrage

            try:
                return pyrage.x25519.Identity.from_str(self.identity)
            except pyrage.IdentityError as error:
                raise BackupUnusable(
                    "Le fichier de clé ne contient pas de clé secrète : elle commence par AGE-SECRET-KEY-1."
                ) from error
        raise BackupUnusable(_MISSING)


def new_key() -> tuple[str, str]:
    """A new pair: what seals, what opens. Raises BackupUnusable where the library is missing."""
    try:
        import pyrage
    except ImportError as error:
        raise BackupUnusable(_MISSING) from error
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def secret_in(text: str) -> str:
    """The secret key in a key file, whose other lines are comments."""
    return next((line.strip() for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-")), text.strip())
