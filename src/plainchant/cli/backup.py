"""`plainchant backup` and `plainchant restore`: database and documents together, verified, sealed if a key is given."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plainchant.einvoice.wording import counted
from plainchant.portal.lib.errors import Refused

from . import django
from .listing import as_json_option, print_list, refusals

if TYPE_CHECKING:
    from plainchant.portal.backups.operations import Outcome
    from plainchant.portal.backups.sealing import Seal

_folder = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
_which = click.option(
    "--at", "name", default="", help="The backup of that name (plainchant backup list); else the newest."
)
_key_file = click.option(
    "--key-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The secret key of sealed backups."
)


@click.group()
def backup() -> None:
    """Take backups, list them, verify one by restoring it in a temporary place."""


@backup.command()
@_folder
@click.option("--keep", default=0, show_default=True, help="How many backups to keep in FOLDER; 0: all.")
@as_json_option
def make(folder: Path, keep: int, *, as_json: bool) -> None:
    """Copy the database into FOLDER, then the documents that are not there yet. The portal goes on meanwhile.

    Sealed for the public key PLAINCHANT_BACKUP_KEY if it is set. Ends with 1 if a document is not what it was.
    """
    os.umask(0o077)
    django()
    from django.conf import settings

    from plainchant.portal.backups import databases, operations
    from plainchant.portal.backups.sealing import Seal
    from plainchant.portal.lib import deeds
    from plainchant.portal.lib.time import now

    with refusals():
        outcome = operations.make(
            folder=folder,
            database=databases.of_the_settings(),
            seal=Seal(recipient=settings.BACKUP_KEY),
            plainchant=version("plainchant"),
            at=now(),
            keep=keep,
        )
    deeds.note(deeds.Deed.BACKUP, at=now(), number=outcome.fault_count)
    _print(
        outcome,
        f"Sauvegarde prise : {outcome.folder}. {counted(outcome.manifest.documents, 'document', 'documents')}, dont "
        f"{counted(outcome.new_documents, 'nouveau', 'nouveaux')}."
        + ("" if outcome.manifest.is_sealed else " Elle n’est pas chiffrée : gardez-la à l’abri."),
        as_json=as_json,
    )


@backup.command("list")
@_folder
@as_json_option
def list_(folder: Path, *, as_json: bool) -> None:
    """List the backups in FOLDER, the newest last."""
    from plainchant.portal.backups.manifest import backups_in, read_manifest

    rows: list[dict[str, object]] = []
    with refusals():
        for place in backups_in(folder):
            manifest = read_manifest(place)
            rows.append(
                {
                    "name": place.name,
                    "engine": manifest.engine,
                    "is_sealed": manifest.is_sealed,
                    "documents": manifest.documents,
                    "document_bytes": manifest.document_bytes,
                    "plainchant": manifest.plainchant,
                }
            )
    print_list(rows, as_json=as_json, none=f"Il n’y a aucune sauvegarde entière dans {folder}.")


@backup.command()
@_folder
@_which
@_key_file
@click.option("--database-url", default="", help="A PostgreSQL server to try it on; else that of the portal.")
@as_json_option
def verify(folder: Path, name: str, key_file: Path | None, database_url: str, *, as_json: bool) -> None:
    """Restore a backup of FOLDER in a temporary place, and compare every row count and the hash of every document.

    Ends with 1 if anything is missing or damaged.
    """
    os.umask(0o077)
    django()
    from plainchant.portal.backups import databases, operations

    with refusals():
        outcome = operations.verify(
            backup=_chosen(folder, name),
            seal=_opening(key_file),
            server=databases.of_url(database_url) if database_url else databases.of_the_settings(),
        )
    _print(
        outcome,
        f"La sauvegarde {outcome.folder.name} se restaure : "
        f"{counted(outcome.manifest.documents, 'document', 'documents')} et "
        f"{counted(sum(outcome.manifest.counts.values()), 'ligne', 'lignes')}.",
        as_json=as_json,
    )


@backup.command()
@_folder
@click.option("--every", default=15.0, show_default=True, help="Seconds between two rounds; 0: one round only.")
def follow(folder: Path, every: float) -> None:
    """Keep FOLDER, on another machine, up to date beside the log of PostgreSQL that pg_receivewal writes there.

    Each round copies the documents that are new and notes to which point everything is there. What goes wrong is said,
    and tried again. With --every 0 the command ends with 1 then. Until told to stop (SIGTERM, Ctrl-C).
    """
    os.umask(0o077)
    django()
    from django.conf import settings

    from plainchant.portal.backups import databases, following
    from plainchant.portal.backups.sealing import Seal
    from plainchant.portal.lib.outages import dependency_of, first_line
    from plainchant.portal.lib.time import now

    database = databases.of_the_settings()
    if not isinstance(database, databases.Postgresql):
        raise click.ClickException("Seul le journal de PostgreSQL se suit. Avec SQLite : plainchant backup make.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    seal = Seal(recipient=settings.BACKUP_KEY)
    while not stop.is_set():
        try:
            faults = following.follow(folder=folder, database=database, seal=seal, at=now()).faults
        except Refused as refused:
            faults = [refused.sentence]
        except Exception as error:
            if dependency_of(error) is None:
                raise
            faults = [first_line(error)]
        for fault in faults:
            click.echo(f"✗ {fault}", err=True)
        if not every:
            sys.exit(1 if faults else 0)
        stop.wait(every)


@backup.command("put-back")
@_folder
@_key_file
def put_back(folder: Path, key_file: Path | None) -> None:
    """Bring back from FOLDER, which `follow` has filled, the documents that the database names and the store has not.

    Ends with 1 if one is missing or damaged.
    """
    os.umask(0o077)
    django()
    from plainchant.portal.backups import databases, following

    database = databases.of_the_settings()
    if not isinstance(database, databases.Postgresql):
        raise click.ClickException("Ce dossier va avec une base PostgreSQL. Avec SQLite : plainchant restore.")
    with refusals():
        copied = following.put_back(folder=folder, database=database, seal=_opening(key_file))
    for fault in copied.faults:
        click.echo(f"✗ {fault}", err=True)
    click.echo(counted(copied.new_documents, "document remis en place.", "documents remis en place."))
    sys.exit(1 if copied.fault_count else 0)


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
def key(file: Path) -> None:
    """Make a pair of keys: the secret one into FILE, to be kept away from the portal; the public one is printed."""
    from plainchant.portal.backups.sealing import new_key

    with refusals():
        public, secret = new_key()
    try:
        with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(f"# public key: {public}\n{secret}\n")
    except FileExistsError:
        raise click.ClickException(f"{file} existe déjà : il n’a pas été touché. Choisissez un autre nom.") from None
    click.echo(f"PLAINCHANT_BACKUP_KEY={public}")
    click.echo(
        f"Gardez {file} ailleurs que sur cette machine : sans lui, aucune sauvegarde chiffrée ne s’ouvre.", err=True
    )


@click.command()
@_folder
@_which
@_key_file
@as_json_option
def restore(folder: Path, name: str, key_file: Path | None, *, as_json: bool) -> None:
    """Put a backup of FOLDER back into the database and the document store of the settings, both empty.

    Ends with 1 if something was missing or damaged: then what could be restored has been.
    """
    os.umask(0o077)
    django()
    from plainchant.portal.backups import databases, operations

    with refusals():
        outcome = operations.restore(
            backup=_chosen(folder, name),
            database=databases.of_the_settings(),
            seal=_opening(key_file),
            known_migrations=databases.known_migrations(),
        )
    _print(
        outcome,
        f"Sauvegarde restaurée : {counted(outcome.manifest.documents, 'document', 'documents')} et "
        f"{counted(sum(outcome.manifest.counts.values()), 'ligne', 'lignes')}. Lancez plainchant setup, puis démarrez.",
        as_json=as_json,
    )


def _chosen(folder: Path, name: str) -> Path:
    from plainchant.portal.backups.databases import BackupUnusable
    from plainchant.portal.backups.manifest import backups_in

    found = [place for place in backups_in(folder) if not name or place.name == name]
    if not found:
        wanted = f"de sauvegarde {name}" if name else "de sauvegarde entière"
        raise BackupUnusable(f"Il n’y a pas {wanted} dans {folder}. Voyez plainchant backup list.")
    return found[-1]


def _opening(key_file: Path | None) -> Seal:
    from plainchant.portal.backups.sealing import Seal, secret_in

    return Seal(identity=secret_in(key_file.read_text(encoding="utf-8")) if key_file else "")


def _print(outcome: Outcome, sentence: str, *, as_json: bool) -> None:
    """What was done, or what is wrong; ends with 1 in the second case."""
    write: Callable[..., Any] = click.echo
    if as_json:
        fields = {
            "folder": str(outcome.folder),
            "documents": outcome.manifest.documents,
            "new_documents": outcome.new_documents,
            "rows": sum(outcome.manifest.counts.values()),
            "fault_count": outcome.fault_count,
            "faults": outcome.faults,
        }
        write(json.dumps(fields, ensure_ascii=False, indent=2))
    else:
        for fault in outcome.faults:
            write(f"✗ {fault}", err=True)
        if outcome.fault_count > len(outcome.faults):
            write(f"✗ … et {counted(outcome.fault_count - len(outcome.faults), 'autre')}.", err=True)
        if not outcome.fault_count:
            write(sentence)
        else:
            write(f"{counted(outcome.fault_count, 'défaut', 'défauts')} dans {outcome.folder}.", err=True)
    sys.exit(1 if outcome.fault_count else 0)
