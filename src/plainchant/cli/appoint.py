"""`plainchant requests` and `plainchant appoint-manager`: the operator gives a public body its first manager."""

from __future__ import annotations

import click

from . import django
from .listing import refusals


@click.command()
def requests() -> None:
    """List the requests to join a structure that has no manager to answer them: they wait for the operator."""
    django()
    from plainchant.portal.structures.queries import requests_for_operator

    waiting = list(requests_for_operator())
    for request in waiting:
        who = f"{request.user} <{request.user.email}>"
        click.echo(f"{request.requested_at:%Y-%m-%d}  {request.structure.identifier}  {request.structure}  ←  {who}")
    if waiting:
        click.echo("\nAprès avoir vérifié qui demande : plainchant appoint-manager ADRESSE SIRET")
    else:
        click.echo("Aucune demande n’attend l’exploitant.")


@click.command()
@click.argument("email")
@click.argument("siret")
def appoint_manager(email: str, siret: str) -> None:
    """Make the person with EMAIL the manager of the structure with SIRET, in place of any other."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.structures import managers

    with refusals():
        membership = managers.appoint_manager(email=email, siret=siret, at=now())
    click.echo(f"{membership.user} est gestionnaire de {membership.structure}.")
