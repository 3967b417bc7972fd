"""Where each file of a drop stands: to read, ready, to look at, leaving, sent, refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from plainchant.portal.drafts.document_fields import DOCUMENT_FIELDS
from plainchant.portal.drafts.duplicates import in_words
from plainchant.portal.drafts.readiness import Readiness, readiness_of
from plainchant.portal.invoices.lifecycle import Status

from .models import Drop, DroppedFile

_State = DroppedFile.State
BEING_READ = "Nous lisons encore ses caractères."


class Standing(StrEnum):
    """What there is to do with a file, in the order of a list: what waits for the person comes first."""

    TO_LOOK_AT = "to_look_at"
    ISSUER = "issuer"
    REFUSED = "refused"
    ELECTRONIC = "electronic"
    READY = "ready"
    LEAVING = "leaving"
    READING = "reading"
    KNOWN = "known"
    SENT = "sent"
    GONE = "gone"


_OF_STATE = {
    _State.WAITING: Standing.READING,
    _State.ASKING: Standing.ISSUER,
    _State.ELECTRONIC: Standing.ELECTRONIC,
    _State.HANDED_ON: Standing.SENT,
    _State.REFUSED: Standing.REFUSED,
    _State.KNOWN: Standing.KNOWN,
}


@dataclass(frozen=True)
class DropStanding:
    """The files of a drop with where each stands, in the order in which they were dropped."""

    drop: Drop
    files: list[tuple[DroppedFile, Standing]]

    def of(self, *standings: Standing) -> list[DroppedFile]:
        return [file for file, standing in self.files if standing in standings]

    @property
    def read_count(self) -> int:
        return len(self.files) - len(self.of(Standing.READING))

    @property
    def is_moving(self) -> bool:
        return bool(self.of(Standing.READING, Standing.LEAVING))


def standing_of(*, drop: Drop, at: datetime) -> DropStanding:
    """Look again at the drafts that have changed, then say where each file stands."""
    files = DroppedFile.objects.filter(drop=drop)
    look_at(files=files, at=at)
    rows = files.select_related("invoice__seller", "invoice__buyer", "flow")
    return DropStanding(drop, [(row, of_file(row)) for row in rows])


def of_file(file: DroppedFile) -> Standing:
    """Where a file stands, as it was last looked at."""
    if file.state != _State.DRAFTED or file.invoice is None:
        return _OF_STATE.get(_State(file.state), Standing.GONE)
    if file.invoice.status == Status.DELETED:
        return Standing.GONE
    if file.invoice.status != Status.DRAFT:
        return Standing.SENT
    if file.sending_asked_at is not None:
        return Standing.LEAVING
    if file.questions == [BEING_READ]:
        return Standing.READING
    return Standing.READY if file.is_ready else Standing.TO_LOOK_AT


def look_at(*, files: QuerySet[DroppedFile], at: datetime) -> None:
    """Note what is asked of each draft that is another than when it was last looked at."""
    drafted = files.filter(state=_State.DRAFTED, invoice__status=Status.DRAFT)
    for file in drafted.select_related("invoice__draft", "invoice__seller"):
        assert file.invoice is not None  # noqa: S101 - a draft has an invoice
        draft = file.invoice.draft
        if draft.revision == file.looked_revision and file.questions != [BEING_READ]:
            continue
        draft.invoice = file.invoice
        readiness = readiness_of(draft=draft, at=at)
        DroppedFile.objects.filter(pk=file.pk).update(
            looked_revision=draft.revision, is_ready=readiness.is_ready, questions=_questions(readiness)
        )


def _questions(readiness: Readiness) -> list[str]:
    if readiness.is_being_read:
        return [BEING_READ]
    labels = [row.label for row in DOCUMENT_FIELDS if row.field in readiness.doubtful]
    doubts = [f"{label} : lu sans certitude." for label in labels]
    before = [in_words(readiness.before)] if readiness.before is not None else []
    return [*before, *(finding.message for finding in readiness.open), *doubts][:10]
