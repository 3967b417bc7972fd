"""What every group of terms (BG) has: where it was read, so that a finding can point at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``source`` is the element the group was read from, None when the invoice was made here.

    It takes no part in comparison: an invoice is what it says, not where it was written. `syntaxes.places` turns it,
    and the name of a field, into a path and a line.
    """

    source: Any = field(default=None, compare=False, repr=False)
