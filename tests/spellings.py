"""The ways in which people write an identifier: check, deposit, entry, tables and flows read them all alike."""

from __future__ import annotations

_FULL_WIDTH = {code: code - ord("!") + ord("！") for code in range(ord("!"), ord("~") + 1)}


def spellings(number: str) -> list[str]:
    """``number`` parted by spaces of three widths, by points and by dashes, with a space behind, and in full width."""
    parts = [part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part]
    parted = [separator.join(parts) for separator in (" ", "\u00a0", "\u202f", ".", "-")]
    return [*parted, f"{number}\u00a0", number.translate(_FULL_WIDTH)]
