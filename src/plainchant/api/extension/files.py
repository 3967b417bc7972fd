"""The file that a program has looked at: its bytes, at most so many. Nothing of it is kept."""

from __future__ import annotations

from plainchant.api.answers import Stopped
from plainchant.api.operation import MIB
from plainchant.api.values import Base64File

MOST_FILE = 20 * MIB  # what « Vérifier une facture » takes
MOST_BODY = MOST_FILE // 3 * 4 + MIB


def content_of(file: Base64File) -> bytes:
    """Raises Stopped for one that is too large."""
    if file.size > MOST_FILE:
        raise Stopped(413, f"Ce fichier dépasse {MOST_FILE >> 20} Mo.")
    file.content.seek(0)
    return file.content.read()
