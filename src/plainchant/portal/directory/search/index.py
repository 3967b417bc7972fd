"""The full-text index: written by the operations, asked by the search, in two dialects."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, connections, router

from plainchant.portal.directory.models import Entry, Revision, Word
from plainchant.portal.structures.models import Structure

from .text import indexed_words, phrase_of, place_words


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
    database = connections[router.db_for_read(Entry)]
    sqlite = database.vendor == "sqlite"
    write = _fts5 if sqlite else _tsquery
    with database.cursor() as cursor:
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


def hits_of(structure_ids: Iterable[int]) -> list[IndexHit]:
    """The entries of these bodies, as a search finds them."""
    rows = Entry.objects.filter(pk__in=list(structure_ids)).values_list("structure_id", "phrase", "words")
    return [IndexHit(structure_id, phrase, words[:2].strip()) for structure_id, phrase, words in rows]


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
    counts = _Counts()
    for entry in changed:
        counts.add(entry)
        if entry.pk in present:
            counts.take(present[entry.pk])
    Entry.objects.bulk_create(
        changed,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["structure"],
        update_fields=["identifier", "words", "phrase"],
    )
    counts.store()
    Revision.objects.filter(pk=revision.pk).update(stamp=uuid.uuid4())


def remove(structure_ids: Iterable[int]) -> None:
    """Take these bodies out of the index. In a transaction."""
    revision = lock()
    gone = Entry.objects.filter(pk__in=list(structure_ids))
    counts = _Counts()
    for entry in gone:
        counts.take(entry)
    if counts.bodies:
        gone.delete()
        counts.store()
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


class _Counts:
    """How the word counts change with the entries written and taken out."""

    def __init__(self) -> None:
        self.bodies: Counter[str] = Counter()
        self.places: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        self.bodies.update(_words(entry))
        self.places.update(place_words(entry.phrase))

    def take(self, entry: Entry) -> None:
        self.bodies.subtract(_words(entry))
        self.places.subtract(place_words(entry.phrase))

    def store(self) -> None:
        rows = [
            (word, change, self.places[word])
            for word, change in sorted(self.bodies.items())
            if change or self.places[word]
        ]
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO directory_word (word, bodies, places) VALUES (%s, %s, %s) "
                "ON CONFLICT (word) DO UPDATE SET bodies = directory_word.bodies + excluded.bodies, "
                "places = directory_word.places + excluded.places",
                rows,
            )
        Word.objects.filter(bodies__lte=0).delete()


def _words(entry: Entry) -> list[str]:
    return entry.words.split(" ")[2:]


def refresh_statistics() -> None:
    """Tell PostgreSQL's planner about a directory that has just changed a lot."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE directory_entry")


def phrase_of_entry(structure_id: int) -> str:
    return Entry.objects.values_list("phrase", flat=True).get(pk=structure_id)
