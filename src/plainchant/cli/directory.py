"""`plainchant directory`: searched on a server; from a file or invented in the portal here; an extract of Sirene."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plainchant.einvoice.wording import counted

from . import django
from .remote.directory import search

if TYPE_CHECKING:
    from plainchant.portal.directory.imports.file import ImportReport
    from plainchant.portal.directory.imports.records import Remark

SHOWN = 30  # remarks of each kind on a terminal; --json gives them all


@click.group()
def directory() -> None:
    """Search the directory of public bodies on a server; import or generate that of the portal here."""


directory.add_command(search)


@directory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--complete", is_flag=True, help="The file is the whole directory: deactivate the bodies it leaves out.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(file: Path, *, complete: bool, as_json: bool) -> None:
    """Import FILE: CSV of structures, CSV of services, or XML; plain, gzip or zip.

    Ends with 1 if a line was refused, with 2 if nothing of the file could be read.
    """
    django()
    from plainchant.portal.directory.imports.file import import_file
    from plainchant.portal.directory.imports.opening import UnreadableFile
    from plainchant.portal.lib.time import now

    start = time.monotonic()

    def progress(report: ImportReport) -> None:
        if not as_json and sys.stderr.isatty():
            click.echo(f"\r{report.read} lignes importées, {report.refused_count} refusées…", nl=False, err=True)

    try:
        report = import_file(path=file, at=now(), is_complete=complete, progress=progress)
    except UnreadableFile as error:
        click.echo(
            json.dumps({"error": error.sentence}, ensure_ascii=False) if as_json else error.sentence, err=not as_json
        )
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
        _print(report, time.monotonic() - start)
    sys.exit(1 if report.refused_count else 0)


def _print(report: ImportReport, seconds: float) -> None:
    click.echo(f"{report.read} lignes importées en {seconds:.1f} s".replace(".", ",") + " :")
    click.echo(f"  {report.created} nouvelles, {report.updated} modifiées, {report.unchanged} inchangées.")
    if report.deactivated:
        click.echo(f"  {report.deactivated} structures absentes du fichier sont devenues inactives.")
    _print_remarks("Lignes refusées", report.refused, report.refused_count)
    _print_remarks("À vérifier, mais gardé", report.warnings, report.warnings_count)


def _print_remarks(title: str, remarks: list[Remark], count: int) -> None:
    if not count:
        return
    click.echo(f"\n{title} ({count}) :")
    for remark in remarks[:SHOWN]:
        where = f"ligne {remark.line}" if remark.line else "fichier"
        click.echo(f"  {where} : {remark.sentence}")
    if count > SHOWN:
        click.echo(f"  … et {counted(count - SHOWN, 'autre')} (--json donne les {len(remarks)} premières).")


@directory.command()
@click.argument("file", type=click.Path(path_type=Path))
def sirene(file: Path) -> None:
    """Import FILE, Insee's file of establishments with their names: it fills in the sheets of new structures.

    CSV (StockEtablissement, joined with the names of StockUniteLegale); plain, gzip or zip. Whoever has asked Insee
    not to be published is kept as a number alone. Ends with 1 if a line was refused, with 2 if nothing could be read.
    """
    django()
    from plainchant.portal.directory.imports.opening import UnreadableFile
    from plainchant.portal.directory.imports.sirene_file import SireneReport, import_sirene

    def progress(report: SireneReport) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{report.kept} établissements…", nl=False, err=True)

    try:
        report = import_sirene(path=file, progress=progress)
    except UnreadableFile as error:
        click.echo(error.sentence, err=True)
        sys.exit(2)
    click.echo(f"{report.kept} établissements connus.")
    _print_remarks("Lignes refusées", report.refused, report.refused_count)
    sys.exit(1 if report.refused_count else 0)


@directory.command()
@click.argument("bodies", type=click.IntRange(min=1))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bodies.")
def generate(bodies: int, file: Path, *, seed: int) -> None:
    """Write BODIES invented bodies to FILE, as a CSV of structures."""
    django()
    from plainchant.demo.directory import generate as generated
    from plainchant.portal.directory.imports.csv_form import write_csv

    with file.open("w", encoding="utf-8", newline="") as target:
        write_csv(generated(bodies, seed), target)
    click.echo(f"{bodies} structures inventées dans {file}.")


@directory.command()
def reindex() -> None:
    """Make the search index anew from the sheets."""
    django()
    from plainchant.portal.directory.operations import rebuild

    click.echo(f"{rebuild()} structures dans l’index.")
