"""Remove guards one by one and see that a test notices each time: `make mutants`.

A mutant is the program with one thing changed (`mutant_operators.py`): a condition of a query dropped, a state added to
a row of the lifecycle, a check not made. The tests that stand near the changed module run on it; if they all
pass, nothing would tell us that this guard had gone, and the mutant has survived.

    make mutants                 every mutant of every module of TARGETS: by hand, some twenty minutes
    N=30 make mutants            thirty, drawn evenly over the modules; SEED=… draws others
    ONLY=portal/library make mutants        those of the modules whose path contains this (or one of these)

Nothing is written in the checkout. This process imports what tests need of other people's code, once; each mutant is a
fork of it, where the changed module is compiled instead of its file and pytest runs until a first test fails.
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import functools
import gc
import hashlib
import importlib
import itertools
import json
import os
import random
import re
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
from tools.mutant_operators import Replacement, changes, children, is_skipped

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "plainchant"
RECORDS = ROOT / ".venv" / "mutants"

TARGETS = (
    "access/*.py",
    "portal/rights/*.py",
    "portal/*/permissions.py",
    "portal/*/queries.py",
    "portal/*/operations.py",
    "portal/drafts/after_sending.py",
    "portal/drafts/attachments.py",
    "portal/invoices/lifecycle.py",
    "portal/invoices/lots.py",
    "portal/invoices/moves.py",
    "portal/invoices/notifications.py",
    "portal/invoices/payment_clock.py",
    "portal/invoices/delay.py",
    "portal/invoices/pages.py",
    "portal/invoices/story.py",
    "portal/invoices/writing.py",
    "portal/structures/bank_accounts.py",
    "einvoice/rules/header.py",
    "einvoice/rules/header_table.py",
    "portal/store/pages.py",
    "web/account/resuming.py",
    "web/routes.py",
    "web/received/*.py",
    "web/issued/*.py",
)

# Where the tests of a module stand, beside the folder of its name under tests/. An entry for a file says it all.
RELATED: dict[str, tuple[str, ...]] = {
    "access": ("tests/access", "tests/web/test_guards.py"),
    "einvoice/rules/header.py": ("tests/einvoice/rules/test_header.py",),
    "einvoice/rules/header_table.py": ("tests/einvoice/rules/test_header.py",),
    "portal/accounts": ("tests/web/account",),
    "portal/directory": ("tests/web/directory", "tests/access/test_operations_ask.py"),
    "portal/drafts": ("tests/access", "tests/web/deposit", "tests/web/entry", "tests/web/test_guards.py"),
    "portal/flows": ("tests/access", "tests/web/flows"),
    "portal/invoices": (
        "tests/access",
        "tests/web/received",
        "tests/web/issued",
        "tests/web/test_guards.py",
        "tests/portal/drafts/test_recycle.py",
        "tests/portal/drafts/test_submit.py",
        "tests/portal/flows/test_flows.py",
        "tests/portal/flows/test_lots.py",
        "tests/tasks",
    ),
    "portal/invoices/payment_clock.py": ("tests/portal/invoices/test_payment_clock.py",),
    "portal/library": ("tests/access", "tests/web/library"),
    "portal/mail": ("tests/portal/invoices", "tests/web/mailbox"),
    "portal/mandates": ("tests/access", "tests/web/mandates"),
    "portal/queue": ("tests/tasks",),
    "portal/rights": ("tests/access", "tests/web/test_guards.py"),
    "portal/store": ("tests/portal/drafts", "tests/portal/library"),
    "portal/structures": ("tests/access", "tests/web/structures"),
    "web/issued": ("tests/access", "tests/web/test_guards.py"),
    "web/received": ("tests/access", "tests/web/test_guards.py"),
    "web/routes.py": ("tests/access", "tests/web/test_guards.py", "tests/web/test_refusals.py", "tests/house"),
}

# Changes that no test can see, each with the reason.
EQUIVALENT: dict[tuple[str, str], str] = {}

OURS = ("plainchant", "tests")  # packages that a fork imports anew
SECONDS = 200  # of computing: a mutant that has not ended by then never would
RECORD_FROM = (
    100  # mutants: for so many, a first run that notes which test executes which line saves more than it costs
)


# -- Mutants ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change to a module. ``lines``: where a test must have passed to see it; None if that is when importing."""

    module: Module
    line: int
    change: str
    apply: Callable[[], None]
    lines: range | None
    function: str

    def __str__(self) -> str:
        return f"{self.module.path}:{self.line}  {self.change}"


@dataclass(frozen=True, eq=False)
class Module:
    path: str  # under src/plainchant
    tree: ast.Module

    @property
    def name(self) -> str:
        return "plainchant." + self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def file(self) -> Path:
        return SOURCE / self.path


def modules() -> list[Module]:
    paths = {path.relative_to(SOURCE).as_posix() for pattern in TARGETS for path in SOURCE.glob(pattern)}
    return [Module(path, ast.parse((SOURCE / path).read_text())) for path in sorted(paths)]


def mutants_of(module: Module) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    return sorted(_below(module.tree, _Place(module)), key=lambda mutant: (mutant.line, mutant.change))


@dataclass(frozen=True)
class _Place:
    """Where the walk stands: the statement around it, and what executes it."""

    module: Module
    lines: range | None = None
    function: str = ""

    def inside(self, node: ast.AST) -> _Place:
        match node:
            case ast.FunctionDef(name=name, body=body):
                return _Place(self.module, range(body[0].lineno, (node.end_lineno or node.lineno) + 1), name)
            case ast.Lambda():
                return _Place(self.module, range(node.lineno, (node.end_lineno or node.lineno) + 1), self.function)
            case ast.stmt() if self.lines is not None:
                inner: list[ast.stmt] = getattr(node, "body", [])
                last = inner[0].lineno - 1 if inner else node.end_lineno or node.lineno
                return _Place(self.module, range(node.lineno, max(last, node.lineno) + 1), self.function)
        return self


def _below(node: ast.AST, place: _Place) -> Iterator[Mutant]:
    for name, index, child in children(node):
        if is_skipped(child):
            continue
        inside = place.inside(child)
        for replacement in changes(child, node, place.module.path):
            yield Mutant(
                module=place.module,
                line=getattr(child, "lineno", getattr(node, "lineno", 0)),
                change=_difference(child, replacement),
                apply=_put(node, name, index, replacement),
                lines=inside.lines,
                function=inside.function,
            )
        yield from _below(child, inside)


def _put(parent: ast.AST, name: str, index: int | None, replacement: Replacement) -> Callable[[], None]:
    def put() -> None:
        new = ast.Pass() if replacement is None else replacement
        if index is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[index] = new

    return put


def _difference(before: ast.AST, after: Replacement) -> str:
    """What changes, on one line, with a little of what stands around it: `filter(pk=1[-, status=seen-])`."""
    old, new = _words(before), _words(after)
    start = _common(old, new)
    rest = min(len(old), len(new)) - start
    end = _common(old[::-1][:rest], new[::-1][:rest])
    removed, added = ("".join(words[start : len(words) - end]) for words in (old, new))
    marks = (f"[-{_cut(removed, 100)}-]" if removed else "") + (f"{{+{_cut(added, 70)}+}}" if added else "")
    before_it, after_it = "".join(old[:start]), "".join(old[len(old) - end :])
    return f"{_cut(before_it[::-1], 60)[::-1]}{marks}{_cut(after_it, 30)}"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts have in common at their beginning."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _words(node: Replacement) -> list[str]:
    """The code of a node on one line; of an `if`, its condition only."""
    if node is None:
        return []
    text = f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)
    return re.findall(r"\w+|\W", " ".join(text.split()))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


# -- Which ones -------------------------------------------------------------------------------------------------


def drawn(population: Sequence[Mutant], *, count: int, seed: str) -> list[Mutant]:
    """``count`` mutants, spread evenly over the modules: the same ones for the same program and seed."""
    chance = random.Random(seed)  # noqa: S311
    piles: dict[Module, list[Mutant]] = {}
    for mutant in population:
        piles.setdefault(mutant.module, []).append(mutant)
    for pile in piles.values():
        chance.shuffle(pile)
    order = list(piles.values())
    chance.shuffle(order)
    turns = max(map(len, order), default=0)
    return [pile[turn] for turn in range(turns) for pile in order if turn < len(pile)][:count]


def related_tests(module: Module) -> list[str]:
    """The test files that stand near a module, the nearest first."""
    folder = Path(module.path).parent
    above = [folder, *folder.parents]
    places = RELATED.get(module.path) or [
        f"tests/{folder.as_posix()}",
        *(place for each in above for place in RELATED.get(each.as_posix(), ())),
    ]
    own = Path(module.path).stem
    files = [file for place in places for file in _tests_in(ROOT / place)]
    return [str(file) for file in sorted(dict.fromkeys(files), key=lambda file: own not in file.stem)]


def _tests_in(place: Path) -> list[Path]:
    return [place] if place.suffix == ".py" else sorted(place.rglob("test_*.py"))


# -- Running pytest in a fork -----------------------------------------------------------------------------------


class _ChangedLoader(SourceFileLoader):
    """Compiles the changed tree of a module in place of its file."""

    def __init__(self, module: Module) -> None:
        super().__init__(module.name, str(module.file))
        self.tree = module.tree

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = compile(ast.fix_missing_locations(self.tree), self.path, "exec")
        return code


@dataclass(frozen=True)
class _ChangedFinder(MetaPathFinder):
    module: Module

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname == self.module.name else None
        if spec is not None:
            spec.loader = _ChangedLoader(self.module)
        return spec


@dataclass(eq=False)
class _Session:
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
        start = time.process_time()
        answer = yield
        self.seconds[item.nodeid] = time.process_time() - start
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def _workers() -> int:
    return len(os.sched_getaffinity(0))


@dataclass
class Forks:
    """Forks of this process in which pytest runs. ``folder``: what they write, gone at the end of the campaign."""

    folder: Path
    running: dict[int, tuple[Any, Path]] = field(default_factory=dict)
    count: int = 0

    @property
    def database(self) -> Path:
        return self.folder / "migrated.sqlite3"

    def each(self, jobs: Iterable[tuple[Any, Callable[[Path], Any]]]) -> Iterator[tuple[Any, Any]]:
        """Each job's key with what the job returned in its fork, as they end; None for one that took too long."""
        for key, job in jobs:
            if len(self.running) >= _workers():
                yield self._next()
            self._start(key, job)
        while self.running:
            yield self._next()

    def end(self) -> None:
        """Stop those that still run, if one of them has ended badly."""
        for process in self.running:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def alone(self, job: Callable[[Path], Any]) -> Any:
        return next(self.each([("", job)]))[1]

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
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            signal.setitimer(signal.ITIMER_REAL, 10 * SECONDS)
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

    def pytest(self, place: Path, *, session: _Session, stop: bool = True) -> dict[str, Any]:
        """In a fork: run tests; pytest's exit code and the tests that failed."""
        import django.test.utils

        django.test.utils.setup_databases = self._copy_database
        django.test.utils.teardown_databases = lambda *args, **options: None
        # Two plugins look for what was left behind, at the price of most of a second.
        without = ["cacheprovider", "unraisableexception", "threadexception"]
        options = ["-q", f"--basetemp={place / 'pytest'}", "-p", "pytest_django.plugin"]
        options += [word for name in without for word in ("-p", f"no:{name}")]
        code = pytest.main([*options, *["-x"] * stop, *session.files], plugins=[session])
        if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
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

    def prepare(self) -> None:
        """Make the database once, and import here what does not depend on any module that may be changed."""
        for name in self.alone(self._migrate):
            with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
                importlib.import_module(name)
        sandbox = importlib.import_module("plainchant.reader.sandbox")
        # The forks share one reader of untrusted files. It is not their child: only this process may ask if it lives.
        sandbox._running_zygote().process.poll = lambda: None
        atexit.register(shutil.rmtree, sandbox._state.zygote.folder, ignore_errors=True)
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


# -- Which test executes which line -----------------------------------------------------------------------------

Tests = dict[str, dict[str, Any]]  # a test's name → "seconds" it takes, "lines" it executes of each module changed


def recorded(forks: Forks, files: Sequence[str], targets: Sequence[Module]) -> Tests:
    """Run test files on the program as it is: those that have changed since they were last run. All must pass."""
    helpers = [file for file in (ROOT / "tests").rglob("*.py") if not file.name.startswith("test_")]
    program = _digest(sorted([*helpers, *(ROOT / "src").rglob("*.py")]))
    RECORDS.mkdir(exist_ok=True)
    kept = {file: RECORDS / f"{program}-{_digest([Path(file)])}.json" for file in files}
    missing = [file for file in files if not kept[file].exists()]
    jobs = ((file, functools.partial(_record, forks=forks, file=file, targets=targets)) for file in missing)
    for file, tests in forks.each(jobs):
        if tests is None:
            sys.exit(f"{file} takes more than {SECONDS} s")
        kept[file].write_text(json.dumps(tests))
    for old in RECORDS.iterdir():
        if not old.name.startswith(program):
            old.unlink()
    return {name: test for each in kept.values() for name, test in json.loads(each.read_text()).items()}


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return total.hexdigest()[:16]


def _record(place: Path, *, forks: Forks, file: str, targets: Sequence[Module]) -> Tests:
    cov = coverage.Coverage(data_file=None, config_file=False, include=[str(module.file) for module in targets])
    session = _Session([file], cov=cov)
    cov.start()
    answer = forks.pytest(place, session=session, stop=False)
    cov.stop()
    if answer["code"] not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError("these tests fail with nothing changed")
    tests: Tests = {name: {"seconds": seconds, "lines": {}} for name, seconds in session.seconds.items()}
    for module in targets:
        for line, names in cov.get_data().contexts_by_lineno(str(module.file)).items():
            for name in names:
                if name in tests:
                    tests[name]["lines"].setdefault(module.path, []).append(line)
    return tests


def executing(tests: Tests, mutant: Mutant) -> list[str]:
    """The tests that execute what a mutant changes, the quickest first."""
    lines = set(mutant.lines or ())
    names = [name for name, test in tests.items() if lines.intersection(test["lines"].get(mutant.module.path, ()))]
    return sorted(names, key=lambda name: tests[name]["seconds"])


# -- The campaign -----------------------------------------------------------------------------------------------


def campaign(forks: Forks, chosen: Sequence[Mutant], tests: Tests) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with the test that noticed it; "" when all pass."""
    killers: dict[Module, list[str]] = {}

    def jobs() -> Iterator[tuple[Mutant, Callable[[Path], Any]]]:
        for mutant in chosen:
            files = related_tests(mutant.module)
            # What noticed a change of this module may well notice the next.
            session = _Session(files, first=list(reversed(killers.get(mutant.module, []))), function=mutant.function)
            if tests and mutant.lines is not None:
                names = executing(tests, mutant)
                near = [name for name in names if _file_of(name) in files]
                session.wanted, session.first = frozenset(near), [*session.first, *near]
                session.files = [file for file in files if file in {_file_of(name) for name in near}]
            yield mutant, functools.partial(_try, forks=forks, mutant=mutant, session=session)

    for mutant, answer in forks.each(jobs()):
        if answer is None:
            yield mutant, f"(still running after {SECONDS} s)"
        elif answer["code"] == pytest.ExitCode.INTERRUPTED:
            yield mutant, "(the program no longer starts)"
        else:
            known = killers.setdefault(mutant.module, [])
            known.extend(name for name in answer["failed"] if name not in known)
            yield mutant, answer["failed"][0] if answer["failed"] else ""


def _file_of(test: str) -> str:
    return str(ROOT / test.partition("::")[0])


def _try(place: Path, *, forks: Forks, mutant: Mutant, session: _Session) -> dict[str, Any]:
    if not session.files:
        return {"code": int(pytest.ExitCode.NO_TESTS_COLLECTED), "failed": []}
    mutant.apply()
    if mutant.module.name in sys.modules:
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
    sys.meta_path.insert(0, _ChangedFinder(mutant.module))
    return forks.pytest(place, session=session)


def main() -> int:
    count, seed, only = (os.environ.get(name, "") for name in ("N", "SEED", "ONLY"))
    targets = modules()
    population = [mutant for module in targets if _is_named(module, only) for mutant in mutants_of(module)]
    unknown = set(EQUIVALENT) - {(mutant.module.path, mutant.change) for mutant in population}
    if unknown and not only:
        sys.exit(f"EQUIVALENT names changes that are not made any more: {sorted(unknown)}")
    population = [mutant for mutant in population if (mutant.module.path, mutant.change) not in EQUIVALENT]
    chosen = drawn(population, count=int(count), seed=seed or "1") if count else population
    start = time.monotonic()
    results: dict[Mutant, str] = {}
    with tempfile.TemporaryDirectory(prefix="plainchant-mutants-") as folder:
        os.environ.update(TMPDIR=folder, DJANGO_SETTINGS_MODULE="tests.settings", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        tempfile.tempdir = folder
        sys.dont_write_bytecode, sys.pycache_prefix = False, f"{folder}/compiled"
        forks = Forks(Path(folder))
        try:
            forks.prepare()
            files = list(dict.fromkeys(file for mutant in chosen for file in related_tests(mutant.module)))
            tests = {} if count and len(chosen) < RECORD_FROM else recorded(forks, files, targets)
            for mutant, killer in campaign(forks, chosen, tests):
                results[mutant] = killer
                print(f"{'killed  ' if killer else 'SURVIVED'}  {mutant}  {killer}", flush=True)
            unfounded = _failing_anyway(forks, sorted({name for name in results.values() if "::" in name}))
        finally:
            forks.end()
    if unfounded:
        print("These tests fail with nothing changed, so what they killed proves nothing:", *unfounded, sep="\n  ")
        return 1
    survivors = [mutant for mutant, killer in results.items() if not killer]
    print()
    for path in sorted({mutant.module.path for mutant in results}):
        killers = [killer for mutant, killer in results.items() if mutant.module.path == path]
        print(f"{path:40} {len(killers):5} tried {len([killer for killer in killers if killer]):5} killed")
    print(f"in {time.monotonic() - start:.0f} s")
    if survivors:
        print("\nNo test notices these:", *survivors, sep="\n  ")
    print(f"mutants: {len(results)} tried, {len(results) - len(survivors)} killed, {len(survivors)} survived")
    return bool(survivors)


def _is_named(module: Module, only: str) -> bool:
    return not only or any(part in module.path for part in only.split())


def _failing_anyway(forks: Forks, names: Sequence[str]) -> list[str]:
    """Of these tests, those that fail on the program as it is."""
    shares = [names[place :: _workers()] for place in range(_workers()) if names[place :: _workers()]]
    jobs = ((share, functools.partial(_failing, forks=forks, names=share)) for share in shares)
    return sorted(name for _, failing in forks.each(jobs) for name in failing)


def _failing(place: Path, *, forks: Forks, names: Sequence[str]) -> list[str]:
    session = _Session(sorted({_file_of(name) for name in names}), wanted=frozenset(names))
    forks.pytest(place, session=session, stop=False)
    return session.failed


if __name__ == "__main__":
    sys.exit(main())
