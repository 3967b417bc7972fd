"""What one pass over a file gives: the model, what failed of the syntax, and what the model has no term for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Protocol, TypeAlias

from lxml import etree

from plainchant.einvoice.chorus import ChorusData
from plainchant.einvoice.finding import MAX_EACH
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.model.facts import Facts

from .paths import Numbers

Element: TypeAlias = etree._Element
Values: TypeAlias = dict[str, Any]
MAX_GROUPS = 150_000  # of the model: 10,000 lines have about 80,000
MAX_LEFT, MAX_LEFT_OF_A_NAME = 2_000, 20  # elements without a place that are kept; the others are counted


def local_name(element: Element) -> str:
    """``{urn:…}ID`` → ``ID``."""
    return str(element.tag).rpartition("}")[2]


def parent_of(element: Element) -> Element:
    """The element above. ValueError for the root."""
    parent = element.getparent()
    if parent is None:
        raise ValueError(f"nothing is above {element.tag!r}")
    return parent


class Names(Protocol):
    """What is asked of a grammar to find where a value was read (`places`)."""

    binding: Any

    def clark(self, name: str) -> str: ...
    def name(self, tag: str) -> str: ...


class TooMany(Exception):
    """The file holds more groups of terms than any invoice. The message is for who writes software."""


@dataclass(frozen=True, slots=True, eq=False)
class Restriction:
    """How often ``path`` may stand below an element of its context. (0, 0) is "not used"; it may end in ``@name``.

    Each is its own row: equal ones of two contexts are counted apart.
    """

    rule: str
    path: str
    minimum: int = 0
    maximum: int | None = 0


@dataclass(frozen=True, slots=True)
class CodeRestriction:
    """The text of an element, or its ``attribute``, must be in a list. An absent attribute passes unless ``wanted``."""

    rule: str
    allowed: frozenset[str]
    attribute: str | None = None
    wanted: bool = False
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What is said of every element that ``context`` matches.

    ``context`` is ``/a/b`` (from the root), ``a/b`` or ``//a/b`` (those steps last), and a name may be ``*Amount`` (any
    name with that ending). Of the scopes of one ``pattern`` only the first that matches an element counts: Schematron.
    ``look`` sees the whole element once what it holds was read.
    """

    pattern: str
    context: str
    restrictions: tuple[Restriction, ...] = ()
    codes: tuple[CodeRestriction, ...] = ()
    look: Callable[[Element, Reading], None] | None = None
    not_below: tuple[str, ...] = ()  # names of ancestors under which it does not count


@dataclass(slots=True)
class Reading:
    """What came out of one file. ``failures`` are those of the syntax: (rule, element)."""

    invoice: Invoice
    grammar: Names
    failures: list[tuple[str, Element]] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    chorus: ChorusData | None = None  # once somebody has looked for it
    kept: dict[str, Any] = field(default_factory=dict)  # by the looks of a syntax, until they have seen the whole
    unreadables: list[tuple[Element, str, str]] = field(default_factory=list)  # element, text, what it should be
    counts: dict[Restriction, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)  # how often each rule, also beyond MAX_EACH
    left: list[Element] = field(default_factory=list)  # elements that say something and have no place in the model
    left_of_a_name: dict[str, int] = field(default_factory=dict)  # how many, also beyond those that are kept
    groups: int = 0
    numbers: Numbers = field(default_factory=dict)  # for whoever asks where things stand: see `paths.path_of`

    def fail(self, rule: str, element: Element) -> None:
        count = self.failed[rule] = self.failed.get(rule, 0) + 1
        if count <= MAX_EACH:
            self.failures.append((rule, element))

    def count(self) -> None:
        """One more group or value of a list."""
        self.groups += 1
        if self.groups > MAX_GROUPS:
            raise TooMany(f"more than {MAX_GROUPS} groups and values of lists")

    def leave(self, element: Element) -> None:
        """Note an element that is not kept: whoever writes or draws the invoice says so (`left`)."""
        if not any(text.strip() for text in element.itertext()):
            return
        name = str(element.tag)
        count = self.left_of_a_name.get(name, 0) + 1
        if count > 1 or len(self.left_of_a_name) < MAX_LEFT:
            self.left_of_a_name[name] = count
        if count <= MAX_LEFT_OF_A_NAME and len(self.left) < MAX_LEFT:
            self.left.append(element)

    def unreadable(self, element: Element, text: str, wanted: str) -> None:
        self.unreadables.append((element, text, wanted))


def made(model: type[Any], values: Values, element: Element) -> Any:
    """The group of these values, its lists closed. A name starting with ``_`` that no ``finish`` took is dropped.

    The fields are put into their slots directly: a frozen dataclass's own constructor takes twice the time, and this
    is called for every group of every line.
    """
    put_source, lists, rows = _SHAPES.get(model) or _shape(model)
    for name in lists:
        if name in values:
            values[name] = tuple(values[name])
    group = object.__new__(model)
    put_source(group, element)
    get = values.get
    for name, put, default in rows:
        put(group, get(name, default))
    return group


_Put = Callable[[Any, Any], None]
_Shape = tuple[_Put, tuple[str, ...], tuple[tuple[str, _Put, Any], ...]]
_SHAPES: dict[type[Any], _Shape] = {}


def _shape(model: type[Any]) -> _Shape:
    """How a model is put together: its source's slot, its lists, every other field's slot and default."""
    rows = [row for row in fields(model) if row.name != "source"]
    if any(row.default is MISSING for row in rows):
        raise TypeError(f"{model.__name__}: every field needs a default that is a value")
    shape = (
        model.source.__set__,
        tuple(row.name for row in rows if row.default == ()),
        tuple((row.name, getattr(model, row.name).__set__, row.default) for row in rows),
    )
    _SHAPES[model] = shape
    return shape
