"""A real clamd in front of a test, with a database of one signature of our own: nothing is downloaded."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CLAMD = shutil.which("clamd") or next((path for path in ("/usr/sbin/clamd",) if os.access(path, os.X_OK)), None)
# The harmless file that antivirus makers agreed on, put together here so that none stands in the repository.
EICAR = b"".join([rb"X5O!P%@AP[4\PZX54(P^)7CC)7}", b"$EICAR-", b"STANDARD-", b"ANTIVIRUS-", b"TEST-FILE!$H+H*"])


@contextlib.contextmanager
def clamd(folder: Path) -> Iterator[str]:
    """clamd on a Unix socket in ``folder``; its address. It is stopped afterwards."""
    if CLAMD is None:
        pytest.skip("no clamd (apt install clamav-daemon)")
    database = folder / "signatures"
    database.mkdir(exist_ok=True)
    digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (database / "own.hdb").write_text(f"{digest}:{len(EICAR)}:Essai.Eicar\n")
    # The same bytes inside other files: an archive's member is a file of its own, a letter in base64 is not.
    (database / "own.ndb").write_text(f"Essai.Eicar.Contenu:0:*:{EICAR.hex()}\n")
    address = folder / "clamd.sock"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {database}\nLocalSocket {address}\nForeground yes\nLogFile {folder / 'clamd.log'}\n"
        "StreamMaxLength 100M\nMaxThreads 2\nSelfCheck 86400\nConcurrentDatabaseReload no\n"
    )
    with (folder / "clamd.out").open("wb") as out:
        process = subprocess.Popen([CLAMD, "--config-file", str(settings)], stdout=out, stderr=out)
    try:
        _wait(address, process, folder)
        yield str(address)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: Path, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.connect(str(address))
            probe.sendall(b"zPING\0")
            if probe.recv(16).startswith(b"PONG"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"clamd did not come up:\n{(folder / 'clamd.out').read_text()}")
