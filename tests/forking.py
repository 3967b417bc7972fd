"""Snippets of Python, each in a fork of one process that has loaded what they need.

A new process takes a second or two to import it; a fork has it, and begins as fresh: it shares no connection and no
change with another.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SERVER = """
import json, os, signal, sys, traceback
answers = os.dup(1)
exec(sys.argv[1])
for line in sys.stdin:
    asked = json.loads(line)
    pid = os.fork()
    if pid == 0:
        signal.alarm(asked["seconds"])
        for stream, file in enumerate(asked["files"], 1):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        status = 1
        try:
            exec(asked["code"])
            status = 0
        except SystemExit as ended:
            status = ended.code or 0
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    os.write(answers, b"%d\\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@dataclass(frozen=True)
class Done:
    """``status``: its exit code, or minus the signal that ended it."""

    status: int
    printed: str
    errors: str


class Forks:
    """Where snippets run."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._files = [folder / "printed", folder / "errors"]

    def run(self, code: str, *, seconds: int = 60) -> Done:
        """What ``code`` did; it is ended after so many seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"code": code, "files": list(map(str, self._files)), "seconds": seconds}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return Done(status, *(file.read_text(encoding="utf-8") for file in self._files))


@contextmanager
def forks(prelude: str, *, folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Forks]:
    """Forks of a process that has run ``prelude``; ``folder`` is for what they print."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, prelude],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Forks(process, folder)
        assert process.stdin is not None
        process.stdin.close()
