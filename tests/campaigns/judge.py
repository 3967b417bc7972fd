"""Is everything that was acknowledged there, once, byte for byte? Read in the tables and the folder, not by the portal.

Shares no code with the portal: SQL that both databases understand, files by their paths. Every sentence it returns is a
loss or a lie.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

NOT_SENT = ("BROUILLON", "SUPPRIMEE")
ENDED = ("IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE")


@dataclass
class Acknowledged:
    """What a visitor was told is done: the page of the certificate, or the flow's number."""

    deposits: dict[str, tuple[str, str]] = field(default_factory=dict)  # invoice's uid → number, SHA-256 of the PDF
    flows: dict[str, Lot] = field(default_factory=dict)  # flow's uid → what was in it
    at: dict[str, float] = field(default_factory=dict)  # uid of either → seconds since 1970 when it was acknowledged

    def before(self, at: float) -> Acknowledged:
        """What had been acknowledged by then."""
        old = {uid: when for uid, when in list(self.at.items()) if when < at}
        deposits = {uid: deposit for uid, deposit in self.deposits.items() if uid in old}
        return Acknowledged(deposits, {uid: lot for uid, lot in self.flows.items() if uid in old}, old)


@dataclass(frozen=True)
class Lot:
    sha256: str
    good: dict[str, str]  # number → SHA-256 of the XML
    bad: int


class Tables(contextlib.AbstractContextManager["Tables"]):
    """The tables of a portal: those of a PostgreSQL's URL, or of an SQLite file."""

    def __init__(self, place: str | Path) -> None:
        self._is_sqlite = isinstance(place, Path)
        self._connection: Any = (
            sqlite3.connect(place, timeout=30, isolation_level=None)
            if isinstance(place, Path)
            else psycopg.connect(place, autocommit=True)
        )

    def __exit__(self, *exc: object) -> None:
        self._connection.close()

    def rows(self, query: str, values: Sequence[str] = ()) -> list[Any]:
        words = [query.replace("%s", "?") if self._is_sqlite else query, *([values] if values else [])]
        return list(self._connection.execute(*words))

    def row(self, query: str, values: Sequence[str] = ()) -> Any:
        """The first of them; None if there is none."""
        return next(iter(self.rows(query, values)), None)

    def uid(self, uid: str) -> str:
        """A UUID as it is written there."""
        return uid.replace("-", "") if self._is_sqlite else uid


def is_quiet(tables: Tables) -> bool:
    """Nothing is under way any more."""
    waiting = (
        "SELECT 1 FROM flows_flow WHERE state IN ('IN_RECU', 'IN_EN_COURS_TRAITEMENT_CPP') LIMIT 1",
        "SELECT 1 FROM invoices_invoice WHERE status IN ('DEPOSEE', 'EN_COURS_ACHEMINEMENT') LIMIT 1",
        "SELECT 1 FROM mail_message WHERE sent_at IS NULL LIMIT 1",
    )
    return not any(tables.row(query) for query in waiting)


def judge(tables: Tables, documents: Path, acknowledged: Acknowledged) -> list[str]:
    """Everything that is wrong; to be asked once `is_quiet`."""
    wrong: list[str] = []
    wrong += _deposits(tables, documents, acknowledged)
    wrong += _flows(tables, documents, acknowledged)
    wrong += _histories(tables)
    wrong += _notices(tables)
    wrong += _documents(tables, documents)
    wrong += _halves(tables)
    return wrong


def _deposits(tables: Tables, documents: Path, acknowledged: Acknowledged) -> list[str]:
    wrong = []
    for uid, (number, sha256) in acknowledged.deposits.items():
        rows = tables.rows(
            "SELECT i.number, i.status, s.sha256, s.path,"
            " (SELECT count(*) FROM drafts_certificate c WHERE c.invoice_id = i.id)"
            " FROM invoices_invoice i JOIN invoices_invoicefile f ON f.invoice_id = i.id AND f.role = '01'"
            " JOIN store_storedfile s ON s.id = f.stored_id WHERE i.uid = %s",
            [tables.uid(uid)],
        )
        if len(rows) != 1:
            wrong.append(f"deposit {number} ({uid}) is there {len(rows)} times")
            continue
        number_there, status, kept, path, certificates = rows[0]
        if number_there != number or status in NOT_SENT or certificates != 1:
            wrong.append(f"deposit {number}: number {number_there}, status {status}, {certificates} certificates")
        if kept != sha256 or _sha256(documents / path) != sha256:
            wrong.append(f"deposit {number}: not the bytes that were handed in")
    return wrong


def _flows(tables: Tables, documents: Path, acknowledged: Acknowledged) -> list[str]:
    wrong = []
    for uid, lot in acknowledged.flows.items():
        rows = tables.rows(
            "SELECT f.id, f.number, f.state, f.accepted, f.refused, s.sha256, s.path FROM flows_flow f"
            " JOIN store_storedfile s ON s.id = f.stored_id WHERE f.uid = %s",
            [tables.uid(uid)],
        )
        if len(rows) != 1:
            wrong.append(f"flow {uid} is there {len(rows)} times")
            continue
        key, name, state, accepted, refused, kept, path = rows[0]
        if kept != lot.sha256 or _sha256(documents / path) != lot.sha256:
            wrong.append(f"flow {name}: not the bytes that were handed in")
        if state not in ENDED:
            wrong.append(f"flow {name} has not ended: {state}")
        if (accepted, refused) != (len(lot.good), lot.bad):
            wrong.append(f"flow {name}: {accepted} + {refused}, but {len(lot.good)} were good and {lot.bad} bad")
        results = tables.rows(
            "SELECT r.number, r.invoice_id, s.path, s.sha256 FROM flows_flowinvoice r"
            " LEFT JOIN invoices_invoicefile f ON f.invoice_id = r.invoice_id"
            " LEFT JOIN store_storedfile s ON s.id = f.stored_id AND s.media_type = 'application/xml'"
            " WHERE r.flow_id = %s",
            [key],
        )
        if len(results) != len(lot.good) + lot.bad:
            wrong.append(f"flow {name}: {len(results)} results for {len(lot.good) + lot.bad} members")
        for number, invoice, place, digest in results:
            if invoice is None:
                continue
            if lot.good.get(number) != digest or _sha256(documents / place) != digest:
                wrong.append(f"flow {name}: invoice {number} is not the bytes that were handed in")
        mails = tables.row(
            "SELECT count(*) FROM mail_message WHERE kind = 'flow_ended' AND subject LIKE %s", [f"%{name}%"]
        )
        if mails != (1,):
            wrong.append(f"flow {name}: its end was told {mails} times")
    return wrong


def _histories(tables: Tables) -> list[str]:
    wrong = []
    twice = tables.rows(
        f"SELECT seller_id, number, count(*) FROM invoices_invoice WHERE status NOT IN {NOT_SENT}"  # noqa: S608
        " GROUP BY 1, 2 HAVING count(*) > 1"
    )
    wrong += [f"number {number} of {seller} is there {count} times" for seller, number, count in twice]
    lines: dict[int, list[tuple[int, str, str, object]]] = {}
    rows = tables.rows(
        "SELECT invoice_id, sequence, from_status, to_status, at FROM invoices_statuschange"
        " ORDER BY invoice_id, sequence"
    )
    for invoice, *line in rows:
        lines.setdefault(invoice, []).append(tuple(line))  # type: ignore[arg-type]
    for key, number, status in tables.rows("SELECT id, number, status FROM invoices_invoice"):
        history = lines.get(key, [])
        if [line[0] for line in history] != list(range(1, len(history) + 1)) or not history:
            wrong.append(f"invoice {number}: the history has a gap: {[line[0] for line in history]}")
            continue
        chained = all(before[2] == after[1] for before, after in pairwise(history))
        in_order = all(before[3] <= after[3] for before, after in pairwise(history))  # type: ignore[operator]
        if not chained or not in_order or history[-1][2] != status:
            wrong.append(f"invoice {number}: the history does not lead to {status}")
    return wrong


def _notices(tables: Tables) -> list[str]:
    rows = tables.rows(
        "SELECT i.number, i.made_available_at, i.notice_written_at, i.notified_at,"
        " (SELECT min(e.at) FROM invoices_event e"
        "  WHERE e.invoice_id = i.id AND e.kind = 'NOTIFICATION_DESTINATAIRE'),"
        " (SELECT count(*) - count(DISTINCT message_id) FROM invoices_event e"
        "  WHERE e.invoice_id = i.id AND e.kind = 'NOTIFICATION_DESTINATAIRE')"
        " FROM invoices_invoice i WHERE i.status = 'MISE_A_DISPOSITION'"
        " AND (i.deposit_mode = 'UPLOAD_PORTAIL' OR i.number LIKE 'P_-%')"
    )
    wrong = []
    for number, available, written, notified, first, again in rows:
        if None in (available, written, notified) or first != notified or again:
            wrong.append(f"invoice {number}: available {available}, notice {written}, told {notified}, event {first}")
    return wrong


def _documents(tables: Tables, documents: Path) -> list[str]:
    wrong = []
    rows = tables.rows("SELECT path, size, sha256 FROM store_storedfile")
    for path, size, sha256 in rows:
        place = documents / path
        if not place.is_file() or place.stat().st_size != size or _sha256(place) != sha256:
            wrong.append(f"document {path} is not what its row says")
    known = {path for path, _, _ in rows}
    pending = {path for (path,) in tables.rows("SELECT path FROM store_pendingfile")}
    for place in documents.rglob("*"):
        name = str(place.relative_to(documents)).removesuffix(".partial")
        if place.is_file() and (place.suffix == ".partial" or name not in known) and name not in pending:
            wrong.append(f"file {name} is neither a document nor noted as begun")
    return wrong


def _halves(tables: Tables) -> list[str]:
    counts = {
        "sent invoices without a file": "SELECT count(*) FROM invoices_invoice i WHERE i.status <> 'SUPPRIMEE'"
        " AND NOT EXISTS (SELECT 1 FROM invoices_invoicefile f WHERE f.invoice_id = i.id)",
        "invoices of two results": "SELECT count(*) FROM (SELECT invoice_id FROM flows_flowinvoice"
        " WHERE invoice_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1) twice",
        "invoices of a flow without a result": "SELECT count(*) FROM invoices_invoice i"
        " WHERE i.deposit_mode = 'UPLOAD_PORTAIL'"
        " AND NOT EXISTS (SELECT 1 FROM flows_flowinvoice r WHERE r.invoice_id = i.id)",
        "refusals that say nothing": "SELECT count(*) FROM flows_flowinvoice"
        " WHERE invoice_id IS NULL AND CAST(findings AS text) = '[]'",
        "messages sent twice for one event": "SELECT count(*) - count(DISTINCT dedup_key) FROM mail_message",
    }
    found = Counter({name: tables.row(query)[0] for name, query in counts.items()})
    return [f"{count} {name}" for name, count in found.items() if count]


def _sha256(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest() if place.is_file() else ""
