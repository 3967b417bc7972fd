"""What cannot be handed in is refused in a sentence that says what, where and how to mend it."""

from __future__ import annotations

import pytest

from plainchant.portal.deposits.uploads import UploadRefused, check_attachment, check_invoice_file

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("facture.pdf", 0, "est vide"),
        ("facture.pdf", 11 * MB, "11,0 Mo"),
        ("facture", 1000, "Ajoutez « .pdf »"),
        ("f" * 296 + ".pdf", 1000, "300 caractères"),
        ("facture.xls", 1000, "Enregistrer au format PDF"),
        ("photo.JPG", 1000, "Imprimer"),
        ("facture.exe", 1000, ".exe"),
    ],
)
def test_an_invoice_file_is_refused_with_its_mend(name: str, size: int, said: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        check_invoice_file(name=name, size=size)
    assert said in refused.value.sentence.replace("\u00a0", " ")
    assert refused.value.field == "file"


@pytest.mark.parametrize("name", ["facture.pdf", "Facture mars.PDF", "f" * 196 + ".pdf"])
def test_an_ordinary_pdf_passes(name: str) -> None:
    check_invoice_file(name=name, size=10 * MB)


@pytest.mark.parametrize(
    ("name", "size", "other", "said"),
    [
        ("rib.pdf", 0, 0, "est vide"),
        ("rib.pdf", 10 * MB + 1, 0, "10 Mo au plus"),
        ("rib.pdf", 5 * MB, 116 * MB, "120 Mo"),
        ("r" * 47 + ".pdf", 10, 0, "51 caractères"),
        ("rib", 10, 0, "extension"),
        ("rib.exe", 10, 0, ".exe"),
        ("deja.pdf", 10, 0, "déjà"),
    ],
)
def test_an_attachment_is_refused_with_its_mend(name: str, size: int, other: int, said: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        check_attachment(name=name, size=size, other_bytes=other, other_names=["deja.pdf"])
    assert said in refused.value.sentence.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["rib.pdf", "bon.ODT", "dessin.svg", "r" * 46 + ".pdf"])
def test_an_ordinary_attachment_passes(name: str) -> None:
    check_attachment(name=name, size=10 * MB, other_bytes=110 * MB)
