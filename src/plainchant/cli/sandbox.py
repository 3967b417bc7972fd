"""`plainchant sandbox`: a portal for the tests of other programs, and what one says to it from a terminal."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from plainchant.sandbox import prepared
from plainchant.sandbox.clock import SandboxClock, instant

from . import django
from .probe import LivenessProbe
from .run import PLAINCHANT, is_free, web_server
from .supervisor import GaveUp, Supervisor

DEFAULT_PORT = 8100
_PLAY_EVERY_SECONDS = 1.0
_url = click.option(
    "--url", default=f"http://127.0.0.1:{DEFAULT_PORT}", show_default=True, help="Address of the sandbox."
)


@click.group(invoke_without_command=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=int)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Kept here; else gone when it stops.")
@click.option("--at", help="What the clock shows at first, such as 2026-12-01T09:00 (Paris).")
@click.pass_context
def sandbox(context: click.Context, port: int, data: Path | None, at: str | None) -> None:
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
            _serve(Path(folder), port, shown)
    else:
        _serve(data, port, shown)


def _serve(folder: Path, port: int, at: datetime | None) -> None:
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
        is_first = not (folder / prepared.SEEDED).exists()
        if is_first:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if at:
                SandboxClock(folder / "clock.json").begin(at)
        if not (is_first and prepared.fill(folder)):
            for command in (["setup", "--offline", "--quiet"], ["sandbox", "prepare"]):
                code = supervisor.once([*PLAINCHANT, *command])
                if code or supervisor.stopping:
                    sys.exit(code or 0)
            if is_first:
                prepared.keep(folder)
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


def _print_welcome(folder: Path, base: str) -> None:
    """What programs need."""
    click.echo(f"\n  Plainchant sandbox: {base}/sandbox/\n")
    click.echo(f"    token   {base}/api/oauth/token\n    API     {base}/cpro/\n    pages   {base}/\n")
    for row in json.loads((folder / prepared.CREDENTIALS).read_text()):
        click.echo(f"    {row['structure']} ({row['siret']})")
        for name in ("client_id", "client_secret", "login", "password"):
            click.echo(f"      {name:<14}{row[name]}")
    click.echo("\n  Nothing here is real, and nothing leaves this machine. Ctrl-C stops it.\n")


@sandbox.command(hidden=True)
def prepare() -> None:
    """Seed it."""
    django()
    from plainchant.sandbox.state import sandbox as here

    here().prepare()


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
@click.option("--at", help="What the clock shows then; else the present instant.")
@_url
def reset(at: str | None, url: str) -> None:
    """Begin again: no invoice is left."""
    _print(_ask(url, "POST", "reset", {"at": at} if at else {}))


@sandbox.command()
@click.argument("siret")
@click.argument("behaviour")
@_url
def follow(siret: str, behaviour: str, url: str) -> None:
    """Have a recipient behave: pays, pays-late, suspends, sends-back, rejects, waits."""
    _print(_ask(url, "PUT", f"recipients/{siret}", {"behaviour": behaviour}))


@sandbox.command()
@_url
def exchanges(url: str) -> None:
    """Print what was asked and answered, the newest first."""
    _print(_ask(url, "GET", "exchanges", None))


def _ask(url: str, method: str, name: str, body: dict[str, Any] | None) -> Any:
    if not url.startswith(("http://", "https://")):
        raise click.ClickException(f"{url} is no address of a sandbox.")
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url.rstrip('/')}/sandbox/{name}", data=data, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise click.ClickException(json.load(error).get("message", str(error))) from error
    except urllib.error.URLError as error:
        raise click.ClickException(
            f"No sandbox answers at {url}: {error.reason}. plainchant sandbox starts one."
        ) from error


def _print(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
