"""`plainchant setup`: what an operator runs once, and after each upgrade."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from . import django
from .check_settings import offline as offline_option
from .check_settings import refuse_faulty

DATABASE_IS_AWAY = os.EX_TEMPFAIL  # the exit code: nothing is wrong with what was asked, ask again later
_LOCK = 0x706C61696E  # of PostgreSQL's advisory locks: « plain »
_ASK_EVERY_SECONDS = 0.5


@click.command()
@click.option("--wait", default=60.0, show_default=True, help="Seconds that the database is given to answer.")
@click.option("--demo/--no-demo", default=False, help="Load the demonstration into an empty database.")
@click.option("--welcome", is_flag=True, hidden=True)
@click.option("--quiet", is_flag=True, hidden=True)
@offline_option
def setup(wait: float, demo: bool, welcome: bool, quiet: bool, offline: bool) -> None:
    """Create or migrate the database, and collect static files.

    Any number of machines may do so at once: the others wait until the first has finished.
    """
    refuse_faulty(offline=offline)
    django()
    from django.conf import settings

    from plainchant.portal.lib.outages import Dependency, dependency_of, first_line

    if demo and settings.PRODUCTION:
        raise click.ClickException("La démonstration ne se charge pas dans un vrai portail (PLAINCHANT_PRODUCTION).")
    trouble = _trouble_after(seconds=wait)
    try:
        if not trouble:
            with alone():
                prepare()
                if demo:
                    from plainchant.demo.load import load_if_empty

                    load_if_empty()
    except Exception as error:
        if dependency_of(error) is not Dependency.DATABASE:
            raise
        trouble = first_line(error)
    if trouble:
        click.echo(f"the database does not answer: {trouble}", err=True)
        sys.exit(DATABASE_IS_AWAY)
    if welcome:
        from plainchant.demo.load import print_welcome

        print_welcome(settings.PUBLIC_URL)
    elif not quiet:
        click.echo("La base de données est à jour.")


def _trouble_after(*, seconds: float) -> str:
    """Wait for the database to answer; what it says if it has not after so long."""
    from plainchant.portal.lib.outages import database_trouble

    until = time.monotonic() + seconds
    wait = 0.5
    while trouble := database_trouble():
        left = until - time.monotonic()
        if left <= 0:
            break
        click.echo(f"waiting for the database: {trouble}", err=True)
        time.sleep(min(wait, left))
        wait = min(2 * wait, 10.0)
    return trouble


def wait_for_setup() -> None:
    """Until the database answers and has every table that this version needs: another process makes them."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from plainchant.portal.lib.outages import Dependency, dependency_of, first_line

    wait = 0.5
    while True:
        try:
            executor = MigrationExecutor(connection)
            if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return
            trouble = "its tables are not those of this version: has `plainchant setup` ended?"
        except Exception as error:
            if dependency_of(error) is not Dependency.DATABASE:
                raise
            trouble = first_line(error)
        finally:
            connection.close()
        click.echo(f"waiting for the database: {trouble}", err=True)
        time.sleep(wait)
        wait = min(2 * wait, 10.0)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock that one setup at a time may hold: in the database on PostgreSQL, in the data folder on SQLite."""
    from django.conf import settings

    with _postgresql_lock() if settings.ON_POSTGRESQL else _file_lock():
        yield


@contextmanager
def _postgresql_lock() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        # Asked for again and again: a session that waited inside the server would hold up the indexes of the first.
        waiting = False
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if cursor.fetchone()[0]:
                break
            if not waiting:
                click.echo("another setup is at work on this database: waiting for it", err=True)
                waiting = True
            time.sleep(_ASK_EVERY_SECONDS)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextmanager
def _file_lock() -> Iterator[None]:
    from django.conf import settings

    with (settings.DATA_DIR / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("another setup is at work on this database: waiting for it", err=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    """Migrations, the shared cache's table, static files. Safe to run again; see `alone`."""
    from django.conf import settings
    from django.core.management import call_command

    from plainchant.portal.invoices import histories, listed

    call_command("createcachetable", verbosity=0)  # first: with the last migration, waiting workers begin
    call_command("migrate", interactive=False, verbosity=0)
    listed.fill()
    histories.fill()
    if not settings.ON_POSTGRESQL:
        Path(settings.DATABASES["default"]["NAME"]).chmod(0o600)  # SQLite gives what it makes beside it the same rights
    call_command("collectstatic", interactive=False, verbosity=0)
