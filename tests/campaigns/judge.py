"""Is everything that was acknowledged there, once, byte for byte? Read in the tables and the folder, not by the portal.

Shares no code with the portal: SQL by psycopg, files by their paths. Every sentence it returns is a loss or a lie.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psycopg

NOT_SENT = ("BROUILLON", "SUPPRIMEE")
ENDED = ("IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE")


@dataclass
class Acknowledged:
    """What a visitor was told is done: the page of the certificate, or the flow's number."""

    deposits: dict[str, tuple[str, str]] = field(default_factory=dict)  # invoice's uid → number, SHA-256 of the PDF
    flows: dict[str, Lot] = field(default_factory=dict)  # flow's uid → what was in it


@dataclass(frozen=True)
class Lot:
    sha256: str
    good: dict[str, str]  # number → SHA-256 of the XML
    bad: int


def is_quiet(connection: psycopg.Connection) -> bool:
    """Nothing is under way any more."""
    waiting = (
        "SELECT 1 FROM flows_flow WHERE state IN ('IN_RECU', 'IN_EN_COURS_TRAITEMENT_CPP') LIMIT 1",
        "SELECT 1 FROM invoices_invoice WHERE status IN ('DEPOSEE', 'EN_COURS_ACHEMINEMENT') LIMIT 1",
        "SELECT 1 FROM mail_message WHERE sent_at IS NULL LIMIT 1",
    )
    return not any(connection.execute(query).fetchone() for query in waiting)


def judge(connection: psycopg.Connection, documents: Path, told: Acknowledged) -> list[str]:
    """Everything that is wrong; to be asked once `is_quiet`."""
    wrong: list[str] = []
    wrong += _deposits(connection, documents, told)
    wrong += _flows(connection, documents, told)
    wrong += _histories(connection)
    wrong += _notices(connection)
    wrong += _documents(connection, documents)
    wrong += _halves(connection)
    return wrong


def _deposits(connection: psycopg.Connection, documents: Path, told: Acknowledged) -> list[str]:
    wrong = []
    for uid, (number, sha256) in told.deposits.items():
        rows = connection.execute(
            "SELECT i.number, i.status, s.sha256, s.path,"
            " (SELECT count(*) FROM drafts_certificate c WHERE c.invoice_id = i.id)"
            " FROM invoices_invoice i JOIN invoices_invoicefile f ON f.invoice_id = i.id AND f.role = '01'"
            " JOIN store_storedfile s ON s.id = f.stored_id WHERE i.uid = %s",
            [uid],
        ).fetchall()
        if len(rows) != 1:
            wrong.append(f"deposit {number} ({uid}) is there {len(rows)} times")
            continue
        found, status, kept, path, certificates = rows[0]
        if found != number or status in NOT_SENT or certificates != 1:
            wrong.append(f"deposit {number}: number {found}, status {status}, {certificates} certificates")
        if kept != sha256 or _sha256(documents / path) != sha256:
            wrong.append(f"deposit {number}: not the bytes that were handed in")
    return wrong


def _flows(connection: psycopg.Connection, documents: Path, told: Acknowledged) -> list[str]:
    wrong = []
    for uid, lot in told.flows.items():
        rows = connection.execute(
            "SELECT f.id, f.number, f.state, f.accepted, f.refused, s.sha256, s.path FROM flows_flow f"
            " JOIN store_storedfile s ON s.id = f.stored_id WHERE f.uid = %s",
            [uid],
        ).fetchall()
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
        results = connection.execute(
            "SELECT r.number, r.invoice_id, s.path, s.sha256 FROM flows_flowinvoice r"
            " LEFT JOIN invoices_invoicefile f ON f.invoice_id = r.invoice_id"
            " LEFT JOIN store_storedfile s ON s.id = f.stored_id AND s.media_type = 'application/xml'"
            " WHERE r.flow_id = %s",
            [key],
        ).fetchall()
        if len(results) != len(lot.good) + lot.bad:
            wrong.append(f"flow {name}: {len(results)} results for {len(lot.good) + lot.bad} members")
        for number, invoice, place, digest in results:
            if invoice is None:
                continue
            if lot.good.get(number) != digest or _sha256(documents / place) != digest:
                wrong.append(f"flow {name}: invoice {number} is not the bytes that were handed in")
        mails = connection.execute(
            "SELECT count(*) FROM mail_message WHERE kind = 'flow_ended' AND strpos(subject, %s) > 0", [name]
        ).fetchone()
        if mails != (1,):
            wrong.append(f"flow {name}: its end was told {mails} times")
    return wrong


def _histories(connection: psycopg.Connection) -> list[str]:
    wrong = []
    twice = connection.execute(
        "SELECT seller_id, number, count(*) FROM invoices_invoice WHERE status <> ALL(%s)"
        " GROUP BY 1, 2 HAVING count(*) > 1",
        [list(NOT_SENT)],
    ).fetchall()
    wrong += [f"number {number} of {seller} is there {count} times" for seller, number, count in twice]
    lines: dict[int, list[tuple[int, str, str, object]]] = {}
    rows = connection.execute(
        "SELECT invoice_id, sequence, from_status, to_status, at FROM invoices_statuschange"
        " ORDER BY invoice_id, sequence"
    )
    for invoice, *line in rows:
        lines.setdefault(invoice, []).append(tuple(line))  # type: ignore[arg-type]
    for key, number, status in connection.execute("SELECT id, number, status FROM invoices_invoice"):
        history = lines.get(key, [])
        if [line[0] for line in history] != list(range(1, len(history) + 1)) or not history:
            wrong.append(f"invoice {number}: the history has a gap: {[line[0] for line in history]}")
            continue
        chained = all(before[2] == after[1] for before, after in pairwise(history))
        in_order = all(before[3] <= after[3] for before, after in pairwise(history))  # type: ignore[operator]
        if not chained or not in_order or history[-1][2] != status:
            wrong.append(f"invoice {number}: the history does not lead to {status}")
    return wrong


def _notices(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT i.number, i.made_available_at, i.notice_written_at, i.notified_at,"
        " (SELECT min(e.at) FROM invoices_event e"
        "  WHERE e.invoice_id = i.id AND e.kind = 'NOTIFICATION_DESTINATAIRE'),"
        " (SELECT count(*) - count(DISTINCT message_id) FROM invoices_event e"
        "  WHERE e.invoice_id = i.id AND e.kind = 'NOTIFICATION_DESTINATAIRE')"
        " FROM invoices_invoice i WHERE i.status = 'MISE_A_DISPOSITION' AND i.created_at > %s",
        [connection.execute("SELECT min(received_at) - interval '1 hour' FROM flows_flow").fetchone()[0]],  # type: ignore[index]
    )
    wrong = []
    for number, available, written, notified, first, again in rows:
        if None in (available, written, notified) or first != notified or again:
            wrong.append(f"invoice {number}: available {available}, notice {written}, told {notified}, event {first}")
    return wrong


def _documents(connection: psycopg.Connection, documents: Path) -> list[str]:
    wrong = []
    rows = connection.execute("SELECT path, size, sha256 FROM store_storedfile").fetchall()
    for path, size, sha256 in rows:
        place = documents / path
        if not place.is_file() or place.stat().st_size != size or _sha256(place) != sha256:
            wrong.append(f"document {path} is not what its row says")
    known = {path for path, _, _ in rows}
    pending = {path for (path,) in connection.execute("SELECT path FROM store_pendingfile")}
    for place in documents.rglob("*"):
        name = str(place.relative_to(documents)).removesuffix(".partial")
        if place.is_file() and (place.suffix == ".partial" or name not in known) and name not in pending:
            wrong.append(f"file {name} is neither a document nor noted as begun")
    return wrong


def _halves(connection: psycopg.Connection) -> list[str]:
    counts = {
        "sent invoices without a file": "SELECT count(*) FROM invoices_invoice i WHERE i.status <> 'SUPPRIMEE'"
        " AND NOT EXISTS (SELECT 1 FROM invoices_invoicefile f WHERE f.invoice_id = i.id)",
        "invoices of two results": "SELECT count(*) FROM (SELECT invoice_id FROM flows_flowinvoice"
        " WHERE invoice_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1) twice",
        "invoices of a flow without a result": "SELECT count(*) FROM invoices_invoice i"
        " WHERE i.deposit_mode = 'UPLOAD_PORTAIL'"
        " AND NOT EXISTS (SELECT 1 FROM flows_flowinvoice r WHERE r.invoice_id = i.id)",
        "refusals that say nothing": "SELECT count(*) FROM flows_flowinvoice"
        " WHERE invoice_id IS NULL AND findings = '[]'::jsonb",
        "messages sent twice for one event": "SELECT count(*) - count(DISTINCT dedup_key) FROM mail_message",
    }
    found = Counter({name: connection.execute(query).fetchone()[0] for name, query in counts.items()})  # type: ignore[index]
    return [f"{count} {name}" for name, count in found.items() if count]


def _sha256(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest() if place.is_file() else ""
