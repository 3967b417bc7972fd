"""Forks of this process, in each of which pytest runs on the program, changed or not.

This process imports what tests need of other people's code, and what does not depend on a module of TARGETS, once. A
fork imports the rest anew; where a module is changed, its tree is compiled in place of its file.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import coverage
import pytest

from .changed import Module, Mutant
from .warm import import_the_program

OURS = ("plainchant", "tests")  # packages that a fork imports anew
SECONDS = 60  # of computing: a test that has not ended by then never would


class _ChangedLoader(SourceFileLoader):
    """Compiles the changed tree of a module in place of its file."""

    def __init__(self, module: Module) -> None:
        super().__init__(module.name, str(module.file))
        self.tree = module.tree

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = compile(ast.fix_missing_locations(self.tree), self.path, "exec", dont_inherit=True)
        return code


@dataclass(frozen=True)
class _ChangedFinder(MetaPathFinder):
    module: Module

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname == self.module.name else None
        if spec is not None:
            spec.loader = _ChangedLoader(self.module)
        return spec


def change_the_program(mutant: Mutant) -> bool:
    """In a fork: what it will import has the change. True: it always can."""
    mutant.apply()
    if mutant.module.name in sys.modules:
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
    sys.meta_path.insert(0, _ChangedFinder(mutant.module))
    return True


@dataclass(eq=False)
class Session:
    """A plugin of pytest: which tests run, in which order, and what they did."""

    files: Sequence[str]
    wanted: frozenset[str] | None = None  # None: all tests of these files
    first: Sequence[str] = ()
    function: str = ""  # what is changed: after ``first``, the tests that call it by its name
    cov: coverage.Coverage | None = None
    failed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.wanted is not None:
            items[:] = [item for item in items if item.nodeid in self.wanted]
        files = {file: place for place, file in enumerate(self.files)}
        first = {name: place for place, name in enumerate(self.first)}

        def rank(item: pytest.Item) -> tuple[bool, int, bool, int]:
            marker = item.get_closest_marker("django_db")
            empties_tables = marker is not None and bool(marker.kwargs.get("transaction"))
            code = getattr(getattr(item, "function", None), "__code__", None)
            calls_it = code is not None and self.function in code.co_names
            return empties_tables, first.get(item.nodeid, len(first)), not calls_it, files[str(item.path)]

        items.sort(key=rank)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if self.cov is not None:
            self.cov.switch_context(item.nodeid)
        _end_the_fork_in(SECONDS)
        start = time.process_time()
        answer = yield
        self.seconds[item.nodeid] = time.process_time() - start
        return answer

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def _end_the_fork_in(seconds: int) -> None:
    """By a signal, after so much computing, or a wait ten times as long."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 10 * seconds)


def workers() -> int:
    return len(os.sched_getaffinity(0))


class Forks:
    """A context in which jobs run, as many at once as there are processors."""

    def __enter__(self) -> Forks:
        self._scratch = tempfile.TemporaryDirectory(prefix="plainchant-mutants-")
        self.folder = Path(self._scratch.name)  # all that the forks write
        self.folder.chmod(0o711)  # postgres passes through it to the servers that tests start
        self.database = self.folder / "migrated.sqlite3"
        self.running: dict[int, tuple[Any, Path]] = {}
        self.count = 0
        tempfile.tempdir = os.environ["TMPDIR"] = self._scratch.name
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(self.folder / "compiled")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        os.environ.pop("DATABASE_URL", None)  # SQLite: a copy of a small file is a database
        self._prepare()
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self.running:  # one of them has ended badly
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        self._scratch.cleanup()

    def each(self, jobs: Iterable[tuple[Any, Callable[[Path], Any]]]) -> Iterator[tuple[Any, Any]]:
        """Each job's key with what the job returned in its fork, as they end; None for one that took too long."""
        for key, job in jobs:
            if len(self.running) >= workers():
                yield self._next()
            self._start(key, job)
        while self.running:
            yield self._next()

    def alone(self, job: Callable[[Path], Any]) -> Any:
        return next(self.each([("", job)]))[1]

    def warm(self, work: Callable[[], Iterator[Any]], *, targets: Sequence[Module]) -> Iterator[Any]:
        """What ``work`` yields (as JSON keeps it) in a fork that has imported the program, and forks in its turn."""
        reading, writing = os.pipe()
        sys.stdout.flush()
        process = os.fork()
        if not process:
            try:
                os.close(reading)
                import_the_program(targets)
                with os.fdopen(writing, "w", buffering=1) as answers:
                    for each in work():
                        answers.write(json.dumps(each) + "\n")
            except BaseException:  # noqa: BLE001 - nothing of the parent's must run in the fork
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answers:
            yield from map(json.loads, answers)
        if os.waitpid(process, 0)[1]:
            sys.exit(1)

    def _start(self, key: Any, job: Callable[[Path], Any]) -> None:
        self.count += 1
        place = self.folder / str(self.count)
        place.mkdir()
        sys.stdout.flush()
        process = os.fork()
        if process:
            self.running[process] = key, place
            return
        try:
            _end_the_fork_in(SECONDS)  # unless it has imported the program
            output = os.open(place / "output", os.O_WRONLY | os.O_CREAT)
            for stream in (1, 2):
                os.dup2(output, stream)
            (place / "answer").write_text(json.dumps(job(place)))
        except BaseException:  # noqa: BLE001 - nothing of the parent's must run in the fork
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def _next(self) -> tuple[Any, Any]:
        process, status = os.wait()
        key, place = self.running.pop(process)
        if os.waitstatus_to_exitcode(status) in (-signal.SIGPROF, -signal.SIGALRM):
            answer = None
        elif status:
            sys.exit(f"{key} ended badly:\n{(place / 'output').read_text()}")
        else:
            answer = json.loads((place / "answer").read_text())
        shutil.rmtree(place)
        return key, answer

    def pytest(self, place: Path, *, session: Session, stop: bool = True) -> dict[str, Any]:
        """In a fork: run tests; pytest's exit code and the tests that failed."""
        import django.test.utils

        django.test.utils.setup_databases = self._copy_database
        django.test.utils.teardown_databases = lambda *args, **options: None
        # Two plugins look for what was left behind, at the price of most of a second.
        without = ["cacheprovider", "unraisableexception", "threadexception"]
        options = ["-q", f"--basetemp={place / 'pytest'}", "-p", "pytest_django.plugin"]
        options += [word for name in without for word in ("-p", f"no:{name}")]
        code = pytest.main([*options, *["-x"] * stop, *session.files], plugins=[session])
        if code == pytest.ExitCode.INTERNAL_ERROR:
            raise RuntimeError(f"pytest ended with {code!r}")
        return {"code": int(code), "failed": session.failed}

    def _copy_database(self, *args: Any, **options: Any) -> list[Any]:
        """In the place of Django's `setup_databases`, whose migrations take longer than most tests."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = "file:mutant?mode=memory&cache=shared"
        connection.ensure_connection()
        with sqlite3.connect(self.database) as migrated:
            migrated.backup(connection.connection)
        return []

    def _prepare(self) -> None:
        """Make the database once, and import here what does not depend on any module that may be changed."""
        for name in self.alone(self._migrate):
            with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
                importlib.import_module(name)
        sandbox = importlib.import_module("plainchant.reader.sandbox")
        # The forks share one reader of untrusted files. It is not their child: only this process may ask if it lives.
        sandbox._running_zygote().process.poll = lambda: None
        gc.freeze()

    def _migrate(self, place: Path) -> list[str]:
        import django
        from django.db import connection
        from django.test.utils import setup_databases

        django.setup()
        importlib.import_module("plainchant.config.urls")
        importlib.import_module("tests.making")
        setup_databases(verbosity=0, interactive=False)
        with sqlite3.connect(self.database) as migrated:
            connection.connection.backup(migrated)
        plain = ("plainchant.einvoice", "plainchant.capture", "plainchant.reader")
        return [name for name in sys.modules if name.startswith(plain) or name.split(".")[0] not in OURS]
