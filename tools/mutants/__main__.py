"""A campaign: the mutants are chosen and tried, what survives is printed."""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from .changed import ROOT, Module, Mutant, drawn, modules, mutants_of, related_tests
from .forks import SECONDS, Forks, Session, change_the_program, workers
from .record import Tests, executing, in_order, recorded
from .targets import EQUIVALENT
from .warm import change_the_functions

RECORD_FROM = 100  # mutants: for so many, to note first which test executes which line saves more than it costs


Change = Callable[[Mutant], bool]  # makes the change in a fork; False if this way of making it cannot


def campaign(
    forks: Forks, chosen: Sequence[Mutant], tests: Tests, change: Change
) -> Iterator[tuple[Mutant, str | None]]:
    """Each mutant with the test that noticed it; "" when all pass, None when ``change`` cannot make it, or no test
    executes it.
    """
    killers: dict[Module, list[str]] = {}

    def jobs() -> Iterator[tuple[Mutant, Callable[[Path], Any]]]:
        for mutant in chosen:
            files = related_tests(mutant.module)
            # What noticed a change of this module may well notice the next.
            session = Session(files, first=list(reversed(killers.get(mutant.module, []))), function=mutant.function)
            if tests and mutant.lines is not None:
                names = [name for name in executing(tests, mutant) if _file_of(name) in files]
                near = in_order(names, tests, killers.get(mutant.module, []))
                session.wanted, session.first = frozenset(near), near
                session.files = list(dict.fromkeys(map(_file_of, near)))
            yield mutant, functools.partial(_try, forks=forks, mutant=mutant, session=session, change=change)

    for mutant, answer in forks.each(jobs()):
        if answer is None:
            yield mutant, f"(a test still running after {SECONDS} s)"
        elif answer["code"] in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR):
            yield mutant, "(the program no longer starts)"
        else:
            known = killers.setdefault(mutant.module, [])
            known.extend(name for name in answer["failed"] if name not in known)
            is_tried = answer["code"] != pytest.ExitCode.NO_TESTS_COLLECTED
            yield mutant, answer["failed"][0] if answer["failed"] else "" if is_tried else None


def _file_of(test: str) -> str:
    return str(ROOT / test.partition("::")[0])


def _try(place: Path, *, forks: Forks, mutant: Mutant, session: Session, change: Change) -> dict[str, Any]:
    answer: dict[str, Any] = {"code": int(pytest.ExitCode.NO_TESTS_COLLECTED), "failed": []}
    if not session.files or not change(mutant):
        return answer
    # To collect all the files takes longer than the first of them, where most mutants die.
    for files in _batches(session.files) if session.wanted is not None else [session.files]:
        answer = forks.pytest(place, session=dataclasses.replace(session, files=files, failed=[], seconds={}))
        if answer["failed"] or answer["code"] in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR):
            break
    return answer


def _batches(files: Sequence[str]) -> Iterator[Sequence[str]]:
    size, rest = 1, list(files)
    while rest:
        yield rest[:size]
        size, rest = 3 * size, rest[size:]


def main() -> int:
    count, seed, only, guards = (os.environ.get(name, "") for name in ("N", "SEED", "ONLY", "GUARDS"))
    targets = modules()
    population = [mutant for module in targets for mutant in mutants_of(module) if _is_named(mutant, only)]
    unknown = set(EQUIVALENT) - {(mutant.module.path, mutant.change) for mutant in population}
    if unknown and not only:
        sys.exit(f"EQUIVALENT names changes that are not made any more: {sorted(unknown)}")
    population = [mutant for mutant in population if (mutant.module.path, mutant.change) not in EQUIVALENT]
    if guards:
        population = [mutant for mutant in population if mutant.is_guard]
    chosen = drawn(population, count=int(count), seed=seed or "1") if count else population
    start = time.monotonic()
    results: dict[Mutant, str] = {}
    with Forks() as forks:
        files = list(dict.fromkeys(file for mutant in chosen for file in related_tests(mutant.module)))

        def tests() -> Tests:
            return {} if count and len(chosen) < RECORD_FROM else recorded(forks, files, targets)

        def tried_at_once() -> Iterator[tuple[int, str | None]]:
            inside = [mutant for mutant in chosen if mutant.lines is not None]
            for mutant, killer in campaign(forks, inside, tests(), change_the_functions):
                yield chosen.index(mutant), killer

        for place, killer in forks.warm(tried_at_once, targets=targets):
            if killer is not None:
                results[chosen[place]] = killer
                _print(chosen[place], killer)
        # The others may change what is made when the program is imported: it is, in each fork.
        left = [mutant for mutant in chosen if mutant not in results]
        for mutant, killer in campaign(forks, left, tests(), change_the_program):
            results[mutant] = killer or ""
            _print(mutant, killer or "")
        unfounded = _failing_anyway(forks, sorted({name for name in results.values() if name.startswith("tests/")}))
    if unfounded:
        print("These tests fail with nothing changed, so what they killed proves nothing:", *unfounded, sep="\n  ")
        return 1
    _print_by_module(results)
    survivors = [mutant for mutant, killer in results.items() if not killer]
    print(f"in {time.monotonic() - start:.0f} s")
    if survivors:
        print("\nNo test notices these:", *survivors, sep="\n  ")
    print(f"mutants: {len(results)} tried, {len(results) - len(survivors)} killed, {len(survivors)} survived")
    return bool(survivors)


def _print(mutant: Mutant, killer: str) -> None:
    print(f"{'killed  ' if killer else 'SURVIVED'}  {mutant}  {killer}", flush=True)


def _print_by_module(results: Mapping[Mutant, str]) -> None:
    print()
    for path in sorted({mutant.module.path for mutant in results}):
        killers = [killer for mutant, killer in results.items() if mutant.module.path == path]
        print(f"{path:40} {len(killers):5} tried {sum(map(bool, killers)):5} killed")


def _is_named(mutant: Mutant, only: str) -> bool:
    """``only``: parts of paths, or as it is printed of a mutant: portal/tickets/queries.py:42."""
    place = f"{mutant.module.path}:{mutant.line}"
    return not only or any(place == part if ":" in part else part in mutant.module.path for part in only.split())


def _failing_anyway(forks: Forks, names: Sequence[str]) -> list[str]:
    """Of these tests, those that fail on the program as it is."""
    shares = [names[place :: workers()] for place in range(workers()) if names[place :: workers()]]
    jobs = ((share, functools.partial(_failing, forks=forks, names=share)) for share in shares)
    return sorted(name for _, failing in forks.each(jobs) for name in failing)


def _failing(place: Path, *, forks: Forks, names: Sequence[str]) -> list[str]:
    session = Session(sorted({_file_of(name) for name in names}), wanted=frozenset(names))
    answer = forks.pytest(place, session=session, stop=False)
    return list(names) if answer["code"] == pytest.ExitCode.USAGE_ERROR else session.failed


if __name__ == "__main__":
    sys.exit(main())
