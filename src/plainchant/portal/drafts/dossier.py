"""The dossier of an invoice that was paid late, or not at all: what a union or the mediator needs, in one archive.

Made when it is asked for: nothing of it is kept, and a document is read piece by piece.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.invoices import claim_letter
from plainchant.portal.invoices.late_payment import AmountDue
from plainchant.portal.invoices.lifecycle import MOVE_OF, Action
from plainchant.portal.invoices.models import Event, Invoice, InvoiceFile
from plainchant.portal.invoices.reminders import REMINDER_OF, sent_reminders
from plainchant.portal.invoices.statement import lines_of
from plainchant.portal.lib.archives import ArchivedFile, safe_name, text_file
from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.time import PARIS
from plainchant.portal.rights.actor import PORTAL_NAME
from plainchant.portal.store.queries import pieces_of

from . import certificate
from .models import Certificate


def entries_of(*, invoice: Invoice, due: AmountDue | None, at: datetime) -> list[ArchivedFile]:
    """What the archive holds: the invoice as it was handed in, its certificate, histories, calculation, letters.

    ``due``: what is owed that day, None if nothing is known to be.
    """
    files = InvoiceFile.objects.filter(invoice=invoice).select_related("stored").order_by("role", "id")
    entries = [
        ArchivedFile(f"documents/{place:02d} {safe_name(file.name)}", partial(pieces_of, stored=file.stored))
        for place, file in enumerate(files, 1)
    ]
    proof = Certificate.objects.filter(invoice=invoice).first()
    if proof is not None:
        entries.append(ArchivedFile("certificat-de-depot.pdf", lambda: [certificate.draw(certificate=proof)]))
    entries.append(text_file("historique.csv", _histories(invoice)))
    if due is not None:
        rows = [(line.label, line.amount, line.working, line.article) for line in lines_of(due)]
        heading = ("somme", "montant", "calcul", "articles")
        entries.append(text_file("calcul.csv", csv_text(heading=heading, rows=rows)))
        if due.is_late:
            entries.append(
                ArchivedFile(
                    "demande-d-interets.pdf",
                    lambda: [claim_letter.draw(invoice=invoice, due=due, at=at)],
                )
            )
    for place, event in enumerate(sent_reminders(invoice=invoice).values(), 1):
        if event.message is not None:
            sent = f"Envoyé le {_instant(event.at)}\nObjet : {event.message.subject}\n\n{event.message.body}"
            entries.append(text_file(f"messages/{place} {REMINDER_OF[event.kind].subject}.txt", sent))
    return entries


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
