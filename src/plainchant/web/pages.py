"""A document's pages as pictures, and its bytes as a download: the only two ways a file leaves the portal."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse

from plainchant.capture.kinds import KINDS
from plainchant.portal.invoices import pages as documents
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.lib.time import now
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import open_file, read_bytes
from plainchant.reader import sandbox

log = logging.getLogger(__name__)

_WITHOUT_PAGE = (sandbox.FailureReason.NO_SUCH_PAGE, sandbox.FailureReason.NOT_A_PDF)
PAGE_WIDTH = 1100  # pixels: sharp on a phone's dense screen, and under 200 kB for an ordinary page

# A file comes from a stranger: it is saved, never opened on this site's pages.
_NEVER_INLINE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


def document_of(invoice: Invoice) -> InvoiceFile:
    """The invoice itself. Http404 if there is none, or if its data cannot be drawn: they can still be saved."""
    try:
        file = documents.document_of(invoice=invoice, at=now())
    except documents.UNREADABLE as unreadable:
        log.warning("the page of invoice %s could not be drawn: %s", invoice.uid, unreadable)
        raise Http404 from unreadable
    if file is None:
        raise Http404
    return file


def copy_of(invoice: Invoice) -> tuple[StoredFile, str]:
    """The PDF that shows a document which is none, and the name to save it under. Http404 for a PDF."""
    copy = document_of(invoice).legible
    if copy is None:
        raise Http404
    return copy, copy.name


def picture(*, stored: StoredFile, page: int) -> HttpResponse:
    """One page of a stored PDF; see ``drawing``."""
    try:
        pdf = read_bytes(stored=stored)
    except OSError:
        log.exception("document %s cannot be read in the store", stored.uid)
        return _no_picture()
    return drawing(draw=lambda: pdf, page=page)


def drawing(*, draw: Callable[[], bytes], page: int) -> HttpResponse:
    """One page as PNG, drawn in the disposable reader. Http404 if there is no such page.

    A page that cannot be drawn is a picture too: one that says so where the page would be.
    """
    try:
        png = sandbox.render_page(draw(), page=page, width_px=PAGE_WIDTH)
    except sandbox.ReaderFailed as failed:
        if failed.reason in _WITHOUT_PAGE:
            raise Http404 from failed
        log.warning("page %d cannot be drawn: %s", page, failed.reason)
        return _no_picture()
    return HttpResponse(png, content_type="image/png", headers=_NEVER_INLINE)


def _no_picture() -> HttpResponse:
    return HttpResponse(_NO_PICTURE, status=503, content_type="image/svg+xml", headers=_NEVER_INLINE)


_NO_PICTURE = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE_WIDTH} 300">
<text x="{PAGE_WIDTH // 2}" y="140" font-family="sans-serif" font-size="34" text-anchor="middle" fill="#333">
Cette page n’a pas pu être dessinée.</text>
<text x="{PAGE_WIDTH // 2}" y="190" font-family="sans-serif" font-size="34" text-anchor="middle" fill="#333">
Téléchargez le document pour la lire.</text>
</svg>"""


def download(*, stored: StoredFile, name: str) -> FileResponse:
    """The bytes as they were handed in, to be saved under the sender's name."""
    answer = FileResponse(open_file(stored=stored), as_attachment=True, filename=name, content_type=stored.media_type)
    for header, value in _NEVER_INLINE.items():
        answer.headers[header] = value
    return answer


def pdf(*, content: bytes, name: str) -> HttpResponse:
    """A PDF of our own making, to be saved."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", **_NEVER_INLINE},
    )


def workbook(*, content: bytes, name: str) -> HttpResponse:
    """A workbook of our own making, to be saved."""
    return HttpResponse(
        content,
        content_type=KINDS["xlsx"].media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", **_NEVER_INLINE},
    )


def made_file(write: Callable[[BinaryIO], None]) -> BinaryIO:
    """A file of the disk that nobody else sees, written and wound back; gone once it is closed."""
    out: Any = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return cast("BinaryIO", out)


def made(out: BinaryIO, *, name: str, media_type: str) -> FileResponse:
    """A file of our own making, to be saved. It is sent from the disk, without a thread."""
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(out, as_attachment=True, filename=name, content_type=media_type, headers=headers)
