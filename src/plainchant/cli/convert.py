"""`plainchant convert` and `plainchant draw`: an invoice in another syntax, or as a page."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from plainchant.einvoice import check, read
from plainchant.einvoice import draw as drawn
from plainchant.einvoice.command.opening import unopened
from plainchant.einvoice.command.written import write_out
from plainchant.einvoice.conversion import convert_file
from plainchant.einvoice.profiles import PROFILE_OF, Profile
from plainchant.einvoice.rules.file_table import TEST_INVOICE
from plainchant.einvoice.syntaxes.left import left
from plainchant.einvoice.syntaxes.opening import NotAnInvoice
from plainchant.einvoice.syntaxes.reading import Reading
from plainchant.einvoice.syntaxes.table import SYNTAXES, Syntax
from plainchant.einvoice.syntaxes.writing import FormError, day_of
from plainchant.einvoice.verdict import LAYERS, LayerName

PROFILES = ("MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Choice(list(SYNTAXES)), help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where; beside FILE by default.")
@click.option("--profile", type=click.Choice(PROFILES), default="EN 16931", show_default=True, help="Of a Factur-X.")
@click.option(
    "--chorus", is_flag=True, help="Put Chorus Pro's data (SIRET, service, cadre) where the reform wants them."
)
def convert(file: Path, *, target: str, output: Path | None, profile: str, chorus: bool) -> None:
    """Write the invoice in FILE (UBL, CII, Factur-X or CPPFactureMixte) in another syntax or form.

    What the other syntax cannot carry is named on standard error.
    """
    syntax = SYNTAXES[target]
    made, day = _made(file, syntax, PROFILE_OF[profile] if target == "facturx" else None, chorus=chorus)
    output = output or file.with_name(f"{file.stem}-{target}{syntax.ending}")
    write_out(output, made)
    click.echo(f"{output} écrit ({len(made)} octets).")
    if syntax.vocabulary:  # a pivot is for recipients
        _foretell(made, at=day)


def _made(file: Path, syntax: Syntax, profile: Profile | None, *, chorus: bool) -> tuple[bytes, date]:
    """The file in the other syntax and the invoice's day: what was read is let go before the file is judged."""
    reading = _read(file)
    try:
        made = convert_file(file.read_bytes(), reading, to=syntax, profile=profile, is_strict=chorus)
    except FormError as error:
        raise click.ClickException(str(error)) from None
    _tell_test(reading)
    for sentence in made.added:
        click.echo(f"Ajouté : {sentence}", err=True)
    for sentence in made.lost:
        click.echo(f"Non repris : {sentence}", err=True)
    return made.written, day_of(reading.invoice).date()


def _tell_test(reading: Reading) -> None:
    if reading.facts.test_indicator is not None:
        click.echo(f"Attention : {TEST_INVOICE.french}", err=True)


def _foretell(made: bytes, *, at: date, layers: tuple[LayerName, ...] = LAYERS) -> None:
    """What refuses the file in the channel it is written for, as `plainchant check` finds it.

    A file that breaks its schema is nobody's: exit code 1.
    """
    verdict = check(made, at=at, layers=layers, channel="auto")
    for finding in verdict.own.why:
        click.echo(f"Serait refusé {verdict.channel.through} : {finding.message}", err=True)
    for layer in verdict.layers:
        for finding in layer.findings:
            if finding.rule == "XSD-PROFIL":  # refuses nothing at Chorus Pro; other readers of Factur-X may refuse it
                click.echo(f"Attention : le profil n’est pas suivi. {finding.message}", err=True)
    if any(layer.status == "invalid" for layer in verdict.layers if layer.name in ("wellformed", "schema")):
        click.echo("Le fichier écrit ne suit pas le schéma de son format : ne l’envoyez pas.", err=True)
        sys.exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where; beside FILE by default.")
@click.option("--plain", is_flag=True, help="A PDF without the XML inside.")
def draw(file: Path, *, output: Path | None, plain: bool) -> None:
    """Draw the invoice in FILE as a PDF/A-3, with the XML inside (Factur-X)."""
    reading = _read(file)
    invoice = reading.invoice
    _tell_test(reading)
    for _, lost in left(reading):
        click.echo(f"Non repris : {lost}", err=True)
    at = day_of(invoice)
    _tell_sums(file, at=at.date())
    made = drawn(invoice, at=at) if plain else SYNTAXES["facturx"].write(invoice, at=at)
    path = output or file.with_name(f"{file.stem}-page.pdf")
    write_out(path, made)
    click.echo(f"{path} écrit ({len(made)} octets).")
    if not plain:
        _foretell(made, at=at.date(), layers=("wellformed", "schema"))


# Rules of EN 16931 that a page makes visible: sums that do not come out.
_SUMS = ("BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16")


def _tell_sums(file: Path, *, at: date) -> None:
    """Say which sums of the page do not come out: it shows the invoice's own figures, right or wrong."""
    only: tuple[LayerName, ...] = ("en16931",)
    for layer in check(file.read_bytes(), at=at, layers=only).layers:
        for finding in layer.findings:
            if finding.rule in _SUMS:
                click.echo(f"La page montre une somme fausse : {finding.message}", err=True)


def _read(file: Path) -> Reading:
    """The invoice of a file, or a sentence and exit code 1."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise click.ClickException(unopened(file, error)) from None
    try:
        readings = read(data)
    except NotAnInvoice as error:
        raise click.ClickException(str(error)) from None
    if not readings:
        raise click.ClickException(f"{file.name} ne contient pas de facture.")
    if len(readings) > 1:
        click.echo(f"{file.name} contient {len(readings)} factures : la première est prise.", err=True)
    return readings[0]
