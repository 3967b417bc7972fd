"""What Chorus Pro's reduced forms (E2) and its pivot share: the invoice itself as a document, zipped alone."""

from __future__ import annotations

from dataclasses import dataclass

from plainchant.einvoice.codes.attachments import MAX_ATTACHMENT_NAME
from plainchant.einvoice.codes.france import READABLE_COPY
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE, INVOICE_TYPE_OF
from plainchant.einvoice.model import Invoice, SupportingDocument

from .attached import BadAttachment, decoded, packed, unzipped
from .writing import FormError, wanted

THE_INVOICE, AN_ANNEX = "01", "02"  # type of a document, in UBL and in Chorus Pro's own XML
READABLE = READABLE_COPY  # what the model says of type 01 (BT-123)
CII_DOCUMENT = "ZZZ"  # what every CII minimal says of its documents, the invoice first
PDF, ZIP, ANY_TYPE = "application/pdf", "application/zip", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document ready for a form: ``content`` is base64 of a ZIP, ``mime_code`` is that of the file inside."""

    name: str
    mime_code: str
    content: str
    is_invoice: bool

    @property
    def type_code(self) -> str:
        return THE_INVOICE if self.is_invoice else AN_ANNEX


def enclosed(invoice: Invoice, *, readable: bytes | None, same_name: bool = False) -> list[Enclosed]:
    """The documents of an invoice, one at least, and one of them the invoice itself.

    That is the one that says so; else the first of a CII minimal; else ``readable``, a PDF; else the first.
    ``same_name``: the file in the ZIP must be called as the document is. Raises FormError when there is none, or one
    that cannot be read.
    """
    full = [document for document in invoice.supporting_documents if document.content]
    is_readable = [document.description == READABLE for document in full]
    if not any(is_readable):
        first = next((number for number, document in enumerate(full) if document.description == CII_DOCUMENT), None)
        if first is not None:
            is_readable[first] = True
    made = []
    if not any(is_readable):
        if readable is not None:
            name = readable_name(invoice.number)
            made.append(Enclosed(name, PDF, packed(name, readable), is_invoice=True))
        elif is_readable:
            is_readable[0] = True
    for document, is_invoice in zip(full, is_readable, strict=True):
        name, content = _repacked(document, same_name=same_name)
        mime = document.mime_code
        if mime in (None, "", ZIP):  # what is zipped is said to be a ZIP: the name tells what it is
            mime = PDF if name.lower().endswith(".pdf") else ANY_TYPE
        made.append(Enclosed(name, mime or ANY_TYPE, content, is_invoice))
    wanted(made, "le document que l’on lit. Joignez le PDF de la facture")
    return made


def _repacked(document: SupportingDocument, *, same_name: bool) -> tuple[str, str]:
    """Name and content: zipped once, as it was if it already is. FormError when the content cannot be read."""
    name = _last(document.filename or document.reference or "")[-MAX_ATTACHMENT_NAME:] or "piece-jointe"
    try:
        data = decoded(document.content or "")
        try:
            inner, file = unzipped(data)
        except BadAttachment as bad:
            if bad.trouble == "size":
                raise
            return name, packed(name, data)
    except BadAttachment as bad:
        what = "dépasse 10 Mo. Allégez-la" if bad.trouble == "size" else "n’est pas lisible. Joignez-la de nouveau"
        raise FormError(f"La pièce jointe « {name} » {what}.") from None
    if inner and ("." not in name or name.lower().endswith(".zip")):
        name = inner[-MAX_ATTACHMENT_NAME:]
    if same_name and inner != name:
        return name, packed(name, file)
    return name, document.content or ""


def _last(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def own_type(invoice: Invoice) -> str:
    """380 or 381: Chorus Pro's own XML has no other (its pivot's schema), so every invoice but a credit note is one.

    Raises FormError for a type that Chorus Pro does not take.
    """
    wanted(
        invoice.type_code in INVOICE_TYPE_OF,
        "un type de document connu (380 pour une facture, 381 pour un avoir)",
    )
    return CREDIT_NOTE if invoice.type_code == CREDIT_NOTE else INVOICE


def readable_name(number: str | None) -> str:
    """What the PDF of an invoice is called when nothing else names it."""
    plain = "".join(char if char.isalnum() and char.isascii() else "_" for char in number or "")
    return f"Facture_{plain}"[: MAX_ATTACHMENT_NAME - 4] + ".pdf"
