"""`plainchant convert` and `plainchant draw`: an invoice in another syntax, or as a page."""

from __future__ import annotations

import sys
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .written import write_out

if TYPE_CHECKING:
    from plainchant.einvoice.syntaxes.reading import Reading

ENDINGS = {
    "cii": ".xml",
    "ubl": ".xml",
    "facturx": ".pdf",
    "pivot": ".xml",
    "ubl-minimal": ".xml",
    "cii-minimal": ".xml",
    "mixed": ".xml",
}
REDUCED = ("ubl-minimal", "cii-minimal", "mixed")  # Chorus Pro's E2 forms: header data and a PDF

PROFILES = ("MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", "target", required=True, type=click.Choice(list(ENDINGS)), help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where; beside FILE by default.")
@click.option("--profile", type=click.Choice(PROFILES), default="EN 16931", show_default=True, help="Of a Factur-X.")
@click.option(
    "--chorus", is_flag=True, help="Put Chorus Pro's data (SIRET, service, cadre) where the reform wants them."
)
def convert(file: Path, *, target: str, output: Path | None, profile: str, chorus: bool) -> None:
    """Write the invoice in FILE (UBL, CII, Factur-X or CPPFactureMixte) in another syntax or form.

    What the other syntax cannot carry is named on standard error.
    """
    from plainchant.einvoice.profiles import PROFILE_OF

    reading = _read(file)
    from plainchant.einvoice.chorus import placements, strict

    data = placements(reading)
    invoice = strict(reading.invoice, data) if chorus else reading.invoice
    if target == "ubl":
        from plainchant.einvoice.syntaxes.ubl import read as ubl_read
        from plainchant.einvoice.syntaxes.ubl import write as ubl_write

        made = ubl_write.write(invoice)
        _tell(_lost(invoice, _again(made, ubl_read.read)))
    elif target == "cii":
        from plainchant.einvoice.syntaxes.cii import read as cii_read
        from plainchant.einvoice.syntaxes.cii import write as cii_write

        made = cii_write.write(invoice)
        _tell(_lost(invoice, _again(made, cii_read.read)))
    elif target == "facturx":
        from plainchant.einvoice.drawing import draw as drawn
        from plainchant.einvoice.syntaxes.cii import write as cii_write

        chosen = PROFILE_OF[profile]
        _tell(cii_write.dropped(invoice, chosen))
        xml = cii_write.write(invoice, profile=chosen)
        made = drawn(invoice, at=_instant(invoice), xml=xml, profile=chosen)
    elif target in REDUCED:
        made = _reduced(file, invoice, data, target)
    else:
        from plainchant.einvoice.syntaxes.pivot.write import PivotError, write

        try:
            from plainchant.einvoice.drawing import draw as drawn

            at = _instant(invoice)
            made = write([(invoice, data)], at=at, readable=drawn(invoice, at=at))
        except PivotError as error:
            raise click.ClickException(str(error)) from None
    path = output or file.with_name(f"{file.stem}-{target}{ENDINGS[target]}")
    write_out(path, made)
    click.echo(f"{path} écrit ({len(made)} octets).")
    if target != "pivot":  # which is for recipients
        _foretell(made, at=_instant(invoice).date())


def _foretell(made: bytes, *, at: date) -> None:
    """What Chorus Pro would refuse in the file: the invoice itself, or what the other format demands, is incomplete."""
    from plainchant.einvoice.check import DECIDING, check

    verdict = check(made, at=at, layers=DECIDING)
    for layer in verdict.layers:
        for finding in layer.findings:
            if finding.severity == "fatal":
                click.echo(f"Serait refusé : {finding.message}", err=True)


def _reduced(file: Path, invoice: Any, data: Any, target: str) -> bytes:
    """The invoice in one of the E2 forms, with the PDF it came from, or one drawn here if it carries none."""
    from plainchant.einvoice.drawing import draw as drawn
    from plainchant.einvoice.syntaxes.recognize import recognize
    from plainchant.einvoice.syntaxes.reduced import FormError

    at = _instant(invoice)
    source = file.read_bytes()
    page = source if recognize(source).container == "pdf" else drawn(invoice, at=at)
    try:
        if target == "mixed":
            from plainchant.einvoice.syntaxes.mixed import read as mixed_read
            from plainchant.einvoice.syntaxes.mixed import write as mixed_write

            made = mixed_write.write([(invoice, data)], at=at, readable=page)
            back = _again(made, mixed_read.read)
        elif target == "ubl-minimal":
            from plainchant.einvoice.syntaxes.ubl_minimal import read as ubl_read
            from plainchant.einvoice.syntaxes.ubl_minimal import write as ubl_write

            made = ubl_write.write(invoice, data, readable=page)
            back = _again(made, ubl_read.read)
        else:
            from plainchant.einvoice.syntaxes.cii_minimal import read as cii_read
            from plainchant.einvoice.syntaxes.cii_minimal import write as cii_write

            made = cii_write.write(invoice, data, readable=page)
            back = _again(made, cii_read.read)
    except FormError as error:
        raise click.ClickException(str(error)) from None
    _tell(_lost(invoice, back))
    return made


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where; beside FILE by default.")
@click.option("--plain", is_flag=True, help="A PDF without the XML inside.")
def draw(file: Path, *, output: Path | None, plain: bool) -> None:
    """Draw the invoice in FILE as a PDF/A-3, with the XML inside (Factur-X)."""
    from plainchant.einvoice.drawing import draw as drawn
    from plainchant.einvoice.profiles import PROFILE_OF
    from plainchant.einvoice.syntaxes.cii.write import write

    invoice = _read(file).invoice
    profile = PROFILE_OF["EN 16931"]
    xml = None if plain else write(invoice, profile=profile)
    made = drawn(invoice, at=_instant(invoice), xml=xml, profile=profile)
    path = output or file.with_name(f"{file.stem}-page.pdf")
    write_out(path, made)
    click.echo(f"{path} écrit ({len(made)} octets).")


def _instant(invoice: Any) -> datetime:
    """The date a file gives itself: the invoice's own, so that the same invoice gives the same file."""
    if invoice.issue_date is None:
        return datetime.now(UTC)
    return datetime.combine(invoice.issue_date, datetime.min.time(), UTC)


def _read(file: Path) -> Reading:
    """The invoice of a file, or a sentence and exit code 1."""
    from plainchant.einvoice.syntaxes.recognize import recognize
    from plainchant.einvoice.syntaxes.xml import NotWellFormed, parse

    try:
        data = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} n’a pas pu être ouvert ({error.strerror}). Vérifiez ses droits.") from None
    if recognize(data).container == "pdf":
        from plainchant.einvoice.syntaxes.facturx.extract import extract

        found = extract(data)
        if found.xml is None:
            raise click.ClickException(found.findings[0].message)
        data = found.xml
    try:
        root = parse(data)
    except NotWellFormed as error:
        raise click.ClickException(error.message) from None
    kind = recognize(data, root)
    if kind.read is None:
        raise click.ClickException(kind.refusal)
    if kind.read_all is not None:
        count = sum(1 for _ in kind.read_all(root))
        if count > 1:
            click.echo(f"{file.name} contient {count} factures : la première est prise.", err=True)
    return kind.read(root)


def _again(data: bytes, read: Any) -> Any:
    from plainchant.einvoice.syntaxes.xml import parse

    return read(parse(data)).invoice


def _lost(before: Any, after: Any, path: str = "") -> list[str]:
    """The terms of ``before`` that are not, or not the same, in ``after``."""
    if before == after or before is None or before == ():
        return []
    if hasattr(before, "__dataclass_fields__") and type(before) is type(after):
        lost = []
        for row in fields(before):
            if row.compare:  # not where it stood
                lost += _lost(getattr(before, row.name), getattr(after, row.name), f"{path}.{row.name}".lstrip("."))
        return lost
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        return [
            one for n, (x, y) in enumerate(zip(before, after, strict=True), 1) for one in _lost(x, y, f"{path}[{n}]")
        ]
    return [path]


def _tell(lost: list[str]) -> None:
    for path in lost:
        click.echo(f"Non repris : {path}", err=True)
    sys.stderr.flush()
