"""`plainchant run`: the whole portal on one machine, each of its processes kept alive."""

from __future__ import annotations

import os
import socket
import sys

import click

from .check_settings import offline as offline_option
from .check_settings import refuse_faulty
from .gate import Gate
from .heartbeat import Heartbeat
from .probe import LivenessProbe
from .setup import DATABASE_IS_AWAY
from .supervisor import LONGEST_WAIT_SECONDS, GaveUp, Supervisor

SECONDS_FOR_HEADERS = 15  # also of a connection that is kept open and says nothing
PLAINCHANT = (sys.executable, "-m", "plainchant.cli")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="PLAINCHANT_HOST")
@click.option("--port", default=8000, show_default=True, type=int, envvar="PLAINCHANT_PORT")
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(min=1),
    envvar="PLAINCHANT_THREADS",
    help="Requests answered at once.",
)
@click.option("--demo/--no-demo", default=True, help="Load the demonstration into an empty database.")
@offline_option
def run(host: str, port: int, threads: int, demo: bool, offline: bool) -> None:
    """Create the database if needed, load the demonstration, serve, and run background tasks. Ctrl-C stops all.

    A process that ends is started again, and one that hangs. The exit code is 0 if somebody asked
    to stop, and never otherwise.
    """
    refuse_faulty(offline=offline)
    if not is_free(host, port):
        raise click.ClickException(
            f"Le port {port} est déjà pris sur {host}. Arrêtez l’autre programme, ou choisissez un autre port : "
            f"PLAINCHANT_PORT={port + 1} make run"
        )
    os.environ.setdefault("PLAINCHANT_URL", f"http://{host}:{port}")
    from django.conf import settings

    supervisor = Supervisor()
    supervisor.stop_on_signals()
    try:
        _prepare(supervisor, host, port, threads, demo=demo and not settings.PRODUCTION)
        if not supervisor.stopping:
            if settings.QUEUE == "procrastinate":
                # Offline: the settings have been looked at, and what they name may be away when it is started again.
                heartbeat = Heartbeat()
                worker = [*PLAINCHANT, "worker", "--offline"]
                supervisor.add("the task worker", worker, probe=heartbeat, environment=heartbeat.environment)
            supervisor.run()
    except GaveUp as gave_up:
        click.echo(f"plainchant run gives up: {gave_up}", err=True)
        sys.exit(gave_up.code)
    finally:
        supervisor.stop()


def _prepare(supervisor: Supervisor, host: str, port: int, threads: int, *, demo: bool) -> None:
    """Start the web server, and bring the database up to date, however long it takes to answer.

    The server is loaded meanwhile, and answers once that is done; while the database is away, to say so. Ends the
    command with the exit code of a setup that failed otherwise.
    """
    command = [*PLAINCHANT, "setup", "--offline", "--wait", "0", "--welcome", "--demo" if demo else "--no-demo"]
    gate = Gate()
    wait = 1.0
    try:
        supervisor.add("the web server", web_server(host, port, threads), probe=LivenessProbe(host, port))
        while True:
            code = supervisor.once(command)
            if supervisor.stopping or code == 0:
                return
            if code != DATABASE_IS_AWAY:
                sys.exit(code if 0 < code < 256 else 1)
            gate.open()
            supervisor.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)
    finally:
        gate.open()


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen there."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise click.ClickException(f"« {host} » n’est pas une adresse de cette machine.") from error
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def web_server(host: str, port: int, threads: int) -> list[str]:
    """The command that serves the portal."""
    # The threads are those of `web.front`. HTTP/2 only comes from browsers by TLS, which is the proxy's.
    os.environ["PLAINCHANT_THREADS"] = str(threads)
    return [
        sys.executable, "-m", "granian", "--interface", "asginl", "--workers", "1", "--no-ws", "--http", "1",
        "--host", host, "--port", str(port), "--log-level", "error",
        "--http1-header-read-timeout", str(1000 * SECONDS_FOR_HEADERS), "--backlog", "2048",
        # A worker that is killed comes back while its main process keeps the port.
        "--respawn-failed-workers", "--respawn-interval", "0.1",
        # A browser that keeps its connection open would otherwise keep the server from ever stopping.
        "--workers-kill-timeout", "5",
        "plainchant.config.asgi:application",
    ]  # fmt: skip
