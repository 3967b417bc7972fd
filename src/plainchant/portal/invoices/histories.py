"""The two histories of an invoice: its changes of status, and what else happened to it. Only lines are added to them.

Lines are numbered without a gap, and each carries a digest of what it says and of the line before it. Whoever changes,
removes or slips in a line has to write every later one anew: `looked_at` finds it where that was not done, and a list
of last lines kept elsewhere (`differing`) where it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from .models import Event, Invoice, StatusChange

Line = StatusChange | Event
History = type[StatusChange] | type[Event]

HISTORIES: tuple[History, ...] = (StatusChange, Event)
# What a digest is of, after the line before: the columns of a line in this order. One that is added goes at the end,
# and only where it says something, or every digest there is would be another.
_COLUMNS: Mapping[History, tuple[str, ...]] = {
    StatusChange: (
        "sequence", "action", "from_status", "to_status", "at", "party", "actor_id", "actor_name", "delegation_id",
        "reason_code", "comment", "payment_order",
    ),
    Event: ("sequence", "kind", "at", "actor_id", "message_id", "day"),
}  # fmt: skip
_ADDED: Mapping[History, tuple[str, ...]] = {StatusChange: ("day", "amount"), Event: ("assignee_id",)}


def add(lines: Sequence[Line], *, are_first: bool = False) -> None:
    """Write these lines of one history, each after the last of its invoice; they are given number and digest.

    In a transaction that holds the invoices' rows, so that nobody else adds a line to the same meanwhile.
    ``are_first``: there is nothing before them.
    """
    if not lines:
        return
    history = type(lines[0])
    last = {} if are_first else _last(history, {line.invoice_id for line in lines})
    for line in lines:
        number, digest = last.get(line.invoice_id, (0, ""))
        line.sequence = number + 1
        line.digest = digest_of(line, uid=str(line.invoice.uid), before=digest)
        last[line.invoice_id] = line.sequence, line.digest
    history._default_manager.bulk_create(lines)  # type: ignore[arg-type]


def digest_of(line: Line, *, uid: str, before: str) -> str:
    """SHA-256, in hexadecimal, of what a line says of the invoice ``uid`` after the line of digest ``before``."""
    content = [before, uid, *(_plain(getattr(line, name)) for name in _COLUMNS[type(line)])]
    added = ((name, _plain(getattr(line, name))) for name in _ADDED.get(type(line), ()))
    content += [part for pair in added if pair[1] is not None for part in pair]
    return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.6f}"  # however it was written
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int) else str(value)


def _last(history: History, keys: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The number and digest of the last line of each of these invoices that has any."""
    lines = history._default_manager.filter(invoice__in=list(keys)).order_by(F("sequence").asc(nulls_last=True), "pk")
    last = {key: (number or 0, digest) for key, number, digest in lines.values_list("invoice", "sequence", "digest")}
    if open_ones := [key for key, (_, digest) in last.items() if not digest]:
        _seal(history, open_ones)
        last |= {key: _last(history, [key])[key] for key in open_ones}
    return last


# -- Lines of a former version ----------------------------------------------------------------------------------


def fill(*, lot: int = 500) -> int:
    """Number and seal the lines of a version that did neither. How many invoices had such lines."""
    filled = 0
    for history in HISTORIES:
        without = history._default_manager.filter(digest="").order_by("invoice").values_list("invoice", flat=True)
        while keys := list(without.distinct()[:lot]):
            with transaction.atomic():
                list(Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
                _seal(history, keys)
            filled += len(keys)
    return filled


def _seal(history: History, keys: Sequence[int]) -> None:
    last: dict[int, tuple[int, str]] = {}
    lines = history._default_manager.filter(invoice__in=keys).select_related("invoice")
    for line in lines.order_by("invoice", F("sequence").asc(nulls_last=True), "pk"):
        number, digest = last.get(line.invoice_id, (0, ""))
        if not line.digest:
            line.sequence = number + 1
            line.digest = digest_of(line, uid=str(line.invoice.uid), before=digest)
            history._default_manager.filter(pk=line.pk).update(sequence=line.sequence, digest=line.digest)
        last[line.invoice_id] = line.sequence or 0, line.digest


# -- Looking at them --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A history that is not what was written. ``line``: the number of the first line from which it is wrong."""

    invoice: str  # its uid
    history: str  # the table
    line: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last line of a history, as of when it was looked at."""

    invoice: str
    history: str
    line: int
    digest: str


def looked_at(*, invoices: Sequence[int] | None = None) -> Iterator[Broken | Head]:
    """Read every history, or those of the invoices of these keys: its last line, or where it is broken."""
    for history in HISTORIES:
        lines: models.QuerySet[Any] = history._default_manager.order_by("invoice", "sequence", "pk")
        if invoices is not None:
            lines = lines.filter(invoice__in=invoices)
        whole: list[Line] = []
        columns = (*_COLUMNS[history], *_ADDED.get(history, ()), "digest", "invoice__uid", "invoice__status")
        lines = lines.select_related("invoice").only(*columns)
        for line in lines.iterator(chunk_size=2_000):
            if whole and whole[0].invoice_id != line.invoice_id:
                yield _judged(history, whole)
                whole = []
            whole.append(line)
        if whole:
            yield _judged(history, whole)
    unlived: models.QuerySet[Invoice] = Invoice.objects.filter(history=None)
    if invoices is not None:
        unlived = unlived.filter(pk__in=invoices)
    for uid in unlived.values_list("uid", flat=True).iterator():
        yield Broken(
            invoice=str(uid), history=StatusChange._meta.db_table, line=1, sentence="Il n’en reste aucune ligne."
        )


def _judged(history: History, lines: Sequence[Line]) -> Broken | Head:
    invoice, table = lines[0].invoice, history._meta.db_table
    uid = str(invoice.uid)
    before, status = "", ""
    for place, line in enumerate(lines, start=1):
        wrong = ""
        if line.sequence != place:
            wrong = f"La ligne {place} manque."
        elif isinstance(line, StatusChange) and line.from_status != status:
            wrong = f"La ligne {place} part d’un autre statut que celui de la ligne d’avant."
        elif line.digest != digest_of(line, uid=uid, before=before):
            wrong = f"La ligne {place} ne dit plus ce qui avait été écrit, ou celle d’avant a changé."
        if wrong:
            return Broken(invoice=uid, history=table, line=place, sentence=wrong)
        before, status = line.digest, line.to_status if isinstance(line, StatusChange) else ""
    if history is StatusChange and invoice.status != status:
        sentence = f"La facture est « {invoice.status} », et sa dernière ligne dit « {status} »."
        return Broken(invoice=uid, history=table, line=len(lines), sentence=sentence)
    return Head(invoice=uid, history=table, line=len(lines), digest=before)


def differing(heads: Iterable[Head], *, lot: int = 500) -> Iterator[Broken]:
    """Which of these last lines, written down before, are not among today's lines as they were."""
    waiting: list[Head] = []
    for head in heads:
        waiting.append(head)
        if len(waiting) == lot:
            yield from _differing(waiting)
            waiting = []
    yield from _differing(waiting)


def _differing(heads: Sequence[Head]) -> Iterator[Broken]:
    for history in HISTORIES:
        table = history._meta.db_table
        ours = [head for head in heads if head.history == table]
        wanted = Q(invoice__uid__in=[head.invoice for head in ours], sequence__in={head.line for head in ours})
        found = {
            (str(uid), line): digest
            for uid, line, digest in history._default_manager.filter(wanted)
            .order_by("pk")
            .values_list("invoice__uid", "sequence", "digest")
        }
        for head in ours:
            digest = found.get((head.invoice, head.line))
            if digest != head.digest:
                sentence = "a changé depuis" if digest else "a disparu depuis"
                yield Broken(
                    invoice=head.invoice, history=table, line=head.line, sentence=f"La ligne {head.line} {sentence}."
                )
