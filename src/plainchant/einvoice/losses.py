"""What an invoice says and the same invoice in another file does not: the terms, named in French.

What the file says and the model itself does not hold is `syntaxes.left`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from plainchant.einvoice.drawing.labels import FIELDS, GROUPS

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def labelled(paths: Iterable[str]) -> Iterator[str]:
    """Paths of terms (``lines[2].delivery.actual_date``) as people call them, each once: « Ligne 2, livraison… »."""
    seen = set()
    for path in paths:
        words: list[str] = []
        for name, number in _STEP.findall(path):
            word = GROUPS.get(name) or FIELDS.get(name) or name
            if words:
                word = word[:1].lower() + word[1:] if not word[:2].isupper() else word
            words.append(f"{word} {number}" if number else word)
        label = ", ".join(words)
        if label not in seen:
            seen.add(label)
            yield label


def differing(before: Any, after: Any, path: str = "") -> list[str]:
    """The paths of the terms of ``before`` that are not, or not the same, in ``after``."""
    if before == after or before is None or before == ():
        return []
    if is_dataclass(before) and type(before) is type(after):
        lost = []
        for row in fields(before):
            if row.compare:  # not where it stood
                name = f"{path}.{row.name}".lstrip(".")
                lost += differing(getattr(before, row.name), getattr(after, row.name), name)
        return lost
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True), 1)
        return [lost_path for n, (x, y) in pairs for lost_path in differing(x, y, f"{path}[{n}]")]
    return [path]
