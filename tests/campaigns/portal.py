"""The real `plainchant run` and a second worker, each of which can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS_TO_ANSWER = 600.0  # a busy machine loads the demonstration for minutes


class Portal:
    """``database``: its URL, or "" for SQLite, which has no second worker.

    ``inside`` goes before each command, ``inside_second`` instead before the second worker's. ``settings``: more of the
    environment. ``logs``: a folder, ``folder`` if it is not given.
    """

    def __init__(
        self,
        folder: Path,
        database: str = "",
        *,
        host: str = "127.0.0.1",
        inside: Sequence[str] = (),
        inside_second: Sequence[str] | None = None,
        settings: Mapping[str, str] | None = None,
        logs: Path | None = None,
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://{host}:{self.port}"
        self.folder = folder
        self.database = database
        self.documents = folder / "documents"
        self.inside = tuple(inside)
        self._inside_of = {"run": self.inside, "worker": self.inside if inside_second is None else tuple(inside_second)}
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PLAINCHANT_DATA": str(folder),
            "PLAINCHANT_HOST": host,
            "PLAINCHANT_PORT": str(self.port),
            "PLAINCHANT_URL": self.address,
            "PLAINCHANT_LOG_LEVEL": "WARNING",
            **({"DATABASE_URL": database} if database else {}),
            **(settings or {}),
        }
        self.logs = logs or folder
        self.main = self.second = None  # type: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start again what does not run, and wait until pages are back."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while True:
            if self.main is None or self.main.poll() is not None:
                self.main = self._spawn("run")
            if self.database and (self.second is None or self.second.poll() is not None):
                self.second = self._spawn("worker")
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise RuntimeError("the portal did not come up:\n" + (self.logs / "run.log").read_text()[-4000:])
            time.sleep(0.05)

    def move(self, database: str) -> None:
        """Its database is at another URL from the next start on."""
        self.database = self.environment["DATABASE_URL"] = database

    def command(self, *words: str) -> None:
        """`plainchant …`, to its end."""
        command = [*self.inside, sys.executable, "-m", "plainchant.cli", *words]
        subprocess.run(command, env=self.environment, cwd="/", check=True, capture_output=True)

    def _spawn(self, command: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [*self._inside_of[command], sys.executable, "-m", "plainchant.cli", command],
                env=self.environment,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        """A page that needs the database."""
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/annuaire/?q=mairie", timeout=10):
            return True
        return False

    def kill(self, what: str) -> None:
        """SIGKILL, without a word, for one of `KILLED`; SIGSTOP for `HANGS`."""
        assert self.main is not None
        if what == "second worker":
            assert self.second is not None
            _kill([self.second.pid])
        elif what == "supervisor":
            _kill([self.main.pid])
            self.main.wait()
            self._wait_for_orphans()
        elif what == "everything":
            _kill([*self._two(), *self._ours()])
        elif what == HANGS:
            _send(signal.SIGSTOP, self._ours(_WORDS["web worker"])[-1:])
        else:
            found = self._ours(_WORDS[what])
            _kill(found[-1:] if what == "web worker" else found)
        for process in (self.main, self.second):
            if process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.2)

    def _two(self) -> list[int]:
        return [process.pid for process in (self.main, self.second) if process is not None]

    def _ours(self, words: str = "") -> list[int]:
        """The processes of this portal but the two commands, oldest first; those whose command has ``words``."""
        parents, commands = {}, {}
        ours = set(self._two())
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError):
                number = int(place.name)
                parents[number] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
                commands[number] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if f"PLAINCHANT_DATA={self.folder}".encode() in (place / "environ").read_bytes().split(b"\0"):
                    ours.add(number)  # whoever its parent is now
        found = [number for number in parents if _ancestors(number, parents) & ours]
        return sorted(number for number in found if number not in self._two() and words in commands.get(number, ""))

    def _wait_for_orphans(self) -> None:
        """The server of a dead supervisor ends by itself, and gives the port back."""
        deadline = time.monotonic() + 30
        while self._ours("granian") and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        for process in (self.main, self.second):
            if process is not None:
                _kill([process.pid])
                process.wait()
        _kill(self._ours())

    def ask_again(self, minutes: int) -> None:
        """The sweep, as it will run in some minutes: what dead workers had is asked for again without waiting."""
        code = (
            "import django; django.setup()\n"
            "from datetime import timedelta\n"
            "from plainchant.portal.lib.time import now\n"
            "from plainchant.tasks.sweep import sweep\n"
            f"sweep(at=now() + timedelta(minutes={minutes}))"
        )
        settings = {"DJANGO_SETTINGS_MODULE": "plainchant.config.settings"}
        command = [*self.inside, sys.executable, "-c", code]
        subprocess.run(command, env=self.environment | settings, cwd="/", check=True)


HANGS = "web hangs"
KILLED = ("web", "web worker", "worker", "readers", "second worker", "supervisor", "everything")
_WORDS = {
    "web": "granian",
    "web worker": "granian",
    "worker": "plainchant.cli worker",
    "readers": "plainchant.reader.child",
}


def _ancestors(number: int, parents: Mapping[int, int]) -> set[int]:
    """A process, its parent, and so on."""
    line = set()
    while number in parents and number not in line:
        line.add(number)
        number = parents[number]
    return line


def _kill(numbers: list[int]) -> None:
    _send(signal.SIGKILL, numbers)


def _send(sent: signal.Signals, numbers: list[int]) -> None:
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, sent)
