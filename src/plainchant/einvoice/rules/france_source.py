"""What only the file itself can say: whether an element stands there at all, which the model keeps no trace of.

Asked where a rule is about to fail, so its cost does not count.
"""

from __future__ import annotations

from typing import Any


def holds(group: Any, name: str) -> bool:
    """Whether the element a group was read from has a child of this local name. True for what was made here."""
    source = getattr(group, "source", None)
    return source is None or any(_is(child, name) for child in source)


def holds_bare(group: Any, name: str) -> bool:
    """Whether it has such a child without a schemeID. False for what was made here: a writer knows better."""
    source = getattr(group, "source", None)
    return source is not None and any(_is(child, name) and child.get("schemeID") is None for child in source)


def _is(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and element.tag.endswith("}" + name)
