"""How counts are written."""

from __future__ import annotations

import pytest

from plainchant.einvoice.wording import counted


@pytest.mark.parametrize(
    ("number", "singular", "plural", "written"),
    [
        (0, "facture", "", "0 facture"),
        (1, "autre", "", "1 autre"),
        (2, "autre", "", "2 autres"),
        (1, "jour ouvré", "jours ouvrés", "1 jour ouvré"),
        (3, "jour ouvré", "jours ouvrés", "3 jours ouvrés"),
    ],
)
def test_a_count_agrees(number: int, singular: str, plural: str, written: str) -> None:
    assert counted(number, singular, plural) == written
