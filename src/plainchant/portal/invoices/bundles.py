"""Several invoices in one archive: the page of each, its pivot, or a folder of everything that each holds."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial

from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.portal.lib.archives import ArchivedFile, safe_name, text_file
from plainchant.portal.lib.errors import Refused
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import pieces_of

from .lifecycle import Side
from .models import Invoice, InvoiceFile
from .pages import UNREADABLE, document_of
from .pivots import pivot_of, pivot_of_several

log = logging.getLogger(__name__)

MOST_BUNDLED = 500
MOST_BUNDLED_BYTES = 500 << 20
_MOST_DRAWN = 20  # pages that are drawn while somebody waits: each takes a second or two
_MOST_EMBEDDED = 30 << 20  # bytes: a pivot is made in memory, several times as long as what it holds
_DENSE = ("application/pdf", "image/", "application/zip", "application/vnd.")


class BundleKind(StrEnum):
    PAGES = "pdf"
    PIVOT = "pivot"
    EVERYTHING = "tout"


class TooManyToDownload(Refused):
    """More invoices are asked for, or heavier ones, than one archive takes."""

    code = "too_many_to_download"


class NoPivot(Refused):
    """An invoice has no pivot: it is not sent, its page could not be drawn, or it lacks what the form needs."""

    code = "no_pivot"


def require_few(count: int) -> None:
    """Raises TooManyToDownload for more than MOST_BUNDLED, or none."""
    if not count:
        raise TooManyToDownload("Choisissez d’abord des factures dans la liste.", code="nothing_to_download")
    if count > MOST_BUNDLED:
        raise TooManyToDownload(
            f"Un téléchargement prend {MOST_BUNDLED} factures au plus, et cette liste en compte davantage. "
            "Précisez la recherche, ou choisissez des factures une à une."
        )


def bundle_of(*, invoices: Sequence[Invoice], kind: BundleKind, side: Side, at: datetime) -> list[ArchivedFile]:
    """What the archive holds, in the order of ``invoices``; what is missing is said in a file of it, LISEZ-MOI.txt.

    Raises TooManyToDownload, StoreAway.
    """
    require_few(len(invoices))
    files: dict[int, list[InvoiceFile]] = defaultdict(list)
    stored = InvoiceFile.objects.filter(invoice__in=invoices).select_related("stored", "legible")
    for file in stored.order_by("role", "id"):
        files[file.invoice_id].append(file)
    _refuse_heavy(sum(kept.size for own in files.values() for file in own for kept in _wanted(file, kind)))
    if kind is BundleKind.PIVOT:  # lists do not read it
        documents = dict(Invoice.objects.filter(pk__in=list(files)).values_list("pk", "document"))
        for invoice in invoices:
            invoice.document = documents.get(invoice.pk)
    lacks: list[str] = []
    found: list[ArchivedFile] = []
    names: set[str] = set()
    left = _MOST_DRAWN
    for invoice in invoices:
        own, name = files[invoice.pk], _free(_name(invoice, side), names)
        page = next((file for file in own if file.role == InvoiceFile.Role.INVOICE), None)
        if own and page is None and own[0].part is not None:  # it came as data
            page = _drawn(invoice, at) if left else None
            left -= 1 if left else 0
            own = [page, *own] if page else own
            if page is None:
                lacks.append(_LACKS_PAGE.format(title=invoice.title))
        if not own:
            lacks.append(f"{invoice.number or 'Brouillon sans numéro'}\u00a0: aucun document.")
        elif kind is BundleKind.EVERYTHING:
            found += _folder(name, own)
        elif kind is BundleKind.PIVOT:
            pivot = _pivot(invoice, name, page, own, at, lacks)
            found += [pivot] if pivot else []
        else:
            shown = page.page if page else own[0].stored
            found.append(_entry(name + _ending(shown), shown))
    if lacks:
        found.append(text_file("LISEZ-MOI.txt", "\ufeff" + "\r\n".join(lacks) + "\r\n"))
    return found


def one_pivot(*, invoices: Sequence[Invoice], at: datetime) -> bytes:
    """All of these invoices in one pivot, with their documents. Raises TooManyToDownload, NoPivot, StoreAway."""
    require_few(len(invoices))
    files: dict[int, list[InvoiceFile]] = defaultdict(list)
    stored = InvoiceFile.objects.filter(invoice__in=invoices).select_related("stored", "legible")
    for file in stored.order_by("role", "id"):
        files[file.invoice_id].append(file)
    weight = sum(kept.size for own in files.values() for file in own for kept in _wanted(file, BundleKind.PIVOT))
    if weight > _MOST_EMBEDDED:
        raise TooManyToDownload(
            f"Ces documents pèsent {weight >> 20} Mo, et un pivot en prend {_MOST_EMBEDDED >> 20}. "
            "Demandez moins de factures, ou leurs PDF."
        )
    entries = []
    for invoice in invoices:
        own = files[invoice.pk]
        page = next((file for file in own if file.role == InvoiceFile.Role.INVOICE), None)
        if page is None and own:
            page = _drawn(invoice, at)
        if invoice.document is None or page is None:
            raise NoPivot(f"{invoice.title}\u00a0: pas de pivot, elle n’est pas envoyée ou pas dessinée.")
        others = [file.stored for file in own if file.pk != page.pk or file.legible]
        entries.append((invoice, page.page, others))
    try:
        return pivot_of_several(invoices=entries, at=at)
    except FormError as error:
        raise NoPivot(f"Pas de pivot. {error}") from error


_LACKS_PAGE = "{title}\u00a0: arrivée sous forme de données, sa page n’est pas dessinée. Ses données sont jointes."


def _refuse_heavy(size: int) -> None:
    if size > MOST_BUNDLED_BYTES:
        raise TooManyToDownload(
            f"Ces documents pèsent {size >> 20} Mo, et un téléchargement en prend {MOST_BUNDLED_BYTES >> 20}. "
            "Choisissez moins de factures."
        )


def _pivot(
    invoice: Invoice, name: str, page: InvoiceFile | None, own: Sequence[InvoiceFile], at: datetime, lacks: list[str]
) -> ArchivedFile | None:
    """None where it cannot be made, which is added to what is lacking."""
    title = invoice.title if invoice.number else "Brouillon sans numéro"
    if invoice.document is None or page is None:
        lacks.append(
            f"{title}\u00a0: pas de pivot, {'elle n’est pas envoyée' if page else 'sa page n’est pas dessinée'}."
        )
        return None
    try:
        pivot_of(invoice=invoice, page=None, at=at)
    except FormError as error:
        lacks.append(f"{title}\u00a0: pas de pivot. {error}")
        return None
    others = [file.stored for file in own if file.pk != page.pk or file.legible]
    if sum(stored.size for stored in others) > _MOST_EMBEDDED:
        lacks.append(
            f"{title}\u00a0: ses pièces jointes sont trop lourdes pour le pivot. Téléchargez tous les documents."
        )
        others = []
    made = partial(pivot_of, invoice=invoice, page=page.page, others=others, at=at)
    return ArchivedFile(f"{name}.xml", lambda: [made()])


def _wanted(file: InvoiceFile, kind: BundleKind) -> Iterator[StoredFile]:
    if kind is not BundleKind.PAGES:
        yield file.stored
        if file.legible:
            yield file.legible
    elif file.role == InvoiceFile.Role.INVOICE:
        yield file.page


def _drawn(invoice: Invoice, at: datetime) -> InvoiceFile | None:
    try:
        return document_of(invoice=invoice, at=at)
    except UNREADABLE as unreadable:
        log.warning("the page of invoice %s could not be drawn: %s", invoice.uid, unreadable)
        return None


def _folder(name: str, files: Sequence[InvoiceFile]) -> Iterator[ArchivedFile]:
    for place, file in enumerate(files, 1):
        yield _entry(f"{name}/{place:02d} {safe_name(file.name)}", file.stored)
        if file.legible:
            yield _entry(f"{name}/{place:02d} lisible {safe_name(file.legible.name)}", file.legible)


def _entry(name: str, stored: StoredFile) -> ArchivedFile:
    return ArchivedFile(name, partial(pieces_of, stored=stored), is_dense=stored.media_type.startswith(_DENSE))


def _ending(stored: StoredFile) -> str:
    _, point, ending = stored.name.rpartition(".")
    return f".{safe_name(ending)}" if point and len(ending) <= 5 else ""


def _name(invoice: Invoice, side: Side) -> str:
    other = invoice.buyer if side is Side.SELLER else invoice.seller
    return safe_name(f"{invoice.number or 'brouillon'} {other or ''}")[:90].strip(". ")


def _free(name: str, names: set[str]) -> str:
    """The name, or with a number behind it where another has it: two suppliers may use the same number."""
    free, place = name, 2
    while free.casefold() in names:
        free, place = f"{name} ({place})", place + 1
    names.add(free.casefold())
    return free
