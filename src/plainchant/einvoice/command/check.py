"""`plainchant check`, alone `plainchant-check`: will these invoices be accepted, and if not, what must be mended."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import click

from plainchant.einvoice.wording import counted

from .opening import unopened
from .sarif import SarifLog
from .written import write_out

if TYPE_CHECKING:
    from plainchant.einvoice.finding import Finding
    from plainchant.einvoice.verdict import Layer, Verdict

PROGRESS_FROM = 20  # files: fewer are done before a bar is read
SHOWN = 20  # findings of one layer on a terminal; --all and --json give them all
# Layer → head of its column. The table's columns are as wide as their heads, or as « non 99 +99 ».
LAYERS = {
    "wellformed": "lisible",
    "schema": "format",
    "chorus": "Chorus Pro",
    "en16931": "EN 16931",
    "fr": "BR-FR",
    "cpro": "CPRO",
}
WIDTH = 11
MARKS = {"valid": "oui", "invalid": "non", "skipped": "–"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "json", "sarif"]),
    default="table",
    show_default=True,
    help="A table; one JSON object a line and a file; SARIF, which forges show beside the lines of a file.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write a JUnit report to this file."
)
@click.option("--all", "show_all", is_flag=True, help="Show warnings, and the findings of accepted files too.")
@click.option(
    "--channel",
    type=click.Choice(["auto", "chorus", "platform"]),
    default="auto",
    show_default=True,
    help="Which channel decides; auto: the one the invoice is written for.",
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Check as of this day instead of today.")
@click.option(
    "--max-mb", type=click.IntRange(min=1), default=50, show_default=True, help="Largest file looked at, in MiB."
)
def check(
    files: tuple[Path, ...],
    *,
    output: Literal["table", "json", "sarif"],
    as_json: bool,
    junit: Path | None,
    show_all: bool,
    channel: Literal["auto", "chorus", "platform"],
    day: datetime | None,
    max_mb: int,
) -> None:
    """Check FILES: UBL, CII or Factur-X; a folder, a .tar.gz or a .zip of them; - for standard input.

    A row a file: whether it would be accepted, then each layer with what is wrong (non 3) and what deserves a look
    (+2); below it what each channel would say. For Chorus Pro, format and its own rules decide; for an approved
    platform, format, EN 16931 and BR-FR.

    Ends with 0 if all would be accepted, with 1 if one would be refused, with 2 if there was nothing to check.
    """
    from plainchant.einvoice import check as verdict_on
    from plainchant.einvoice.channels import ChannelName
    from plainchant.einvoice.codes.attachments import MEBIBYTE
    from plainchant.einvoice.syntaxes.xml import Limits
    from plainchant.einvoice.verdict import as_object, unread

    at = day.date() if day else datetime.now(ZoneInfo("Europe/Paris")).date()
    limits = Limits(max_bytes=max_mb * MEBIBYTE)
    report = _report() if junit is not None else None
    as_json = as_json or output == "json"
    log = SarifLog() if output == "sarif" else None
    if junit is not None and not junit.parent.is_dir():
        raise click.UsageError(f"Le dossier {junit.parent} n’existe pas.")
    refused = count = hidden = 0
    for name, data in _with_progress(files, quiet=as_json or log is not None, max_bytes=limits.max_bytes):
        verdict = (
            unread(name, data.kind, (data.finding,), channel="auto" if channel == "auto" else ChannelName(channel))
            if isinstance(data, _Unopened)
            else verdict_on(data, name=name, at=at, limits=limits, channel=channel, with_pdfa=True)
        )
        count += 1
        refused += not verdict.accepted
        if log is not None:
            log.add(verdict)
        elif as_json:
            click.echo(json.dumps(as_object(verdict), ensure_ascii=False))
        else:
            if count == 1:
                click.echo(_row("", *LAYERS.values(), "fichier"))
            hidden += _print(verdict, show_all=show_all)
        if report is not None:
            _add_suite(report, verdict)
    if report is not None and junit is not None:
        write_out(junit, _written(report))
    if log is not None:
        click.echo(log.text())
    if count == 0:
        click.echo("Rien à vérifier : aucun fichier trouvé.", err=True)
        sys.exit(2)
    if hidden:
        click.echo(f"{hidden} {'remarques' if hidden > 1 else 'remarque'} sans effet aujourd’hui : --all les montre.")
    if not as_json and log is None and count > 1:
        accepted = f"{count - refused} {'seraient acceptés' if count - refused > 1 else 'serait accepté'}"
        click.echo(f"{count} fichiers : {accepted}, {refused} {'refusés' if refused > 1 else 'refusé'}.")
    sys.exit(1 if refused else 0)


@dataclass(frozen=True)
class _Unopened:
    kind: str
    finding: Finding


def _with_progress(files: tuple[Path, ...], *, quiet: bool, max_bytes: int) -> Iterator[tuple[str, bytes | _Unopened]]:
    found = list(_paths(files))
    if quiet or len(found) < PROGRESS_FROM or not sys.stderr.isatty():
        for path in found:
            yield from _open(path, max_bytes)
        return
    with click.progressbar(found, file=sys.stderr, label="Vérification") as bar:
        for path in bar:
            yield from _open(path, max_bytes)


def _paths(files: tuple[Path, ...]) -> Iterator[Path]:
    from plainchant.einvoice.syntaxes.archive import is_litter

    for path in files:
        if str(path) == "-" or path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file() and not is_litter(inner.name))
        elif path.exists():
            raise click.UsageError(f"{path} n’est ni un fichier ni un dossier.")
        else:
            raise click.UsageError(f"{path} n’existe pas.")


def _open(path: Path, max_bytes: int) -> Iterator[tuple[str, bytes | _Unopened]]:
    """The files of a path, or why one cannot be opened. No more of it is read than may be checked."""
    from plainchant.einvoice.finding import Finding
    from plainchant.einvoice.syntaxes.archive import BadArchive, is_archive, is_litter, is_signature, members

    shown = _text(str(path))
    try:
        if shown == "-":
            yield "-", sys.stdin.buffer.read(max_bytes + 1)
        elif is_archive(path.name):
            with path.open("rb") as stream:
                wanted = members(
                    stream, name=path.name, max_bytes=max_bytes, is_wanted=lambda name: not is_litter(_text(name))
                )
                for name, data in wanted:
                    if not is_signature(data):
                        yield f"{shown}!{_text(name)}", data
        else:
            with path.open("rb") as stream:
                yield shown, stream.read(max_bytes + 1)
    except BadArchive as error:
        yield shown, _Unopened("archive", Finding("ARCHIVE", _text(str(error))))
    except OSError as error:
        yield shown, _Unopened("", Finding("FICHIER-FERME", unopened(shown, error)))


def _text(name: str) -> str:
    """A file's name as text: on disk and in archives it may be any bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _row(*cells: str) -> str:
    """Cells under their heads; the last one, the file, as long as it is."""
    return " ".join([f"{cells[0]:<8}", *(f"{cell:<{WIDTH}}" for cell in cells[1:-1]), cells[-1]])


def _cell(layer: Layer) -> str:
    warnings = sum(finding.severity == "warning" for finding in layer.findings)
    fatal = len(layer.findings) - warnings
    return " ".join([MARKS[layer.status], *([str(fatal)] if fatal else []), *([f"+{warnings}"] if warnings else [])])


def _print(verdict: Verdict, *, show_all: bool) -> int:
    """The file's row, and below it what must be mended. How many findings were not shown: nothing hangs on them."""
    row = _row(
        "acceptée" if verdict.accepted else "refusée",
        *(_cell(layer) for layer in verdict.layers),
        f"{verdict.file}  ({verdict.kind})" if verdict.kind else verdict.file,
    )
    word, rest = row[:8], row[8:]
    click.echo(
        click.style(word, fg="green") + rest if verdict.accepted else click.style(word, fg="red", bold=True) + rest
    )
    answers = " · ".join(
        f"{found.channel.through} : {'acceptée' if found.accepted else 'refusée'}" for found in verdict.channels
    )
    click.echo(f"    {answers}")
    hidden = 0
    for finding in verdict.own.of_itself:
        click.echo(f"    ✗ {finding.message} [{finding.rule}]")
    for layer in verdict.layers:
        decides = layer.name in verdict.channel.deciding
        findings = [found for found in layer.findings if show_all or (found.severity == "fatal" and decides)]
        hidden += len(layer.findings) - len(findings)
        for finding in findings if show_all else findings[:SHOWN]:
            where = f" (ligne {finding.line})" if finding.line else ""
            mark = "✗" if finding.severity == "fatal" else "·"
            click.echo(f"    {mark} {finding.message} [{finding.rule}]{where}")
        if not show_all and len(findings) > SHOWN:
            click.echo(f"    … et {counted(len(findings) - SHOWN, 'autre')} : --all les montre.")
    return hidden


def _report() -> Any:
    from lxml import etree

    return etree.Element("testsuites", name="plainchant check")


def _add_suite(report: Any, verdict: Verdict) -> None:
    """A suite for each file, a case for each layer and one for the channel: written at once, as a folder may hold
    thousands. A failure is what makes the exit code 1: what a layer that does not decide finds is its case's output.
    """
    from lxml import etree

    name = "".join(sign if sign.isprintable() else "?" for sign in verdict.file)  # XML has no room for the others
    suite = etree.SubElement(report, "testsuite", name=name)
    for layer in verdict.layers:
        case = etree.SubElement(suite, "testcase", classname=name, name=layer.name)
        fatal = [finding for finding in layer.findings if finding.severity == "fatal"]
        if layer.status == "skipped":
            etree.SubElement(case, "skipped", message=layer.why)
        elif layer.name in verdict.channel.deciding:
            _add_failure(case, fatal)
        elif fatal:
            etree.SubElement(case, "system-out").text = _listed(fatal)
    _add_failure(etree.SubElement(suite, "testcase", classname=name, name="channel"), verdict.own.of_itself)
    for attribute, path in (("tests", "testcase"), ("failures", "*/failure"), ("skipped", "*/skipped")):
        suite.set(attribute, str(len(suite.findall(path))))


def _add_failure(case: Any, fatal: Sequence[Finding]) -> None:
    from lxml import etree

    if fatal:
        failure = etree.SubElement(case, "failure", message=f"{len(fatal)} × {fatal[0].rule}")
        failure.text = _listed(fatal)


def _listed(findings: Sequence[Finding]) -> str:
    return "\n".join(f"{finding.rule} {finding.path}: {finding.message}" for finding in findings)


def _written(report: Any) -> bytes:
    from lxml import etree

    return etree.tostring(report, xml_declaration=True, encoding="UTF-8", pretty_print=True)
