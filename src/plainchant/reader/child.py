"""The disposable reader process: a single-threaded zygote that forks one limited child for each file, then forgets it.

Started by `sandbox` with a clean environment; imports no Django. The control socket (file descriptor given as the only
argument) brings one request at a time: a small JSON message and the socket on which the child talks to its caller.
Uploaded bytes pass from the caller to the child alone; the zygote never sees them.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from plainchant.capture import logo, pdf
from plainchant.capture.fields import read_fields
from plainchant.capture.mail import UnreadableMail
from plainchant.capture.package import UnreadableSpreadsheet
from plainchant.capture.picture import UnreadablePicture
from plainchant.einvoice.drawing.threads import start_threads
from plainchant.einvoice.verdict import as_object, check, data_of, recognised
from plainchant.reader import document_child, drawing_child, electronic_child, flow_child, scan_child
from plainchant.reader.loading import load
from plainchant.reader.messages import MAX_MESSAGE, MAX_PATH, MAX_VALUE, PageSizes, PdfRead, encoded
from plainchant.reader.walls import ChildLimits, raise_own, raise_shared
from plainchant.reader.wire import ANSWER, MAX_INPUT_BYTES, QUESTION


def main(control_fd: int) -> None:
    """Serve requests until the caller closes its end of the control socket or dies."""
    caller_pid = os.getppid()
    control = socket.socket(fileno=control_fd)
    load()
    _warm_up()
    is_apart = raise_shared()
    gc.freeze()
    control.send(b"ready")
    deadlines: dict[int, float] = {}
    try:
        # A process that the caller forked may hold the other end of the socket: look at who our parent is, too.
        while os.getppid() == caller_pid:
            wait = min([1.0, *(deadline - time.monotonic() for deadline in deadlines.values())])
            readable, _, _ = select.select([control], [], [], max(wait, 0.0))
            if readable and not _serve(control, deadlines, is_apart=is_apart):
                break
            _bury(deadlines)
    finally:
        for pid in deadlines:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(Path.cwd(), ignore_errors=True)


def _serve(control: socket.socket, deadlines: dict[int, float], *, is_apart: bool) -> bool:
    """Fork a child for the next request; False when there will be none."""
    message, fds, _, _ = socket.recv_fds(control, 4096, 2)
    if not message:
        return False
    request = json.loads(message)
    with socket.socket(fileno=fds[0]) as caller:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                control.close()
                starting = (start_threads,) if request["task"] in DRAWING_TASKS else ()
                raise_own(ChildLimits(**request["limits"]), is_apart=is_apart, starting=starting)
                if request["task"] in FLOW_TASKS:
                    _answer_flow(caller, request, fds[1])
                else:
                    _answer(caller, request)
                status = 0
            finally:
                os._exit(status)  # no clean-up of a process that has met a hostile file
    for fd in fds[1:]:
        os.close(fd)
    deadlines[pid] = time.monotonic() + request["limits"]["seconds"]
    return True


def _bury(deadlines: dict[int, float]) -> None:
    """Kill the children whose time is up, and collect the dead."""
    now = time.monotonic()
    for pid, deadline in list(deadlines.items()):
        if deadline <= now:
            os.kill(pid, signal.SIGKILL)  # not yet collected: the number is still its own
            os.waitpid(pid, 0)
            del deadlines[pid]
        elif os.waitpid(pid, os.WNOHANG)[0]:
            del deadlines[pid]


def _answer(caller: socket.socket, request: dict[str, Any]) -> None:
    (size,) = QUESTION.unpack(_receive(caller, QUESTION.size))
    if size > MAX_INPUT_BYTES:
        body, is_right = b"too_large", 0
    else:
        data = _receive(caller, size)
        try:
            body, is_right = TASKS[request["task"]](data, **request["options"]), 1
        except (pdf.UnreadablePdf, UnreadableSpreadsheet, UnreadablePicture, UnreadableMail) as refusal:
            body, is_right = refusal.code.encode(), 0
        except MemoryError:
            body, is_right = b"too_large", 0
        except pdf.NoSuchPage:
            body, is_right = b"no_such_page", 0
    caller.sendall(ANSWER.pack(is_right, len(body)) + body)


def _answer_flow(caller: socket.socket, request: dict[str, Any], fd: int) -> None:
    """Frames instead of one answer: each invoice's data, then its documents; the end is a frame that says so."""

    def send(message: object, documents: list[bytes]) -> None:
        for kind, body in ((1, encoded(message)), *((2, document) for document in documents)):
            caller.sendall(ANSWER.pack(kind, len(body)) + body)

    with open(fd, "rb") as stream:
        if request["task"] == "flow_kind":
            send(flow_child.first_kind(stream), [])
        elif request["task"] == "flow_page":
            send({"documents": [""]}, [flow_child.page_of(stream, **request["options"])])
        elif request["task"] == "flow_rows":
            flow_child.read_rows(stream, send)
        elif request["task"] == "unpack":
            flow_child.unpack(stream, send, **request["options"])
        else:
            flow_child.read_flow(stream, send, **request["options"])


FLOW_TASKS = ("flow", "flow_kind", "flow_page", "flow_rows", "unpack")
DRAWING_TASKS = ("flow_page", "workbook", "letter", "picture", "draw_invoice", "draw_note", "draw_page", "convert")


def _receive(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _read(data: bytes) -> bytes:
    document = pdf.read_document(data)
    read = PdfRead(
        page_count=document.page_count,
        has_text=document.has_text,
        is_damaged=document.is_damaged,
        pages=document_child.pages_told(document),
        reading=read_fields(document),
    )
    return encoded(read)


def _page_sizes(data: bytes, *, most: int) -> bytes:
    count, sizes = pdf.page_sizes(data, most=most)
    return encoded(PageSizes(count, sizes))


def _render(data: bytes, *, page: int, width_px: int) -> bytes:
    return pdf.render_page(data, page=page, width_px=width_px)


def _logo(data: bytes) -> bytes:
    return logo.normalised(data)


MAX_FINDINGS = 200  # of one layer, of one channel: a broken file of 10,000 lines has 30,000


def _check(data: bytes, *, at: str) -> bytes:
    verdict = check(data, at=date.fromisoformat(at), channel="auto", with_pdfa=True)
    answer = as_object(verdict)
    answer.pop("invoices", None)  # not shown, and an envelope may hold 500 numbers of any length
    for findings in [
        *(layer["findings"] for layer in answer["layers"]),
        *(channel["why"] for channel in answer["channels"].values()),
    ]:
        del findings[MAX_FINDINGS:]
        for finding in findings:
            finding["message"] = finding["message"][:MAX_MESSAGE]
            if "path" in finding:
                finding["path"] = finding["path"][:MAX_PATH]
    answer["facts"] = recognised(verdict)
    answer["addressed"] = {name: datum.value[:MAX_VALUE] for name, datum in data_of(verdict).items()}
    return json.dumps(answer).encode()


TASKS: dict[str, Callable[..., bytes]] = {
    "read": _read,
    "page_sizes": _page_sizes,
    "render": _render,
    "logo": _logo,
    "scan": scan_child.scan,
    "workbook": document_child.workbook,
    "workbook_fields": document_child.workbook_fields,
    "payments": document_child.payments,
    "commitments": document_child.commitments,
    "letter": document_child.letter,
    "mail": document_child.mail,
    "picture": document_child.picture,
    "pdf_pages": document_child.pdf_pages,
    "draw_invoice": drawing_child.invoice,
    "draw_note": drawing_child.note,
    "draw_page": drawing_child.page,
    "check": _check,
    "data": electronic_child.data,
    "compare": electronic_child.compare,
    "convert": electronic_child.convert,
}


# An invoice as people send them: what reads it meets most of its patterns here.
_SAMPLE = (
    b"Atelier de la Tour, 3 rue des Potiers, 25000 Besancon",
    b"Siret 732 829 320 00074 - TVA intracommunautaire FR44732829320",
    b"Facture n FA-2026-0012 du 12/03/2026",
    b"Client : Ville de Montfort, SIRET 219 900 016 00011, service COMPTA, engagement BC-2026-118",
    b"Designation          Quantite    Prix unitaire HT    TVA      Total HT",
    b"Atelier de gravure   2           500,00              20 %     1 000,00",
    b"Total HT 1 000,00 EUR",
    b"TVA 20 % 200,00 EUR",
    b"Total TTC 1 200,00 EUR",
    b"Acompte deja verse 0,00 EUR",
    b"Net a payer 1 200,00 EUR, a regler avant le 11/04/2026, penalites de retard : 10 %",
    b"IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP",
)


def _warm_up() -> None:
    """Read a page of our own before the first fork: each child then finds patterns compiled and PDFium awake."""
    text = b"BT /F 9 Tf 14 TL 20 700 Td " + b" ".join(b"(%s) Tj T*" % line for line in _SAMPLE) + b" ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(objects, start=1))
    sample = b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF\n"
    _read(sample)
    _render(sample, page=1, width_px=50)
    _check(b"<a/>", at="2026-01-01")
    _check(sample, at="2026-01-01")


if __name__ == "__main__":
    main(int(sys.argv[1]))
