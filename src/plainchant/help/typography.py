"""French typography: the spaces that keep a sign on the line of its word."""

from __future__ import annotations

import re

_FIXED = "\u00a0"


def typeset(text: str) -> str:
    """``text`` with no-break spaces within « » and before : ; ! ? (Lexique de l'Imprimerie nationale)."""
    return re.sub(r" ([:;!?»])", rf"{_FIXED}\1", text.replace("« ", f"«{_FIXED}"))
