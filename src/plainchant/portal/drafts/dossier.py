"""The dossier of an invoice that was paid late, or not at all: what a union or the mediator needs, in one archive.

Made while it is sent: nothing of it is kept, and a document is read piece by piece.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.invoices import claim_letter
from plainchant.portal.invoices.late_payment import AmountDue
from plainchant.portal.invoices.lifecycle import MOVE_OF, Action
from plainchant.portal.invoices.models import Event, Invoice, InvoiceFile
from plainchant.portal.invoices.reminders import REMINDER_OF, sent_reminders
from plainchant.portal.invoices.statement import lines_of
from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.time import PARIS
from plainchant.portal.rights.actor import PORTAL_NAME
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import open_file

from . import certificate
from .models import Certificate

_PIECE = 1 << 16  # bytes
_UNWANTED = re.compile(r"[^\w.() -]")


@dataclass(frozen=True)
class DossierFile:
    """A file of the archive: its name there, and what gives its bytes when it is its turn."""

    name: str
    pieces: Callable[[], Iterable[bytes]]


def entries_of(*, invoice: Invoice, due: AmountDue | None, at: datetime) -> list[DossierFile]:
    """What the archive holds: the invoice as it was handed in, its certificate, histories, calculation, letters.

    ``due``: what is owed that day, None if nothing is known to be.
    """
    files = InvoiceFile.objects.filter(invoice=invoice).select_related("stored").order_by("role", "id")
    entries = [
        DossierFile(f"documents/{place:02d} {_safe(file.name)}", _stored(file.stored))
        for place, file in enumerate(files, 1)
    ]
    proof = Certificate.objects.filter(invoice=invoice).first()
    if proof is not None:
        entries.append(DossierFile("certificat-de-depot.pdf", lambda: [certificate.draw(certificate=proof)]))
    entries.append(_text("historique.csv", _histories(invoice)))
    if due is not None:
        rows = [(line.label, line.amount, line.working, line.article) for line in lines_of(due)]
        heading = ("somme", "montant", "calcul", "articles")
        entries.append(_text("calcul.csv", csv_text(heading=heading, rows=rows)))
        if due.is_late:
            entries.append(
                DossierFile(
                    "demande-d-interets.pdf",
                    lambda: [claim_letter.draw(invoice=invoice, due=due, at=at)],
                )
            )
    for place, event in enumerate(sent_reminders(invoice=invoice).values(), 1):
        if event.message is not None:
            sent = f"Envoyé le {_instant(event.at)}\nObjet : {event.message.subject}\n\n{event.message.body}"
            entries.append(_text(f"messages/{place} {REMINDER_OF[event.kind].subject}.txt", sent))
    return entries


def archived(entries: Iterable[DossierFile], *, at: datetime) -> Iterator[bytes]:
    """The archive, piece by piece. What a document's store or the reader raises ends it: a download that breaks off."""
    out = _Out()
    stamp = at.astimezone(PARIS).timetuple()[:6]
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for entry in entries:
            info = ZipInfo(entry.name, stamp)
            info.compress_type = ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as file:
                for piece in entry.pieces():
                    file.write(piece)
                    yield out.taken()
            yield out.taken()
    yield out.taken()


class _Out(io.RawIOBase):
    """What the archive writes, until it is taken: no archive stands in memory."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        before = len(self._held)
        self._held += data  # type: ignore[arg-type]
        return len(self._held) - before

    def taken(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


def _stored(stored: StoredFile) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        with open_file(stored=stored) as file:
            yield from iter(lambda: file.read(_PIECE), b"")

    return pieces


def _text(name: str, text: str) -> DossierFile:
    return DossierFile(name, lambda: [text.encode()])


def _safe(name: str) -> str:
    """A name that somebody chose, without what would lead elsewhere."""
    return _UNWANTED.sub("-", name).strip(". ") or "document"


def _histories(invoice: Invoice) -> str:
    """Statuses, events and what the supplier noted, oldest first, as one table: the first column says which."""
    rows = [
        (
            change.at,
            "statut",
            MOVE_OF[Action(change.action)].history,
            change.actor_name,
            REASON_OF[change.reason_code].label if change.reason_code else "",
            change.comment,
        )
        for change in invoice.history.all()
    ]
    for event in Event.objects.filter(invoice=invoice).select_related("actor"):
        block = "événement" if event.kind in (Event.Kind.NOTIFIED, Event.Kind.DOWNLOADED) else "action"
        day = f"{event.day:%d/%m/%Y}" if event.day else ""
        rows.append((event.at, block, event.get_kind_display(), str(event.actor or PORTAL_NAME), "", day))
    rows.sort(key=lambda row: row[0])
    heading = ("date et heure (Paris)", "historique", "quoi", "qui", "motif", "précision")
    return csv_text(heading=heading, rows=[(_instant(row[0]), *row[1:]) for row in rows])


def _instant(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}"
