from __future__ import annotations

import pytest

from plainchant.portal.lib.elision import of, that


@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("Atelier Verre", "d’Atelier Verre"),
        ("ÉCOLE DES BRUMES", "d’ÉCOLE DES BRUMES"),
        ("Mairie de Valbrume", "de Mairie de Valbrume"),
        ("«\u00a0Atelier Verre\u00a0»", "d’«\u00a0Atelier Verre\u00a0»"),
        ("Hôpital d’Orméchaud", "d’Hôpital d’Orméchaud"),
        ("HOSPICES", "d’HOSPICES"),
        ("Hautes Terres", "de Hautes Terres"),
        ("Yannick", "de Yannick"),
        ("Yvelines", "d’Yvelines"),
        ("Onze rue", "de Onze rue"),
        ("3 rue", "de 3 rue"),
        ("", "de "),
    ],
)
def test_a_name_after_de(name: str, joined: str) -> None:
    assert of(name) == joined


def test_a_name_after_que() -> None:
    assert that("Atelier") == "qu’Atelier"
    assert that("Mairie") == "que Mairie"
