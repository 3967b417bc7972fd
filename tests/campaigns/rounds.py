"""Rounds of a campaign: people deposit, a fault strikes at a seeded moment and is mended; then the judge speaks."""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaigns.depositor import Depositor
from tests.campaigns.judge import Tables, is_quiet, judge
from tests.campaigns.outcome import Outcome
from tests.campaigns.portal import KILLED, Portal

WRONG = "wrong.txt"  # beside the logs of a portal that the judge found something with


@dataclass
class Scene:
    """A portal, and what can happen to it.

    ``faults``: by name, what strikes and mends; what it has killed is started again by the campaign. ``documents``:
    where the judge finds them, asked once all is quiet. ``hurry``: has what waits for its hour tried at once.
    ``other_judges``: what else is looked at.
    """

    portal: Portal
    faults: Mapping[str, Callable[[random.Random], None]]
    documents: Callable[[], Path] | None = None
    hurry: Callable[[], None] = field(default=lambda: None)
    other_judges: Sequence[Callable[[Tables], list[str]]] = ()


def campaign(
    scene: Scene,
    *,
    rounds: int,
    seed: int,
    clients: int = 3,
    longest: float = 0.5,
    deposits: int = 4,
    most: int = 120,
    only: Sequence[str] = (),
    say: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """``rounds`` faults, each at most ``longest`` seconds after up to ``deposits`` more deposits; then the judge.

    ``most``: invoices in a flow. ``only``: some of the scene's faults. Ctrl-C ends the rounds early; the judge still
    speaks.
    """
    rng = random.Random(seed)
    outcome = Outcome(seed=seed)
    begun = time.monotonic()
    portal = scene.portal
    names = [name for name in scene.faults if not only or name in only]
    try:
        portal.start()
        people = [Depositor(n, portal.address, outcome, random.Random(f"{seed}-{n}"), most) for n in range(clients)]
        for person in people:
            person.start()
        with contextlib.suppress(KeyboardInterrupt):
            for number in range(1, rounds + 1):
                _wait_for_deposits(outcome, more=rng.randint(1, deposits), people=people)
                time.sleep(rng.uniform(0, longest))
                name = rng.choice(names)
                since = time.monotonic()
                scene.faults[name](rng)
                if name not in KILLED:
                    since = time.monotonic()  # what was away is back
                outcome.faults[name] += 1
                portal.start()
                seconds = time.monotonic() - since
                outcome.recovery.setdefault(name, []).append(seconds)
                pdfs, flows = len(outcome.acknowledged.deposits), len(outcome.acknowledged.flows)
                say(
                    f"round {number}, {time.monotonic() - begun:.0f} s: {name}, back after {seconds:.1f} s; "
                    f"{pdfs} PDFs, {flows} flows acknowledged"
                )
                if any(person.failure for person in people):
                    break  # the judge speaks at once
        portal.start()
        for person in people:
            person.is_over.set()
        for person in people:
            person.join(timeout=180)
            if person.failure or person.is_alive():
                outcome.gave_up.append(f"{person.name}: {person.failure or 'never came back'}")
        with Tables(portal.database or portal.folder / "plainchant.sqlite3") as tables:
            wait_until_quiet(tables, scene)
            documents = scene.documents() if scene.documents is not None else portal.documents
            outcome.wrong += judge(tables, documents, outcome.acknowledged)
            outcome.wrong += [sentence for other in scene.other_judges for sentence in other(tables)]
    finally:
        portal.stop()
    if not outcome.is_good:
        (portal.logs / WRONG).write_text(str(outcome))
    outcome.seconds = time.monotonic() - begun
    return outcome


def _wait_for_deposits(outcome: Outcome, *, more: int, people: list[Depositor]) -> None:
    """A fault is worth something while people deposit: until ``more`` have been acknowledged."""
    acknowledged = outcome.acknowledged
    enough = len(acknowledged.deposits) + len(acknowledged.flows) + more
    deadline = time.monotonic() + 30
    while len(acknowledged.deposits) + len(acknowledged.flows) < enough and time.monotonic() < deadline:
        if not any(person.is_alive() for person in people):
            return
        time.sleep(0.01)


def wait_until_quiet(tables: Tables, scene: Scene) -> None:
    """Until all that was begun has ended, asked for again without waiting; five minutes at most."""
    deadline = time.monotonic() + 300
    minutes = 3
    while not is_quiet(tables):
        if time.monotonic() > deadline:
            return  # the judge says what has not ended
        scene.hurry()
        scene.portal.ask_again(minutes)
        minutes += 3
        for _ in range(20):
            if is_quiet(tables):
                return
            time.sleep(0.1)


def command(
    description: str, scenes: Callable[[argparse.Namespace], AbstractContextManager[Scene]], *flags: str
) -> int:
    """A campaign as a command; the exit code. ``flags``: options without a value that ``scenes`` knows."""
    asked = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=100)
    asked.add_argument("--seed", type=int, default=20261126)
    asked.add_argument("--clients", type=int, default=3)
    asked.add_argument("--longest", type=float, default=0.5, help="seconds from a deposit to the fault, at most")
    asked.add_argument("--deposits", type=int, default=4, help="deposits between two faults, at most")
    asked.add_argument("--most", type=int, default=120, help="invoices in a flow, at most")
    asked.add_argument("--only", action="append", default=[], metavar="FAULT", help="may be repeated")
    asked.add_argument("--tally", type=Path, help="a file that is given a line about this campaign, see `tally`")
    for flag in flags:
        asked.add_argument(f"--{flag}", action="store_true")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    with scenes(chosen) as scene:
        outcome = campaign(
            scene,
            rounds=chosen.rounds,
            seed=chosen.seed,
            clients=chosen.clients,
            longest=chosen.longest,
            deposits=chosen.deposits,
            most=chosen.most,
            only=chosen.only,
            say=lambda text: sys.stderr.write(f"{text}\n"),
        )
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()
        if chosen.tally:
            with chosen.tally.open("a") as tally:
                tally.write(f"{outcome.record()}\n")
    return 0 if outcome.is_good else 1
