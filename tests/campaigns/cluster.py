"""A PostgreSQL of one's own, to be stopped and killed at will: `initdb` in a folder, a port that is free."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Cluster:
    """Durable as in production: its flushes are not turned off."""

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        inside: Sequence[str] = (),
        options: str = "",
        copy_of: str = "",
        restored_by: Callable[[Path], None] | None = None,
    ) -> None:
        """``copy_of``: the address of a primary whose replica it is to be. ``restored_by``: fills its folder."""
        self._folder = folder
        self._host = host
        self._inside = inside
        self._options = options
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"postgres://plainchant@{host}:{self.port}/postgres"
        if restored_by is not None:
            restored_by(self.data)
        elif copy_of:
            self._run("pg_basebackup", "-d", copy_of, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        else:
            self._run("initdb", "-A", "trust", "-U", "plainchant", "-E", "UTF8", "--locale=C.UTF-8")
            with (folder / "data" / "pg_hba.conf").open("a") as callers:
                callers.write("host all,replication all samenet trust\n")
        self.start()

    @property
    def data(self) -> Path:
        """The folder of its files."""
        return self._folder / "data"

    @contextmanager
    def replica(self) -> Iterator[Cluster]:
        """One more, which streams from this one."""
        with cluster(copy_of=self.url) as made:
            yield made

    def start(self) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses={self._host} {self._options}"
        deadline = time.monotonic() + 300
        while True:
            try:
                self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")
            except subprocess.CalledProcessError:
                # The children of one that was killed hold its memory for a moment.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def is_up(self) -> bool:
        try:
            self._run("pg_ctl", "status")
        except subprocess.CalledProcessError:
            return False
        return True

    def stop(self) -> None:
        """As an operator does: connections are ended, nothing is lost."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def kill(self) -> None:
        """As the kernel does when memory runs out: the main process and its children, without a word."""
        if not self.is_up():
            return
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["pgrep", "-P", str(main)], capture_output=True, text=True, check=False
        ).stdout.split()
        for number in (main, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def _run(self, program: str, *options: str) -> None:
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        path = shutil.which(program) or str(places[-1] / program)
        # PostgreSQL refuses to run as root.
        who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*self._inside, *who, path, "-D", str(self.data), *options]
        # A session of its own: the Ctrl-C that ends the rounds early is not for it.
        quiet = subprocess.DEVNULL
        subprocess.run(command, cwd="/", check=True, stdout=quiet, stderr=quiet, start_new_session=True)


@contextmanager
def cluster(
    place: Path | None = None,
    *,
    host: str = "127.0.0.1",
    inside: Sequence[str] = (),
    options: str = "",
    copy_of: str = "",
    restored_by: Callable[[Path], None] | None = None,
) -> Iterator[Cluster]:
    """In a folder of its own, in ``place`` if it is given.

    ``inside`` goes before each command, ``options`` are more of the server's. It answers at ``host`` alone.
    ``copy_of``: the address of a primary whose replica it is to be. ``restored_by``: fills its folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="plainchant-cluster-", dir=place))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    made = Cluster(folder, host=host, inside=inside, options=options, copy_of=copy_of, restored_by=restored_by)
    try:
        yield made
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)
