"""`plainchant demo`: the fictitious cast."""

from __future__ import annotations

import click

from . import django


@click.command()
def demo() -> None:
    """Load the demonstration into an empty database, and print its logins."""
    django()
    from django.conf import settings

    if settings.PRODUCTION:
        raise click.ClickException("La démonstration a un mot de passe public : elle ne se charge pas en production.")
    from plainchant.demo.load import load_if_empty, print_welcome

    load_if_empty()
    print_welcome(settings.PUBLIC_URL)
