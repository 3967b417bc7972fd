"""Take a backup, verify one by putting it back in a temporary place, put one back for good."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from plainchant.portal.lib.disk import flush
from plainchant.portal.lib.errors import Refused
from plainchant.portal.store.inventory import items

from .databases import BackupUnusable, Database, DatabaseCopy, NamedDocument, Postgresql, Sqlite
from .manifest import Manifest, backups_in, name_of, read_manifest
from .sealing import Seal

DOCUMENTS = "documents"  # beside the backups: a document never changes, so each is kept once for all of them
LIST = "documents.jsonl"
_AT_ONCE = 500  # documents
_SHOWN = 20  # faults that are kept in words


class RestorePlaceFull(Refused):
    """Where a backup should be put back there is something already."""

    code = "restore_place_full"


@dataclass(kw_only=True)
class Copied:
    """What became of documents. ``faults``: what is wrong, in French; at most a few of many are in words."""

    new_documents: int = 0
    faults: list[str] = field(default_factory=list)
    fault_count: int = 0

    def note(self, sentence: str) -> None:
        self.fault_count += 1
        if len(self.faults) < _SHOWN:
            self.faults.append(sentence)


@dataclass
class Outcome(Copied):
    """What became of a backup."""

    folder: Path
    manifest: Manifest


def make(*, folder: Path, database: Database, seal: Seal, plainchant: str, at: datetime, keep: int = 0) -> Outcome:
    """Copy the database at one instant, then every document it names that the folder has not yet.

    ``keep``: the number of backups to keep there, this one among them; 0 keeps all. A document that the store has lost,
    or that is not what it was, is a fault: the backup is kept all the same. Raises BackupUnusable.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone_in(folder):
        final = folder / name_of(at)
        if final.exists():
            raise BackupUnusable(f"La sauvegarde {final} existe déjà.")
        staging = folder / f".{final.name}.partial"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            outcome = _make_in(staging, folder, database, seal, plainchant, at)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        staging.rename(final)
        flush(folder)
        outcome.folder = final
        if keep:
            _prune(folder, keep)
    return outcome


def _make_in(staging: Path, folder: Path, database: Database, seal: Seal, plainchant: str, at: datetime) -> Outcome:
    copied, listed = staging / "plain", staging / f"{LIST}.plain"
    with database.snapshot(copied) as copy:
        counts, migrations = copy.counts(), copy.migrations()
        number, weight = _list(copy, listed)
    files = {}
    for plain, name in ((copied, database.file_name), (listed, LIST)):
        with plain.open("rb") as source:
            files[name], _ = seal.write(source, staging / (name + seal.suffix))
        flush(staging / (name + seal.suffix))
    copied.unlink()
    outcome = Outcome(
        staging,
        Manifest(
            made_at=at.isoformat(),
            plainchant=plainchant,
            engine=database.name,
            is_sealed=bool(seal.suffix),
            files=files,
            counts=counts,
            migrations=migrations,
            documents=number,
            document_bytes=weight,
        ),
    )
    copy_documents(_listed(listed), folder=folder / DOCUMENTS, seal=seal, copied=outcome)
    listed.unlink()
    outcome.manifest.write(staging)
    os.sync()  # the names of the documents too: a manifest promises them
    return outcome


def _list(copy: DatabaseCopy, target: Path) -> tuple[int, int]:
    number = weight = 0
    with target.open("x", encoding="utf-8") as out:
        for document in copy.documents():
            out.write(json.dumps(asdict(document)) + "\n")
            number += 1
            weight += document.size
    return number, weight


def _listed(source: Path) -> Iterator[NamedDocument]:
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            yield NamedDocument(**json.loads(line))


def copy_documents(documents: Iterable[NamedDocument], *, folder: Path, seal: Seal, copied: Copied) -> None:
    """Those that the folder has not yet, from the portal's store; what is wrong is noted."""
    arrived: list[tuple[Path, Path]] = []
    for document in documents:
        arrived += _copy_document(document, folder, seal, copied)
        if len(arrived) == _AT_ONCE:
            _settle(arrived)
    if arrived:
        _settle(arrived)


def _settle(arrived: list[tuple[Path, Path]]) -> None:
    """Give files that are whole their names, once the disk has them; many at once, as each flush takes its time."""
    os.sync()
    for partial, target in arrived:
        partial.rename(target)
    arrived.clear()


def _copy_document(document: NamedDocument, folder: Path, seal: Seal, outcome: Copied) -> list[tuple[Path, Path]]:
    """The new file under its temporary name, and the name it is to have; nothing if it is there, or cannot be."""
    target = folder / (document.path + seal.suffix)
    if target.exists() and (seal.suffix or target.stat().st_size == document.size):
        return []
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with storages["documents"].open(document.path, "rb") as source:
            sha256, size = seal.write(cast("IO[bytes]", source), partial)
    except OSError as error:
        partial.unlink(missing_ok=True)
        outcome.note(f"Le document {document.path} n’a pas pu être lu dans le portail ({error.strerror or error}).")
        return []
    if (sha256, size) != (document.sha256, document.size):
        partial.unlink()
        outcome.note(f"Le document {document.path} n’est plus celui qui a été déposé : il n’est pas copié.")
        return []
    outcome.new_documents += 1
    return [(partial, target)]


def _prune(folder: Path, keep: int) -> None:
    """Let the oldest backups go, and the documents that none of the others names."""
    backups = backups_in(folder)
    for old in backups[:-keep]:
        shutil.rmtree(old)
    if any((backup / f"{LIST}.age").exists() for backup in backups[-keep:]):
        return  # what they name cannot be read without the secret key: their documents stay
    named = {document.path for backup in backups[-keep:] for document in _listed(backup / LIST)}
    root = folder / DOCUMENTS
    for path in root.rglob("*"):
        if path.is_file() and path.relative_to(root).as_posix() not in named:
            path.unlink()


def verify(*, backup: Path, seal: Seal, server: Database | None = None) -> Outcome:
    """Put the database back in a temporary place, compare its rows, and read every document that it names.

    ``server``: a database on the PostgreSQL server where a temporary one may be made. Raises BackupUnusable.
    """
    manifest = read_manifest(backup)
    outcome = Outcome(backup, manifest)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plainchant-verify-")))
        listed = _opened(backup, LIST, seal, scratch, outcome)
        database: Database
        if manifest.engine == Sqlite.name:
            database = Sqlite(scratch / "restored.sqlite3")
        elif isinstance(server, Postgresql):
            database = stack.enter_context(server.temporary(f"plainchant_verify_{os.getpid()}"))
        else:
            raise BackupUnusable(
                "Cette sauvegarde vient de PostgreSQL. Indiquez un serveur PostgreSQL où l’essayer, avec "
                "--database-url."
            )
        database.load(_opened(backup, _file_name(manifest), seal, scratch, outcome))
        with database.opened() as copy:
            _compare(copy, manifest, outcome)
            named = iter(copy.documents())
            for document in _listed(listed):
                if next(named, None) != document:
                    outcome.note(f"La base restaurée ne nomme pas le document {document.path} comme la sauvegarde.")
                    break
            else:
                if next(named, None) is not None:
                    outcome.note("La base restaurée nomme des documents que la sauvegarde n’a pas.")
        for document in _listed(listed):
            _check_document(document, backup.parent / DOCUMENTS, seal, outcome)
    return outcome


def restore(*, backup: Path, database: Database, seal: Seal, known_migrations: set[str]) -> Outcome:
    """Put a backup back: the documents, then the database, both into empty places.

    Begun again after an interruption, it goes on with the documents. ``known_migrations``: those of this program; a
    backup of a newer one is refused. Raises RestorePlaceFull and BackupUnusable: the database is empty still.
    """
    manifest = read_manifest(backup)
    if manifest.engine != database.name:
        raise BackupUnusable(
            f"Cette sauvegarde vient de {manifest.engine}, et DATABASE_URL désigne {database.name}. Restaurez-la sur "
            "le même moteur ; « plainchant move-to-postgresql » passe ensuite de l’un à l’autre."
        )
    newer = sorted(set(manifest.migrations) - known_migrations)
    if newer:
        raise BackupUnusable(
            f"Cette sauvegarde vient d’une version plus récente de Plainchant ({manifest.plainchant}). "
            "Installez-la d’abord."
        )
    if not database.is_empty():
        raise RestorePlaceFull(
            "La base de données n’est pas vide : rien n’a été restauré. Indiquez une base vide dans DATABASE_URL, ou "
            "un dossier vide dans PLAINCHANT_DATA."
        )
    outcome = Outcome(backup, manifest)
    with tempfile.TemporaryDirectory(prefix="plainchant-restore-") as name:
        scratch = Path(name)
        listed = _opened(backup, LIST, seal, scratch, outcome)
        copied = _opened(backup, _file_name(manifest), seal, scratch, outcome)
        if outcome.faults:
            raise BackupUnusable(f"{outcome.faults[0]} Prenez une sauvegarde plus ancienne.")
        documents = storages["documents"]
        present = _present(documents, listed)
        missing = (document for document in _listed(listed) if document.path not in present)
        put_back_documents(missing, folder=backup.parent / DOCUMENTS, seal=seal, copied=outcome)
        database.load(copied)
    with database.opened() as copy:
        _compare(copy, manifest, outcome)
    return outcome


def _present(documents: Storage, listed: Path) -> set[str]:
    """The documents that an earlier try has put back. Raises RestorePlaceFull if there is anything else."""
    expected = {document.path: document.size for document in _listed(listed)}
    found = {item.path for item in items(documents)}
    strangers = found - set(expected)
    if strangers:
        raise RestorePlaceFull(
            f"Il y a déjà des documents à l’endroit où restaurer ({min(strangers)}) : rien n’a été restauré. "
            "Indiquez un dossier vide dans PLAINCHANT_DATA, ou un bucket vide."
        )
    # What a power cut has left of a file is not as long as the document.
    cut = {path for path in found if documents.size(path) != expected[path]}
    for path in cut:
        documents.delete(path)
    return found - cut


def put_back_documents(missing: Iterable[NamedDocument], *, folder: Path, seal: Seal, copied: Copied) -> None:
    """Into the portal's store, each compared with what its row says; what is wrong is noted."""
    documents = storages["documents"]
    for document in missing:
        _put_back(document, folder, seal, documents, copied)
    if isinstance(documents, FileSystemStorage):
        os.sync()  # once for all of them: nothing counts before


def _put_back(document: NamedDocument, folder: Path, seal: Seal, documents: Storage, outcome: Copied) -> None:
    source = _source(document, folder)
    if source is None:
        outcome.note(f"Le document {document.path} manque dans la sauvegarde.")
        return
    if isinstance(documents, FileSystemStorage):
        target = Path(documents.path(document.path))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = target.with_name(target.name + ".partial")
        with open(partial, "wb", opener=_private) as out:
            found = _read(seal, source, out, outcome)
        if found == (document.sha256, document.size):
            partial.rename(target)
        else:
            partial.unlink()
    else:
        with tempfile.TemporaryFile() as scratch:
            found = _read(seal, source, scratch, outcome)
            if found == (document.sha256, document.size):
                scratch.seek(0)
                documents.save(document.path, File(scratch))
    if found == (document.sha256, document.size):
        outcome.new_documents += 1
    elif found is not None:
        outcome.note(f"Le document {document.path} est abîmé dans la sauvegarde : il n’est pas restauré.")


def _check_document(document: NamedDocument, folder: Path, seal: Seal, outcome: Copied) -> None:
    source = _source(document, folder)
    if source is None:
        outcome.note(f"Le document {document.path} manque dans la sauvegarde.")
        return
    found = _read(seal, source, None, outcome)
    if found is not None and found != (document.sha256, document.size):
        outcome.note(f"Le document {document.path} est abîmé dans la sauvegarde.")


def _read(seal: Seal, source: Path, target: IO[bytes] | None, outcome: Copied) -> tuple[str, int] | None:
    try:
        return seal.read(source, target)
    except (BackupUnusable, OSError) as error:
        outcome.note(error.sentence if isinstance(error, BackupUnusable) else f"{source} est illisible ({error}).")
        return None


def _source(document: NamedDocument, folder: Path) -> Path | None:
    """A folder may hold some documents sealed and others not: a key may be given from a day on."""
    for path in (folder / document.path, folder / f"{document.path}.age"):
        if path.exists():
            return path
    return None


def _opened(backup: Path, name: str, seal: Seal, scratch: Path, outcome: Outcome) -> Path:
    """A file of a backup as it was, in ``scratch``. Raises BackupUnusable if it is missing or cannot be opened."""
    source = next((path for path in (backup / name, backup / f"{name}.age") if path.exists()), None)
    if source is None:
        raise BackupUnusable(f"Le fichier {name} manque dans la sauvegarde {backup}.")
    target = scratch / name
    with target.open("xb") as out:
        sha256, _ = seal.read(source, out)
    if sha256 != outcome.manifest.files[name]:
        outcome.note(f"Le fichier {name} de la sauvegarde {backup} est abîmé.")
    return target


def _file_name(manifest: Manifest) -> str:
    return next(name for name in manifest.files if name != LIST)


def _compare(copy: DatabaseCopy, manifest: Manifest, outcome: Outcome) -> None:
    counts = copy.counts()
    for table, expected in manifest.counts.items():
        if counts.get(table) != expected:
            outcome.note(f"La table {table} a {counts.get(table, 0)} lignes au lieu de {expected}.")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder. Raises BackupUnusable where another is under way."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupUnusable(f"Une autre sauvegarde est en cours dans {folder}.") from error
        yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
