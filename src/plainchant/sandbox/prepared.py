"""What a sandbox begins again from: the database as each seed has made it, kept for the next one of this machine.

Plain Python: the command reads it before it loads Django. A folder has `seeds/empty.sqlite3`, migrated and nothing
else, and of each set of people that was once seeded a database and the credentials of its programs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

DATABASE = "plainchant.sqlite3"
CREDENTIALS = "credentials.json"  # of the seed that serves
NAME = "seed.txt"  # which that is
DEFAULT = "usual"
# Name of a seed → whose people it has: invoices are made anew each time, of the instant at which one begins.
PEOPLE_OF: Mapping[str, str] = {"usual": "usual", "qualification": "qualification", "midway": "usual"}
_SEEDS = "seeds"
_KEPT = (_SEEDS, "static")


def empty(folder: Path) -> Path:
    """The database before anything was put into it."""
    return folder / _SEEDS / "empty.sqlite3"


def seeded(folder: Path, seed: str) -> Path:
    """The database with the people of a seed, which may not have been made yet."""
    return folder / _SEEDS / f"{PEOPLE_OF[seed]}.sqlite3"


def credentials(folder: Path, seed: str) -> Path:
    """The secrets of its programs."""
    return folder / _SEEDS / f"{PEOPLE_OF[seed]}.json"


def seed_in(folder: Path) -> str:
    """The name of the seed that serves in a folder; empty where nothing does."""
    try:
        return (folder / NAME).read_text()
    except FileNotFoundError:
        return ""


def take(folder: Path) -> None:
    """Mark a folder as a sandbox's, before anything is put into it."""
    (folder / NAME).touch()


def is_of_another(folder: Path) -> bool:
    """Whether it has a database that no sandbox has made: that of a real portal would be lost."""
    return (folder / DATABASE).exists() and not (folder / NAME).exists()


def write_seed(folder: Path, seed: str) -> None:
    """Say that this seed serves, with the secrets of its programs."""
    shutil.copy2(credentials(folder, seed), folder / CREDENTIALS)
    (folder / NAME).write_text(seed)


def fill(folder: Path) -> bool:
    """Give an empty folder what earlier sandboxes of this version have prepared; False if there is none."""
    kept = _place()
    if not kept.is_dir():
        return False
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return True


def begin(folder: Path, seed: str) -> bool:
    """Put the database of a seed in its place, where no process has it open; False where it has to be made first."""
    if not seeded(folder, seed).exists():
        if empty(folder).exists():
            _put(folder, empty(folder))
        return False
    _put(folder, seeded(folder, seed))
    write_seed(folder, seed)
    return PEOPLE_OF[seed] == seed


def _put(folder: Path, kept: Path) -> None:
    shutil.copyfile(kept, folder / DATABASE)
    (folder / DATABASE).chmod(0o600)


def keep(folder: Path) -> None:
    """Keep what has been prepared in a folder, in the place of what an older version had; where it can."""
    place = _place()
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = Path(tempfile.mkdtemp(dir=place.parent))
        for name in _KEPT:
            shutil.copytree(folder / name, new / name)
        for older in place.parent.iterdir():
            if older != new:
                shutil.rmtree(older, ignore_errors=True)
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
