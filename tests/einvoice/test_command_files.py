"""A file that cannot be read or written is said in words, with what to do; nothing of the system's language."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from plainchant.einvoice.command.opening import unopened
from plainchant.einvoice.command.written import unwritten


@pytest.mark.parametrize("sentence", [unopened, unwritten])
def test_no_word_of_the_system_is_shown(sentence: Callable[[Path, OSError], str]) -> None:
    for code in errno.errorcode:
        words = sentence(Path("facture.xml"), OSError(code, "No such thing"))
        assert "facture.xml n’a pas pu être" in words
        assert "No such thing" not in words
        assert words.count(". ") >= 1, words  # what is wrong, then what to do


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as there:
        tmp_path.open("wb").close()
    assert "c’est un dossier" in unwritten(tmp_path, there.value)
