"""The threads that typst lays pages out with, started while the process may still start some."""

from __future__ import annotations

import typst


def start_threads() -> None:
    """Draw an empty page. typst makes its threads once a process, at its first page, and gives up without them."""
    typst.compile(b"", ignore_system_fonts=True)
