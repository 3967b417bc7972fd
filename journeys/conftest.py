"""The portal as a newcomer starts it, and Chromium in front of it.

One `plainchant run` for all: the real command, the real server, the real background tasks, on SQLite. Each journey
finds the database as the first start made it. What only starts and stops runs on the PostgreSQL of DATABASE_URL too,
with procrastinate and a worker process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from journeys.photographs import photograph
from journeys.watching import PATIENCE
from plainchant import web
from plainchant.help.guides import BY_SLUG

HERE = Path(__file__).parent
PICTURES = HERE / "screenshots"
# The shell has no windows to draw: a journey takes half the time. What a page is given is the same.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("PLAINCHANT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="keep what the visitor sees in journeys/screenshots")
    parser.addoption("--help-frames", metavar="FOLDER", help="keep there what each step of the help looks like")
    parser.addoption("--readme-pictures", action="store_true", help="write docs/pictures/ from the journeys")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and CHROMIUM is None and item.path.stem != "test_start_and_stop":
            item.add_marker(pytest.mark.skip(reason="no Chromium (apt install chromium)"))


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """Playwright gives up after five seconds, which a busy machine may take for a page."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(pytestconfig: pytest.Config) -> dict[str, Any]:
    """Pictures that readers keep are of the whole browser, whose own words (« Choisir un fichier ») are French too."""
    has_readers = pytestconfig.getoption("--help-frames") or pytestconfig.getoption("--readme-pictures")
    whole = shutil.which("chromium") if has_readers else None
    return {
        "executable_path": whole or CHROMIUM,
        "env": {**os.environ, "LANGUAGE": "fr"},
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
        process.wait(timeout=60)
        assert _left_behind(folder) == [], "processes outlived the portal that started them"


def _left_behind(folder: Path) -> list[str]:
    """The commands of processes that still use ``folder``, once the stragglers have had ten seconds to end."""
    for _ in range(100):
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
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=30) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"plainchant run did not come up:\n{log.read_text()}")


@dataclass(frozen=True)
class FirstStart:
    """What a first start left behind: its data folder, its database where that is not in it, the mailbox it showed."""

    folder: Path
    database: str | None
    log: Path
    mailbox: str


@dataclass(frozen=True)
class Restart:
    """The portal that was started again there, the mailbox that it showed, and what both starts had printed by then."""

    folder: Path
    address: str
    mailbox: str
    printed: str


def _text(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstStart]:
    """A portal started in an empty folder, the demonstration loaded, and stopped again."""
    folder = tmp_path_factory.mktemp("first")
    log = folder.with_suffix(".log")
    with _database_of_its_own(f"plainchant_journeys_{os.getpid()}") as database:
        with portal(folder, port=_free_port(), database=database, log=log) as address:
            mailbox = _text(f"{address}/mailbox/")
        yield FirstStart(folder, database, log, mailbox)


@pytest.fixture(scope="session")
def restart(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Restart]:
    """The portal of all journeys, on a copy of the folder of the first start."""
    folder = tmp_path_factory.mktemp("again") / "data"
    shutil.copytree(first_start.folder, folder)
    published = {"PLAINCHANT_OPEN_STATISTICS": "1"}  # its pages are looked at as the others
    with portal(
        folder, port=_free_port(), database=first_start.database, log=first_start.log, more=published
    ) as address:
        yield Restart(folder, address, _text(f"{address}/mailbox/"), first_start.log.read_text())


@pytest.fixture(scope="module")
def base_url(first_start: FirstStart, restart: Restart) -> str:
    """The address of the portal, its database as the first start left it."""
    name = "plainchant.sqlite3"
    with (
        contextlib.closing(sqlite3.connect(first_start.folder / name)) as kept,
        contextlib.closing(sqlite3.connect(restart.folder / name, timeout=30)) as used,
    ):
        kept.backup(used)
    return restart.address


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
            page.screenshot(path=HERE.parent / "docs" / "pictures" / f"{name}.png")
            if name == "preparer":
                _for_visitors(page)

    return take


def _for_visitors(page: Page) -> None:
    """The picture of the product that the first page shows: no wider than a column, so that one can read it."""
    usual = page.viewport_size
    page.set_viewport_size({"width": 1024, "height": 720})
    page.locator(".doc").first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top - 16)")
    shown = Image.open(BytesIO(page.screenshot()))
    shown.save(Path(web.__file__).parent / "static" / "plainchant" / "preparer.webp", quality=80, method=6)
    if usual:
        page.set_viewport_size(usual)


@pytest.fixture(scope="session")
def on_step(request: pytest.FixtureRequest) -> Callable[[Page, str, Locator], None]:
    """Somebody has come to a step of a guide of the help, and sees what to click or read there.

        on_step(page, "creer-un-compte/envoyer", page.get_by_role("button", name="Créer mon compte"))

    With --help-frames the pictures of the help are taken.
    """
    frames = request.config.getoption("--help-frames")

    def come(page: Page, name: str, mark: Locator) -> None:
        slug, step = name.split("/")
        BY_SLUG[slug].step(step)
        expect(mark).to_be_visible()
        if frames:
            photograph(page, mark, at=Path(frames) / name)

    return come
