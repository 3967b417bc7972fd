"""Search in the help: a few words as somebody types them, slips and missing accents included."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

MOST = 12
_LEAST_WORD = 82  # of 100: one slip in a word of six letters
_EMPTY = frozenset(
    (
        "a au aux avec c ce ces cette comment d dans de des du elle en est et je j l la le les ma mes mon n ne on ou "
        "par pas pour qu que quel quelle qui s sa se ses son sur un une vos votre y"
    ).split()
)
_TITLE = 3  # how much more a word counts in a title than in a text


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Something that can be found: ``title`` and ``text`` are French.

    ``route`` is the name of its page and what that page is given; ``anchor`` the part of it, where it is a part.
    """

    title: str
    text: str
    route: tuple[str, ...]
    anchor: str = ""


def words(text: str) -> list[str]:
    """The words that say something, in small letters without accents, in order."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [word for word in re.findall(r"[a-z0-9]+", plain.replace("'", " ")) if word not in _EMPTY]


def _as_typed(text: str) -> str:
    return text.replace("’", "'")


@dataclass(frozen=True)
class Index:
    """Entries with their words, made once."""

    rows: tuple[tuple[Passage, frozenset[str], frozenset[str]], ...]

    @classmethod
    def of(cls, entries: Iterable[Passage]) -> Index:
        return cls(
            tuple(
                (entry, frozenset(words(_as_typed(entry.title))), frozenset(words(_as_typed(entry.text))))
                for entry in entries
            )
        )

    def find(self, asked: str) -> list[Passage]:
        """What fits best first, at most MOST; nothing where no word is met."""
        wanted = words(_as_typed(asked))[:12]
        found = []
        for place, (entry, title, text) in enumerate(self.rows):
            scores = [max(_TITLE * _nearest(word, title), _nearest(word, text)) for word in wanted]
            met = [score for score in scores if score]
            if met and 2 * len(met) >= len(wanted):
                found.append((-len(met), -sum(met), place, entry))
        return [entry for *_, entry in sorted(found, key=lambda row: row[:3])[:MOST]]


def _nearest(word: str, among: frozenset[str]) -> float:
    """How near the nearest of these words is, 0 where none is; a beginning counts: « engag » finds « engagement »."""
    best = 0.0
    for other in among:
        if word == other:
            return 100.0
        if len(word) >= 4 and other.startswith(word):
            best = max(best, 95.0)
        elif len(word) > 3:
            best = max(best, fuzz.ratio(word, other, score_cutoff=_LEAST_WORD))
    return best
