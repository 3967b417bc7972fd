"""`plainchant run`: the whole portal on one machine, in one process group."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import click

from . import django
from .check_settings import offline as offline_option
from .check_settings import refuse_faulty


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="PLAINCHANT_HOST")
@click.option("--port", default=8000, show_default=True, type=int, envvar="PLAINCHANT_PORT")
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
@click.option("--demo/--no-demo", default=True, help="Load the demonstration into an empty database.")
@offline_option
def run(host: str, port: int, threads: int, demo: bool, offline: bool) -> None:
    """Create the database if needed, load the demonstration, serve, and run background tasks. Ctrl-C stops all."""
    refuse_faulty(offline=offline)
    if not _is_free(host, port):
        raise click.ClickException(
            f"Le port {port} est déjà pris sur {host}. Arrêtez l’autre programme, ou choisissez un autre port : "
            f"PLAINCHANT_PORT={port + 1} make run"
        )
    os.environ.setdefault("PLAINCHANT_URL", f"http://{host}:{port}")
    django()
    from django.conf import settings

    from .setup import prepare

    prepare()
    from plainchant.demo.load import load_if_empty, print_welcome

    if demo and not settings.PRODUCTION:
        load_if_empty()
    print_welcome(settings.PUBLIC_URL)
    children = [_serve(host, port, threads)]
    if settings.QUEUE == "procrastinate":
        children.append(subprocess.Popen([sys.executable, "-m", "plainchant.cli", "worker"]))
    sys.exit(_watch(children))


def _is_free(host: str, port: int) -> bool:
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


def _serve(host: str, port: int, threads: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--no-ws",
        "--blocking-threads", str(threads), "--host", host, "--port", str(port), "--log-level", "error",
        # A browser that keeps its connection open would otherwise keep the server from ever stopping.
        "--workers-kill-timeout", "5",
        "plainchant.config.wsgi:application",
    ]  # fmt: skip
    return subprocess.Popen(command)  # noqa: S603


def _watch(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until one child ends or somebody says stop; then end them all. The exit code of what ended by itself."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code = 0
    while not stopping:
        ended = [child.returncode for child in children if child.poll() is not None]
        if ended:
            code = next((value for value in ended if value), 0)
            break
        time.sleep(0.2)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
    return code
