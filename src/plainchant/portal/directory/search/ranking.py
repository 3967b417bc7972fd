"""Which of the bodies found is most likely the one meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .index import IndexHit
from .text import ARTICLES, INACTIVE, NOTABLE, TOWN_HALLS, town_words

_FULL_LOOK = 120  # candidates compared word by word, after a quick comparison of whole phrases
_IN_THE_VERY_TOWN = 0.5  # every word of its town was typed: « Saint-Denis » before « Saint-Denis-en-Val »
_KNOWN = 0.2


@dataclass(frozen=True)
class Meaning:
    """What one typed word may stand for: whole words and beginnings, each with what it costs to read it so."""

    typed: str
    whole: dict[str, float]
    beginnings: dict[str, float]

    def fit(self, word: str) -> float:
        """How well a word of the directory answers, from 0 to 1."""
        if word in self.whole:
            return 1 - self.whole[word]
        best = 0.0
        for beginning, cost in self.beginnings.items():
            if word.startswith(beginning):
                best = max(best, 0.6 + 0.3 * len(beginning) / len(word) - cost)
        return best


def rank(candidates: Sequence[IndexHit], *, meanings: Sequence[Meaning], known: Collection[int] = ()) -> list[IndexHit]:
    """The candidates, best first; the inactive last; ties by key, so that pages do not shift.

    Of equals, those ``known`` (keys of bodies this supplier has invoiced) come first.
    """
    typed = " ".join(meaning.typed for meaning in meanings)
    whole = set().union(*(meaning.whole for meaning in meanings))
    first: Sequence[IndexHit] = candidates
    rest: list[IndexHit] = []
    if len(candidates) > _FULL_LOOK:
        phrases = [candidate.phrase for candidate in candidates]
        close = process.extract(typed, phrases, scorer=fuzz.token_sort_ratio, limit=None)
        nearest = [candidates[place] for _, _, place in close]
        nearest.sort(key=lambda candidate: not (candidate.structure_id in known or is_in_town(candidate, whole)))
        first, rest = nearest[:_FULL_LOOK], nearest[_FULL_LOOK:]

    def value(candidate: IndexHit) -> float:
        return (
            score(candidate, meanings, typed)
            + _IN_THE_VERY_TOWN * is_in_town(candidate, whole)
            + _KNOWN * (candidate.structure_id in known)
        )

    scored = sorted(first, key=lambda candidate: (-value(candidate), len(candidate.phrase), candidate.structure_id))
    ordered = [*scored, *rest]
    return sorted(ordered, key=lambda candidate: candidate.mark == INACTIVE)


def is_in_town(candidate: IndexHit, words: Collection[str]) -> bool:
    """Whether every word of its town is among these."""
    town = town_words(candidate.phrase)
    return bool(town) and all(word in words for word in town)


def answers(candidate: IndexHit, meanings: Sequence[Meaning]) -> bool:
    """Whether a body has every word asked for."""
    words = candidate.phrase.replace("|", " ").split()
    return all(any(meaning.fit(word) for word in words) for meaning in meanings)


def score(candidate: IndexHit, meanings: Sequence[Meaning], typed: str) -> float:
    name, _, place = candidate.phrase.partition("|")
    name_words, place_words = name.split(), place.split()
    answered: set[str] = set()
    fit = 0.0
    for meaning in meanings:
        best, best_word = 0.0, ""
        for word in name_words:
            value = meaning.fit(word)
            if value > best:
                best, best_word = value, word
        for word in place_words:
            best = max(best, 0.95 * meaning.fit(word))
        fit += best
        answered.add(best_word)
    telling = [word for word in name_words if word not in ARTICLES and word not in TOWN_HALLS] or name_words
    covered = sum(word in answered for word in telling) / len(telling) if telling else 0.0
    is_town_hall = bool(name_words) and name_words[0] in TOWN_HALLS
    return (
        fit / len(meanings)
        + 0.4 * covered
        + 0.08 * is_town_hall
        + 0.04 * (candidate.mark == NOTABLE)
        + 0.1 * fuzz.ratio(typed, name) / 100
    )
