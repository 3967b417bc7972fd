"""A list of invoices as a file to keep, on either side."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import FileResponse, Http404
from django.urls import reverse

from plainchant.portal.invoices.exports import columns_of, exported_rows, require_exportable
from plainchant.portal.invoices.lists import InvoiceList, Order
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.table_file import FORMATS
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web.filters import FilterForm

_AT_ONCE = 2  # in a process: each takes a thread of the pages for seconds
_turns = threading.BoundedSemaphore(_AT_ONCE)


class TooMuchToPrepare(Refused):
    """As many large files as are made at once are being made."""

    code = "too_much_to_prepare"

    def __init__(self) -> None:
        super().__init__(
            "D’autres fichiers sont en préparation en ce moment. Attendez une minute, puis recommencez\u00a0: "
            "rien n’est perdu."
        )


@contextmanager
def one_turn() -> Iterator[None]:
    """To be held while a large file is made. Raises TooMuchToPrepare."""
    if not _turns.acquire(blocking=False):
        raise TooMuchToPrepare
    try:
        yield
    finally:
        _turns.release()


def export_links(url_name: str, *, query: str) -> list[dict[str, str]]:
    """What `components/export.html` draws: the same list in each format."""
    return [
        {"label": row.label, "url": reverse(url_name, args=[row.extension]) + query, "extension": row.extension}
        for row in FORMATS.values()
    ]


def exported(
    listed: InvoiceList, *, form: FilterForm, by: Order, falls: bool, extension: str, name: str
) -> FileResponse:
    """The list in a file, called ``name`` and the day. ``by`` and ``falls``: the order where none is asked.

    It is made on the disk, whole, and sent from there. Raises TooManyToExport, TooMuchToPrepare; Http404 for a format
    that is none.
    """
    if extension not in FORMATS:
        raise Http404
    table = FORMATS[extension]
    order, falling = form.order(by, falls=falls)
    today = day_in_paris(now())
    heading = [column.label for column in columns_of(listed.side)]
    with one_turn():
        require_exportable(listed)
        out: Any = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        try:
            table.write(out, "Factures", heading, exported_rows(listed, order=order, falling=falling, today=today))
        except BaseException:
            out.close()
            raise
    out.seek(0)
    return FileResponse(
        out,
        as_attachment=True,
        filename=f"{name}-{today.isoformat()}.{table.extension}",
        content_type=table.media_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
