"""`plainchant sandbox`: a portal for the tests of other programs, and what one says to it from a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from plainchant.sandbox import asking, prepared
from plainchant.sandbox.clock import SandboxClock, instant

from . import django
from .probe import LivenessProbe
from .run import PLAINCHANT, is_free, web_server
from .supervisor import GaveUp, Supervisor

DEFAULT_PORT = 8100
_PLAY_EVERY_SECONDS = 1.0
_MOST_EUROS = 1_000_000_000  # of an invoice to try with
_url = click.option(
    "--url", default=f"http://127.0.0.1:{DEFAULT_PORT}", show_default=True, help="Address of the sandbox."
)


@click.group(invoke_without_command=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Kept here; else gone when it stops.")
@click.option("--at", help="What the clock shows at first, such as 2026-12-01T09:00 (Paris).")
@click.option("--seed", type=click.Choice([*prepared.PEOPLE_OF]), help="What it begins with. [default: usual]")
@click.pass_context
def sandbox(context: click.Context, port: int, data: Path | None, at: str | None, seed: str | None) -> None:
    """Start a sandbox: Chorus Pro's interface with invented bodies, a clock one sets, recipients that follow a script.

    Nothing leaves the machine, and no account has to be made: the addresses and secrets are printed.
    """
    if context.invoked_subcommand is not None:
        return
    if not is_free("127.0.0.1", port):
        raise click.ClickException(f"Port {port} is taken. Choose another: plainchant sandbox --port {port + 1}")
    try:
        shown = instant(at) if at else None
    except ValueError as error:
        raise click.ClickException(f"--at {at}: write it like 2026-12-01T09:00.") from error
    if data is None:
        with tempfile.TemporaryDirectory(prefix="plainchant-sandbox-") as folder:
            _serve(Path(folder), port, shown, seed or prepared.DEFAULT)
        return
    if prepared.is_of_another(data):
        raise click.ClickException(f"{data} holds a portal that is no sandbox. Choose another folder: --data FOLDER")
    kept = prepared.seed_in(data)
    if seed and kept not in ("", seed):
        raise click.ClickException(
            f"{data} holds a sandbox of the seed {kept}. Start it without --seed, then: plainchant sandbox reset "
            f"--seed {seed}, which removes what is in it."
        )
    if at and kept:
        raise click.ClickException(
            f"The clock of {data} goes on from where it was. Start it without --at, then: "
            f"plainchant sandbox clock --at {at}"
        )
    with _alone_in(data):
        _serve(data, port, shown, seed or kept or prepared.DEFAULT)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No other sandbox serves from this folder meanwhile."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "sandbox.lock").open("w")
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise click.ClickException(
                f"A sandbox serves from {folder} already. Stop it, or choose another folder: --data FOLDER"
            ) from taken
        yield


def _serve(folder: Path, port: int, at: datetime | None, seed: str) -> None:
    for name in [name for name in os.environ if name.startswith("PLAINCHANT_") or name == "DATABASE_URL"]:
        del os.environ[name]  # what is set here is another portal's
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "plainchant.config.settings",  # the program that is tested may be of Django too
        "PLAINCHANT_SANDBOX": "on",
        "PLAINCHANT_DATA": str(folder),
        "PLAINCHANT_URL": f"http://127.0.0.1:{port}",
        "PLAINCHANT_WEBHOOKS": "on",
    }
    supervisor = Supervisor()
    supervisor.stop_on_signals()
    try:
        is_first = not prepared.seed_in(folder)
        clock = SandboxClock(folder / "clock.json")
        clock.resume()  # where one was killed while it was put forward
        if is_first:
            prepared.take(folder)
            if at:
                clock.begin(at)
            is_migrated = prepared.fill(folder)
        if not (is_first and is_migrated and prepared.begin(folder, seed)):
            _prepare(supervisor, folder, seed, is_migrated=is_first and is_migrated)
        _print_welcome(folder, os.environ["PLAINCHANT_URL"])
        probe = LivenessProbe("127.0.0.1", port)
        supervisor.add("the web server", web_server("127.0.0.1", port, 8), probe=probe)
        supervisor.add("the recipients", [*PLAINCHANT, "sandbox", "play"])
        supervisor.run()
    except GaveUp as gave_up:
        click.echo(f"plainchant sandbox gives up: {gave_up}", err=True)
        sys.exit(gave_up.code)
    finally:
        supervisor.stop()


def _prepare(supervisor: Supervisor, folder: Path, seed: str, *, is_migrated: bool) -> None:
    """Have the database and its seed made by processes of their own, and keep what is new for the next sandbox."""
    known = prepared.seeded(folder, seed).exists()
    for command in ([] if is_migrated else ["setup", "--offline", "--quiet"], ["sandbox", "prepare", seed]):
        code = supervisor.once([*PLAINCHANT, *command]) if command else 0
        if code or supervisor.stopping:
            sys.exit(code or 0)
    if not known:
        prepared.keep(folder)


def _print_welcome(folder: Path, base: str) -> None:
    """What programs need."""
    click.echo(f"\n  Plainchant sandbox: {base}/sandbox/\n")
    click.echo(f"    token   {base}/api/oauth/token\n    API     {base}/cpro/\n    pages   {base}/\n")
    for row in json.loads((folder / prepared.CREDENTIALS).read_text()):
        click.echo(f"    {row['part']}: {row['structure']} ({row['siret']})")
        for name in ("client_id", "client_secret", "login", "password"):
            click.echo(f"      {name:<14}{row[name]}")
    click.echo("\n  Nothing here is real, and nothing leaves this machine. Ctrl-C stops it.\n")


@sandbox.command(hidden=True)
@click.argument("seed")
def prepare(seed: str) -> None:
    """Seed it."""
    django()
    from plainchant.sandbox.state import sandbox as here

    here().prepare(seed)


@sandbox.command(hidden=True)
def play() -> None:
    """Have the recipients do what falls due, as the clock runs."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.sandbox.state import sandbox as here

    mine = here()
    while True:
        if mine.clock.speed:  # it is stopped while somebody puts it forward, who plays them all
            mine.recipients.play(at=now())
        time.sleep(_PLAY_EVERY_SECONDS)


@sandbox.command()
@click.argument("duration")
@_url
def advance(duration: str, url: str) -> None:
    """Put the clock forward: « 3 days », « 02:00:00 »."""
    _print(_ask(url, "POST", "clock", {"advance": duration}))


@sandbox.command()
@click.option("--at", help="Put it forward to this instant, such as 2027-01-04T08:00 (Paris).")
@click.option("--speed", type=float, help="Seconds it goes on in a real one; 0 stops it.")
@_url
def clock(at: str | None, speed: float | None, url: str) -> None:
    """Print what the clock shows, once it is set or runs faster."""
    asked = {name: value for name, value in {"at": at, "speed": speed}.items() if value is not None}
    _print(_ask(url, "POST" if asked else "GET", "clock", asked or None))


@sandbox.command()
@click.option("--at", help="What the clock shows then; else the present instant.")
@click.option("--seed", type=click.Choice([*prepared.PEOPLE_OF]), help="Begin with this one; else with the same.")
@click.option("--supplier", help="SIRET: forget only what this structure has sent; the clock goes on.")
@_url
def reset(at: str | None, seed: str | None, supplier: str | None, url: str) -> None:
    """Begin again: no invoice is left."""
    asked = {name: value for name, value in {"at": at, "seed": seed, "supplier": supplier}.items() if value}
    _print(_ask(url, "POST", "reset", asked))


@sandbox.command()
@click.argument("siret")
@click.argument("behaviour")
@_url
def follow(siret: str, behaviour: str, url: str) -> None:
    """Have a recipient behave: pays, pays-late, suspends, sends-back, rejects, waits."""
    _print(_ask(url, "PUT", f"recipients/{siret}", {"behaviour": behaviour}))


@sandbox.command()
@click.argument("number")
@click.option("--to", "buyer", required=True, help="The SIRET of a recipient.")
@click.option("--amount", default="100", show_default=True, help="Without VAT, in euros.")
@click.option("--service", default="", help="The code of its service, where it demands one.")
@click.option("--commitment", default="ESSAI-1", show_default=True, help="The number of the commitment.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where; NUMBER.xml by default.")
@_url
def invoice(number: str, buyer: str, amount: str, service: str, commitment: str, output: Path | None, url: str) -> None:
    """Write an invoice to try with: UBL, from the first supplier, dated of the sandbox's day."""
    from .sandbox_invoice import write_invoice

    try:
        net = Decimal(amount)
        is_one = net.is_finite() and 0 < net < _MOST_EUROS
    except InvalidOperation:
        is_one = False
    if not is_one:
        raise click.ClickException(f"--amount {amount}: write it like 1250.50, less than {_MOST_EUROS:,}.")
    if not number.strip():
        raise click.ClickException("The invoice needs a number, such as F-1.")
    welcome = _ask(url, "GET", "", None)
    supplier = welcome["credentials"][0]
    write_invoice(
        number=number,
        seller=(supplier["structure"], supplier["siret"]),
        buyer=buyer,
        at=datetime.fromisoformat(welcome["clock"]["at"]),
        amount=net,
        service=service,
        commitment=commitment,
        output=output or Path(f"{number}.xml"),
    )


@sandbox.command()
@click.argument("what", type=click.Choice(["token", "client_secret", "password"]))
@click.argument("siret")
@_url
def expire(what: str, siret: str, url: str) -> None:
    """End what the programs of a structure come in with."""
    _print(_ask(url, "POST", "expire", {"what": what, "siret": siret}))


@sandbox.command()
@click.argument("kinds", nargs=-1)
@click.option("--path", default="", help="Of this operation only, such as /cpro/factures/v1/deposer/flux.")
@click.option("--probability", default=1.0, show_default=True, type=click.FloatRange(0, 1))
@click.option("--times", default=0, type=click.IntRange(0), help="At most so often. [default: for ever]")
@click.option("--luck", default=1, show_default=True, type=int, help="The same number: the same calls are struck.")
@_url
def faults(kinds: tuple[str, ...], path: str, probability: float, times: int, luck: int, url: str) -> None:
    """Show programs these faults from now on: 401, 429, 500, 503, lost, slow=SECONDS, stale, incident, partial.

    None: no more faults.
    """
    rows = []
    for text in kinds:
        kind, _, seconds = text.partition("=")
        try:
            rows.append(
                {"kind": kind, "path": path, "probability": probability, "times": times, "seconds": float(seconds or 0)}
            )
        except ValueError as error:
            raise click.ClickException(f"{text}: write it like slow=2.") from error
    _print(_ask(url, "PUT", "faults", {"faults": rows, "seed": luck}))


@sandbox.command()
@click.option("--breaches", is_flag=True, help="Only those whose answers are not what the contract wants.")
@_url
def exchanges(breaches: bool, url: str) -> None:
    """Print what was asked and answered, the newest first."""
    _print(_ask(url, "GET", "exchanges/breaches" if breaches else "exchanges", None))


def _ask(url: str, method: str, name: str, body: dict[str, Any] | None) -> dict[str, Any]:
    try:
        return asking.ask(url, method, name, body)
    except asking.SandboxRefused as refused:
        raise click.ClickException(str(refused)) from refused
    except asking.NoSandbox as nobody:
        raise click.ClickException(f"{nobody} plainchant sandbox starts one.") from nobody


def _print(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
