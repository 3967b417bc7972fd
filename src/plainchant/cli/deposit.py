"""`plainchant deposit`: electronic invoices to a server or into the portal here, and what became of each."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click

from plainchant.einvoice.command.opening import unopened

from . import django
from .remote.calling import with_option
from .remote.deposit import deposited


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "email", help="In the portal of this machine: the address of the account that hands them in.")
@click.option("--for", "siret", default="", help="The structure it does so for, where the account has several.")
@with_option
@click.option("--syntax", default="", help="The syntaxeFlux you declare; a difference with the content is told.")
@click.option(
    "--wait", "seconds", default=600.0, show_default=True, help="Seconds for which a server's report is waited for."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and an invoice.")
def deposit(
    files: tuple[Path, ...],
    *,
    email: str | None,
    siret: str,
    name: str | None,
    syntax: str,
    seconds: float,
    as_json: bool,
) -> None:
    """Hand in FILES: XML invoices, Factur-X, .zip or .tar.gz of them, a table of invoices; each file is a flow.

    They go to the server of `plainchant login`; with --as, into the portal of this machine, where they are processed
    at once, without waiting for a worker. A folder is one flow too: of the files that stand in it, hidden ones left
    out. Ends with 0 if all were taken, 1 if one was refused or its report has not come.
    """
    for path in files:
        if not path.exists():
            raise click.ClickException(unopened(path, FileNotFoundError(errno.ENOENT, "")))
    if email is None:
        if siret:
            raise click.UsageError("--for va avec --as : un compte technique n’agit que pour sa structure.")
        results = []
        named = [(path, _files_of(path)) for path in files]
        for row in deposited(named, name=name, syntax=syntax, seconds=seconds, quiet=as_json):
            _say(row, as_json=as_json)
            results.append(row["result"])
        sys.exit(1 if {"refused", "waiting"} & set(results) else 0)
    if name is not None:
        raise click.UsageError("--with et --as ne vont pas ensemble : choisissez le serveur, ou le portail d’ici.")
    django()
    from django.core.files.base import File

    from plainchant.portal.accounts.models import User
    from plainchant.portal.codes import About
    from plainchant.portal.flows.folder import Piece
    from plainchant.portal.flows.models import FlowInvoice
    from plainchant.portal.flows.operations import process, receive_folder
    from plainchant.portal.flows.report import flow_errors
    from plainchant.portal.invoices.models import DepositMode
    from plainchant.portal.lib.errors import Refused
    from plainchant.portal.lib.time import now
    from plainchant.portal.rights.actor import Actor
    from plainchant.portal.rights.rights import Right
    from plainchant.portal.store.antivirus import ScannerAway
    from plainchant.portal.structures.reach import reached
    from plainchant.reader.sandbox import ReaderFailed

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise click.ClickException(f"Aucun compte actif n’a l’adresse {email}.")
    actor = Actor(user)
    mine = reached(actor=actor, right=Right.SEND).filter(is_active=True).order_by("pk")
    structure = mine.filter(identifier=siret).first() if siret else mine.first()
    if structure is None:
        raise click.ClickException("Ce compte n’est rattaché à aucune structure active de ce SIRET.")
    if not siret and mine.count() > 1:
        raise click.ClickException("Ce compte a plusieurs structures : dites laquelle avec --for SIRET.")
    refused = 0
    for path in files:
        try:
            with ExitStack() as opened:
                pieces = [
                    Piece(
                        piece.name,
                        File(opened.enter_context(piece.open("rb")), name=piece.name),
                        piece.stat().st_size,
                    )
                    for piece in _files_of(path)
                ]
                flow = receive_folder(
                    structure=structure,
                    pieces=pieces,
                    name=path.resolve().name,
                    actor=actor,
                    at=now(),
                    deposit_mode=DepositMode.FLOW_BY_PROGRAM,
                    syntax=syntax,
                )
        except (Refused, ReaderFailed) as error:
            refused += 1
            code = error.code if isinstance(error, Refused) else "IRR_SYNTAX"
            report = {"file": str(path), "flow": None, "result": "refused", "code": code, "message": error.sentence}
            _say(report, as_json=as_json)
            continue
        try:
            while not process(flow=flow, at=now()):
                flow.refresh_from_db()
        except ScannerAway as away:
            refused += 1
            sentence = f"{away.sentence} Le flux {flow.number} est gardé ; un worker le reprendra."
            report = {
                "file": str(path),
                "flow": flow.number,
                "result": "waiting",
                "code": away.code,
                "message": sentence,
            }
            _say(report, as_json=as_json)
            continue
        flow.refresh_from_db()
        for told_of_all in flow_errors(flow):
            refused += told_of_all.nature != About.NOTICE
            result = "notice" if told_of_all.nature == About.NOTICE else "refused"
            report = {"file": str(path), "flow": flow.number, "result": result, "code": told_of_all.code}
            _say({**report, "message": told_of_all.sentence}, as_json=as_json)
        for result_row in FlowInvoice.objects.filter(flow=flow).select_related("invoice"):
            taken = result_row.invoice is not None
            refused += not taken
            _say(
                {
                    "file": f"{path}!{result_row.name}" if result_row.name else str(path),
                    "flow": flow.number,
                    "state": flow.state,
                    "number": result_row.number,
                    "result": "accepted" if taken else "refused",
                    "findings": result_row.findings,
                    "message": " ".join(str(finding["message"]) for finding in result_row.findings),
                },
                as_json=as_json,
            )
    sys.exit(1 if refused else 0)


def _files_of(path: Path) -> list[Path]:
    """A file, or those of a folder."""
    if not path.is_dir():
        return [path]
    return sorted(entry for entry in path.iterdir() if entry.is_file() and not entry.name.startswith("."))


_WORDS = {"accepted": "prise", "refused": "refusée", "waiting": "en attente", "notice": "à savoir"}


def _say(report: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    word = _WORDS[str(report["result"])]
    click.echo(f"{report['file']}  {report.get('number') or ''}  {word}  {report['message']}".rstrip())
