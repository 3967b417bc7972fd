"""Pages behind a PgBouncer in transaction mode: two sessions of the server carry ten visitors at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.campaigns.pooler import PGBOUNCER, pooler

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


@pytest.fixture
def pages() -> Iterator[str]:
    """The address of the test's database through a PgBouncer of its own."""
    database = connection.settings_dict
    who = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    server = f"postgres://{who}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    with pooler(server, sessions=SESSIONS) as address:
        yield address


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(PGBOUNCER is None, reason="no pgbouncer (apt install pgbouncer)")
@pytest.mark.skipif(not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="a pooler of PostgreSQL")
def test_more_visitors_than_sessions_are_served(pages: str, tmp_path: Path) -> None:
    direct = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    done = subprocess.run(
        [sys.executable, "-c", VISITORS, str(urlsplit(pages).port)],
        env={**os.environ, "DATABASE_URL": direct, "PLAINCHANT_POOLER_URL": pages, "PLAINCHANT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sessions, codes = done.stdout.split(" ", 1)
    assert int(sessions) <= SESSIONS
    assert eval(codes) <= {200, 429}  # noqa: S307 - printed by the lines above
