"""The list of who helps: the operator's file, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainchant.help.helpers import UNIONS, HelperLink, HelpersUnreadable, helpers, read_helpers

MINE = """
[[qui]]
nom = "Maison des artistes de Valbrume"
texte = "Le mardi matin, avec votre facture : on la dépose ensemble."
adresse = "3 rue du Lavoir, Valbrume"
liens = { "Son site" = "https://maison.valbrume.example/", "Écrire" = "mailto:aide@valbrume.example" }
"""


def test_without_a_file_it_is_the_unions() -> None:
    assert helpers() == UNIONS
    assert [union.name for union in UNIONS] == ["USOPAVE", "CAAP", "SELF", "SNP", "UNPI"]
    assert all(union.links for union in UNIONS)


def test_the_file_of_the_operator_replaces_them(tmp_path: Path) -> None:
    (tmp_path / "qui.toml").write_text(MINE)
    (helper,) = helpers(str(tmp_path / "qui.toml"))
    assert helper.name == "Maison des artistes de Valbrume"
    assert helper.text == "Le mardi matin, avec votre facture\u00a0: on la dépose ensemble."
    assert helper.links[1] == HelperLink(label="Écrire", url="mailto:aide@valbrume.example")


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("[[qui]]", "[[qui", "ne se lit pas"),
        ("[[qui]]", "[[que]]", "blocs"),
        ("texte = ", "text = ", "« text »"),
        ('nom = "Maison des artistes de Valbrume"', 'nom = ""', "le nom ou le texte"),
        ('nom = "Maison des artistes de Valbrume"', "nom = 3", "« nom »"),
        ("https://maison", "javascript://maison", "https:// ou mailto:"),
        ("https://maison.valbrume.example/", "https:", "https:// ou mailto:"),
        ("mailto:aide@", "mailto:aide.", "https:// ou mailto:"),
        ('liens = { "Son site" =', 'liens = ["Son site"] #', "s’écrivent"),
        ("Le mardi matin", "Le mardi matin" * 50, "signes au plus"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, before: str, after: str, why: str) -> None:
    assert before in MINE
    (tmp_path / "qui.toml").write_text(MINE.replace(before, after))
    with pytest.raises(HelpersUnreadable, match=why):
        read_helpers(tmp_path / "qui.toml")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HelpersUnreadable, match="ne se lit pas"):
        read_helpers(tmp_path / "absent.toml")
