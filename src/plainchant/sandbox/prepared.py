"""A prepared sandbox, kept for the next one of this machine: it then starts in the time its web server takes.

Plain Python: the command reads it before it loads Django.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

SEEDED = "seeded.sqlite3"  # what a sandbox begins again from
CREDENTIALS = "credentials.json"
_DATABASE = "plainchant.sqlite3"
_KEPT = (SEEDED, CREDENTIALS, "static")


def fill(folder: Path) -> bool:
    """Give an empty folder what an earlier sandbox of this version has prepared; False if there is none."""
    kept = _place()
    if not kept.is_dir():
        return False
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    shutil.copyfile(folder / SEEDED, folder / _DATABASE)
    (folder / _DATABASE).chmod(0o600)
    return True


def keep(folder: Path) -> None:
    """Keep what has been prepared in a folder, in the place of what an older version had; where it can."""
    place = _place()
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for older in place.parent.iterdir():
            shutil.rmtree(older, ignore_errors=True)
        new = Path(tempfile.mkdtemp(dir=place.parent))
        for name in _KEPT:
            copy = shutil.copytree if (folder / name).is_dir() else shutil.copy2
            copy(folder / name, new / name)
        new.rename(place)
    except OSError:
        return


def _place() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "plainchant-sandbox" / _version()


def _version() -> str:
    """Of the program as it stands on this disk: each of its files, how long it is, when it was changed."""
    package = Path(__file__).parents[1]
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    seen = hashlib.sha256()
    for path in files:
        found = path.stat()
        seen.update(f"{path.relative_to(package)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]
