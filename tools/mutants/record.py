"""Which test executes which line: a first run on the program as it is, kept in .venv."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import coverage
import pytest

from .changed import ROOT, Module, Mutant
from .forks import SECONDS, Forks, Session

RECORDS = ROOT / ".venv" / "mutants"

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
            sys.exit(f"a test of {file} takes more than {SECONDS} s")
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
    session = Session([file], cov=cov)
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


def in_order(names: Sequence[str], tests: Tests, killers: Sequence[str]) -> list[str]:
    """File by file, since each file makes its world anew: those of the last ``killers`` first, then the cheapest."""
    recent = {name: place for place, name in enumerate(reversed(killers))}
    never = len(recent)
    worlds: dict[str, tuple[int, float]] = {}
    for name in names:
        file = name.partition("::")[0]
        rank, cost = worlds.get(file, (never, 0.0))
        # The first test of a file bears the cost of its world.
        worlds[file] = min(rank, recent.get(name, never)), max(cost, tests[name]["seconds"])

    def place(name: str) -> tuple[int, float, str, int, float]:
        file = name.partition("::")[0]
        return *worlds[file], file, recent.get(name, never), tests[name]["seconds"]

    return sorted(names, key=place)
