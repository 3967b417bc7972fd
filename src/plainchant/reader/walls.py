"""The walls around a child that reads an untrusted file: no network, no rights, few resources, and almost no files.

Some are raised once, in the zygote (`raise_shared`). The rest each child raises around itself (`raise_own`), so that
children are as far from each other as from the portal. What the kernel does not offer is left out and told to the
operator (`RaisedWalls`): the walls are many so that none is the only one.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import plainchant
from plainchant.reader import landlock, system_calls

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
FILE_BYTES = 64 << 20
OPEN_FILES = 64
THREADS = 64  # of a child; of the zygote and all of its children where they share a user namespace

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_NEWUSER, _NEWNET, _NEWIPC = 0x10000000, 0x40000000, 0x08000000
_CAPABILITIES_V3 = 0x20080522
_KILL, _SETGID, _SETUID = 5, 6, 7
_ZYGOTE_KEEPS = 1 << _KILL | 1 << _SETGID | 1 << _SETUID  # of a root portal: to give a child its user, and to end it
# Users that nobody hands out (systemd's table leaves them alone): a child's is the first plus its process number.
_FIRST_USER = 2_000_000_000

# What a child may read. Of Python and of ours it needs nothing but to recognise characters (see `loading`); the system
# has what libraries look for late: fonts, encodings, Tesseract and its languages. Of other processes it sees nothing.
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/fonts", "/dev/null", "/proc/self", "/proc/cpuinfo", "/proc/meminfo",
          "/proc/stat", "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu")  # fmt: skip
OURS = (sys.prefix, sys.base_prefix, *plainchant.__path__)

# Of a reader's process: nothing of ours, as settings and secrets travel in the environment.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PYTHONPATH": os.pathsep.join(str(Path(folder).parent) for folder in plainchant.__path__),
    "RAYON_NUM_THREADS": "1",  # of typst, whatever the machine has: each takes its share of a child's memory
}

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may take: seconds of wall clock, memory that it sees, and how far it stands back for others."""

    seconds: float
    nice: int = 5
    memory_bytes: int = MEMORY_BYTES


@dataclass(frozen=True, slots=True)
class RaisedWalls:
    """Which walls stand around a child on this machine. ``landlock`` is the kernel's version of it, 0 without."""

    own_user: bool
    network: bool
    landlock: int
    system_calls: bool

    @property
    def missing(self) -> list[str]:
        """What this machine refuses, a sentence each, for the operator."""
        refused = [sentence for needed, sentence in _BY_LANDLOCK if self.landlock < needed]
        if not self.network:
            refused.append("no network namespace: only the other walls keep a reader from the network")
        if not self.system_calls:
            refused.append("no seccomp on this kernel or processor: a reader may make any system call")
        if not self.own_user:
            refused.append("no user of its own for a reader, which only a portal started by root can give")
        return refused


_BY_LANDLOCK = (
    (landlock.FILES, "no Landlock (Linux 5.13): a reader may open whatever the portal's user may"),
    (landlock.TRUNCATION, "no control of truncation by Landlock (Linux 6.2)"),
    (landlock.PORTS, "no control of TCP by Landlock (Linux 6.7)"),
    (landlock.DEVICES, "no control of devices by Landlock (Linux 6.10)"),
    (landlock.PROCESSES, "no control of signals and abstract sockets by Landlock (Linux 6.12)"),
)


def raise_shared() -> bool:
    """In the zygote: shut the network, files, and all rights but those with which it looks after its children.

    Whether the network is shut. To be called once everything that will be needed is loaded.
    """
    with contextlib.suppress(OSError):  # let the kernel take a reader, not the server, when memory runs out
        Path("/proc/self/oom_score_adj").write_text("1000")
    is_root = os.geteuid() == 0
    is_apart = _unshare(_NEWNET | _NEWIPC) or (not is_root and _unshare(_NEWUSER | _NEWNET | _NEWIPC))
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A new user namespace comes with every capability inside it: hand them back.
    _keep_capabilities(_ZYGOTE_KEEPS if is_root else 0)
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    folder = Path.cwd()
    landlock.restrict([
        *((Path(path), landlock.READ) for path in (*SYSTEM, "/proc", *OURS)),
        (folder, landlock.READ | landlock.REMOVE_FOLDER),
        (folder.parent, landlock.REMOVE_FOLDER),  # it removes its folder when it leaves
    ])  # fmt: skip
    return is_apart


def raise_own(limits: ChildLimits, *, is_apart: bool, starting: Iterable[Callable[[], None]] = ()) -> RaisedWalls:
    """In a child: shut everything around it. It is to be over after its seconds, and when its zygote dies.

    `is_apart`: what `raise_shared` said of the network. Nothing can be written anywhere. `starting` is what starts
    threads whatever may be started later: before the limit on processes, and behind the other walls.
    """
    zygote = os.getppid()
    has_own_user = _take_user(_FIRST_USER + os.getpid())
    if not os.access(Path.cwd(), os.F_OK):  # temporary files lie where only root can go: typst asks for its folder
        os.chdir("/")
    is_apart = is_apart or _unshare(_NEWUSER | _NEWNET | _NEWIPC)
    _keep_capabilities(0)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user would take it back
    if os.getppid() != zygote:  # it died before the line above
        os._exit(1)
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    version = landlock.restrict((Path(path), landlock.READ) for path in (*SYSTEM, *OURS))
    for start in starting:
        start()
    _limit(limits)
    is_filtered = system_calls.shut()
    # No grandchildren, as nothing would end them. The filter tells threads from processes, which this limit does not:
    # the decoder of HEIC starts one for each picture.
    _set_limit(resource.RLIMIT_NPROC, THREADS if is_filtered else 0)
    return RaisedWalls(has_own_user, is_apart, version, is_filtered)


def _limit(limits: ChildLimits) -> None:
    most_of = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: max(CPU_SECONDS, int(limits.seconds)),
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in most_of.items():
        _set_limit(which, most)
    os.nice(limits.nice)
    # The zygote kills at the deadline; the alarm does so even if the zygote is held up.
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + 1.0)


def _set_limit(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (allowed, allowed))


def _unshare(namespaces: int) -> bool:
    return bool(_libc.unshare(namespaces) == 0)


def _keep_capabilities(wanted: int) -> None:
    kept = struct.pack("=6I", wanted, wanted, 0, 0, 0, 0)  # effective, permitted, inheritable; then their upper halves
    _libc.capset(struct.pack("=II", _CAPABILITIES_V3, 0), kept)


def _take_user(user: int) -> bool:
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:
        return False
    return True


def _trial() -> RaisedWalls:
    """Raise the walls in a process that does nothing else, and say which stand."""
    is_apart = raise_shared()
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        walls = raise_own(ChildLimits(seconds=10), is_apart=is_apart)
        os.write(writing, json.dumps(asdict(walls)).encode())
        os._exit(0)
    os.close(writing)
    answer = os.read(reading, 4096)
    os.waitpid(pid, 0)
    return RaisedWalls(**json.loads(answer))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_trial())) + "\n")
