"""`plainchant move-to-postgresql`: the same portal on the other database."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click

from plainchant.einvoice.wording import counted

from . import django
from .listing import refusals


@click.command("move-to-postgresql")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print the number of rows of each table as JSON.")
def move_to_postgresql(url: str, *, as_json: bool) -> None:
    """Copy this portal's SQLite database to the empty PostgreSQL database of URL, and compare every row.

    Stop the portal first. Documents stay where they are. A password is better left to ~/.pgpass than written in URL.
    """
    django()
    from django.conf import settings

    from plainchant.portal.backups import databases
    from plainchant.portal.backups.moving import move

    if settings.ON_POSTGRESQL:
        raise click.ClickException("Ce portail est déjà sur PostgreSQL (DATABASE_URL) : il n’y a rien à déplacer.")
    target = databases.of_url(url) if url.startswith(("postgres://", "postgresql://")) else None
    if not isinstance(target, databases.Postgresql):
        raise click.ClickException("L’adresse doit commencer par postgres://.")
    with refusals():
        if not target.is_empty():
            raise databases.BackupUnusable(
                "La base PostgreSQL n’est pas vide : rien n’a été copié. Indiquez une base vide."
            )
        # In a process of its own: its tables are made by a portal that knows no other database.
        environment = {name: value for name, value in os.environ.items() if name != "PLAINCHANT_QUEUE"}
        made = subprocess.run(
            [sys.executable, "-m", "plainchant.cli", "setup", "--offline"],
            env={**environment, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise click.ClickException(f"Les tables n’ont pas pu être créées.\n{made.stderr.strip()[-2000:]}")
        moved = move(url=url)
    if as_json:
        click.echo(json.dumps(moved, indent=2))
        return
    click.echo(
        f"{counted(sum(moved.values()), 'ligne copiée', 'lignes copiées')}, toutes les mêmes. Indiquez "
        "maintenant cette base dans DATABASE_URL, puis démarrez. Gardez l’ancienne jusqu’à ce que tout marche."
    )
