"""In the disposable child: the invoices of a flow, one after the other, each with its verdict and its documents.

The file comes as an open descriptor and is read as a stream, so that a flow of a gigabyte is never in memory. Every
invoice has a time limit of its own: one that exceeds it kills the child, and the server starts another behind it. It is
counted in the processor's time: on a machine that has too much to do, a good invoice is late, and not refused.
"""

from __future__ import annotations

import hashlib
import signal
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import BinaryIO

from plainchant.capture.billing_table import BillingRow, billing_rows
from plainchant.capture.package import UnreadableSpreadsheet
from plainchant.capture.spreadsheet import read_workbook
from plainchant.einvoice.codes.attachments import MEBIBYTE
from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.syntaxes.archive import BadArchive, has_small_directory, is_litter, is_signature, members
from plainchant.einvoice.syntaxes.attached import BadAttachment, decoded, unzipped
from plainchant.einvoice.syntaxes.recognize import recognize
from plainchant.einvoice.syntaxes.reduced import READABLE
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.writing import day_of
from plainchant.einvoice.syntaxes.xml import Limits
from plainchant.einvoice.verdict import DECIDING, LayerName, Verdict, check, header_of
from plainchant.reader.messages import (
    MAX_DOCUMENT_NAME,
    MAX_FILE_NAME,
    MAX_MESSAGE,
    MAX_PATH,
    ArchiveFile,
    DocumentName,
    FlowEnd,
    FlowFinding,
    FlowInvoiceRead,
)
from plainchant.reader.reasons import WORKBOOK_SENTENCES, FailureReason

LIMITS = Limits(max_bytes=120 * MEBIBYTE)  # of one invoice with its attachments
MAX_INVOICES = 500  # of one flow
MAX_FINDINGS = 2_000  # of one invoice in a report: what an honest file never has
MAX_WORKBOOK_BYTES = 10 * MEBIBYTE
BYTES_A_SECOND = 2 * MEBIBYTE  # of an invoice heavy with attachments, on a slow machine that has other work
MAX_LOOKED_AT = 20  # files, to find out what a flow holds
FACTURX = SYNTAXES["facturx"]
ARCHIVE, WORKBOOK = "ARCHIVE", "WORKBOOK"
_TOO_MANY = f"Ce flux contient plus de {MAX_INVOICES} factures. Répartissez-les en plusieurs envois."
_READ: tuple[LayerName, ...] = ("wellformed",)
_ARCHIVES = {"zip": "flux.zip", "gzip": "flux.tar.gz", "tar": "flux.tar"}

Send = Callable[[object, list[bytes]], None]


def read_flow(stream: BinaryIO, send: Send, *, at: str, start: int, seconds_each: float) -> None:
    """Send each invoice from the member ``start`` on, then the end, with what is wrong with the flow as a whole."""
    day = date.fromisoformat(at)
    count = 0
    trouble = code = ""

    def send_in_peace(message: object, documents: list[bytes]) -> None:
        """Nobody's time runs while the server takes its own to store the invoices before this one."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(message, documents)
        signal.setitimer(signal.ITIMER_PROF, seconds_each)

    try:
        for position, (name, data) in enumerate(_members(stream, start=start), start):
            if position >= MAX_INVOICES:
                raise BadArchive(_TOO_MANY, "IRR_TAILLE_F")
            if name and is_signature(data):
                continue  # of the invoice beside it: no invoice of its own to be refused
            signal.setitimer(signal.ITIMER_PROF, seconds_each + len(data) / BYTES_A_SECOND)
            count += _send_each(name, data, send_in_peace, day, position=position, room=MAX_INVOICES - count)
            del data  # a hundred megabytes: not while the next ones are read
    except BadArchive as error:
        trouble, code = str(error), error.code
    send(FlowEnd(trouble, code), [])


def _send_each(name: str, data: bytes, send: Send, day: date, *, position: int, room: int) -> int:
    """Send the invoices of one file, nearly always one; how many there were. Nothing of them outlives the call."""
    part = 0
    for message, documents in _invoices(name, data, day, position=position):
        if part >= room:
            raise BadArchive(_TOO_MANY, "IRR_TAILLE_F")
        send(message, documents)
        part += 1
    return part


def first_kind(stream: BinaryIO) -> dict[str, object]:
    """What the flow holds: how many files, and interface and syntax by the first that can be recognised, "" when none
    can. The archive is read to its end, so that what is broken or too much is told before a number is given."""
    found: dict[str, object] = {"interface": "", "syntax": "", "trouble": "", "code": "", "files": 0}
    try:
        packaging = packaging_of(stream)
        found["packaging"] = packaging
        if packaging == WORKBOOK:
            return found | _workbook_kind(stream)
        files = 0
        for _, data in _members(stream):
            if packaging == ARCHIVE and is_signature(data):
                continue
            files += 1
            if files > MAX_INVOICES:
                raise BadArchive(_TOO_MANY, "IRR_TAILLE_F")
            if len(data) > LIMITS.max_bytes:
                raise BadArchive("Une facture ne peut pas dépasser 120 Mo. Allégez ses pièces jointes.", "IRR_TAILLE_F")
            if not found["interface"] and files <= MAX_LOOKED_AT:
                interface, syntax = _codes(check(data, at=date(2026, 1, 1), limits=LIMITS, layers=_READ))
                found |= {"interface": interface, "syntax": syntax}
        found["files"] = files
        if not files:
            raise BadArchive("L’archive ne contient aucun fichier. Vérifiez-la, puis envoyez-la.", "IRR_VIDE_F")
    except BadArchive as error:
        found |= {"trouble": str(error), "code": error.code}
    return found


def unpack(stream: BinaryIO, send: Send, *, max_bytes: int) -> None:
    """Send each file of an archive, in order, then the end; what is wrong with the archive as a whole stands there."""
    trouble = code = ""
    try:
        container = _ARCHIVES.get(recognize(stream.read(1024)).container or "", "")
        stream.seek(0)
        if not container:
            raise BadArchive("Ce fichier n’est pas une archive .zip ou .tar.gz.")
        files = members(stream, name=container, max_bytes=max_bytes, is_wanted=lambda name: not is_litter(name))
        for count, (name, data) in enumerate(files, 1):
            if count > MAX_INVOICES:
                raise BadArchive(_TOO_MANY, "IRR_TAILLE_F")
            send(ArchiveFile(name[-MAX_FILE_NAME:]), [data])
            del data
    except BadArchive as error:
        trouble, code = str(error), error.code
    send(FlowEnd(trouble, code), [])


def packaging_of(stream: BinaryIO) -> str:
    """A name of `flows.models.Packaging`; the stream is back at its beginning."""
    container = recognize(stream.read(1024)).container
    stream.seek(0)
    if container == "xls" or (container == "zip" and _is_workbook(stream)):
        return WORKBOOK
    return ARCHIVE if container in _ARCHIVES else "FILE"


def _is_workbook(stream: BinaryIO) -> bool:
    """Whether a ZIP is an .xlsx or an .ods."""
    try:
        if not has_small_directory(stream):
            return False
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            return "xl/workbook.xml" in names or {"content.xml", "META-INF/manifest.xml"} <= names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        stream.seek(0)


def _rows(stream: BinaryIO) -> list[BillingRow]:
    """The invoices of a workbook. Raises BadArchive for a workbook that is no table of invoices."""
    data = stream.read(MAX_WORKBOOK_BYTES + 1)
    if len(data) > MAX_WORKBOOK_BYTES:
        raise BadArchive("Un tableau de factures ne peut pas dépasser 10 Mo. Répartissez ses lignes.", "IRR_TAILLE_F")
    try:
        rows = billing_rows(read_workbook(data))
    except UnreadableSpreadsheet as error:
        raise BadArchive(WORKBOOK_SENTENCES[FailureReason(error.code)]) from error
    if rows is None:
        raise BadArchive(
            "Ce classeur n’est pas un tableau de factures : nous n’y trouvons pas les colonnes du modèle. Téléchargez "
            "le modèle et remplissez-le. Si le classeur est une seule facture, déposez-la plutôt en PDF.",
            "IRR_TYPE_F",
        )
    if not rows:
        raise BadArchive("Aucune ligne du tableau n’est remplie. Écrivez une facture par ligne.", "IRR_VIDE_F")
    if len(rows) > MAX_INVOICES:
        raise BadArchive(_TOO_MANY, "IRR_TAILLE_F")
    return rows


def _workbook_kind(stream: BinaryIO) -> dict[str, object]:
    rows = _rows(stream)
    return {"interface": FACTURX.interface, "syntax": FACTURX.flow_syntax, "files": len(rows)}


def read_rows(stream: BinaryIO, send: Send) -> None:
    """Send each row of a table of invoices, then the end."""
    end = FlowEnd()
    try:
        for row in _rows(stream):
            send(row, [])
    except BadArchive as error:  # it could be read when it came in: perhaps by an older version of ours
        end = FlowEnd(str(error), error.code)
    send(end, [])


def page_of(stream: BinaryIO, *, part: int) -> bytes:
    """The page of an invoice that came as data alone, dated as the invoice is: drawn again, it is the same page."""
    verdict = check(stream.read(LIMITS.max_bytes + 1), at=date(2026, 1, 1), limits=LIMITS, layers=_READ)
    reading = (verdict.parts or (verdict,))[part].reading
    if reading is None:
        raise ValueError("not an invoice")
    return draw(reading.invoice, at=day_of(reading.invoice))


def _members(stream: BinaryIO, *, start: int = 0) -> Iterator[tuple[str, bytes]]:
    """The files of a flow from the ``start``-th on, those left out that file managers leave behind."""
    kind = recognize(stream.read(1024))
    stream.seek(0)
    if kind.container not in _ARCHIVES:
        if start == 0:
            yield "", stream.read(LIMITS.max_bytes + 1)
        return
    passed = 0

    def is_wanted(name: str) -> bool:
        nonlocal passed
        if is_litter(name):
            return False
        passed += 1
        return passed > start

    yield from members(stream, name=_ARCHIVES[kind.container], is_wanted=is_wanted)


def _codes(verdict: Verdict) -> tuple[str, str]:
    """Interface and syntaxeFlux, "" for what is no invoice."""
    syntax = verdict.syntax
    return (syntax.interface, syntax.flow_syntax) if syntax else ("", "")


def _invoices(name: str, data: bytes, day: date, *, position: int) -> Iterator[tuple[FlowInvoiceRead, list[bytes]]]:
    verdict = check(data, name=name, at=day, limits=LIMITS, layers=DECIDING)
    _, syntax = _codes(verdict)
    for part, invoice in enumerate(verdict.parts or (verdict,)):
        layers = [layer for layer in invoice.layers if layer.name in DECIDING]
        refused = [finding for layer in layers for finding in layer.findings if finding.severity == "fatal"]
        # Where there are too many, what is noticed of the file itself is cut off first.
        noticed = [finding for layer in layers[::-1] for finding in layer.findings if finding.severity == "warning"]
        rows = list(_documents(invoice, data, is_pdf=verdict.syntax is FACTURX)) if invoice.accepted else []
        message = FlowInvoiceRead(
            position=position,
            part=part,
            name=name[:MAX_FILE_NAME],
            kind=invoice.kind,
            syntax=syntax,
            sha256=hashlib.sha256(data).hexdigest(),
            findings=[_told(finding) for finding in [*refused, *noticed][:MAX_FINDINGS]],
            more=max(0, len(refused) - MAX_FINDINGS),
            header=header_of(invoice) if invoice.reading else None,
            documents=[row for row, _ in rows],
        )
        yield message, [content for _, content in rows]


def _told(finding: Finding) -> FlowFinding:
    return FlowFinding(
        finding.rule,
        finding.message[:MAX_MESSAGE],
        finding.field or "",
        finding.severity,
        finding.line,
        finding.path[:MAX_PATH],
    )


def _documents(part: Verdict, data: bytes, *, is_pdf: bool) -> Iterator[tuple[DocumentName, bytes]]:
    """What people read first, then the data as sent, then the annexes.

    An invoice that came as data alone has no 01: its page costs more than all the rest, and is drawn when asked for.
    """
    assert part.reading is not None  # noqa: S101 - the caller looked
    invoice = part.reading.invoice
    stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in invoice.number or "facture")[:40]
    enclosed = []
    for document in invoice.supporting_documents:
        if not document.content:
            continue
        shown = (document.filename or document.reference or "piece-jointe").replace("\\", "/").rpartition("/")[2]
        try:
            content = decoded(document.content)
            try:
                inner, content = unzipped(content)
                shown = inner or shown
            except BadAttachment:
                pass  # not zipped: as it is
        except BadAttachment:
            continue  # told as a finding of the acceptance
        enclosed.append((document.description == READABLE, shown[:MAX_DOCUMENT_NAME], content))
    readable = next((enclosure for enclosure in enclosed if enclosure[0] and enclosure[2].startswith(b"%PDF-")), None)
    if is_pdf:
        yield DocumentName(f"{stem}.pdf", "01", "application/pdf"), data
    else:
        if readable is not None:
            yield DocumentName(readable[1], "01", "application/pdf"), readable[2]
        yield DocumentName(f"{stem}.xml", "02", "application/xml"), data
    for enclosure in enclosed:
        if enclosure is not readable:
            yield DocumentName(enclosure[1], "02", "application/octet-stream"), enclosure[2]
