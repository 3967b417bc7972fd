"""The full-text index: written by the operations, asked by the search, in two dialects."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from plainchant.portal.directory.models import Entry, Revision, Word
from plainchant.portal.structures.models import Structure

from .text import indexed_words, phrase_of


@dataclass(frozen=True, slots=True)
class Term:
    """A whole word, or the beginning of one."""

    word: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class IndexHit:
    structure_id: int
    phrase: str
    mark: str


Query = Sequence[Sequence[Term]]  # all of: one of

_SQLITE = """SELECT e.structure_id, e.phrase, substr(e.words, 1, 2) FROM directory_entry e JOIN (
    SELECT rowid AS hit FROM directory_entry_fts WHERE directory_entry_fts MATCH %s LIMIT %s
) ON e.structure_id = hit"""
# « + 0 »: walking the whole table in the order of its key is never the quick way.
_POSTGRESQL = """SELECT structure_id, phrase, substr(words, 1, 2) FROM directory_entry
    WHERE words_vector @@ %s::tsquery ORDER BY structure_id + 0 LIMIT %s"""


def matching(query: Query, *, limit: int) -> list[IndexHit]:
    """Bodies that have every word asked for, at most ``limit``, in the order of their keys."""
    sqlite = connection.vendor == "sqlite"
    write = _fts5 if sqlite else _tsquery
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL, [write(query), limit])
        return [IndexHit(structure_id, phrase, mark.strip()) for structure_id, phrase, mark in cursor]


def _fts5(query: Query) -> str:
    return " AND ".join(
        "(" + " OR ".join(f'"{term.word}"{" *" if term.is_prefix else ""}' for term in group) + ")" for group in query
    )


def _tsquery(query: Query) -> str:
    return " & ".join(
        "(" + " | ".join(f"'{term.word}'{':*' if term.is_prefix else ''}" for term in group) + ")" for group in query
    )


def with_identifier_prefix(prefix: str, *, limit: int) -> list[int]:
    """Keys of the bodies whose identifier starts so, in the order of the identifiers. ``prefix`` is digits."""
    entries = Entry.objects.filter(identifier__gte=prefix, identifier__lt=prefix + ":").order_by("identifier")
    return list(entries.values_list("structure_id", flat=True)[:limit])


def with_identifiers(identifiers: Iterable[str]) -> list[int]:
    entries = Entry.objects.filter(identifier__in=list(identifiers)).order_by("identifier")
    return list(entries.values_list("structure_id", flat=True))


def lock() -> Revision:
    """Take the place of the one writer until the end of the transaction."""
    Revision.objects.get_or_create(pk=1)
    return Revision.objects.select_for_update().get(pk=1)


def write(structures: Iterable[Structure]) -> None:
    """Bring the entries of these public bodies, the word counts and the revision up to date. In a transaction."""
    revision = lock()
    wanted = {structure.pk: _entry(structure) for structure in structures}
    present = Entry.objects.in_bulk(list(wanted))
    changed = [entry for pk, entry in wanted.items() if not _is_same(entry, present.get(pk))]
    if not changed:
        return
    counts: Counter[str] = Counter()
    for entry in changed:
        counts.update(_words(entry))
        if entry.pk in present:
            counts.subtract(_words(present[entry.pk]))
    Entry.objects.bulk_create(
        changed,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["structure"],
        update_fields=["identifier", "words", "phrase"],
    )
    _add(counts)
    Revision.objects.filter(pk=revision.pk).update(stamp=uuid.uuid4())


def remove(structure_ids: Iterable[int]) -> None:
    """Take these bodies out of the index. In a transaction."""
    revision = lock()
    gone = Entry.objects.filter(pk__in=list(structure_ids))
    counts: Counter[str] = Counter()
    for entry in gone:
        counts.subtract(_words(entry))
    if counts:
        gone.delete()
        _add(counts)
        Revision.objects.filter(pk=revision.pk).update(stamp=uuid.uuid4())


def _entry(structure: Structure) -> Entry:
    phrase = phrase_of(name=structure.name, label=structure.label, postcode=structure.postcode, city=structure.city)
    words = indexed_words(phrase=phrase, identifier=structure.identifier, is_active=structure.is_active)
    return Entry(structure_id=structure.pk, identifier=structure.identifier, words=words, phrase=phrase)


def _is_same(entry: Entry, other: Entry | None) -> bool:
    return other is not None and (entry.identifier, entry.words, entry.phrase) == (
        other.identifier,
        other.words,
        other.phrase,
    )


def _words(entry: Entry) -> list[str]:
    return entry.words.split(" ")[2:]


def _add(counts: Counter[str]) -> None:
    rows = [(word, change) for word, change in sorted(counts.items()) if change]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO directory_word (word, bodies) VALUES (%s, %s) "
            "ON CONFLICT (word) DO UPDATE SET bodies = directory_word.bodies + excluded.bodies",
            rows,
        )
    Word.objects.filter(bodies__lte=0).delete()


def refresh_statistics() -> None:
    """Tell PostgreSQL's planner about a directory that has just changed a lot."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE directory_entry")


def phrase_of_entry(structure_id: int) -> str:
    return Entry.objects.values_list("phrase", flat=True).get(pk=structure_id)
