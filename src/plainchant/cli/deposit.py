"""`plainchant deposit`: electronic invoices into the portal, and what became of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from . import django


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "email", required=True, help="The address of the account that hands them in.")
@click.option("--for", "siret", default="", help="The structure it does so for, where the account has several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and an invoice.")
def deposit(files: tuple[Path, ...], *, email: str, siret: str, as_json: bool) -> None:
    """Hand in FILES: XML invoices, Factur-X, .zip or .tar.gz of them; each file is a flow.

    They are processed here, without waiting for a worker. Ends with 0 if all were taken, 1 if one was refused.
    """
    django()
    from django.core.files.base import File

    from plainchant.portal.accounts.models import User
    from plainchant.portal.files.sandbox import ReaderFailed
    from plainchant.portal.flows.models import FlowInvoice
    from plainchant.portal.flows.operations import FlowRefused, process, receive
    from plainchant.portal.lib.time import now
    from plainchant.portal.structures.queries import structures_of

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise click.ClickException(f"Aucun compte actif n’a l’adresse {email}.")
    mine = structures_of(user=user).filter(is_active=True).order_by("pk")
    structure = mine.filter(identifier=siret).first() if siret else mine.first()
    if structure is None:
        raise click.ClickException("Ce compte n’est rattaché à aucune structure active de ce SIRET.")
    if not siret and mine.count() > 1:
        raise click.ClickException("Ce compte a plusieurs structures : dites laquelle avec --for SIRET.")
    refused = 0
    for path in files:
        try:
            with path.open("rb") as content:
                flow = receive(
                    structure=structure,
                    file=File(content, name=path.name),
                    name=path.name,
                    size=path.stat().st_size,
                    user=user,
                    at=now(),
                    deposit_mode="UPLOAD_API",
                )
        except (FlowRefused, ReaderFailed) as error:
            refused += 1
            _say({"file": str(path), "flow": None, "result": "refused", "message": error.sentence}, as_json=as_json)
            continue
        while not process(flow=flow, at=now()):
            flow.refresh_from_db()
        flow.refresh_from_db()
        if flow.trouble:
            refused += 1
            _say(
                {"file": str(path), "flow": flow.number, "result": "refused", "message": flow.trouble}, as_json=as_json
            )
        for one in FlowInvoice.objects.filter(flow=flow).select_related("invoice"):
            taken = one.invoice is not None
            refused += not taken
            _say(
                {
                    "file": f"{path}!{one.name}" if one.name else str(path),
                    "flow": flow.number,
                    "state": flow.state,
                    "number": one.number,
                    "result": "accepted" if taken else "refused",
                    "findings": one.findings,
                    "message": " ".join(str(finding["message"]) for finding in one.findings),
                },
                as_json=as_json,
            )
    sys.exit(1 if refused else 0)


def _say(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    word = "prise" if told["result"] == "accepted" else "refusée"
    click.echo(f"{told['file']}  {told.get('number') or ''}  {word}  {told['message']}".rstrip())
