"""The n-th write to the database or to the disk is the last one that a process makes (SQLite's own method of testing).

Reads change nothing: to die at one is to die at the write after it.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from plainchant.portal.lib.time import now
from plainchant.portal.queue.models import Job
from plainchant.portal.queue.operations import run_one
from plainchant.portal.store import storage
from plainchant.tasks.sweep import sweep
from plainchant.tasks.table import TASKS


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: nothing catches it, the transaction under way is undone."""


class Fault:
    """Counts the writes, and makes one of them the last."""

    def __init__(self, at_write: int, *, kind: str) -> None:
        self.left, self.kind, self.has_struck = at_write, kind, False

    def write(self, *, on_disk: bool = False) -> None:
        if self.has_struck:
            return
        self.left -= 1
        if self.left == 0:
            self.has_struck = True
            if self.kind == "killed":
                raise Killed
            if on_disk:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise OperationalError("disk I/O error") from _disk_error()


def _disk_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


@contextmanager
def faulty(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, the fault counts what is written to the database and to the disk."""

    def statement(execute, sql, params, many, context):
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            fault.write()
        return execute(sql, params, many, context)

    real_commit = connection._commit

    def commit():
        fault.write()
        return real_commit()

    def on_disk(real):
        def operation(*given):
            fault.write(on_disk=True)
            return real(*given)

        return operation

    with monkeypatch.context() as patched, connection.execute_wrapper(statement):
        patched.setattr(connection, "_commit", commit)
        patched.setattr(storage, "_write", on_disk(storage._write))
        patched.setattr(storage, "flush", on_disk(storage.flush))
        patched.setattr(Path, "rename", on_disk(Path.rename))
        yield


def recover() -> None:
    """What the next workers do: the sweep finds what was under way, whoever had it."""
    for minutes in (10, 20):
        later = now() + timedelta(minutes=minutes)
        sweep(at=later)
        while run_one(tasks=TASKS, at=later):
            pass
    assert not Job.objects.exists()
