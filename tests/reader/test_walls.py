"""Each way out of a reader, tried by a real child that somebody took over, on the kernel that runs."""

from __future__ import annotations

import logging
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plainchant.reader import landlock, raised, sandbox, system_calls, walls
from plainchant.reader.reasons import ReaderFailed
from tests.reader.probe import ORDINARY, attempted, inside, surroundings, zygote

NOTHING_LOADED = "\nchild.load = child._warm_up = lambda: None"  # no invoice is read here
KINDS = {"a portal of root": "", "a portal of an ordinary user": ORDINARY}


@pytest.fixture(scope="module", params=KINDS)
def reader_of_a_kind(request: pytest.FixtureRequest) -> Iterator[None]:
    if not KINDS[request.param] and os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    with pytest.MonkeyPatch.context() as patch:
        sandbox.close()  # that of another module
        patch.setattr(sandbox, "_ZYGOTE", zygote(KINDS[request.param] + NOTHING_LOADED))
        yield
        sandbox.close()


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that everybody on the machine may read and write: only the walls are in the way."""
    folder = tmp_path_factory.mktemp("documents")
    folder.chmod(0o777)
    path = folder / "facture.pdf"
    path.write_bytes(b"%PDF-1.7 an invoice")
    path.chmod(0o666)
    for parent in folder.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    return path


FILES = {
    "a document is read": "open({path!r}).read()",
    "a document is written": "open({path!r}, 'r+b').write(b'x')",
    "a document is emptied by name": "os.truncate({path!r}, 0)",
    "a document is emptied as it is opened": "os.close(os.open({path!r}, os.O_RDONLY | os.O_TRUNC))",
    "a document's rights are changed": "os.chmod({path!r}, 0)",
    "a document's owner is changed": "os.chown({path!r}, os.getuid(), os.getgid())",
    "a document's date is changed": "os.utime({path!r})",
    "a document is marked": "os.setxattr({path!r}, 'user.x', b'x')",
    "a document is removed": "os.unlink({path!r})",
    "a document is renamed": "os.rename({path!r}, {path!r} + '2')",
    "a document is linked": "os.link({path!r}, {path!r} + '2')",
    "a file is made beside it": "open({path!r} + '2', 'x')",
    "a folder is listed": "os.listdir(os.path.dirname({path!r}))",
    "a file is made in the folder it stands in": "open('trial', 'x')",
    "a file is made in /tmp": "open('/tmp/plainchant-trial', 'x')",
    "a file is made in /dev/shm": "open('/dev/shm/plainchant-trial', 'x')",
}
OTHERS = {
    "the environment of the portal": "open('/proc/{portal}/environ').read()",
    "the memory of the portal": "open('/proc/{portal}/mem', 'rb')",
    "the command of the portal": "open('/proc/{portal}/cmdline').read()",
    "the memory of the zygote": "open('/proc/%d/mem' % os.getppid(), 'rb')",
    "an end of the zygote": "os.kill(os.getppid(), 0)",
    "an end of everything": "os.kill(-1, 0)",
    "the limits of the zygote": "import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
    "a trace of the zygote": "call(101, 117, 16, os.getppid(), 0, 0)",
    "a read in the zygote": "call(310, 270, os.getppid(), 0, 0, 0, 0, 0)",
    "a hold on the zygote": "os.pidfd_open(os.getppid())",
}
KERNEL = {
    "a UNIX socket": "socket.socket(socket.AF_UNIX)",
    "a UNIX pair": "socket.socketpair()",
    "a TCP socket": "socket.socket(socket.AF_INET)",
    "a netlink socket": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "another process": "os.fork()",
    "another program": "os.execv('/bin/true', ['true'])",
    "a namespace": "call(272, 97, 0x10000000)",
    "io_uring": "call(425, 425, 1, ctypes.create_string_buffer(200))",
    "userfaultfd": "call(323, 282, 1)",
    "a keyring": "call(250, 219, 0, -3, 0)",
    "a BPF program": "call(321, 280, 0, 0, 0)",
    "performance counters": "call(298, 241, 0, 0, -1, -1, 0)",
    "shared memory": "call(29, 194, 0, 4096, 0o1600)",
    "a mount": "call(165, 40, 0, b'/tmp', b'tmpfs', 0, 0)",
    "a memory that others may read": "call(157, 167, 4, 1, 0, 0, 0) or 1 / 0",
    "a call that is newer than the table": "call(451, 451)",
}


WITH_A_READER = pytest.mark.usefixtures("reader_of_a_kind")
NEEDS_LANDLOCK = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


@WITH_A_READER
@NEEDS_LANDLOCK
@pytest.mark.parametrize("attempt", FILES)
def test_no_file_of_ours_is_reached(document: Path, attempt: str) -> None:
    before = document.stat()
    assert attempted(FILES[attempt].format(path=str(document))) in ("EACCES", "EPERM")
    after = document.stat()
    assert (after.st_size, after.st_mode, after.st_mtime_ns) == (before.st_size, before.st_mode, before.st_mtime_ns)
    assert list(document.parent.iterdir()) == [document]


@WITH_A_READER
@NEEDS_LANDLOCK
@pytest.mark.parametrize("attempt", OTHERS)
def test_no_other_process_is_reached(attempt: str) -> None:
    assert attempted(OTHERS[attempt].format(portal=os.getpid())) in ("EACCES", "EPERM")


@WITH_A_READER
@pytest.mark.parametrize("attempt", KERNEL)
def test_no_part_of_the_kernel_is_reached_that_no_reader_needs(attempt: str) -> None:
    assert attempted(KERNEL[attempt]) in ("EPERM", "ENOSYS")


VICTIM = """
import signal
invoice = b"of somebody " * 100
signal.pause()
"""


@WITH_A_READER
@NEEDS_LANDLOCK
def test_a_child_reaches_none_of_its_siblings() -> None:
    zygote_pid = surroundings()["zygote"]
    children = Path(f"/proc/{zygote_pid}/task/{zygote_pid}/children")
    while children.read_text():  # the one that was just asked may not have ended yet
        time.sleep(0.01)
    with ThreadPoolExecutor(1) as pool:
        victim = pool.submit(inside, VICTIM)
        while not (pids := children.read_text().split()) or not is_waiting(pids[0]):
            time.sleep(0.01)
        (pid,) = pids
        refusals = [
            attempted(code.format(pid=pid))
            for code in (
                "open('/proc/{pid}/mem', 'rb')",
                "open('/proc/{pid}/maps').read()",
                "open('/proc/{pid}/fd/0')",
                "os.kill({pid}, 0)",
                "call(101, 117, 16, {pid}, 0, 0)",
                "call(310, 270, {pid}, 0, 0, 0, 0, 0)",
            )
        ]
        os.kill(int(pid), signal.SIGKILL)
        with pytest.raises(ReaderFailed):
            victim.result()
    assert set(refusals) <= {"EACCES", "EPERM"}


def is_waiting(pid: str) -> bool:
    """Whether a child has raised its walls and waits: its filter is the last of them."""
    status = Path(f"/proc/{pid}/status").read_text()
    return "Seccomp:\t2" in status and "State:\tS" in status


def test_the_operator_is_told_what_this_machine_refuses(caplog: pytest.LogCaptureFixture) -> None:
    bare = walls.RaisedWalls(own_user=False, network=False, landlock=2, system_calls=False)
    assert [sentence.partition(":")[0].partition(" (")[0] for sentence in bare.missing] == [
        "no control of truncation by Landlock",
        "no control of TCP by Landlock",
        "no control of devices by Landlock",
        "no control of signals and abstract sockets by Landlock",
        "no network namespace",
        "no seccomp on this kernel or processor",
        "no user of its own for a reader, which only a portal started by root can give",
    ]
    assert raised.raised_walls().landlock == landlock.version()
    with caplog.at_level(logging.INFO):
        raised.log_raised_walls()
    assert [record.getMessage().startswith("Readers of untrusted files") for record in caplog.records] == [True] * max(
        1, len(raised.raised_walls().missing)
    )


@pytest.mark.skipif(not Path("/usr/include/asm-generic/unistd.h").exists(), reason="the kernel's headers are not here")
@pytest.mark.parametrize(
    ("column", "header"),
    [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_of_the_calls_are_the_kernel_s(column: int, header: str) -> None:
    text = Path(header).read_text()
    numbers = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    for calls in (system_calls.UNSEEN, *system_calls.FORBIDDEN.values()):
        assert {name: row[column] for name, row in calls.items()} == {name: numbers.get(name) for name in calls}
