"""Import a directory file: any of its forms, told apart by its content, in batches.

Each batch of 2,000 lines is kept or left as a whole; a bad line is reported and the others go on. An import that was
broken off is simply run again: what is already there is found unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from plainchant.portal.directory import operations
from plainchant.portal.directory.search import index

from .csv_form import read_csv
from .opening import UnreadableFile, opened
from .records import BodyRecord, LineReading, Remark, ServiceRecord
from .xml_form import read_xml

MOST_REMARKS = 1_000  # kept of each kind; the counts go on


@dataclass
class ImportReport:
    """What became of a directory file. Lines count from 1, the header included."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    refused: list[Remark] = field(default_factory=list)
    refused_count: int = 0
    warnings: list[Remark] = field(default_factory=list)
    warnings_count: int = 0

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged

    def refuse(self, remarks: list[Remark]) -> None:
        self.refused_count += len(remarks)
        self.refused += remarks[: MOST_REMARKS - len(self.refused)]

    def warn(self, remarks: list[Remark]) -> None:
        self.warnings_count += len(remarks)
        self.warnings += remarks[: MOST_REMARKS - len(self.warnings)]


@dataclass
class _Batch:
    bodies: list[BodyRecord] = field(default_factory=list)
    services: list[ServiceRecord] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.bodies) + len(self.services)


def import_file(
    *, path: Path, at: datetime, is_complete: bool = False, progress: Callable[[ImportReport], None] | None = None
) -> ImportReport:
    """Import ``path`` (CSV or XML, plain, gzip or zip of one file).

    With ``is_complete`` the file is the whole directory: bodies it does not name are deactivated, unless a line was
    refused. Raises `UnreadableFile` when nothing of it can be read.
    """
    report = ImportReport()
    batch = _Batch()
    named: set[str] = set()
    with opened(path) as stream:
        head = stream.peek(4)[:4]
        if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in head:
            raise UnreadableFile("Le fichier est en UTF-16 ou n’est pas un texte. Enregistrez-le en CSV UTF-8.")
        if not head:
            raise UnreadableFile("Le fichier est vide.")
        is_xml = stream.peek(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
        readings = read_xml(stream) if is_xml else read_csv(stream)
        try:
            for reading in readings:
                _sort(reading, batch, report)
                if isinstance(reading.record, BodyRecord):
                    named.add(reading.record.identifier)
                if len(batch) >= operations.BATCH:
                    _record(batch, report, at)
                    batch = _Batch()
                    if progress is not None:
                        progress(report)
        except UnreadableFile as error:
            if not report.read and not len(batch):
                raise
            report.refuse([Remark(0, error.sentence)])
    _record(batch, report, at)
    if is_complete and named and not report.refused_count:
        report.deactivated = operations.deactivate_all_but(identifiers=named, at=at)
    index.refresh_statistics()
    return report


def _sort(reading: LineReading, batch: _Batch, report: ImportReport) -> None:
    report.refuse(reading.refused)
    report.warn(reading.warnings)
    if isinstance(reading.record, BodyRecord):
        batch.bodies.append(reading.record)
    elif isinstance(reading.record, ServiceRecord):
        batch.services.append(reading.record)


def _record(batch: _Batch, report: ImportReport, at: datetime) -> None:
    for recorded in (
        operations.record_bodies(bodies=batch.bodies, at=at),
        operations.record_services(services=batch.services, at=at),
    ):
        report.created += recorded.created
        report.updated += recorded.updated
        report.unchanged += recorded.unchanged
        report.refuse(recorded.refused)
        report.warn(recorded.warnings)
