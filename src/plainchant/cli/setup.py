"""`plainchant setup`: what an operator runs once, and after each upgrade."""

from __future__ import annotations

import click

from . import django
from .check_settings import offline as offline_option
from .check_settings import refuse_faulty


@click.command()
@offline_option
def setup(offline: bool) -> None:
    """Create or migrate the database, and collect static files in production."""
    refuse_faulty(offline=offline)
    django()
    prepare()
    click.echo("La base de données est à jour.")


def prepare() -> None:
    """Migrations, the shared cache's table, static files. Safe to run again."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
