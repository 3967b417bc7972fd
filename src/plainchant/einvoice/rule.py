"""The frame every rule-book stands in: a rule is a row of metadata; a book is rows and the code that runs them.

The code says what failed and where (`Report.fail`); the row says what it means, in French, and what to do. So a book
can be printed (docs/rules.md), explained (`plainchant explain`) and translated without touching the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from plainchant.einvoice.chorus import ChorusData
from plainchant.einvoice.directory import Directory
from plainchant.einvoice.finding import MAX_EACH, Severity
from plainchant.einvoice.model import Group, Invoice
from plainchant.einvoice.model.facts import Facts
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.wording import with_ends_shown

MISSING = "(manquant)"  # a sum that lacks a term, or that nobody wrote
Vocabulary = Literal["ubl", "cii", "cpp"]  # cpp: Chorus Pro's own XML


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its publisher numbers it.

    ``french`` tells someone who is no accountant what is wrong and what to do; it may hold ``{name}`` of the details
    given to `Report.fail`. ``english`` is our own wording, for those who write software.
    """

    id: str
    terms: tuple[str, ...]
    english: str
    french: str
    severity: Severity = "fatal"
    severity_in: dict[str, Severity] = field(default_factory=dict)  # where a syntax differs: {"ubl": "warning"}
    syntaxes: tuple[Vocabulary, ...] = ("ubl", "cii")
    since: date | None = None  # the days of its own, where they differ from its book's
    until: date | None = None
    # Where the mend depends on what was found: (detail, its value) → the sentence instead.
    french_for: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def applies(self, day: date) -> bool:
        return _between(self.since, day, self.until)

    def sentence(self, details: Mapping[str, str]) -> str:
        """What to tell people, with the details filled in."""
        french = next(
            (other for (name, value), other in self.french_for.items() if details.get(name) == value), self.french
        )
        return french.format(**{name: with_ends_shown(value) for name, value in details.items()})

    def severity_for(self, syntax: str) -> Severity:
        return self.severity_in.get(syntax, self.severity)


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that failed on one group: ``field`` is the attribute of ``group`` it is about, "" for the group itself."""

    rule: str
    group: Any  # a model Group, or the element itself for rules about the syntax
    field: str
    details: dict[str, object]


class Report:
    """Collects failures. One is made for each document and each book."""

    __slots__ = ("counts", "failures")

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.counts: dict[str, int] = {}

    def fail(self, rule: str, group: Group | Any, field: str = "", **details: object) -> None:
        count = self.counts[rule] = self.counts.get(rule, 0) + 1
        if count <= MAX_EACH:
            self.failures.append(Failure(rule, group, field, details))


@dataclass(frozen=True, slots=True)
class Context:
    """What a book may know besides the invoice: its syntax, the civil day, and the directory if there is one.

    ``facts`` is what the file says that the model has no term for, ``chorus`` where Chorus Pro's data were found,
    ``profile`` the one it names, None for one we do not know.
    """

    syntax: Vocabulary
    at: date
    facts: Facts = field(default_factory=Facts)
    chorus: ChorusData | None = None
    directory: Directory | None = None
    profile: Profile | None = None
    unreadables: tuple[tuple[Any, str, str], ...] = ()  # element, text, "date" or "number": as `Reading` has them


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A published set of rules in one version. It applies to invoices issued from ``since`` on, up to ``until``."""

    name: str  # "EN 16931"
    version: str  # "1.3.16"
    published: date
    rules: dict[str, Rule]
    run: Callable[[Invoice, Context, Report], None]
    since: date | None = None
    until: date | None = None
    warning_until: date | None = None  # until then its fatal rules are warnings

    def applies(self, day: date) -> bool:
        return _between(self.since, day, self.until)


def _between(since: date | None, day: date, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def in_force(books: Iterable[RuleBook], day: date) -> RuleBook | None:
    """Of the versions of one set of rules, the youngest that applies to an invoice of that day."""
    return max((book for book in books if book.applies(day)), key=lambda book: book.published, default=None)


def table(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Rules by id. ValueError when two rows have the same id."""
    rows: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in rows:
            raise ValueError(f"{rule.id} stands twice in its table")
        rows[rule.id] = rule
    return rows
