"""The words of the directory, held in memory: what a prefix means, and what a misspelt word may have meant."""

from __future__ import annotations

import threading
import uuid
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

from plainchant.portal.directory.models import Revision, Word

from .text import ARTICLES, SYNONYMS

MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word (or the beginning of words) that may have been meant, `distance` slips away from what was typed."""

    word: str
    distance: int
    is_prefix: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """An unchanging picture of the words at one revision.

    ``bodies`` counts the bodies that have a word; ``places`` those that have it in their postcode or town.
    """

    stamp: uuid.UUID | None
    bodies: dict[str, int]
    places: dict[str, int] = field(default_factory=dict)
    _suggestions: dict[tuple[str, bool], list[Suggestion]] = field(default_factory=dict)
    _beginnings: dict[int, list[str]] = field(default_factory=dict)

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.bodies)

    @cached_property
    def _running_totals(self) -> list[int]:
        return [0, *accumulate(self.bodies[word] for word in self._ordered)]

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = defaultdict(list)
        for word in self._ordered:
            if not word.isdigit():  # a mistyped postcode is another postcode
                lengths[len(word)].append(word)
        return dict(lengths)

    def _range(self, prefix: str) -> tuple[int, int]:
        return bisect_left(self._ordered, prefix), bisect_left(self._ordered, prefix + "\x7f")

    def words_starting_with(self, prefix: str) -> list[str]:
        start, end = self._range(prefix)
        return self._ordered[start:end]

    def bodies_with_prefix(self, prefix: str) -> int:
        """How many bodies have a word that starts so; a body with two such words counts twice."""
        start, end = self._range(prefix)
        return self._running_totals[end] - self._running_totals[start]

    def is_place(self, word: str) -> bool:
        """Whether a word stands more often in postcodes and towns than in names only."""
        return 2 * self.places.get(word, 0) >= self.bodies.get(word, 0) > 0

    def split(self, word: str) -> tuple[str, str] | None:
        """The two words that were typed as one, the pair of the most frequent words first; or None."""
        pairs = [
            (min(self._known(word[:place]), self._known(word[place:])), place)
            for place in range(1, len(word) - 2)
            if len(word) - place >= 3
        ]
        known, place = max(pairs, default=(0, 0))
        return (word[:place], word[place:]) if known else None

    def _known(self, word: str) -> int:
        if len(word) <= 2:
            return 10**6 if word in ARTICLES else 0
        return self.bodies.get(word, 0)

    def suggestions(self, word: str, *, is_last: bool) -> list[Suggestion]:
        """Words at most one slip away, two for a long word; if it is still being typed, beginnings of words too."""
        key = (word, is_last)
        known = self._suggestions.get(key)
        if known is None:
            known = self._suggest(word, is_last=is_last)
            if len(self._suggestions) > 5_000:
                self._suggestions.clear()
            self._suggestions[key] = known
        return known

    def _suggest(self, word: str, *, is_last: bool) -> list[Suggestion]:
        if len(word) < 4 or word.isdigit():
            return []
        slips = 1 if len(word) < 6 else 2
        found: list[Suggestion] = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            bucket = self._by_length.get(length)
            if bucket:
                close = process.extract(word, bucket, scorer=OSA.distance, score_cutoff=slips, limit=None)
                found += [Suggestion(near, int(distance)) for near, distance, _ in close if near != word]
        if is_last and not any(suggestion.distance <= 1 for suggestion in found):
            close = process.extract(
                word, self._beginnings_of(len(word)), scorer=OSA.distance, score_cutoff=1, limit=MOST_SUGGESTIONS
            )
            found += [Suggestion(near, int(distance), is_prefix=True) for near, distance, _ in close if distance]
        found.sort(key=lambda s: (s.distance + (s.word[0] != word[0]), -self.bodies.get(s.word, 0), s.word))
        return found[:MOST_SUGGESTIONS]

    def _beginnings_of(self, length: int) -> list[str]:
        if length not in self._beginnings:
            longer = {word[:length] for size, words in self._by_length.items() if size > length for word in words}
            self._beginnings[length] = sorted(longer)
        return self._beginnings[length]


def synonyms_of(word: str) -> tuple[str, ...]:
    """What the directory may write for a word, or for the first letters of one (four at least)."""
    if word in SYNONYMS:
        return SYNONYMS[word]
    if len(word) < 4:
        return ()
    return tuple(dict.fromkeys(other for key, others in SYNONYMS.items() if key.startswith(word) for other in others))


_loaded = Vocabulary(stamp=None, bodies={})
_loading = threading.Lock()


def current() -> Vocabulary:
    """The vocabulary of the present revision: one small query, and a reload if the directory has changed since."""
    global _loaded
    stamp = Revision.objects.values_list("stamp", flat=True).order_by("pk").first()
    vocabulary = _loaded
    if stamp is None:
        return Vocabulary(stamp=None, bodies={})
    if vocabulary.stamp == stamp:
        return vocabulary
    with _loading:
        if _loaded.stamp != stamp:
            # The stamp was read before the words: words newer than it are only loaded once more.
            words = Word.objects.filter(bodies__gt=0).values_list("word", "bodies", "places")
            rows = list(words.iterator(chunk_size=10_000))
            _loaded = Vocabulary(
                stamp=stamp,
                bodies={word: bodies for word, bodies, _ in rows},
                places={word: places for word, _, places in rows if places},
            )
        return _loaded
