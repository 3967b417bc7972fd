"""Destroy the portal with its PostgreSQL and its documents while people deposit; how many seconds of deposits are lost?

Run: python -m tests.campaigns.loss [--rounds 3] [--seed 1] [--clients 2]

The commands are those of docs/operating.md, « Less than a minute lost »: its blocks marked `sh log=…` are played word
for word. `pg_receivewal` streams the log to a folder, `plainchant backup follow` copies documents there. At a seeded
moment all processes are killed, the database's files and the documents are deleted; what is in that folder alone is
put back, and the portal goes on with it to the next round. `judge` looks for everything that was acknowledged before
the point to which the restore went; what was acknowledged since is lost, and counted in seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.crash import folder_of_its_own
from tests.campaigns.depositor import Depositor
from tests.campaigns.hour import DOCUMENT, blocks
from tests.campaigns.judge import Tables, judge
from tests.campaigns.outcome import Outcome
from tests.campaigns.portal import Portal
from tests.campaigns.rounds import WRONG, Scene, wait_until_quiet

GOAL_SECONDS = 60.0
BLOCKS = ("prepare", "stream", "base", "restore")


@dataclass
class Away:
    """What stands on the other machine: a folder, and who fills it. ``server``: whose log it receives."""

    folder: Path
    server: Cluster
    streams: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self) -> None:
        """A base, and a log that arrives."""
        self.play("prepare")
        command = ["sh", "-ec", _commands("stream")]
        self.streams.append(subprocess.Popen(command, env=self._environment(), start_new_session=True))
        self.play("base")

    def end(self) -> None:
        """No more of the log arrives."""
        for stream in self.streams:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(stream.pid, 9)
            stream.wait()
        self.streams.clear()

    def restore(self, data: Path) -> None:
        """Make the files of a PostgreSQL there."""
        self.play("restore", PGDATA=str(data))

    def point(self) -> float:
        """To when a restore goes, in whole seconds since 1970."""
        name = (self.folder / "point").read_text().strip().removeprefix("plainchant-")
        return datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()

    def play(self, block: str, **more: str) -> None:
        subprocess.run(["sh", "-ec", _commands(block)], env={**self._environment(), **more}, check=True)

    def _environment(self) -> dict[str, str]:
        place = urlsplit(self.server.url)
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        return {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "AWAY": str(self.folder),
            "SERVER": f"host={place.hostname} port={place.port} user=plainchant_away dbname=postgres",
            "PGHOST": str(place.hostname),
            "PGPORT": str(place.port),
            "PGUSER": "plainchant",
        }


def _commands(block: str) -> str:
    """Of the page; the database is called otherwise here, and whoever is not root is who runs PostgreSQL."""
    text = blocks(DOCUMENT.read_text(encoding="utf-8"), "log")[block].replace(
        "--dbname plainchant", "--dbname postgres"
    )
    if os.geteuid() != 0:
        text = text.replace("runuser -u postgres -- ", "").replace('chown -R postgres: "$PGDATA" "$AWAY/log"\n', "")
    return text


@contextmanager
def another_machine(server: Cluster) -> Iterator[Away]:
    """An empty folder, which whoever runs PostgreSQL may enter."""
    folder = Path(tempfile.mkdtemp(prefix="plainchant-away-"))
    folder.chmod(0o711)
    away = Away(folder, server)
    try:
        yield away
    finally:
        away.end()
        shutil.rmtree(folder)


@dataclass
class Round:
    lost: int
    lost_seconds: float  # from the oldest deposit that is lost to the destruction
    point_seconds: float  # from the point of the restore to the destruction
    back_seconds: float  # from the destruction to pages


def losses(
    folder: Path, *, rounds: int, seed: int, clients: int, say: Callable[[str], object]
) -> tuple[Outcome, list[Round]]:
    """``rounds`` destructions, each at most forty seconds after the first point of its round."""
    rng = random.Random(seed)
    outcome, seen = Outcome(seed=seed), []
    with ExitStack() as stack:
        server = stack.enter_context(cluster())
        (folder / "portal").mkdir()
        portal = Portal(folder / "portal", server.url, logs=folder)
        stack.callback(portal.stop)
        for number in range(1, rounds + 1):
            portal.start()
            away = stack.enter_context(another_machine(server))
            away.begin()
            with _following(portal, away):
                people = [
                    Depositor(n, portal.address, outcome, random.Random(f"{seed}-{number}-{n}"), 12)
                    for n in range(clients)
                ]
                for person in people:
                    person.serial = 1000 * number
                    person.start()
                _wait_for_point(away, people)
                time.sleep(rng.uniform(0, 40))
                destroyed_at = time.time()
                portal.stop()
                server.kill()
            away.end()
            for person in people:
                person.visitor.patience = 0
                person.is_over.set()
                person.join(timeout=180)
            shutil.rmtree(server.data)
            shutil.rmtree(portal.documents)
            server = stack.enter_context(cluster(restored_by=away.restore))
            portal.move(server.url)
            portal.command("backup", "put-back", str(away.folder))
            portal.start()
            back_seconds = time.time() - destroyed_at
            kept = outcome.acknowledged.before(away.point())
            with Tables(server.url) as tables:
                wait_until_quiet(tables, Scene(portal, {}))
                outcome.wrong += judge(tables, portal.documents, kept)
            lost = set(outcome.acknowledged.at) - set(kept.at)
            oldest = min((outcome.acknowledged.at[uid] for uid in lost), default=destroyed_at)
            seen.append(Round(len(lost), destroyed_at - oldest, destroyed_at - away.point(), back_seconds))
            outcome.acknowledged = kept
            say(f"round {number}: {seen[-1]}; {len(kept.deposits)} PDFs, {len(kept.flows)} flows kept")
    if not outcome.is_good:
        (folder / WRONG).write_text(str(outcome))
    return outcome, seen


@contextmanager
def _following(portal: Portal, away: Away) -> Iterator[None]:
    command = [sys.executable, "-m", "plainchant.cli", "backup", "follow", str(away.folder)]
    with (portal.logs / "follow.log").open("ab") as log:
        process = subprocess.Popen(command, env=portal.environment, cwd="/", stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait_for_point(away: Away, people: list[Depositor]) -> None:
    deadline = time.monotonic() + 600
    while not (away.folder / "point").exists():
        if time.monotonic() > deadline or not any(person.is_alive() for person in people):
            raise RuntimeError("no point was reached: " + "; ".join(person.failure for person in people))
        time.sleep(0.1)


def report(outcome: Outcome, seen: list[Round]) -> str:
    """Lines of text."""
    kept = outcome.acknowledged
    worst = max((row.point_seconds for row in seen), default=0.0)
    return "\n".join(
        [
            f"{'round':<6} {'lost':>6} {'seconds':>8} {'point':>8} {'back':>8}",
            *(
                f"{n:<6} {row.lost:>6} {row.lost_seconds:>8.1f} {row.point_seconds:>8.1f} {row.back_seconds:>8.1f}"
                for n, row in enumerate(seen, 1)
            ),
            f"kept: {len(kept.deposits)} PDFs, {len(kept.flows)} flows of {outcome.members} invoices; "
            f"of these lost, doubled, changed or half there: {len(outcome.wrong)}",
            f"RPO: worst {worst:.1f} s, goal {GOAL_SECONDS:.0f} s: {'reached' if worst <= GOAL_SECONDS else 'missed'}",
            *outcome.server_errors[:10],
            *outcome.wrong[:50],
        ]
    )


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seed", type=int, default=20261130)
    asked.add_argument("--clients", type=int, default=2)
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    with folder_of_its_own() as folder:
        outcome, seen = losses(
            folder,
            rounds=chosen.rounds,
            seed=chosen.seed,
            clients=chosen.clients,
            say=lambda text: sys.stderr.write(f"{text}\n"),
        )
    sys.stdout.write(f"{report(outcome, seen)}\n")
    return 1 if outcome.wrong or outcome.server_errors else 0


if __name__ == "__main__":
    sys.exit(main())
