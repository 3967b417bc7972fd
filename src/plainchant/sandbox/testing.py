"""A sandbox for the tests of a program, started by them.

    from plainchant.sandbox.testing import running

    with running(at="2026-12-01T09:00") as sandbox:
        client = YourClient(sandbox.token_url, sandbox.api_url, **sandbox.credentials[0])
        ...
        sandbox.advance("3 days")

Nothing of Django is loaded in the process that tests, nor anything else of other people. `pytest_plugin` has it as a
fixture.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .asking import NoSandbox, SandboxRefused, ask

_SECONDS_TO_START = 120.0


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers at ``url``. What it keeps is in ``folder``."""

    url: str
    folder: Path

    @property
    def token_url(self) -> str:
        return f"{self.url}/api/oauth/token"

    @property
    def api_url(self) -> str:
        return f"{self.url}/cpro"

    @cached_property
    def credentials(self) -> list[dict[str, str]]:
        """Of each program, suppliers' first: part, structure, siret, client_id, client_secret, login, password."""
        found: list[dict[str, str]] = self.ask("GET", "")["credentials"]
        return found

    def credentials_of(self, siret: str) -> dict[str, str]:
        """Of the program that acts for this structure, a recipient's too. Raises KeyError where there is none."""
        for row in self.credentials:
            if row["siret"] == siret:
                return row
        raise KeyError(siret)

    def advance(self, duration: str) -> int:
        """Put the clock forward, « 3 days »; how many moves recipients have made on the way."""
        return int(self.ask("POST", "clock", {"advance": duration})["moves"])

    def follow(self, siret: str, behaviour: str | list[dict[str, Any]]) -> None:
        """Have a recipient behave as one of those that have a name, or do these steps."""
        given = {"behaviour": behaviour} if isinstance(behaviour, str) else {"steps": behaviour}
        self.ask("PUT", f"recipients/{siret}", given)

    def show_faults(self, *faults: Mapping[str, Any], seed: int = 1) -> None:
        """These from now on, and no others; ``seed``: the luck with which they are drawn."""
        self.ask("PUT", "faults", {"faults": list(faults), "seed": seed})

    def exchanges(self) -> list[dict[str, Any]]:
        """What programs have asked and what was answered, the newest first."""
        found: list[dict[str, Any]] = self.ask("GET", "exchanges")["exchanges"]
        return found

    def breaches(self) -> list[str]:
        """What answers have done against the contract of the interface: a defect of the sandbox, not of the program."""
        found = self.ask("GET", "exchanges/breaches")["exchanges"]
        return [f"{each['method']} {each['path']}: {breach}" for each in found for breach in each["breaches"]]

    def expire(self, what: str, *, siret: str) -> int:
        """End the « token », « client_secret » or « password » of a structure's programs; how many there were."""
        return int(self.ask("POST", "expire", {"what": what, "siret": siret})["ended"])

    def reset(self, *, at: str | None = None, seed: str | None = None) -> None:
        """Begin again, with another seed if it is named: its credentials are others."""
        self.ask("POST", "reset", {name: value for name, value in {"at": at, "seed": seed}.items() if value})
        self.__dict__.pop("credentials", None)

    def reset_supplier(self, siret: str) -> int:
        """Forget what this structure has sent, and nothing else; how many invoices there were."""
        return int(self.ask("POST", "reset", {"supplier": siret})["forgotten"])

    def ask(self, method: str, name: str, body: Any = None) -> dict[str, Any]:
        """Any address below /sandbox/. Raises SandboxRefused and NoSandbox."""
        return ask(self.url, method, name, body)


@contextmanager
def running(*, at: str | None = None, port: int = 0, seed: str = "") -> Iterator[RunningSandbox]:
    """A sandbox on a free port, gone at the end. ``at``: what its clock shows at first; ``seed``: its name."""
    port = port or _free_port()
    with tempfile.TemporaryDirectory(prefix="plainchant-sandbox-") as folder:
        command = [sys.executable, "-m", "plainchant.cli", "sandbox", "--port", str(port), "--data", folder]
        process = subprocess.Popen(  # noqa: S603
            [*command, *(["--at", at] if at else []), *(["--seed", seed] if seed else [])],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            sandbox = RunningSandbox(f"http://127.0.0.1:{port}", Path(folder))
            _wait(sandbox, process)
            yield sandbox
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _wait(sandbox: RunningSandbox, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            sandbox.ask("GET", "clock")
        except NoSandbox:
            time.sleep(0.05)
        else:
            return
    raise SandboxRefused(f"The sandbox has not started (exit code {process.poll()}).")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
