"""`plainchant appoint-manager`: the operator's way to give a public body its first manager."""

from __future__ import annotations

import click

from . import django


@click.command()
@click.argument("email")
@click.argument("siret")
def appoint_manager(email: str, siret: str) -> None:
    """Make the person with EMAIL the manager of the structure with SIRET, in place of any other."""
    django()
    from plainchant.portal.lib.errors import Refused
    from plainchant.portal.lib.time import now
    from plainchant.portal.structures import operations

    try:
        membership = operations.appoint_manager(email=email, siret=siret, at=now())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(f"{membership.user} est gestionnaire de {membership.structure}.")
