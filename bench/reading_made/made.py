"""A document whose contents are known: what every family of the bench yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .facts import TrueLine


@dataclass(frozen=True)
class Made:
    """`says` is what the pages show. `implied` is what follows from it without being printed: read, it is no error.

    `is_known_whole`: whether `says` has all that stands there, so that any other value was read in vain.
    """

    name: str  # layout and seed, or file
    pdf: bytes
    says: dict[str, str]
    lines: tuple[TrueLine, ...]
    implied: Mapping[str, str] = field(default_factory=dict)
    is_known_whole: bool = True
    rate_count: int = 0  # 0: not known
