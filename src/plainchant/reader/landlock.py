"""Landlock: which files, ports and processes a process can reach, to the newest version the kernel has.

Linux 5.13 and later; the system calls have the same number on every architecture.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1  # flag of the first call
_PATH_BENEATH = 1
_RULE = struct.Struct("=Qi")

_READ_FILE, _READ_FOLDER, REMOVE_FOLDER = 1 << 2, 1 << 3, 1 << 4
READ = _READ_FILE | _READ_FOLDER
# The version a wall came with, and how many rights of files that version knows.
FILES, MOVES, TRUNCATION, PORTS, DEVICES, PROCESSES = 1, 2, 3, 4, 5, 6
_FILE_RIGHTS = {FILES: 13, MOVES: 14, TRUNCATION: 15, PORTS: 15, DEVICES: 16, PROCESSES: 16}
_BIND_AND_CONNECT = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The version of the running kernel, 0 without Landlock."""
    return max(0, _libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION))


def restrict(allowed: Iterable[tuple[Path, int]]) -> int:
    """Leave this process and its future children only ``allowed``: paths, and the rights on what is beneath.

    They can neither use a TCP port, nor send a signal to or look into a process outside. Answers the version that was
    applied, 0 when nothing was. Needs PR_SET_NO_NEW_PRIVS.
    """
    offered = version()
    if offered < FILES:
        return 0
    handled = struct.pack("=Q", (1 << _FILE_RIGHTS[min(offered, PROCESSES)]) - 1)
    if offered >= PORTS:
        handled += struct.pack("=Q", _BIND_AND_CONNECT)
    if offered >= PROCESSES:
        handled += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = _libc.syscall(_CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return 0
    try:
        for path, rights in allowed:
            _allow(ruleset, path, rights)
        return offered if _libc.syscall(_RESTRICT, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    with contextlib.suppress(OSError):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                rights &= _READ_FILE  # the others mean nothing on what is no folder
            rule = _RULE.pack(rights, opened)
            _libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0)
        finally:
            os.close(opened)
