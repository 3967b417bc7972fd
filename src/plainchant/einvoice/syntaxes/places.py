"""From a value of the model back to where it was read: its element, a path a person can follow, a line.

Nothing is kept while reading but each group's element: the binding says the rest, and only findings ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plainchant.einvoice.model import Group as ModelGroup

from .binding import Element, Lead, Leaf, TermGroup, string
from .paths import Numbers, path_of
from .reading import Names

MAX_VALUE = 200  # of a value shown in a finding


@dataclass(frozen=True, slots=True)
class PlaceInFile:
    """``path`` is an XPath with the usual prefixes: of an absent term, where it should be. ``value`` as read."""

    path: str
    line: int | None
    value: str


NOWHERE = PlaceInFile("", None, "")


def place(grammar: Names, group: Any, field: str, numbers: Numbers | None = None) -> PlaceInFile:
    """Where ``field`` of ``group`` (a model's, or an element) stands. NOWHERE for what was not read from a file."""
    source = group.source if isinstance(group, ModelGroup) else group
    if source is None or not hasattr(source, "getroottree"):
        return NOWHERE
    own = path_of(source, numbers)
    steps = _steps(bound_below(grammar, source), field) if field else None
    if steps is None:
        return PlaceInFile(own, source.sourceline, "" if len(source) else _short(string(source)))
    at: Element = source
    for number, step in enumerate(steps):
        if step.startswith("@"):
            value = at.get(step[1:]) or ""
            return PlaceInFile(f"{path_of(at, numbers)}/{step}", at.sourceline, _short(value))
        below = at.find(grammar.clark(step))
        if below is None:
            missing = "/".join(steps[number:])
            return PlaceInFile(f"{path_of(at, numbers)}/{missing}", at.sourceline, "")
        at = below
    return PlaceInFile(path_of(at, numbers), at.sourceline, "" if len(at) else _short(string(at)))


def element_of(grammar: Names, group: Any, field: str) -> Element | None:
    """The element ``field`` of ``group`` is written in, None when there is none."""
    source = group.source if isinstance(group, ModelGroup) else group
    steps = _steps(bound_below(grammar, source), field) if source is not None else None
    if steps is None:
        return None
    at: Element | None = source
    for step in steps:
        if at is None or step.startswith("@"):
            break
        at = at.find(grammar.clark(step))
    return at


def _short(value: str) -> str:
    return value if len(value) <= MAX_VALUE else value[: MAX_VALUE - 1] + "…"


def bound_below(grammar: Names, element: Element) -> dict[str, Any]:
    """The binding below an element: followed from the root by the names of its ancestors."""
    names = [grammar.name(str(at.tag)) for at in element.iterancestors()]
    names.reverse()
    names.append(grammar.name(str(element.tag)))
    children: Any = grammar.binding.children
    for name in names[1:]:
        bound = children.get(name)
        if isinstance(bound, TermGroup | Lead):
            children = bound.children
        elif isinstance(bound, dict):
            children = bound
        else:
            return {}
    return dict(children)


def _steps(children: dict[str, Any], field: str) -> tuple[str, ...] | None:
    """The way down to a field of the same group, None when a ``finish`` makes it."""
    return _way(children, field, through=False) or _way(children, field, through=True)


def _way(children: dict[str, Any], field: str, *, through: bool) -> tuple[str, ...] | None:
    """``through``: also through named groups built by a ``finish``, which may lift what they hold (CII's quantity)."""
    for name, bound in children.items():
        if isinstance(bound, Leaf):
            if bound.field == field:
                return (name,)
            for attribute, target in bound.attributes:
                if target == field:
                    return (name, f"@{attribute}")
            continue
        below = None
        if isinstance(bound, TermGroup):
            if bound.field == field:
                return (name,)
            if through and bound.field and bound.model is None:
                below = _way(bound.children, field, through=True)
        else:
            below = _way(bound.children if isinstance(bound, Lead) else bound, field, through=through)
        if below is not None:
            return (name, *below)
    return None
