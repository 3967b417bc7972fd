"""A PgBouncer in transaction mode, in front of a PostgreSQL, on this machine or on one of a campaign's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def pooler(
    server: str, *, sessions: int, address: str = "127.0.0.1", port: int = 0, inside: Sequence[str] = ()
) -> Iterator[str]:
    """The address of the database ``server`` through a PgBouncer that keeps at most ``sessions`` sessions with it.

    ``inside`` goes before its command: where it runs, and ``address`` is.
    """
    parts = urlsplit(server)
    port = port or _free_port(address)
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []  # it does not run as root
    row = {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "dbname": parts.path.strip("/"),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
    settings = {
        "listen_addr": address,
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": sessions,
        "server_login_retry": 1,  # seconds; 15 by default, which a server that is back would have to wait
        "max_client_conn": 200,
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "pgbouncer.ini")
        pages = " ".join(f"{name}={value}" for name, value in row.items() if value)
        rows = "\n".join(f"{name} = {value}" for name, value in settings.items())
        place.write_text(f"[databases]\npages = {pages}\n[pgbouncer]\n{rows}\n")
        Path(folder).chmod(0o755)
        command = [*inside, str(PGBOUNCER), *as_nobody, str(place)]
        process = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait_for(address, port, process)
            yield f"postgres://{parts.username}@{address}:{port}/pages"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((address, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("pgbouncer did not come up")
