"""Kill the portal again and again while people deposit, then ask a judge what became of every deposit.

Run: DATABASE_URL=postgres://… python -m tests.campaigns.crash [--rounds 100] [--seed 1] [--clients 3]
or with a PostgreSQL of its own, which is then restarted, stopped for five seconds and killed too: … --database

The real `plainchant run` (web and worker) and a second `plainchant worker`, on PostgreSQL. Visitors log in and deposit
PDFs and flows through the pages; what gets no answer they send again. Each round ends with SIGKILL, at a seeded moment,
for web processes, readers, a worker, the supervisor, or everything at once. `plainchant run` starts its own processes
again; what else was killed is started again here. At the end
`judge` proves what is there. Kills keep the page cache: this shows that a crash of processes loses nothing, not that a
power cut does; that flushes come before answers is looked at by `tests/portal/store/test_store.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from plainchant.demo.paper import PrintedInvoice, print_invoice
from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.judge import Acknowledged, Lot, is_quiet, judge
from tests.campaigns.visitor import GaveUp, Visitor
from tests.portal.flows.archives import archive
from tests.web.verify.invoices import invoice


@dataclass
class Outcome:
    """What happened, and what the judge found wrong with it."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    told: Acknowledged = field(default_factory=Acknowledged)
    unanswered: int = 0
    unread: int = 0
    unavailable: int = 0
    recovery: dict[str, float] = field(default_factory=dict)  # what was killed → the longest until pages were back
    server_errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        lots = self.told.flows.values()
        members = sum(len(lot.good) + lot.bad for lot in lots)
        count = len(self.told.deposits) + len(lots) + members
        kills = ", ".join(f"{name} {number}" for name, number in sorted(self.kills.items()))
        bound = f" (below {3 / count:.2%} with 95 % confidence)" if count and not self.wrong else ""
        return "\n".join(
            [
                f"seed {self.seed}, {self.seconds:.0f} s, {self.kills.total()} kills: {kills}",
                f"acknowledged: {len(self.told.deposits)} PDFs, {len(lots)} flows of {members} invoices",
                f"requests without an answer, sent again: {self.unanswered}; answers 5xx: {len(self.server_errors)}",
                f"answers « later » (503): {self.unavailable}; files whose reader was killed, sent anew: {self.unread}",
                "seconds until pages were back, at most: "
                + ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(self.recovery.items())),
                f"lost, doubled, changed or half there: {len(self.wrong)} / {count}{bound}",
                *self.server_errors[:10],
                *self.wrong[:50],
            ]
        )


class Portal:
    """`plainchant run` and a second worker, each of which can be killed and started again."""

    def __init__(self, folder: Path, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        self.environment = {
            **kept,
            "DATABASE_URL": database,
            "PLAINCHANT_DATA": str(folder),
            "PLAINCHANT_PORT": str(self.port),
            "PLAINCHANT_URL": self.address,
            "PLAINCHANT_LOG_LEVEL": "ERROR",
        }
        self.main = self.second = None  # type: subprocess.Popen[bytes] | None

    def start(self) -> None:
        if self.main is None or self.main.poll() is not None:
            self.main = self._spawn("run")
        if self.second is None or self.second.poll() is not None:
            self.second = self._spawn("worker")
        self.wait_until_it_answers()

    def _spawn(self, command: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "plainchant.cli", command],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """A page that needs the database, twice running: a process that was killed may still be about to end."""
        deadline = time.monotonic() + 120
        address = f"{self.address}/annuaire/?q=mairie"
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("the portal did not come up:\n" + (self.folder / "run.log").read_text()[-4000:])

    def kill(self, what: str) -> None:
        """SIGKILL, without a word."""
        assert self.main is not None
        assert self.second is not None
        if what == "second worker":
            _kill([self.second.pid])
        elif what == "supervisor":
            _kill([self.main.pid])
            self.main.wait()
            self._wait_for_orphans()
        elif what == "everything":
            _kill([self.main.pid, self.second.pid, *self._ours()])
        else:
            _kill(self._ours(_WORDS[what])[-1:] if what == "web worker" else self._ours(_WORDS[what]))
        for process in (self.main, self.second):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)

    def _ours(self, words: str = "") -> list[int]:
        """The processes of this portal but the two commands, oldest first; those whose command has ``words``."""
        parents, commands = {}, {}
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError):
                number = int(place.name)
                parents[number] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
                commands[number] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if f"PLAINCHANT_DATA={self.folder}".encode() in (place / "environ").read_bytes().split(b"\0"):
                    parents[number] = os.getpid()  # whoever its parent is now
        two = {process.pid for process in (self.main, self.second) if process is not None}
        found = [number for number in parents if number not in two and self._descends(number, parents)]
        return sorted(number for number in found if words in commands[number])

    @staticmethod
    def _descends(number: int, parents: dict[int, int]) -> bool:
        while number in parents and parents[number] != os.getpid():
            number = parents[number]
        return number in parents

    def _wait_for_orphans(self) -> None:
        """The server of a dead supervisor ends by itself, and gives the port back."""
        deadline = time.monotonic() + 30
        while self._ours("granian") and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        for process in (self.main, self.second):
            if process is not None:
                _kill([process.pid])
                process.wait()
        _kill(self._ours())

    def ask_again(self, minutes: int) -> None:
        """The sweep, as it will run in some minutes: what dead workers had is asked for again without waiting."""
        code = (
            "import django; django.setup()\n"
            "from datetime import timedelta\n"
            "from plainchant.portal.lib.time import now\n"
            "from plainchant.tasks.sweep import sweep\n"
            f"sweep(at=now() + timedelta(minutes={minutes}))"
        )
        settings = {"DJANGO_SETTINGS_MODULE": "plainchant.config.settings"}
        subprocess.run([sys.executable, "-c", code], env=self.environment | settings, cwd=self.folder, check=True)


_WORDS = {
    "web": "granian",
    "web worker": "granian",
    "worker": "plainchant.cli worker",
    "readers": "plainchant.reader.child",
}


def _kill(numbers: list[int]) -> None:
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


# -- Visitors ----------------------------------------------------------------------------------------------------


class Depositor(threading.Thread):
    """A supplier's person who deposits without a pause: PDFs, and now and then a flow."""

    def __init__(self, number: int, portal: Portal, outcome: Outcome, rng: random.Random) -> None:
        super().__init__(name=f"depositor-{number}", daemon=True)
        self.visitor = Visitor(portal.address)
        self.number, self.outcome, self.rng = number, outcome, rng
        self.is_over = threading.Event()
        from plainchant.demo import cast, directory  # needs Django to be ready

        self.password, self.town = cast.PASSWORD, directory.TOWN_HALL
        person = (cast.ARTIST, cast.BOOKKEEPER)[number % 2]
        self.workshop = next(one for one in cast.WORKSHOPS if one.siret == person.siret)
        self.email = person.email
        self.failure = ""
        self.serial = 0

    def run(self) -> None:
        try:
            self.visitor.log_in(self.email, self.password)
            while not self.is_over.is_set():
                self.serial += 1
                (self.deposit_flow if self.rng.random() < 0.35 else self.deposit_pdf)()
        except GaveUp as gave_up:
            self.failure = str(gave_up)
        except Exception as error:  # noqa: BLE001 - told by the campaign
            self.failure = f"{type(error).__name__}: {error}"
        self.outcome.unanswered += self.visitor.unanswered
        self.outcome.unavailable += self.visitor.unavailable
        self.outcome.server_errors += self.visitor.server_errors

    def deposit_pdf(self) -> None:
        number = f"P{self.number}-{self.serial:05d}"
        amount = f"{100 + self.serial},00"
        paper = PrintedInvoice(
            number=number,
            day="03/11/2026",
            seller=self.workshop.name,
            seller_address="3 venelle des Potiers",
            seller_siret=self.workshop.siret,
            buyer="Mairie",
            buyer_siret=self.town,
            commitment="EJ-2026-1",
            object=f"Dessin {self.serial}",
            amount=amount,
            iban="",
        )
        content = print_invoice(paper)
        seller = self._only_choice("/deposer/", "seller")
        draft = self.visitor.post("/deposer/", {"seller": seller}, file=("facture.pdf", content)).path
        fields = {
            "buyer": self.town, "commitment": "EJ-2026-1", "number": number, "type_code": "380",
            "issue_date": "03/11/2026", "vat_regime": "SANS_TVA", "tax_exclusive_amount": amount, "tax_amount": "0",
            "tax_inclusive_amount": amount, "payable_amount": amount, "currency": "EUR", "billing_framework": "A1",
            "buyer_service": "", "bank_account": "", "contract": "", "preceding_number": "", "comment": "",
            "go": "check",
        }  # fmt: skip
        checked = self.visitor.post(draft, fields)
        if not checked.path.endswith("/verifier/"):
            raise AssertionError(f"{number}: {checked.status} at {checked.path}")
        seen = re.search(r'name="revision" value="(\d+)"', checked.text)
        sent = self.visitor.post(f"{draft}envoyer/", {"revision": seen[1] if seen else ""})
        if not sent.path.endswith("/envoyee/"):
            raise AssertionError(f"{number}: not sent, {sent.status} at {sent.path}")
        uid = draft.strip("/").split("/")[-1]
        self.outcome.told.deposits[uid] = (number, hashlib.sha256(content).hexdigest())

    def deposit_flow(self) -> None:
        count, bad = self.rng.randint(1, 120), 0
        good, files = {}, {}
        for n in range(count):
            number = f"F{self.number}-{self.serial:05d}-{n:03d}"
            if self.rng.random() < 0.1:
                bad += 1
                files[f"{n}.xml"] = invoice(number, seller=self.workshop.siret, buyer="99999999999999")
            else:
                xml = invoice(number, seller=self.workshop.siret, buyer=self.town, commitment="EJ-1")
                good[number] = hashlib.sha256(xml).hexdigest()
                files[f"{n}.xml"] = xml
        content = archive(files)
        structure = self._only_choice("/flux/deposer/", "structure")
        for _ in range(5):
            shown = self.visitor.post("/flux/deposer/", {"structure": structure}, file=("lot.tar.gz", content))
            if shown.status != 422:
                break
            self.outcome.unread += 1  # the reader was killed over it, and the page says so: send it again
        uid = shown.path.strip("/").split("/")[-1]
        if len(uid) != 36:
            raise AssertionError(f"flow {self.serial}: {shown.status} at {shown.path}")
        self.outcome.told.flows[uid] = Lot(hashlib.sha256(content).hexdigest(), good, bad)

    def _only_choice(self, path: str, field: str) -> str:
        page = self.visitor.get(path)
        marked = page.text.partition(f'name="{field}" value="')[2]
        if not marked:
            raise AssertionError(f"no {field} on {page.path} ({page.status})")
        return marked.partition('"')[0]


# -- The campaign ------------------------------------------------------------------------------------------------

TARGETS = ("web", "web worker", "worker", "readers", "second worker", "second worker", "supervisor", "everything")
OF_THE_DATABASE = ("database restarted", "database stopped 5 s", "database killed")


def _hit(target: str, portal: Portal, database: Cluster | None) -> None:
    """Kill, or take away, and give back."""
    if database is None or target not in OF_THE_DATABASE:
        portal.kill(target)
        return
    if target == "database killed":
        database.kill()
    else:
        database.stop()
    if target == "database stopped 5 s":
        time.sleep(5)
    database.start()


def campaign(
    *,
    url: str,
    rounds: int,
    seed: int,
    clients: int = 3,
    longest: float = 0.5,
    say: object = None,
    server: Cluster | None = None,
) -> Outcome:
    """``rounds`` kills, each at most ``longest`` seconds after a few more deposits; then the judge.

    Ctrl-C ends the rounds early; the judge still speaks.
    """
    rng = random.Random(seed)
    outcome = Outcome(seed=seed)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="plainchant-crash-"))
    with _database(url, f"plainchant_crash_{os.getpid()}") as database:
        portal = Portal(folder, database)
        try:
            portal.start()
            people = [Depositor(n, portal, outcome, random.Random(f"{seed}-{n}")) for n in range(clients)]
            for person in people:
                person.start()
            with contextlib.suppress(KeyboardInterrupt):
                for number in range(1, rounds + 1):
                    _wait_for_deposits(outcome, more=rng.randint(1, 4), people=people)
                    time.sleep(rng.uniform(0, longest))
                    target = rng.choice(TARGETS if server is None else TARGETS + OF_THE_DATABASE)
                    _hit(target, portal, server)
                    hit_at = time.monotonic()
                    outcome.kills[target] += 1
                    portal.start()
                    outcome.recovery[target] = max(outcome.recovery.get(target, 0.0), time.monotonic() - hit_at)
                    if callable(say) and number % 10 == 0:
                        flows, pdfs = len(outcome.told.flows), len(outcome.told.deposits)
                        say(
                            f"round {number}: {pdfs} PDFs, {flows} flows acknowledged, {time.monotonic() - begun:.0f} s"
                        )
            portal.start()
            for person in people:
                person.is_over.set()
            for person in people:
                person.join(timeout=180)
                if person.failure or person.is_alive():
                    outcome.wrong.append(f"{person.name}: {person.failure or 'never came back'}")
            with psycopg.connect(database, autocommit=True) as connection:
                _wait_until_quiet(connection, portal)
                outcome.wrong += judge(connection, folder / "documents", outcome.told)
        finally:
            portal.stop()
    if not outcome.wrong:
        shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.monotonic() - begun
    return outcome


def _wait_for_deposits(outcome: Outcome, *, more: int, people: list[Depositor]) -> None:
    """A kill is worth something while people deposit: until ``more`` have been acknowledged."""
    enough = len(outcome.told.deposits) + len(outcome.told.flows) + more
    deadline = time.monotonic() + 30
    while len(outcome.told.deposits) + len(outcome.told.flows) < enough and time.monotonic() < deadline:
        if not any(person.is_alive() for person in people):
            return
        time.sleep(0.01)


def _wait_until_quiet(connection: psycopg.Connection, portal: Portal) -> None:
    deadline = time.monotonic() + 300
    minutes = 3
    while not is_quiet(connection):
        if time.monotonic() > deadline:
            return  # the judge says what has not ended
        portal.ask_again(minutes)
        minutes += 3
        for _ in range(20):
            if is_quiet(connection):
                return
            time.sleep(0.1)


@contextlib.contextmanager
def _database(url: str, name: str) -> Iterator[str]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=100)
    asked.add_argument("--seed", type=int, default=20261126)
    asked.add_argument("--clients", type=int, default=3)
    asked.add_argument("--database", action="store_true", help="make a PostgreSQL, and take it away too")
    asked.add_argument("--longest", type=float, default=0.5, help="seconds from a deposit to the kill, at most")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    with cluster() if chosen.database else contextlib.nullcontext() as server:
        outcome = campaign(
            url=server.url if server is not None else os.environ["DATABASE_URL"],
            rounds=chosen.rounds,
            seed=chosen.seed,
            clients=chosen.clients,
            longest=chosen.longest,
            say=lambda text: sys.stderr.write(f"{text}\n"),
            server=server,
        )
    sys.stdout.write(f"{outcome}\n")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
