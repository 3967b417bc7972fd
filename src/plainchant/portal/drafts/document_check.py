"""A document that was handed in: that it is there, and whether what was read on it is what is typed beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from plainchant.capture.confirmation import confirmed
from plainchant.capture.differences import comparable, differences
from plainchant.capture.place import Document, Page, PageWord, Place
from plainchant.capture.proposal import FieldReading, ReadField, WarningCode
from plainchant.capture.remarks import remarks
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Header
from plainchant.einvoice.wording import amount
from plainchant.portal.codes import make_finding
from plainchant.portal.directory.queries import bodies_among
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.structures.models import Service
from plainchant.shapes import from_json

from .document_fields import DOCUMENT_FIELDS, DocumentField, as_on_a_page, where_read
from .models import DocumentReading
from .parties import DraftParties

_SHOWN = 60  # letters of a value in a sentence
# A number that is on the page; whose it is was found out, and only a certain finding is opposed to anybody.
_PARTIES = ("seller_siret", "buyer_siret")
# Not all that a page shows is in the words that were read.
_PARTLY_READ = frozenset({"pages_unread", "picture_pages", "recognised_pages"})
# What is said of the document once more before it is sent → the finding.
_CODES: dict[WarningCode, str] = {
    "two_invoices": "CPRO-DEUX-FACTURES",
    "formulas_unstored": "CPRO-FORMULES",
    "hidden_sheets": "CPRO-FEUILLES-MASQUEES",
}


def findings_on_document(
    *, invoice: Invoice, reading: DocumentReading | None, header: Header, parties: DraftParties
) -> Iterator[Finding]:
    """What is missing or worth a look."""
    if not InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.INVOICE).exists():
        yield make_finding("CPRO-DOCUMENT-ABSENT", "Le document de la facture manque. Déposez-le de nouveau.")
    if reading is None:
        return
    yield from _warnings(from_json(FieldReading, reading.result))
    yield from questions(row=reading, header=header, parties=parties)


def _warnings(reading: FieldReading) -> Iterator[Finding]:
    if "facturx_embedded" in reading.warnings:
        yield make_finding(
            "CPRO-FACTURX",
            "Ce PDF contient aussi des données Factur-X. Ici il est déposé comme un PDF simple : "
            "c’est ce que vous vérifiez à l’écran qui fait foi.",
        )
    for remark in remarks(reading):
        if remark.code in _CODES:
            yield make_finding(_CODES[remark.code], remark.text)
    yield from _withheld(reading)


def _withheld(reading: FieldReading) -> Iterator[Finding]:
    """A page that withholds something asks for less than the invoice makes due."""
    payable, withheld = reading.fields.get("payable_amount"), reading.fields.get("withheld_amount")
    due = reading.amount_due()
    if payable is not None and withheld is not None and due is not None and Decimal(payable.value) != due:
        yield make_finding(
            "CPRO-RETENUE",
            f"Sur votre document, l’acheteur retient {amount(Decimal(withheld.value))} (précompte, retenue) et vous "
            f"verse {amount(abs(Decimal(payable.value)))}. Le montant à payer de la facture reste {amount(abs(due))} : "
            "l’acheteur doit aussi ce qu’il retient. Si ces sommes sont justes, ne changez rien.",
            "payable_amount",
        )


def questions(*, row: DocumentReading, header: Header, parties: DraftParties) -> Iterator[Finding]:
    """One for each field of the form that says something else than the document, where that can be told for sure."""
    reading = from_json(FieldReading, row.result)
    reading = confirmed(reading, bodies_among=bodies_among)
    stated = comparable(header)
    found = differences(_document(row, reading), reading, stated, with_absent=False)
    differing = {difference.field for difference in found}
    for field in DOCUMENT_FIELDS:
        read = reading.fields.get(field.read)
        if read is None or not field.code or (field.read == "buyer_reference" and _is_its_name(read, parties)):
            continue
        if field.read in differing and (read.certainty == "certain" or field.read not in _PARTIES):
            typed = f"{field.verb} « {_typed(field, stated, parties)[:_SHOWN]} ». {field.ask}"
        elif not stated[field.read] and read.certainty == "certain" and _may_be_added(field, read, parties):
            typed = "vous n’avez rien mis. Faut-il l’ajouter ?"
        else:
            continue
        where = where_read(read, reading=reading)
        yield make_finding(
            field.code,
            f"Sur le document, {field.noun} {'est' if read.certainty == 'certain' else 'semble être'} "
            f"« {_on_page(field, read)[:_SHOWN]} »{f' ({where})' if where else ''} ; ici {typed}",
            field.field or None,
        )


def _document(row: DocumentReading, reading: FieldReading) -> Document:
    """The words that were read, to look for what was typed; of a picture, or of some pages, they prove nothing."""
    pages = tuple(
        Page(
            page["number"],
            page["width_pt"],
            page["height_pt"],
            tuple(PageWord(text, Place(page["number"], tuple(box))) for text, *box in page.get("words", ())),
        )
        for page in row.pages
    )
    is_whole = not reading.engine and not _PARTLY_READ.intersection(reading.warnings)
    return Document(pages, len(pages), has_text=is_whole and any(page.words for page in pages))


def _is_its_name(read: ReadField, parties: DraftParties) -> bool:
    """Whether a page gives the name of the service that was chosen, where others give its code."""
    return parties.service is not None and read.value.casefold() in parties.service.name.casefold()


def _may_be_added(field: DocumentField, read: ReadField, parties: DraftParties) -> bool:
    """Whether an empty field could hold what was read: a reference, or a service that the recipient has."""
    if field.field == "buyer_service":
        return Service.objects.filter(structure=parties.buyer, code=read.value, is_active=True).exists()
    return field.field in ("commitment", "contract")


def _on_page(field: DocumentField, read: ReadField) -> str:
    """What stands there, or what was understood where the text may be a word, or cut by the end of a line."""
    if field.read == "iban":
        return f"…{read.value[-4:]}"
    is_understood = field.read in ("type_code", "currency", "seller_siret", "buyer_siret") or not read.text
    return as_on_a_page(field.read, read.value) if is_understood else read.text


def _typed(field: DocumentField, stated: dict[str, str], parties: DraftParties) -> str:
    """What the form says of a field, as one sees it there."""
    if field.read == "iban" and parties.account:
        return f"{parties.account.label} (…{parties.account.iban[-4:]})"
    chosen = {"seller_siret": parties.seller, "buyer_siret": parties.buyer, "buyer_reference": parties.service}
    named = chosen.get(field.read)
    value = as_on_a_page(field.read, stated[field.read])
    return f"{named.name} ({value})" if named else value
