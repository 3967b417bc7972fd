"""The walls around a child that reads an untrusted file: no network, no rights, few resources, and almost no files.

Network, capabilities and files are shut once, in the zygote, for all children; limits are set in each child. What the
kernel does not offer is left out: the walls are many so that none is the only one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys
from pathlib import Path

import plainchant

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
FILE_BYTES = 64 << 20
OPEN_FILES = 64

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

# Landlock, Linux 5.13 and later: system calls that have the same number on every architecture.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION = 1  # flag of the first call
_LANDLOCK_PATH_BENEATH = 1
_READ = 1 << 2 | 1 << 3  # read a file, list a folder
_ALL = (1 << 13) - 1  # every right of the first version
_LANDLOCK_RULE = struct.Struct("=Qi")

# What a child may read. Of Python and of ours it needs nothing but to recognise characters (see `loading`); the system
# has what libraries look for late: fonts, encodings, Tesseract and its languages.
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/fonts", "/proc", "/dev/null")
OURS = (sys.prefix, sys.base_prefix, *plainchant.__path__)

_libc = ctypes.CDLL(None, use_errno=True)


def raise_walls(*, folder: Path) -> None:
    """Shut network, rights and files for this process and its future children; `folder` alone stays writable.

    To be called once everything that will be needed is loaded.
    """
    with contextlib.suppress(OSError):  # let the kernel take a reader, not the server, when memory runs out
        Path("/proc/self/oom_score_adj").write_text("1000")
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        _libc.unshare(_CLONE_NEWNET)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A new user namespace comes with every capability inside it: hand them back.
    _libc.capset(struct.pack("=II", 0x20080522, 0), bytes(24))
    _shut_files(folder)


def limit(*, seconds: float) -> None:
    """Set the limits of one child, which is to be over after `seconds` of wall clock and when its zygote dies."""
    zygote = os.getppid()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != zygote:  # it died before the line above
        os._exit(1)
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: max(CPU_SECONDS, int(seconds)),
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,  # no grandchildren: nothing would end them
    }
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))
    os.nice(5)
    # The zygote kills at the deadline; the alarm does so even if the zygote is held up.
    signal.setitimer(signal.ITIMER_REAL, seconds + 1.0)


def _shut_files(folder: Path) -> None:
    """Leave Python, the fonts and /proc to read, and `folder` to write: the database and the documents are neither."""
    version = _libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return
    handled = struct.pack("=Q", _ALL)
    ruleset = _libc.syscall(_LANDLOCK_CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return
    try:
        for path in {*SYSTEM, *OURS}:
            _allow(ruleset, Path(path), _READ)
        _allow(ruleset, folder, _ALL)
        _allow(ruleset, folder.parent, 1 << 4)  # the zygote removes its folder when it leaves
        _libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    with contextlib.suppress(OSError):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                rights &= 1 << 2
            rule = _LANDLOCK_RULE.pack(rights, opened)
            _libc.syscall(_LANDLOCK_ADD, ruleset, _LANDLOCK_PATH_BENEATH, rule, 0)
        finally:
            os.close(opened)
