"""From what was typed to the bodies found: as typed if that finds something, else with its mistakes mended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from plainchant.einvoice.identifiers import bare

from . import index, vocabulary
from .index import IndexHit, Term
from .ranking import Meaning, answers, is_in_town, rank
from .text import ARTICLES, KEY, KINDS, NOTABLE, SAMPLE, key_of, words_of
from .vocabulary import Vocabulary

MOST_WORDS = 8  # of a query: what comes after is not read
MOST_FOUND = 1_000  # bodies ranked for one query; whoever gets more is told to say more
ENOUGH = 60  # bodies of the sample: then a word is so common that any of its bodies will do
NAMES_READ = 2_500  # names that start with what was typed, at the most: looked through one by one
COMMON = 200  # bodies: a word that so many have is not taken for a slip
SPELLED_OUT = 40  # words that a beginning may stand for, asked one by one: quicker than a long beginning
A_SLIP_COSTS = 0.2
ANOTHER_LETTER_COSTS = 0.03  # besides: letters are forgotten, doubled or exchanged more often than taken for others
A_SYNONYM_COSTS = 0.08


@dataclass(frozen=True)
class SearchResult:
    """Keys of structures, best first. ``mended`` are the words searched instead of those typed, in normal form.

    ``unknown`` are the words that no body has, where nothing was found because they alone said which body is meant.
    """

    keys: list[int]
    is_complete: bool = True
    mended: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """One word of the query: what it may mean, how to ask for it, how many bodies have it at the most."""

    meaning: Meaning
    terms: tuple[Term, ...]
    bodies: int
    is_doubted: bool = False

    @property
    def is_kind(self) -> bool:
        """Whether it says what the body is (« bibliothèque ») and not which one."""
        return any(word in KINDS for word in self.meaning.whole)


def find(text: str, *, known: Collection[int] = ()) -> SearchResult:
    """Bodies by name, town, postcode or identifier; of equals, those ``known`` first."""
    digits = bare(text)
    if digits.isascii() and digits.isdigit() and len(digits) >= 6:
        return _by_identifier(digits[:20])
    words = words_of(text)
    for word in words:
        if word.isdigit() and len(word) >= 9:  # « 21590350100017 Valbrume »: the number says it all
            return _by_identifier(word)
    words = _telling(words)
    if not words:
        return SearchResult([])
    words_known = vocabulary.current()
    asked = [_as_typed(word, words_known) for word in words]
    found = _ask(asked, words_known, known) if all(word.bodies for word in asked) else SearchResult([])
    if found.keys:
        return found
    if len(words) == 1 and words[0].isdigit():
        return SearchResult(index.with_identifier_prefix(words[0], limit=MOST_FOUND))
    return _mended(words, words_known, known)


def _telling(words: list[str]) -> list[str]:
    """Without articles and single letters, unless nothing else was typed."""
    telling = [word for word in words if word not in ARTICLES and len(word) > 1]
    return list(dict.fromkeys(telling or words))[:MOST_WORDS]


def _by_identifier(digits: str) -> SearchResult:
    keys = index.with_identifier_prefix(digits, limit=MOST_FOUND)
    if keys or len(digits) < 9:
        return SearchResult(keys, is_complete=len(keys) < MOST_FOUND)
    siren = digits[:9]
    keys = index.with_identifier_prefix(siren, limit=MOST_FOUND)
    if keys:  # another establishment of the same body
        return SearchResult(keys, mended=(siren,))
    if len(digits) == 14:
        keys = index.with_identifiers(_one_slip_away(digits))
        if keys:
            return SearchResult(keys, mended=("",))
    return SearchResult([])


def _one_slip_away(digits: str) -> set[str]:
    """One digit wrong, or two neighbours exchanged."""
    near = {digits[:i] + other + digits[i + 1 :] for i in range(len(digits)) for other in "0123456789"}
    near |= {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)}
    return near - {digits}


def _as_typed(word: str, words_known: Vocabulary) -> _Asked:
    synonyms = vocabulary.synonyms_of(word)
    whole = dict.fromkeys(synonyms, A_SYNONYM_COSTS)
    whole[word] = 0.0
    bodies = sum(words_known.bodies.get(synonym, 0) for synonym in synonyms)
    terms = [Term(synonym) for synonym in synonyms]
    if len(word) == 1:
        bodies += words_known.bodies.get(word, 0)
        return _Asked(Meaning(word, whole, {}), (*terms, Term(word)), bodies)
    bodies += words_known.bodies_with_prefix(word)
    return _Asked(Meaning(word, whole, {word: 0.0}), (*_beginning(word, words_known), *terms), bodies)


def _beginning(word: str, words_known: Vocabulary) -> tuple[Term, ...]:
    spelled_out = words_known.words_starting_with(word)
    if len(spelled_out) <= SPELLED_OUT:
        return tuple(Term(each) for each in spelled_out)
    return (Term(word, is_prefix=True),)


def _ask(asked: Sequence[_Asked], words_known: Vocabulary, known: Collection[int]) -> SearchResult:
    meanings = [word.meaning for word in asked]
    at_most = min(word.bodies for word in asked)
    sample = _sample(asked, at_most, words_known) if at_most > MOST_FOUND else None
    candidates = sample if sample is not None else index.matching([w.terms for w in asked], limit=MOST_FOUND + 1)
    is_complete = sample is None and len(candidates) <= MOST_FOUND
    candidates = candidates[:MOST_FOUND]
    if known and not is_complete:
        there = {candidate.structure_id for candidate in candidates}
        candidates += [hit for hit in index.hits_of(set(known) - there) if answers(hit, meanings)]
    ranked = rank(candidates, meanings=meanings, known=known)
    return SearchResult([candidate.structure_id for candidate in ranked], is_complete=is_complete)


def _sample(asked: Sequence[_Asked], at_most: int, words_known: Vocabulary) -> list[IndexHit] | None:
    """For words that very many bodies have: those named exactly so, and a sample; None if they are not so many."""
    frequent = [_most_frequent(word.terms, words_known) for word in asked]
    sample = index.matching([*frequent, (Term(NOTABLE), Term(SAMPLE))], limit=200)
    if len(sample) < ENOUGH:
        return None
    key = key_of([word.meaning.typed for word in asked])
    named_so: list[IndexHit] = []
    if len(key) > 2:
        named_so = index.matching([(Term(KEY + key),)], limit=50)
        if at_most < NAMES_READ:
            named_so += index.matching([(Term(KEY + key, is_prefix=True),)], limit=200)
    return list({candidate.structure_id: candidate for candidate in [*named_so, *sample]}.values())


def _most_frequent(terms: tuple[Term, ...], words_known: Vocabulary) -> tuple[Term, ...]:
    """A beginning, as the most frequent of the words that start so: for a sample they stand for all."""
    words = [word for term in terms if term.is_prefix for word in words_known.words_starting_with(term.word)]
    words.sort(key=lambda word: -words_known.bodies[word])
    return (*(term for term in terms if not term.is_prefix), *(Term(word) for word in words[:SPELLED_OUT]))


def _mended(words: list[str], words_known: Vocabulary, known: Collection[int]) -> SearchResult:
    """The same query with its words split, joined or corrected; then with fewer of them, the town last."""
    regrouped = _regrouped(words, words_known)
    if regrouped != words:
        asked = [_as_typed(word, words_known) for word in regrouped]
        found = _ask(asked, words_known, known) if all(word.bodies for word in asked) else SearchResult([])
        if found.keys:
            return SearchResult(found.keys, found.is_complete, mended=tuple(regrouped))
    in_town = _in_the_town_typed(words, words_known, known)
    if in_town is not None:
        return in_town
    # A word that nobody has is most likely the misspelt one; only then are the others doubted, the common ones never.
    kept: list[_Asked] = []
    for common in (1, COMMON):
        asked = [
            _as_typed(word, words_known)
            if words_known.bodies_with_prefix(word) >= common
            else _corrected(word, words_known, is_last=word == words[-1])
            for word in words
        ]
        if any(word.is_doubted for word in asked) and asked != kept:
            kept = [word for word in asked if word.bodies]
            found = _ask(kept, words_known, known) if len(kept) == len(words) else SearchResult([])
            if found.keys:
                return _as_read(found, kept)
    says_which = not all(word.is_kind for word in asked)
    if len(kept) == len(words) or not kept:  # asked together in vain
        kept = _with_a_word_less(kept or asked, words_known)
    while kept and not (says_which and all(word.is_kind for word in kept)):
        found = _ask(kept, words_known, known)
        if found.keys:
            return _as_read(found, kept)
        kept = _with_a_word_less(kept, words_known)
    unknown = tuple(word.meaning.typed for word in asked if not word.bodies)
    return SearchResult([], unknown=unknown if len(unknown) < len(asked) else ())


def _in_the_town_typed(words: list[str], words_known: Vocabulary, known: Collection[int]) -> SearchResult | None:
    """« bibliothèque de Nevers » where Nevers has none: what there is in Nevers, before any slip is looked for."""
    asked = [_as_typed(word, words_known) for word in words]
    which = [word for word in asked if not word.is_kind]
    if len(which) == len(asked) or not any(words_known.is_place(word.meaning.typed) for word in which):
        return None
    if not all(word.bodies for word in which):
        return None
    found = _ask(which, words_known, known)
    if found.keys and is_in_town(index.hits_of(found.keys[:1])[0], [word.meaning.typed for word in which]):
        return _as_read(found, which)
    return None


def _with_a_word_less(asked: list[_Asked], words_known: Vocabulary) -> list[_Asked]:
    """Without what says least of which body is meant: first what it is, last the town; of equals the commonest."""

    def weight(word: _Asked) -> tuple[bool, bool, int]:
        is_place = any(words_known.is_place(each) for each in word.meaning.whole)
        return (not word.is_kind, is_place, -word.bodies)

    lightest = min(asked, key=weight, default=None)
    return [word for word in asked if word is not lightest and word.bodies]


def _regrouped(words: list[str], words_known: Vocabulary) -> list[str]:
    """« saintdenis » → saint denis; « mont pellier » → montpellier."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] + word in words_known.bodies and not (joined[-1] + word).isdigit():
            joined[-1] += word
        else:
            joined.append(word)
    regrouped: list[str] = []
    for word in joined:
        pair = None if words_known.bodies_with_prefix(word) else words_known.split(word)
        regrouped += pair or (word,)
    return [word for word in regrouped if word not in ARTICLES] or words


def _corrected(word: str, words_known: Vocabulary, *, is_last: bool) -> _Asked:
    asked = _as_typed(word, words_known)
    whole, beginnings = dict(asked.meaning.whole), dict(asked.meaning.beginnings)
    terms = list(asked.terms) if asked.bodies else []
    bodies = asked.bodies
    for suggestion in words_known.suggestions(word, is_last=is_last):
        cost = suggestion.distance * A_SLIP_COSTS
        if len(suggestion.word) == len(word) and sorted(suggestion.word) != sorted(word):
            cost += ANOTHER_LETTER_COSTS
        if suggestion.is_prefix:
            beginnings.setdefault(suggestion.word, cost)
            terms += _beginning(suggestion.word, words_known)
            bodies += words_known.bodies_with_prefix(suggestion.word)
        else:
            whole.setdefault(suggestion.word, cost)
            terms.append(Term(suggestion.word))
            bodies += words_known.bodies[suggestion.word]
    return _Asked(Meaning(word, whole, beginnings), tuple(dict.fromkeys(terms)), bodies, is_doubted=True)


def _as_read(found: SearchResult, asked: Sequence[_Asked]) -> SearchResult:
    """With what each word was taken for in the best result."""
    phrase = index.phrase_of_entry(found.keys[0]).replace("|", " ").split()
    mended = tuple(max(phrase, key=word.meaning.fit, default=word.meaning.typed) for word in asked)
    return SearchResult(found.keys, found.is_complete, mended)
