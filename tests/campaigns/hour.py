"""A stranger's first hour, played: from an empty machine to a portal in production, and back from a backup elsewhere.

Run as root: python -m tests.campaigns.hour [--invoices 300] [--seed 1]

Every command is one of docs/operating.md: its blocks marked `sh hour=…` are played word for word, by a shell, on a
machine of its own. People register, are appointed and deposit through the proxy, by https; what they were told is noted
out here. A backup is taken in between, by the unit that the timer would start. Then the machine, its database and the
bucket are destroyed, and another machine is made from the backup alone. `judge` looks for everything that had been
acknowledged before the backup, and the portal itself compares every hash.

A machine is a network namespace (`network`), and overlays over /etc, /opt, /var and their like, in which whatever the
commands write stays: nothing of this computer changes, and nothing of the checkout is on the portal's path, which is
installed from the wheels of a release. The mail server and the S3 store are stand-ins, PostgreSQL and nginx are
Debian's. There is no systemd: what the units say (user, settings, folders, command) is done here, what they shut away
is not. The packages of Python come from wherever pip is set to fetch them.
"""

from __future__ import annotations

import argparse
import configparser
import contextlib
import ctypes
import email
import email.policy
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.release import build_wheels

from tests.campaigns.depositor import Depositor, Supplier
from tests.campaigns.judge import Acknowledged, Tables, is_quiet, judge
from tests.campaigns.machines import lose_power
from tests.campaigns.network import Machine, missing, network
from tests.campaigns.outcome import Outcome
from tests.campaigns.services import MailServer, s3
from tests.campaigns.visitor import GaveUp, Visitor

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "operating.md"
ADDRESS = "https://factures.example.org"
PASSWORD = "un bleu de lessive par temps clair"
OPERATOR, SUPPLIER, AGENT = "operator@example.org", "ada@example.org", "agent@example.org"
OVERLAID = ("/etc", "/mnt", "/opt", "/run", "/srv", "/usr/local", "/var")
BUCKET, STORE_PORT = "plainchant", 9000
GOAL_RTO_MINUTES = 15  # for 100,000 invoices
GOAL_RPO_MINUTES = 65  # an hourly timer, which may be five minutes late
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CLONE_NEWNS = 0x00020000
_libc = ctypes.CDLL(None, use_errno=True)

# The blocks, in the order in which they are played; those after `destroyed` on the other machine.
FIRST = ("install", "database", "settings", "check", "start", "proxy", "directory", "people")
EACH_HOUR = ("backup", "away")
AFTERWARDS = ("install", "database", "restore", "start", "proxy", "verify")
BLOCKS = (*FIRST, *EACH_HOUR, "restore", "verify")


def blocks(text: str, kind: str = "hour") -> dict[str, str]:
    """The commands of each block that is marked `sh KIND=…`, by its name. Raises ValueError where two have the same."""
    found: dict[str, str] = {}
    for name, commands in re.findall(rf"^```sh {kind}=(\S+)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        if name in found:
            raise ValueError(f"two blocks are called {name}")
        found[name] = commands
    return found


def absent() -> str:
    """Why this cannot be played here; nothing if it can."""
    programs = ("nginx", "openssl", "unshare", "runuser", "useradd")
    lacking = [name for name in programs if shutil.which(name, path=_PATH) is None]
    if lacking:
        return f"no {', '.join(lacking)}"
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return "no PostgreSQL of Debian's"
    return missing()


# -- A machine ---------------------------------------------------------------------------------------------------


class Relay(MailServer):
    """A mail server that keeps what it took, for whoever waits for a link."""

    def __init__(self, port: int) -> None:
        self.messages: list[bytes] = []
        super().__init__(port=port)

    def _taken(self, message: bytes) -> bytes:
        self.messages.append(message)
        return super()._taken(message)

    def link(self, recipient: str, beginning: str) -> str:
        """The path, below ``beginning``, of the link that somebody was sent."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for raw in list(self.messages):
                message = email.message_from_bytes(raw, policy=email.policy.default)
                body = message.get_body(("plain",))
                text = body.get_content() if body else ""
                found = re.search(rf"{re.escape(ADDRESS + beginning)}\S+", text)
                if found and recipient in str(message["To"]):
                    return found[0].removeprefix(ADDRESS)
            time.sleep(0.1)
        raise GaveUp(f"no link {beginning}… was sent to {recipient}")


@dataclass
class Computer:
    """An empty Debian with PostgreSQL, nginx, a mail relay and a bucket; ``downloads``: what a release offers."""

    machine: Machine
    folder: Path  # what it writes
    downloads: Path
    elsewhere: Path  # a disk of another machine, at /mnt/elsewhere
    outside: str  # the way into the network of this computer, where packages come from
    commands: dict[str, str]
    took: list[tuple[str, float]] = field(default_factory=list)
    services: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    relay: Relay = field(init=False)
    documents: Callable[[], Path] = field(init=False)

    @contextmanager
    def on(self) -> Iterator[Computer]:
        """Switched on until its power is lost; nothing of it is left then."""
        with ExitStack() as left:
            left.callback(shutil.rmtree, self.folder, ignore_errors=True)
            resolving = Path("/etc/resolv.conf").read_bytes()
            for place in OVERLAID:
                _overlay(place, self.folder)
                left.callback(_run, "umount", "--lazy", place)
            left.callback(self.lose_power)
            Path("/etc/resolv.conf").write_bytes(resolving)
            names = "factures.example.org store"
            Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n{self.machine.address} {names}\n")
            Path("/mnt/elsewhere").mkdir(exist_ok=True)
            _run("mount", "--bind", str(self.elsewhere), "/mnt/elsewhere")
            left.callback(_run, "umount", "--lazy", "/mnt/elsewhere")
            self._certificate()
            self._start_postgresql()
            with self.machine.entered():
                self.relay = Relay(25)
            inside = self.machine.inside
            _, self.documents = left.enter_context(
                s3(host=self.machine.address, port=STORE_PORT, bucket=BUCKET, inside=inside)
            )
            yield self

    def lose_power(self) -> None:
        lose_power(self.machine)
        for process in self.services.values():
            process.wait()

    def _certificate(self) -> None:
        """What an authority would have given; it is believed here."""
        place = Path("/etc/nginx/certs")
        place.mkdir(parents=True)
        _run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=factures.example.org", "-addext", "subjectAltName=DNS:factures.example.org",
            "-keyout", str(place / "privkey.pem"), "-out", str(place / "fullchain.pem"),
        )  # fmt: skip
        kept = self.downloads / "authority.pem"
        shutil.copy(place / "fullchain.pem", kept)
        os.environ["SSL_CERT_FILE"] = str(kept)

    def _start_postgresql(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        data = Path("/var/lib/postgresql/hour")
        for place in (data, Path("/run/postgresql")):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True, mode=0o755)
            shutil.chown(place, "postgres")
        data.chmod(0o700)
        as_postgres = [*self.machine.inside, "runuser", "-u", "postgres", "--"]
        _run(
            *as_postgres, str(programs / "initdb"), "-D", str(data), "-E", "UTF8", "--locale=C.UTF-8",
            "--auth-local=peer", "--auth-host=scram-sha-256",
        )  # fmt: skip
        _run(*as_postgres, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"), "start")

    # -- What is played --------------------------------------------------------------------------------------------

    def play(self, name: str) -> float:
        """The commands of a block, as root types them; the seconds they took. What needs the registry gets it."""
        begun = time.monotonic()
        for part in re.split(r"^(systemctl .*)\n", self.commands[name], flags=re.MULTILINE):
            if part.startswith("systemctl "):
                self._systemctl(*shlex.split(part)[1:])
            elif part:
                self._shell(part, name)
        seconds = time.monotonic() - begun
        self.took.append((name, seconds))
        sys.stderr.write(f"{name}: {seconds:.1f} s\n")
        return seconds

    def _shell(self, commands: str, name: str) -> None:
        inside = ("nsenter", f"--net={self.outside}", "--") if name == "install" else self.machine.inside
        done = subprocess.run(
            [*inside, "sh", "-eu", "-c", commands],
            env={
                **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
                "PATH": _PATH,
                "HOME": "/root",
                "LANG": "C.UTF-8",
            },
            cwd=self.downloads,
            capture_output=True,
            text=True,
            check=False,
        )
        sys.stderr.write("".join(f"  {line}\n" for line in done.stdout.splitlines()[-6:]))
        if done.returncode:
            raise RuntimeError(f"« {name} » has ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    def _systemctl(self, verb: str, *words: str) -> None:
        names = [word for word in words if not word.startswith("--")]
        if verb in ("reload", "restart") and names == ["nginx"]:
            _run(*self.machine.inside, "nginx")
            return
        for name in names:
            if name.endswith(".timer"):  # it is this campaign that knows when an hour is over
                assert _unit(name)["Timer"]["OnCalendar"]
            else:
                self._start(name.removesuffix(".service"))

    def _start(self, name: str) -> None:
        service = _unit(f"{name}.service")["Service"]
        user = service["User"]
        if state := service.get("StateDirectory"):
            place = Path("/var/lib", state)
            place.mkdir(exist_ok=True)
            shutil.chown(place, user, service["Group"])
            place.chmod(int(service["StateDirectoryMode"], 8))
        environment = {"PATH": _PATH, "LANG": "C.UTF-8", **_variables(Path(service["EnvironmentFile"]))}
        command = [*self.machine.inside, "runuser", "-u", user, "--", *shlex.split(service["ExecStart"])]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=environment, cwd="/", stdout=log, stderr=log, start_new_session=True
            )
        if service.get("Type") == "oneshot":
            if process.wait():
                raise RuntimeError(f"{name} has failed:\n" + (self.folder / f"{name}.log").read_text()[-4000:])
            return
        self.services[name] = process

    def portal(self, code: str) -> None:
        """Python in the portal, as its user."""
        environment = {"PATH": _PATH, "LANG": "C.UTF-8", **_variables(Path("/etc/plainchant.env"))}
        environment["DJANGO_SETTINGS_MODULE"] = "plainchant.config.settings"
        python = ["/opt/plainchant/.venv/bin/python", "-c", f"import django; django.setup()\n{code}"]
        _run(*self.machine.inside, "runuser", "-u", "plainchant", "--", *python, env=environment)

    def log(self) -> str:
        """The last lines of whatever has run, for whoever looks why."""
        return "\n".join(f"== {place.name}\n{place.read_text()[-3000:]}" for place in self.folder.glob("*.log"))


def _overlay(place: str, folder: Path) -> None:
    written, work = folder / "written" / place[1:], folder / "work" / place[1:]
    written.mkdir(parents=True)
    work.mkdir(parents=True)
    _run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={place},upperdir={written},workdir={work}", place)


def _unit(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(Path("/etc/systemd/system", name).read_text())
    return unit


def _variables(place: Path) -> dict[str, str]:
    """A file of settings as systemd reads it."""
    rows = (line.partition("=") for line in place.read_text().splitlines() if line and not line.startswith("#"))
    return {name: " ".join(shlex.split(value)) for name, _, value in rows}


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)[:200]}:\n{done.stdout}{done.stderr}")


# -- People ------------------------------------------------------------------------------------------------------


def register(relay: Relay, *, address: str, siret: str) -> Visitor:
    """Somebody who opens an account, follows the link of the mail, chooses a password, and is in."""
    visitor = Visitor(ADDRESS)
    visitor.get("/compte/creer/")
    fields = {"email": address, "email2": address, "first_name": "Ada", "last_name": "Exemple", "siret": siret}
    fields |= {"contact_email": "", "phone": "", "terms": "on"}
    visitor.post("/compte/creer/", fields)
    link = relay.link(address, "/compte/activer/")
    visitor.get(link)
    visitor.post(link, {"password1": PASSWORD, "password2": PASSWORD})
    if visitor.get("/compte/").path != "/compte/":
        raise GaveUp(f"{address} is not in")
    return visitor


def open_structure(visitor: Visitor, supplier: Supplier) -> None:
    path = f"/structures/ajouter/{supplier.siret}/"
    visitor.get(path)
    fields = {"name": supplier.name, "address_line": "3 venelle des Potiers", "postcode": "99120", "city": "Valbrume"}
    opened = visitor.post(path, fields | {"country": "FR"})
    if opened.path == path:
        raise GaveUp(f"the structure was not opened: {opened.text[:2000]}")


# -- The hour ----------------------------------------------------------------------------------------------------


@dataclass
class Report:
    outcome: Outcome
    kept: Acknowledged  # before the last backup
    first: list[tuple[str, float]] = field(default_factory=list)
    afterwards: list[tuple[str, float]] = field(default_factory=list)
    rto: float = 0.0  # seconds from the loss until a page of the other machine was there
    empty: float = 0.0  # seconds to verify a backup of before the first deposit
    whole: float = 0.0  # … of the last one
    since_backup: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def invoices(self) -> int:
        return len(self.kept.deposits) + sum(len(lot.good) for lot in self.kept.flows.values())

    def rto_of_100_000(self) -> tuple[float, float]:
        """Minutes, at least and at most: those of this hour, and what more invoices add to the restore and, as much
        again, to the verification. The difference of two times is worth a fifth of them, more or less.
        """
        grown, noise = max(self.whole - self.empty, 0.0), _NOISE * self.empty
        least, most = (
            (self.rto + 2 * seconds / self.invoices * max(100_000 - self.invoices, 0)) / 60
            for seconds in (max(grown - noise, 0.0), grown + noise)
        )
        return least, most

    def __str__(self) -> str:
        all_told = self.outcome.acknowledged
        later = len(all_told.deposits) + len(all_told.flows) - len(self.kept.deposits) - len(self.kept.flows)
        least, most = self.rto_of_100_000()
        return "\n".join(
            [
                "first:      " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.first),
                "afterwards: " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.afterwards),
                f"acknowledged before the backup: {len(self.kept.deposits)} PDFs, {len(self.kept.flows)} flows, "
                f"{self.invoices} invoices; of these lost, doubled, changed or half there: {len(self.wrong)}",
                f"RTO: {self.rto:.0f} s for these; for 100,000 invoices {least:.0f} to {most:.0f} min (goal "
                f"{GOAL_RTO_MINUTES} min): {_verdict(least, most, GOAL_RTO_MINUTES)}",
                f"RPO: the backup was {self.since_backup:.0f} s old, {later} later deposits are lost with the machine; "
                f"by the timer it is at most {GOAL_RPO_MINUTES} min old (goal {GOAL_RPO_MINUTES} min): "
                f"{_verdict(self.since_backup / 60, self.since_backup / 60, GOAL_RPO_MINUTES)}",
                *self.outcome.gave_up,
                *self.outcome.server_errors[:10],
                *self.wrong[:50],
            ]
        )


_NOISE = 0.2  # of a time that was measured on a machine with other work


def _verdict(least: float, most: float, goal: float) -> str:
    if most <= goal:
        return "reached"
    return "missed" if least > goal else "not shown by so few (--invoices 5000)"


def hour(*, invoices: int, seed: int, folder: Path) -> Report:
    """Raises RuntimeError and GaveUp where a step fails."""
    _check(_libc.unshare(_CLONE_NEWNS))
    _run("mount", "--make-rprivate", "/")
    downloads, elsewhere = folder / "downloads", folder / "elsewhere"
    elsewhere.mkdir()
    _release(downloads)
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    with network() as switch:
        report = Report(Outcome(seed=seed), Acknowledged())

        def computer(name: str) -> Computer:
            return Computer(
                switch.machine(name),
                folder / name,
                downloads,
                elsewhere,
                f"/proc/{os.getpid()}/fd/{outside}",
                blocks(DOCUMENT.read_text(encoding="utf-8")),
            )

        with computer("first").on() as first, _its_log_if_it_fails(first):
            lost_at = _first_hour(first, report, invoices)
        with computer("second").on() as second, _its_log_if_it_fails(second):
            _afterwards(second, report, lost_at)
    return report


def _first_hour(computer: Computer, report: Report, invoices: int) -> float:
    """Until everything is lost; when that was."""
    from plainchant.demo import cast, directory

    workshop = cast.WORKSHOPS[0]
    supplier = Supplier(SUPPLIER, PASSWORD, workshop.name, workshop.siret, directory.TOWN_HALL)
    (computer.downloads / "annuaire.csv").write_text(
        f"Identifiant;RaisonSociale;CategoriePayeur;Statut\n{supplier.town};Mairie de Valbrume-sur-Orée;LOCAL;ACTIF\n"
    )
    shutil.copy(computer.downloads / "annuaire.csv", "/srv/annuaire.csv")
    for name in FIRST[:-1]:
        computer.play(name)
    _wait_for_pages()
    ada = register(computer.relay, address=SUPPLIER, siret=supplier.siret)
    open_structure(ada, supplier)
    for address in (AGENT, OPERATOR):
        register(computer.relay, address=address, siret=supplier.town)
    computer.play("people")
    outcome = report.outcome
    people = [
        Depositor(n, ADDRESS, outcome, random.Random(f"{outcome.seed}-{n}"), max(2, invoices // 6), supplier)
        for n in range(2)
    ]
    for name in EACH_HOUR:  # before there is anything: what a backup costs anyway
        computer.play(name)
    for person in people:
        person.start()
    for share in (0.5, 1.0):
        _wait_until(lambda share=share: _count(outcome.acknowledged) >= share * invoices, people)  # type: ignore[misc]
        report.kept = Acknowledged(dict(outcome.acknowledged.deposits), dict(outcome.acknowledged.flows))
        begun = time.monotonic()
        for name in EACH_HOUR:
            computer.play(name)
    more = _deposits(outcome.acknowledged) + 3
    _wait_until(lambda: _deposits(outcome.acknowledged) >= more, people)
    for person in people:
        person.is_over.set()
    for person in people:
        person.join(timeout=180)
        if person.failure or person.is_alive():
            outcome.gave_up.append(f"{person.name}: {person.failure or 'never came back'}")
    report.first = computer.took
    report.since_backup = time.monotonic() - begun
    computer.lose_power()
    return time.monotonic()


def _afterwards(computer: Computer, report: Report, lost_at: float) -> None:
    from plainchant.demo import cast, directory

    for name in AFTERWARDS[:-1]:
        computer.play(name)
    _wait_for_pages()
    computer.play(AFTERWARDS[-1])
    report.rto = time.monotonic() - lost_at
    report.afterwards = computer.took
    backups = sorted(place.parent.name for place in Path("/var/backups/plainchant").glob("*/manifest.json"))
    # In turn, the better of two: what else the computer does comes and goes.
    times = [(_seconds_to_verify(computer, backups[0]), _seconds_to_verify(computer, backups[-1])) for _ in range(2)]
    report.empty, report.whole = map(min, zip(*times, strict=True))
    url = _variables(Path("/etc/plainchant.env"))["DATABASE_URL"]
    with computer.machine.entered(), Tables(url) as tables:
        minutes = 3
        deadline = time.monotonic() + 300
        while not is_quiet(tables) and time.monotonic() < deadline:
            computer.portal(_SWEEP.format(minutes=minutes))
            minutes += 3
            time.sleep(2)
        report.wrong = judge(tables, computer.documents(), report.kept)
    workshop = cast.WORKSHOPS[0]
    supplier = Supplier(SUPPLIER, PASSWORD, workshop.name, workshop.siret, directory.TOWN_HALL)
    goes_on = Depositor(9, ADDRESS, Outcome(seed=1), random.Random(1), 2, supplier)
    goes_on.visitor.log_in(SUPPLIER, PASSWORD)
    goes_on.deposit_pdf()


def _seconds_to_verify(computer: Computer, name: str) -> float:
    """To put a backup back in a temporary place, every hash compared."""
    begun = time.monotonic()
    command = ["/usr/local/bin/plainchant", "backup", "verify", "/var/backups/plainchant", "--at", name]
    _run(*computer.machine.inside, *command, env={"PATH": _PATH, "LANG": "C.UTF-8"})
    return time.monotonic() - begun


_SWEEP = """from datetime import timedelta
from plainchant.portal.lib.time import now
from plainchant.tasks.sweep import sweep
sweep(at=now() + timedelta(minutes={minutes}))
"""


def _count(acknowledged: Acknowledged) -> int:
    return len(acknowledged.deposits) + sum(len(lot.good) for lot in list(acknowledged.flows.values()))


def _deposits(acknowledged: Acknowledged) -> int:
    return len(acknowledged.deposits) + len(acknowledged.flows)


def _wait_until(is_so: Callable[[], bool], people: list[Depositor]) -> None:
    deadline = time.monotonic() + 900
    while not is_so():
        if time.monotonic() > deadline or not any(person.is_alive() for person in people):
            raise GaveUp("nobody deposits any more: " + "; ".join(person.failure for person in people))
        time.sleep(0.05)


def _wait_for_pages() -> None:
    """Until the directory is searched through the proxy."""
    deadline = time.monotonic() + 300
    while True:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{ADDRESS}/annuaire/?q=mairie", timeout=10) as answer,
        ):
            if answer.status == 200:
                return
        if time.monotonic() > deadline:
            raise GaveUp(f"{ADDRESS} does not answer")
        time.sleep(0.2)


@contextmanager
def _its_log_if_it_fails(computer: Computer) -> Iterator[None]:
    try:
        yield
    except Exception:
        sys.stderr.write(computer.log())
        raise


def _release(downloads: Path) -> None:
    """What a release offers: its wheels and its archive (what is committed)."""
    downloads.mkdir()
    uv = str(Path(sys.executable).with_name("uv"))
    build_wheels(uv, downloads)
    archive = ["git", "archive", "--prefix=plainchant/", f"--output={downloads}/plainchant-0.tar.gz", "HEAD"]
    subprocess.run(archive, cwd=ROOT, check=True)


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--invoices", type=int, default=300, help="acknowledged before the last backup, at least")
    asked.add_argument("--seed", type=int, default=20261129)
    chosen = asked.parse_args()
    why = absent()
    if why:
        sys.stderr.write(f"cannot be played here: {why}\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="plainchant-hour-", ignore_cleanup_errors=True) as folder:
        report = hour(invoices=chosen.invoices, seed=chosen.seed, folder=Path(folder))
    sys.stdout.write(f"{report}\n")
    return 1 if report.wrong or report.outcome.gave_up else 0


if __name__ == "__main__":
    sys.exit(main())
