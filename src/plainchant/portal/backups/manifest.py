"""A backup's own description: written last, so that a folder without one is no backup."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from .databases import BackupUnusable

VERSION = 1
FILE_NAME = "manifest.json"
_AS_NAME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Manifest:
    """``files`` are those beside it: name → SHA-256 of what is in them once opened. No personal data."""

    made_at: str  # ISO 8601, UTC: of the database's instant
    plainchant: str  # the version that made it
    engine: str
    is_sealed: bool
    files: dict[str, str]
    counts: dict[str, int]  # rows of each table
    migrations: list[str]
    documents: int
    document_bytes: int
    version: int = VERSION

    def write(self, folder: Path) -> None:
        (folder / FILE_NAME).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupUnusable where there is none that this version understands."""
    try:
        fields = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        manifest = Manifest(**fields)
    except (OSError, ValueError, TypeError) as error:
        raise BackupUnusable(f"{folder} n’est pas une sauvegarde entière de Plainchant.") from error
    if manifest.version != VERSION:
        raise BackupUnusable(f"{folder} vient d’une autre version de Plainchant. Restaurez-la avec celle-là.")
    return manifest


def name_of(at: datetime) -> str:
    """The folder of the backup of an instant; names sort by time."""
    return f"{at:{_AS_NAME}}"


def backups_in(folder: Path) -> list[Path]:
    """The whole backups in a folder, the newest last."""
    return sorted(
        manifest.parent for manifest in folder.glob(f"*/{FILE_NAME}") if not manifest.parent.name.startswith(".")
    )
