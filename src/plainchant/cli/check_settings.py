"""`plainchant check-settings`, and the same look at the settings before a portal starts."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

import click

from plainchant.portal.environment.faults import Fault, faults
from plainchant.portal.environment.reading import Environment

from . import django

offline = click.option("--offline", is_flag=True, help="Do not try to reach the document store and the mail server.")


@click.command("check-settings")
@offline
@click.option("--json", "as_json", is_flag=True, help="Print what is wrong as JSON.")
def check_settings(offline: bool, as_json: bool) -> None:
    """Say what is wrong with the settings, and what they name that cannot be reached.

    Ends with 1 if something has to be corrected, or does not answer that a portal cannot do without.
    """
    found = faults(os.environ)
    if not offline and not any(fault.is_unreadable for fault in found):
        django()
        found += [fault for reach in REACHES for fault in _tried(reach)]
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "variable": fault.variable,
                        "sentence": fault.sentence,
                        "stops": fault.stops,
                        "is_away": fault.is_away,
                    }
                    for fault in found
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for fault in found:
            click.echo(f"{'✗' if fault.stops else '!'} {fault.sentence}")
        if not any(fault.stops for fault in found):
            click.echo("Les réglages permettent de démarrer.")
            if not _in_production():
                click.echo("C’est une démonstration : pour un vrai portail, indiquez PLAINCHANT_PRODUCTION=1.")
    sys.exit(1 if any(fault.stops for fault in found) else 0)


def refuse_faulty(*, offline: bool) -> None:
    """Stop a start whose settings are wrong, with every reason. To be called before Django is loaded.

    The store and the mail server are tried in production only. One that is away stops nothing: after a power cut all
    machines start at once, in any order, and the portal does without until it is back. Raises ClickException.
    """
    found = faults(os.environ)
    is_loadable = not any(fault.is_unreadable for fault in found)
    if _in_production() and is_loadable and not offline:
        django()
        found += [fault for reach in REACHES if reach.is_tried_at_start for fault in _tried(reach)]
    for fault in found:
        if fault.is_away:
            click.echo(f"! {fault.sentence} Le portail démarre, et s’en servira dès qu’il répondra.", err=True)
        elif not fault.stops:
            click.echo(f"! {fault.sentence}", err=True)
    stopping = [fault.sentence for fault in found if fault.stops and not fault.is_away]
    if stopping:
        lines = "\n".join(f"✗ {sentence}" for sentence in stopping)
        raise click.ClickException(
            f"Plainchant ne démarre pas : ses réglages sont à corriger (docs/settings.md).\n{lines}"
        )


def _in_production() -> bool:
    try:
        return Environment(os.environ).flag("PLAINCHANT_PRODUCTION", default=False)
    except ValueError:
        return True


@dataclass(frozen=True)
class Reach:
    """Something the settings name, and how to find out that it answers. ``sentence`` has room for the reason."""

    variable: str
    sentence: str
    attempt: Callable[[], None]
    stops: bool = True
    is_tried_at_start: bool = True


def _try_database() -> None:
    from django.db import connection

    parameters = connection.get_connection_params()
    if connection.vendor == "postgresql":
        parameters["connect_timeout"] = 5
    connection.get_new_connection(parameters).close()


def _try_store() -> None:
    from plainchant.portal.store.reaching import try_store

    try_store()


def _try_mail_server() -> None:
    from plainchant.portal.mail.reaching import try_server

    try_server()


def _try_antivirus() -> None:
    from django.core.files.base import ContentFile

    from plainchant.portal.store.antivirus import scan

    scan(file=ContentFile(b"plainchant"), name="")


def _try_who_helps() -> None:
    from django.conf import settings

    from plainchant.help.helpers import helpers

    helpers(settings.WHO_HELPS)


REACHES = (
    Reach(
        "DATABASE_URL",
        "La base de données ne répond pas ({}). Vérifiez DATABASE_URL, et qu’elle est démarrée.",
        _try_database,
        is_tried_at_start=False,  # `setup` says it in its own time
    ),
    Reach(
        "PLAINCHANT_S3_BUCKET",
        "Les documents ne peuvent pas être gardés ({}). Vérifiez PLAINCHANT_S3_BUCKET, son adresse et ses clés, "
        "ou le dossier PLAINCHANT_DATA.",
        _try_store,
    ),
    Reach(
        "PLAINCHANT_SMTP_URL",
        "Le serveur de courriel ne laisse pas entrer le portail ({}). Vérifiez PLAINCHANT_SMTP_URL et PLAINCHANT_FROM.",
        _try_mail_server,
    ),
    Reach(
        "PLAINCHANT_CLAMD",
        "L’antivirus ne répond pas ({}) : aucun fichier ne sera pris sans lui. Vérifiez PLAINCHANT_CLAMD.",
        _try_antivirus,
        stops=False,
        is_tried_at_start=False,
    ),
    Reach(
        "PLAINCHANT_WHO_HELPS",
        "La liste de qui aide ne peut pas être montrée : {}. Corrigez le fichier que PLAINCHANT_WHO_HELPS nomme.",
        _try_who_helps,
    ),
)


def _tried(reach: Reach) -> list[Fault]:
    from plainchant.portal.lib.outages import dependency_of

    try:
        reach.attempt()
    except Exception as error:  # noqa: BLE001 - whatever a database, a store or a mail server answers
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        is_away = dependency_of(error) is not None
        return [Fault(reach.variable, reach.sentence.format(reason), reach.stops, is_away=is_away)]
    return []
