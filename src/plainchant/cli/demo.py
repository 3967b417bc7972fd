"""`plainchant demo`: the fictitious cast."""

from __future__ import annotations

import click

from . import django


@click.command()
def demo() -> None:
    """Load the demonstration into an empty database, and print its logins."""
    django()
    from django.conf import settings

    from plainchant.demo import load

    load.load_if_empty()
    load.print_logins(settings.PUBLIC_URL)
