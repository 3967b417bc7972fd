"""Whether the draft of a document could leave as it is, and every question that stands before it does.

A question is answered by correcting what it asks about, or by going on after having seen it: what was seen is kept with
the draft, and asked again once the value is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plainchant.capture.confirmation import confirmed
from plainchant.capture.proposal import Certainty, FieldReading
from plainchant.einvoice.finding import Finding, refusals
from plainchant.portal.directory.queries import bodies_among
from plainchant.shapes import from_json

from .checking import check
from .document_fields import DOCUMENT_FIELD_OF, where_read
from .duplicates import EarlierInvoice, known_before
from .models import DocumentReading, Draft, Recognition
from .proposal import as_typed

_SEEN = "seen:"
_BEFORE = "before"
_MOST_NOTED = 40


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A field of the draft that still says what was read: how sure that is, and where it stands (« page 1 »)."""

    certainty: Certainty
    where: str
    doubt: str  # what is asked where it is not sure, "" where it is


@dataclass(frozen=True)
class Readiness:
    """``values`` by field; ``findings`` of `checking.check`, ``open`` those that were not seen yet.

    ``doubtful``: fields whose reading is not sure and was not seen yet.
    """

    findings: list[Finding]
    open: list[Finding]
    doubtful: list[str]
    values: dict[str, ReadValue]
    is_being_read: bool
    before: EarlierInvoice | None = None  # the same document or number, handed in before, and not seen yet

    @property
    def stops(self) -> list[Finding]:
        return refusals(self.findings)

    @property
    def is_ready(self) -> bool:
        return not (self.is_being_read or self.open or self.doubtful or self.before)

    @property
    def asked(self) -> list[str]:
        """What is asked, for `seen` once somebody goes on: fields, and codes of what is about none."""
        known = {_BEFORE} if self.before else set()
        return sorted({*self.doubtful, *known, *(finding.field or finding.rule for finding in self.open)})


def readiness_of(*, draft: Draft, at: datetime) -> Readiness:
    """Look at the draft of a document as it was last saved."""
    row = DocumentReading.objects.filter(invoice=draft.invoice_id).first()
    findings = check(draft=draft, at=at).findings
    stops = refusals(findings)
    values = values_read(draft=draft, row=row) if row is not None else {}
    return Readiness(
        findings=findings,
        open=[
            finding
            for finding in findings
            if finding in stops or not _is_seen(draft.typed, finding.field or finding.rule)
        ],
        doubtful=[name for name, value in values.items() if value.doubt and not _is_seen(draft.typed, name)],
        values=values,
        before=None if _is_seen(draft.typed, _BEFORE) else known_before(draft=draft),
        is_being_read=Recognition.objects.filter(invoice=draft.invoice_id, state=Recognition.State.WAITING).exists(),
    )


def values_read(*, draft: Draft, row: DocumentReading) -> dict[str, ReadValue]:
    """The fields of the form that still hold what was read on the document."""
    reading = from_json(FieldReading, row.result)
    reading = confirmed(reading, bodies_among=bodies_among)
    proposed = as_typed(reading)
    found = {}
    for name, read in reading.fields.items():
        known = DOCUMENT_FIELD_OF.get(name)
        if known is None or known.field not in draft.fields:
            continue
        if _plain(draft.fields[known.field]) == _plain(proposed.get(known.field, read.value)):
            doubt = known.doubt if read.certainty == "doubtful" else ""
            found[known.field] = ReadValue(read.certainty, where_read(read, reading=reading), doubt)
    return found


def seen(typed: Mapping[str, Any], *, asked: Mapping[str, str]) -> dict[str, Any]:
    """``typed`` with the note that these questions were seen: what is asked (`Readiness.asked`) → the value shown."""
    notes = {f"{_SEEN}{key}"[:60]: value for key, value in list(asked.items())[:_MOST_NOTED]}
    return {**typed, "answers": {**typed.get("answers", {}), **notes}}


def _is_seen(typed: dict[str, Any], key: str) -> bool:
    note = typed.get("answers", {}).get(f"{_SEEN}{key}"[:60])
    return note is not None and note == str(typed["fields"].get(key, ""))


def _plain(value: str) -> str:
    return "".join(value.split()).casefold()
