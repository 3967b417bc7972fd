"""A list of invoices as a file to keep, on either side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse

from plainchant.portal.invoices.bundles import MOST_BUNDLED, BundleKind, bundle_of
from plainchant.portal.invoices.exports import columns_of, exported_rows, require_exportable
from plainchant.portal.invoices.lists import InvoiceList, Order
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.archives import write_archive
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.table_file import FORMATS
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web import pages
from plainchant.web.fields import uids_among
from plainchant.web.filters import FilterForm
from plainchant.web.invoice_lists import SELECT

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


ALL = "tout"  # in the address: not the chosen ones, but all that the list shows


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
    rows = exported_rows(listed, order=order, falling=falling, today=today)
    with one_turn():
        require_exportable(listed)
        out = pages.made_file(lambda out: table.write(out, "Factures", heading, rows))
    return pages.made(out, name=f"{name}-{today.isoformat()}.{table.extension}", media_type=table.media_type)


def downloads(url_name: str, *, query: str = "") -> list[dict[str, str]]:
    """The archives of documents: of the chosen invoices where ``query`` is left out, else of all that a list shows."""
    return [
        {"label": f"Télécharger {what}", "what": what, "url": reverse(url_name, args=[kind]) + query}
        for kind, what in _BUNDLES.items()
    ]


_BUNDLES = {
    BundleKind.PAGES: "les PDF",
    BundleKind.EVERYTHING: "tous les documents",
    BundleKind.PIVOT: "les données (PIVOT)",
}


def bundled(
    request: HttpRequest, listed: InvoiceList, *, form: FilterForm, by: Order, falls: bool, kind: str
) -> tuple[FileResponse, list[Invoice]]:
    """The documents of the chosen invoices, or of all that the list shows, in one archive; and which ones they are.

    Raises TooManyToDownload, TooMuchToPrepare, StoreAway; Http404 for a kind that is none.
    """
    if kind not in list(BundleKind):
        raise Http404
    invoices = _chosen(request, listed, form, by, falls)
    at = now()
    with one_turn():
        files = bundle_of(invoices=invoices, kind=BundleKind(kind), side=listed.side, at=at)
        out = pages.made_file(lambda out: write_archive(out, files, at=at))
    name = f"documents-{day_in_paris(at).isoformat()}.zip"
    return pages.made(out, name=name, media_type="application/zip"), invoices


def _chosen(request: HttpRequest, listed: InvoiceList, form: FilterForm, by: Order, falls: bool) -> list[Invoice]:
    """Those whose boxes are ticked, else all that the list shows, in its order."""
    if ALL not in request.GET:
        uids = uids_among(request.GET.getlist(SELECT))
        return list(listed.scope.filter(uid__in=uids).order_by("pk"))
    order, falling = form.order(by, falls=falls)
    return listed.sheet(order=order, falling=falling, size=MOST_BUNDLED + 1).invoices
