"""The portal as a newcomer starts it, and Chromium in front of it.

One `plainchant run` a journey: the real command, the real server, the real background tasks, on the database that the
rest of the suite uses (SQLite, or the PostgreSQL of DATABASE_URL with procrastinate and a worker process).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
PICTURES = HERE / "screenshots"
# The shell has no windows to draw: a journey takes half the time. What a page is given is the same.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("PLAINCHANT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="keep what the visitor sees in tests/journeys/screenshots")
    parser.addoption("--readme-pictures", action="store_true", help="write docs/pictures/ from the journeys")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and CHROMIUM is None and item.path.stem != "test_start_and_stop":
            item.add_marker(pytest.mark.skip(reason="no Chromium (apt install chromium)"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "reduced_motion": "reduce",
        "viewport": {"width": 1280, "height": 900},
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _database_of_its_own(name: str) -> Iterator[str | None]:
    """The DATABASE_URL of a new, empty database on the PostgreSQL of the suite; None on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield None
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    yield urlsplit(url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def portal(
    folder: Path, *, port: int, database: str | None, log: Path, more: dict[str, str] | None = None
) -> Iterator[str]:
    """`plainchant run` on ``folder``, with ``more`` settings; its address once it answers; stopped by Ctrl-C."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **(more or {})}
    environment = {**kept, "PLAINCHANT_DATA": str(folder), "PLAINCHANT_PORT": str(port)}
    if database:
        environment["DATABASE_URL"] = database
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "plainchant.cli", "run"],
            env=environment,
            cwd=folder,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address, process, log)
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):  # it never came up: that is what the test says
            os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)
        assert _left_behind(folder) == [], "processes outlived the portal that started them"


def _left_behind(folder: Path) -> list[str]:
    """The commands of processes that still use ``folder``, once the stragglers have had a second to end."""
    for _ in range(20):
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"PLAINCHANT_DATA={folder}".encode() in (process / "environ").read_bytes().split(b"\0"):
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        if not found:
            break
        time.sleep(0.1)
    return found


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"plainchant run did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def first_started(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The data folder that a first start makes, the demonstration in it; None where the database is not in it."""
    if os.environ.get("DATABASE_URL"):
        return None
    folder = tmp_path_factory.mktemp("first")
    with portal(folder, port=_free_port(), database=None, log=folder.with_suffix(".log")):
        return folder


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory, first_started: Path | None) -> Iterator[str]:
    """The address of a portal started for this journey, with the demonstration in it."""
    folder = tmp_path_factory.mktemp("portal")
    if first_started is not None:  # making the demonstration takes five times as long as starting
        shutil.copytree(first_started, folder, dirs_exist_ok=True)
    port = _free_port()
    with (
        _database_of_its_own(f"plainchant_journey_{port}") as database,
        portal(folder, port=port, database=database, log=folder / "run.log") as address,
    ):
        yield address


@pytest.fixture(scope="session")
def take_picture(request: pytest.FixtureRequest) -> Any:
    """With --pictures, keep what the visitor sees (and docs/pictures with --readme-pictures)."""
    PICTURES.mkdir(exist_ok=True)
    is_wanted = request.config.getoption("--pictures")
    for_readme = request.config.getoption("--readme-pictures")

    def take(page: Any, name: str, *, readme: bool = False) -> None:
        if is_wanted:
            page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        if readme and for_readme:
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=HERE.parents[1] / "docs" / "pictures" / f"{name}.png")

    return take
