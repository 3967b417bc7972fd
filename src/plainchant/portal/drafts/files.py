"""The files an entered invoice becomes: the drawn Factur-X, and the XML in both syntaxes and both codings."""

from __future__ import annotations

from datetime import datetime

from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.drawing.look import PLAIN, Look
from plainchant.einvoice.making.composing import Coding, Sheet, compose
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.portal.store.queries import read_bytes
from plainchant.reader.drawings import draw_invoice

from .models import InvoiceSettings

OFFERED = ("cii", "ubl")  # the syntaxes in which a typed invoice can be taken away as data


def facturx(*, sheet: Sheet, settings: InvoiceSettings | None, at: datetime) -> bytes:
    """The PDF/A-3 that the recipient gets, with the CII inside in the coding Chorus Pro takes. Raises ReaderFailed."""
    return draw_invoice(sheet=sheet, look=look_of(settings=settings), at=at)


def look_of(*, settings: InvoiceSettings | None) -> Look:
    """The template, logo and colour that a supplier has chosen."""
    if settings is None or settings.template != InvoiceSettings.Template.LETTERHEAD:
        return PLAIN
    logo = read_bytes(stored=settings.logo) if settings.logo else b""
    return Look(template="letterhead", logo=logo, colour=settings.colour)


def xml(*, sheet: Sheet, syntax: str, coding: Coding) -> bytes:
    """The invoice as XML. KeyError for a syntax that the table does not have."""
    return SYNTAXES[syntax].write(compose(sheet, coding=coding))


def name_of(*, sheet: Sheet, extension: str) -> str:
    """A file's name that shows what it is: « facture-F-2026-001.pdf »."""
    number = "".join(sign if sign.isalnum() or sign in "-_+" else "-" for sign in sheet.number)
    return f"{INVOICE_TYPE_OF[sheet.type_code].label.lower()}-{number}.{extension}"
