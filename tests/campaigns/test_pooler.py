"""Pages behind a PgBouncer in transaction mode: two sessions of the server carry ten visitors at once."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
SESSIONS = 2
VISITORS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from plainchant.config.wsgi import application  # as a web server begins
from django.db import close_old_connections, connection
from django.test import Client

def visit(number):
    browser = Client(SERVER_NAME="127.0.0.1")
    answers = [browser.get("/compte/connexion/"), browser.get("/annuaire/", {"q": f"mairie {number}"})]
    answers += [browser.post("/compte/connexion/", {"login": f"{number}@x.example", "password": "x"}) for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = cursor.fetchone()[0]
    connection.close()
    return session, [answer.status_code for answer in answers]

with ThreadPoolExecutor(10) as threads:
    seen = list(threads.map(visit, range(30)))
assert connection.settings_dict["PORT"] == int(sys.argv[1])
print(len({session for session, _ in seen}), {code for _, codes in seen for code in codes})
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def pooler() -> Iterator[str]:
    """The address of the test's database through a PgBouncer of its own."""
    database = connection.settings_dict
    port = _free_port()
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []  # it does not run as root
    server = {
        "host": database["HOST"],
        "port": database["PORT"] or 5432,
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
    }
    settings = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": SESSIONS,
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "pgbouncer.ini")
        pages = " ".join(f"{name}={value}" for name, value in server.items() if value)
        rows = "\n".join(f"{name} = {value}" for name, value in settings.items())
        place.write_text(f"[databases]\npages = {pages}\n[pgbouncer]\n{rows}\n")
        Path(folder).chmod(0o755)
        process = subprocess.Popen([str(PGBOUNCER), *as_nobody, str(place)], cwd="/", stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, process)
            yield f"postgres://{database['USER']}@127.0.0.1:{port}/pages"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("pgbouncer did not come up")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(PGBOUNCER is None, reason="no pgbouncer (apt install pgbouncer)")
@pytest.mark.skipif(not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="a pooler of PostgreSQL")
def test_more_visitors_than_sessions_are_served(pooler: str, tmp_path: Path) -> None:
    direct = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    done = subprocess.run(
        [sys.executable, "-c", VISITORS, str(urlsplit(pooler).port)],
        env={**os.environ, "DATABASE_URL": direct, "PLAINCHANT_POOLER_URL": pooler, "PLAINCHANT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sessions, codes = done.stdout.split(" ", 1)
    assert int(sessions) <= SESSIONS
    assert eval(codes) <= {200, 429}  # noqa: S307 - printed by the lines above
