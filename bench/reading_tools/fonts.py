"""The font files that reportlab and fpdf2 embed."""

from __future__ import annotations

from pathlib import Path

from .pen import NARROW, NO_BREAK

FOLDER = Path("/usr/share/fonts/truetype")


def font_file(name: str) -> str:
    """The path of a TrueType font. Raises ImportError, as a missing library does, where it is not installed."""
    for path in sorted(FOLDER.glob(f"**/{name}.ttf")):
        return str(path)
    raise ImportError(f"no font {name}.ttf under {FOLDER}")


def plain(text: str) -> str:
    """Without the narrow no-break space, which not all these fonts have."""
    return text.replace(NARROW, NO_BREAK)
