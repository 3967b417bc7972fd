"""The next piece of a dossier of works: what is proposed, what was typed understood and checked, its files kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from plainchant.einvoice.chorus import MAX_NUMBER
from plainchant.einvoice.codes.works import WORKS_PIECE_OF, WorksPiece
from plainchant.einvoice.finding import Finding, refusals
from plainchant.portal.codes import make_finding
from plainchant.portal.invoices import queries, works
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import ANSWER_INVOICE
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.invoices.works import NextPiece
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep

from .attachments import keep_attachment, refuse_unless
from .headers import findings_on_header
from .typed import TOTALS
from .uploads import Upload, UploadRefused, extension_of
from .values import NotUnderstood, day, number, written

Value = TypeVar("Value")
_PDF = "application/pdf"


def proposed(*, piece: Invoice, row: WorksPiece, at: datetime) -> dict[str, str]:
    """What the form of the next piece begins with: a free number, today, and the amounts of the piece before."""
    return {
        "number": _free_number(piece, row),
        "issue_date": f"{day_in_paris(at):%d/%m/%Y}",
        **{name: written(getattr(piece, name), places=2) for name in TOTALS},
        "comment": "",
    }


def _free_number(piece: Invoice, row: WorksPiece) -> str:
    """The first piece's number and what tells this one: « 2026-03 » → « 2026-03-EA »."""
    first = piece.first_piece or piece
    head = f"{first.number[: MAX_NUMBER - len(row.suffix) - 4]}-{row.suffix}"
    if not queries.numbers_taken(wanted=[(piece.seller_id, head)]):
        return head
    return queries.free_number(seller=piece.seller, head=head, after=1, width=1)


def make(
    *,
    piece: Invoice,
    cadre: str,
    typed: Mapping[str, str],
    document: Upload | None,
    uploads: Sequence[Upload],
    actor: Actor,
    at: datetime,
) -> Invoice:
    """Make the piece of that cadre from ``piece`` and send it. ``document``: the PDF of it, where there is one.

    Raises NotAllowed, UploadRefused, WouldBeRefused with every finding, NumberTaken, StatusHasChanged, TooEarly.
    """
    require(actor, works.permission_to_make(piece=piece, cadre=cadre), piece)
    new, findings = _understood(piece, WORKS_PIECE_OF[cadre], typed, at)
    if refusals(findings) or new is None:
        raise WouldBeRefused(findings=findings)
    if document is not None and extension_of(document.name) != "pdf":
        raise UploadRefused(
            "Le document de la pièce doit être un PDF. Les autres fichiers vont dans « Autres documents ».",
            code="file_extension_refused",
            field="document",
        )
    both = [*([document] if document else []), *uploads]
    refuse_unless(invoice=piece, status=Status(piece.status), named=[(upload.name, upload.size) for upload in both])
    shares = shares_of(actor=actor)
    kept = [keep_attachment(upload=upload, owners=shares, at=at) for upload in uploads]
    page: StoredFile | None = None
    if document is not None:
        page = keep(file=document.file, name=document.name, media_type=_PDF, at=at, owners=shares)
    return works.make_next(piece=piece, new=new, files=kept, document=page, actor=actor, at=at)


def complete(*, piece: Invoice, uploads: Sequence[Upload], comment: str, actor: Actor, at: datetime) -> None:
    """Answer a maître d'œuvre who asked for more. Raises NotAllowed, UploadRefused, ReasonMissing, StatusHasChanged."""
    require(actor, ANSWER_INVOICE, piece)
    named = [(upload.name, upload.size) for upload in uploads]
    refuse_unless(invoice=piece, status=Status.TO_COMPLETE, named=named)
    shares = shares_of(actor=actor, structure=piece.seller)
    stored = [keep_attachment(upload=upload, owners=shares, at=at) for upload in uploads]
    works.complete(piece=piece, files=stored, comment=comment, actor=actor, at=at)


def _amount(text: str) -> Decimal | None:
    return number(text, places=2, what="Le montant", example="1 234,56")


def _understood(
    piece: Invoice, row: WorksPiece, typed: Mapping[str, str], at: datetime
) -> tuple[NextPiece | None, list[Finding]]:
    """What was typed, and everything that is wrong with it: forms of dates and amounts first, then what they say."""
    findings: list[Finding] = []

    def understood(name: str, reading: Callable[[str], Value | None]) -> Value | None:
        try:
            value = reading(typed.get(name, ""))
        except NotUnderstood as error:
            findings.append(make_finding("SAISIE-FORME", str(error), name))
            return None
        if value is None:
            findings.append(make_finding("SAISIE-FORME", "Remplissez ce champ.", name))
        return value

    issue_date = understood("issue_date", day)
    amounts = {name: understood(name, _amount) for name in TOTALS}
    if findings or issue_date is None:
        return None, findings
    new = NextPiece(
        cadre=row.code,
        number=typed.get("number", "").strip(),
        issue_date=issue_date,
        comment=typed.get("comment", "").strip(),
        **{name: amount for name, amount in amounts.items() if amount is not None},
    )
    header = works.header_of_next(piece=piece, new=new)
    return new, findings_on_header(header, day=day_in_paris(at))
