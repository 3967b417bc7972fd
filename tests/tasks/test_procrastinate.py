"""The other engine, for real: a database of its own on PostgreSQL, and workers in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.campaigns.line import line_to
from tests.forking import Forks, forks

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="procrastinate needs PostgreSQL"
    ),
]

NAME = "plainchant_test_procrastinate"

# Run in the portal's own settings, with the procrastinate engine.
PRELUDE = """
import django; django.setup()
from datetime import timedelta
from django.db import transaction
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
from procrastinate.contrib.django.models import ProcrastinateJob as Job
def write(event):
    post(kind="test", recipient="ada@example.org", mail=Mail("s", "b"), event=event, at=now())
# One worker that does what there is to do, and ends; what is done by hand to its rows.
import asyncio
from django.db import connection
from plainchant.tasks import procrastinate as engine
from procrastinate.contrib.django import app
def work(wait=False):
    asyncio.run(engine._work(1, wait=wait))
def execute(query):
    connection.cursor().execute(query)
"""


@dataclass(frozen=True)
class Portal:
    environment: dict[str, str]
    loaded: Forks


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """On a new database, its tables made."""
    import psycopg

    server = os.environ["DATABASE_URL"]
    name = f"{NAME}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl(),
        "DJANGO_SETTINGS_MODULE": "plainchant.config.settings",
        "PLAINCHANT_DATA": str(tmp_path_factory.mktemp("portal")),
        "PLAINCHANT_LOG_LEVEL": "WARNING",
    }
    subprocess.run([sys.executable, "-m", "plainchant.cli", "setup"], env=environment, check=True, capture_output=True)
    with forks(PRELUDE, folder=tmp_path_factory.mktemp("forks"), environment=environment) as loaded:
        yield Portal(environment, loaded)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def inside(portal: Portal, code: str) -> str:
    """What ``code`` prints when run in the portal."""
    done = portal.loaded.run(code)
    assert done.status == 0, done.errors
    return done.printed.strip()


def work_until_idle(portal: Portal, workers: int = 1) -> None:
    """As many workers at once, each ending when nothing is left to do."""
    command = [sys.executable, "-m", "plainchant.cli", "manage", "procrastinate", "worker", "--one-shot"]
    running = [
        subprocess.Popen(command, env=portal.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(workers)
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()


def test_a_rolled_back_operation_leaves_no_job(portal: Portal) -> None:
    counted = inside(
        portal,
        """
try:
    with transaction.atomic():
        write("rolled back")
        raise RuntimeError
except RuntimeError:
    pass
print(Job.objects.count(), Message.objects.count())
""",
    )
    assert counted == "0 0"


def test_asking_twice_leaves_one_job_and_does_not_spoil_the_transaction(portal: Portal) -> None:
    counted = inside(
        portal,
        """
with transaction.atomic():
    write("twice")
    write("twice")
    write("another")
print(Job.objects.filter(task_name="mail.deliver").count(), Message.objects.count())
""",
    )
    assert counted == "2 2"


def test_two_workers_deliver_each_message_once(portal: Portal) -> None:
    inside(portal, "[write(str(n)) for n in range(50)]")
    work_until_idle(portal, workers=2)
    counted = inside(
        portal,
        "print(Message.objects.filter(sent_at=None).count(), Message.objects.filter(attempts__gt=1).count())",
    )
    assert counted == "0 0"


def test_what_the_queue_forgot_the_sweep_finds(portal: Portal) -> None:
    inside(portal, 'write("forgotten"); Job.objects.all()._raw_delete("default")')
    inside(
        portal,
        "from plainchant.tasks.sweep import sweep\nprint(sweep(at=now() + timedelta(minutes=10)))",
    )
    work_until_idle(portal)
    assert inside(portal, "print(Message.objects.filter(sent_at=None).count())") == "0"


def test_inside_a_worker_too_a_job_waits_for_its_transaction(portal: Portal) -> None:
    counted = inside(
        portal,
        """
from procrastinate.contrib.django import app
before = Job.objects.count()
worker = app.connector.get_worker_connector()
with app.replace_connector(worker):
    try:
        with transaction.atomic():
            write("rolled back in a worker")
            raise RuntimeError
    except RuntimeError:
        pass
print(Job.objects.count() - before)
""",
    )
    assert counted == "0"


def test_a_job_that_failed_for_good_is_listed_tried_again_and_dropped(portal: Portal) -> None:
    counted = inside(
        portal,
        """
from django.db import connection
from plainchant.portal.queue.failures import drop, failed_jobs, retry
Job.objects.all()._raw_delete("default")
[write(event) for event in ("first", "second", "third")]
connection.cursor().execute("UPDATE procrastinate_jobs SET status = 'failed'")
failed = [job.number for job in failed_jobs()]
print(len(failed), failed_jobs()[0].task, len(failed_jobs()[0].key))
write("second")  # asked for again meanwhile
print(retry(numbers=failed[:2], at=now()), Job.objects.filter(status="todo").count(), len(failed_jobs()))
print(drop(numbers=failed), Job.objects.count())
""",
    )
    assert counted.splitlines() == ["3 mail.deliver 64", "1 2 1", "1 2"]


def test_a_worker_waits_for_a_database_that_is_away_and_goes_on_when_it_is_back(portal: Portal, tmp_path: Path) -> None:
    inside(portal, 'Message.objects.update(sent_at=now()); write("before")')  # those of other tests have no job
    with line_to(portal.environment["DATABASE_URL"]) as (line, url):
        environment = portal.environment | {"DATABASE_URL": url}
        command = [sys.executable, "-m", "plainchant.cli", "worker"]
        log = tmp_path / "log"  # no pipe, which a worker that has much to say would fill
        with (
            log.open("w") as errors,
            subprocess.Popen(command, env=environment, stderr=errors) as worker,
            ended_with(worker),
        ):
            until_all_have_left(portal)
            line.cut()
            until(lambda: "the worker is started again" in log.read_text(), log)
            line.mend()
            inside(portal, 'write("after")')
            until_all_have_left(portal, log)
            assert worker.poll() is None, log.read_text()
            worker.terminate()
            worker.wait(30)
        assert worker.returncode == 0, log.read_text()


def test_a_job_under_a_former_name_is_done_under_its_new_one(portal: Portal) -> None:
    code = (
        'from plainchant.tasks import table; table.FORMER_NAMES["post.send"] = "mail.deliver"\n'
        "from plainchant.tasks.procrastinate import register\n"
        "import procrastinate; app = procrastinate.App(connector=procrastinate.testing.InMemoryConnector())\n"
        'register(app); print(app.tasks["post.send"] is app.tasks["mail.deliver"])'
    )
    assert inside(portal, "import procrastinate.testing\n" + code) == "True"


def test_a_job_that_only_the_next_version_understands_is_left_to_the_sweep(portal: Portal) -> None:
    code = (
        "from plainchant.tasks.procrastinate import left_to_the_sweep\n"
        "from plainchant.tasks.table import TASKS\n"
        'left_to_the_sweep(TASKS["mail.deliver"])(dedup_keys=[], lot=1); print("left")'
    )
    assert inside(portal, code) == "left"


def test_a_job_whose_name_only_the_next_version_knows_is_left_to_its_workers_for_an_hour(portal: Portal) -> None:
    counted = inside(
        portal,
        """
Job.objects.all()._raw_delete("default")
app.configure_task("mail.post", queueing_lock="mail.post:1").defer()
begun = now()
work()
job = Job.objects.get(task_name="mail.post")
print(job.status, job.attempts, job.scheduled_at >= begun + timedelta(seconds=30))
execute("UPDATE procrastinate_jobs SET scheduled_at = now(), attempts = 120")
work()
print(Job.objects.get(task_name="mail.post").status)
""",
    )
    assert counted.splitlines() == ["todo 1 True", "failed"]


def test_a_worker_with_a_task_that_hangs_ends_and_the_next_one_does_the_work(portal: Portal) -> None:
    hung = portal.loaded.run(
        """
import threading
from plainchant.tasks.watch import start_watching
Job.objects.all()._raw_delete("default")
Message.objects.update(sent_at=now())
write("hangs")
def hangs(**arguments): threading.Event().wait()
app.tasks["mail.deliver"].func = hangs
engine.LEASE = timedelta(seconds=0.2)
start_watching(look_every=0.05)
work(wait=True)
"""
    )
    assert hung.status == 70
    assert "this process hangs and is ended: mail.deliver, job " in hung.errors
    counted = inside(
        portal,
        """
print(*Job.objects.filter(task_name="mail.deliver").values_list("status", flat=True))
execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
app.configure_task("queue.retry_stalled", queueing_lock="queue.retry_stalled").defer(timestamp=0)
work()
print(Job.objects.filter(task_name="mail.deliver").count(), Message.objects.filter(sent_at=None).count())
""",
    )
    assert counted.splitlines() == ["doing", "0 0"]


def test_a_job_during_which_workers_ended_again_and_again_stays_as_failed(portal: Portal) -> None:
    counted = inside(
        portal,
        """
Job.objects.all()._raw_delete("default")
write("ends workers")
execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 8")
app.configure_task("queue.retry_stalled", queueing_lock="queue.retry_stalled").defer(timestamp=0)
work()
print(Job.objects.get(task_name="mail.deliver").status)
""",
    )
    assert counted == "failed"


@contextmanager
def ended_with(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """A test that fails leaves no process behind, which would be waited for."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()


def until(condition: Callable[[], bool], log: Path | None = None) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, log.read_text() if log else ""
        time.sleep(0.05)


def until_all_have_left(portal: Portal, log: Path | None = None) -> None:
    import psycopg

    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as connection:
        until(
            lambda: connection.execute("SELECT 1 FROM mail_message WHERE sent_at IS NULL").fetchone() is None,
            log,
        )
