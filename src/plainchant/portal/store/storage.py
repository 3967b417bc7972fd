"""The document store on a local disk: a file is there for good before its name is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from plainchant.portal.lib.disk import flush
from plainchant.portal.lib.outages import StoreAway

_FLUSHES_AT_ONCE = 4
_S3_ERRORS = ("botocore.", "boto3.", "s3transfer.", "urllib3.")  # known by name: the library may not be installed


class DurableFileSystemStorage(FileSystemStorage):
    """FileSystemStorage that returns from ``save`` only when a power cut can no longer lose the file.

    Written under a temporary name, flushed to the disk, renamed, the directory flushed too.
    """

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        _write(target, content.chunks())
        flush(_partial(target))
        _partial(target).rename(target)
        _flush_folders([target])
        return name

    def delete(self, name: str) -> None:
        """The file, and what a crash has left of it under its temporary name."""
        super().delete(name)
        _partial(Path(self.path(name))).unlink(missing_ok=True)

    def save_many(self, contents: Mapping[str, bytes]) -> None:
        """Several files at once, under names that are free. Flushed side by side, their folders once for all."""
        targets = {Path(self.path(name)): content for name, content in contents.items()}
        for target, content in targets.items():
            _write(target, [content])
        # A disk that is asked for several flushes at once does them in one go.
        with ThreadPoolExecutor(_FLUSHES_AT_ONCE) as side_by_side:
            list(side_by_side.map(flush, map(_partial, targets)))
        for target in targets:
            _partial(target).rename(target)
        _flush_folders(targets)


@contextmanager
def reached() -> Iterator[None]:
    """What the disk, or S3's library, raises in this block is StoreAway: the store cannot be reached, read or written.

    A document that is not there although its row is: a folder that is not mounted, or one that was lost.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or type(error).__module__.startswith(_S3_ERRORS):
            raise StoreAway(str(error)) from error
        raise


def _partial(target: Path) -> Path:
    return target.with_name(target.name + ".partial")


def _make_folder(folder: Path) -> None:
    """Nobody but the portal's user enters it, nor those above it that are made."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(target: Path, chunks: Iterable[bytes]) -> None:
    _make_folder(target.parent)
    try:
        with open(_partial(target), "xb", opener=_for_us_alone) as out:
            for chunk in chunks:
                out.write(chunk)
    except BaseException:
        _partial(target).unlink(missing_ok=True)
        raise


def _flush_folders(targets: Iterable[Path]) -> None:
    """The folder of each file, and the two above it: one of them may be new."""
    for folder in {folder for target in targets for folder in target.parents[:3]}:
        flush(folder)
