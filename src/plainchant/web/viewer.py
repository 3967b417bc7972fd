"""An invoice's document as `components/document_viewer.html` shows it: the same on both sides, and for a draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse

from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.pages import Pages, pages_of, pages_of_drawing
from plainchant.portal.lib.time import now

from .pages import PAGE_WIDTH

NOTE_OF_A_COPY = (
    "C’est une copie lisible, faite par le portail. "
    "Le destinataire reçoit les deux : le document d’origine et cette copie en PDF."
)
_A4_RATIO = 842 / 595


def viewer(invoice: Invoice, *, side: str) -> dict[str, Any]:
    """``document`` and ``viewer`` for a template. ``side``: "issued" or "received", as the routes are called."""
    pages = pages_of(invoice=invoice, at=now())
    document = pages.document
    return {
        "document": document,
        "viewer": {
            "title": document.name if document else invoice.number or "La facture",
            "pages": _shown(pages, page_url=lambda number: reverse(f"{side}_page", args=[invoice.uid, number])),
            "trouble": pages.trouble,
            "count": pages.count,
            "left_out": _left_out(pages),
            "note": NOTE_OF_A_COPY if document and document.legible and side == "issued" else "",
            **_downloads(invoice, pages, side=side),
        },
    }


def preview(
    *, draw: Callable[[], bytes], title: str, page_url: Callable[[int], str], download_url: str
) -> dict[str, Any]:
    """``viewer`` for a template, of a drawing that is not kept: a draft as it would be sent."""
    pages = pages_of_drawing(draw=draw)
    return {
        "title": title,
        "pages": _shown(pages, page_url=page_url),
        "trouble": pages.trouble,
        "count": pages.count,
        "left_out": _left_out(pages),
        "download_url": download_url,
    }


def viewer_of_pages(
    *, title: str, sizes: Sequence[tuple[float, float]], page_url: Callable[[int], str]
) -> dict[str, Any]:
    """``viewer`` for a template, of a document that is no invoice yet. ``sizes`` of its pages, in points."""
    return {"title": title, "pages": _shown(Pages(document=None, sizes=tuple(sizes)), page_url=page_url)}


def _shown(pages: Pages, *, page_url: Callable[[int], str]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "image_url": page_url(number),
            "width": PAGE_WIDTH,
            "height": round(PAGE_WIDTH * height / width) if width else round(PAGE_WIDTH * _A4_RATIO),
            "alt": f"Page {number} de la facture",
        }
        for number, (width, height) in enumerate(pages.sizes, 1)
    ]


def _left_out(pages: Pages) -> str:
    if pages.count <= len(pages.sizes):
        return ""
    return f"Les {len(pages.sizes)} premières pages sur {pages.count}. Pour lire les autres, téléchargez le document."


def _downloads(invoice: Invoice, pages: Pages, *, side: str) -> dict[str, str]:
    if pages.document is None:
        return {"data_url": reverse(f"{side}_file", args=[pages.data.uid]) if pages.data else ""}
    copy_url = reverse(f"{side}_copy", args=[invoice.uid]) if pages.document.legible else ""
    return {"download_url": reverse(f"{side}_document", args=[invoice.uid]), "copy_url": copy_url}
