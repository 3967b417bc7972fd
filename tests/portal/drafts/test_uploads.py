"""What cannot be handed in is refused in a sentence that says what, where and how to mend it."""

from __future__ import annotations

import pytest

from plainchant.capture.kinds import kind_of
from plainchant.portal.drafts.uploads import UploadRefused, check_attachment, check_content, check_invoice_file
from tests.capture import hostile_workbooks
from tests.portal.flows.archives import archive

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("facture.pdf", 0, "est vide"),
        ("facture.pdf", 11 * MB, "11 Mo"),
        ("facture", 1000, "par exemple « .pdf »"),
        ("f" * 296 + ".pdf", 1000, "300 caractères"),
        ("facture.xlsm", 1000, ".xlsm"),
        ("facture.rtf", 1000, "Enregistrer au format PDF"),
        ("courriel.msg", 1000, "Enregistrez la facture qui y est jointe"),
        ("photo.avif", 1000, "au format JPEG"),
        ("facture.xml", 1000, "Envoyer des factures électroniques"),
        ("lot.tar.gz", 1000, "Envoyer des factures électroniques"),
        ("facture.exe", 1000, ".exe"),
    ],
)
def test_an_invoice_file_is_refused_with_its_mend(name: str, size: int, said: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        check_invoice_file(name=name, size=size)
    assert said in refused.value.sentence.replace("\u00a0", " ")
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    "name",
    [
        "facture.pdf",
        "Facture mars.PDF",
        "f" * 196 + ".pdf",
        "f.xls",
        "f.XLSX",
        "f.ods",
        "p.jpg",
        "p.JPEG",
        "p.png",
        "P.HEIC",
        "p.tif",
        "p.tiff",
        "p.webp",
    ],
)
def test_an_ordinary_document_passes(name: str) -> None:
    check_invoice_file(name=name, size=10 * MB)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("facture.pdf", hostile_workbooks.ODS, "classeur OpenDocument (.ods). Renommez-le « facture.ods »"),
        ("facture.xlsx", hostile_workbooks.XLS, "ancien classeur Excel (.xls). Renommez-le « facture.xls »"),
        ("facture.xls", b"%PDF-1.7\n", "un PDF. Renommez-le « facture.pdf »"),
        ("facture.xls", b"<html><table><tr><td>Facture", "une page web. Ouvrez-le"),
        ("facture.xls", b"N;Facture\n1;12", "un fichier de texte"),
        ("photo.jpg", b"\x89PNG\r\n\x1a\n", "une image PNG. Renommez-le « photo.png »"),
        ("photo.png", b"\0\0\0\x18ftypheic", "une photo HEIC. Renommez-le « photo.heic »"),
        ("photo.png", b"\0\0\0\x18ftypavif", "une image AVIF. Enregistrez"),
        (
            "facture.pdf",
            hostile_workbooks.packed({"word/document.xml": b"<a/>"}),
            "un document Word (.docx). Renommez-le « facture.docx »",
        ),
        ("facture.pdf", b"MZ\x90\0", "un programme"),
        ("facture.pdf", b"<?xml version='1.0'?><Invoice/>", "Envoyer des factures électroniques"),
        ("facture.pdf", bytes(300), "que nous ne reconnaissons pas"),
        ("facture.pdf", archive({"a.pdf": b"%PDF-1.7\n"}), "Envoyer des factures électroniques"),
        ("facture.pdf", archive({"a.pdf": b"%PDF-1.7\n"}, mode="w"), "Envoyer des factures électroniques"),
        ("facture.pdf", archive({"BM.pdf": b"%PDF-1.7\n"}, mode="w"), "Envoyer des factures électroniques"),
    ],
)
def test_a_name_that_does_not_say_what_the_file_is_gets_told_what_it_is(name: str, content: bytes, said: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        check_content(name=name, kind=kind_of(content))
    sentence = refused.value.sentence.replace("\u00a0", " ")
    assert said in sentence
    assert sentence.startswith(f"« {name} » porte le nom d")


def test_an_archive_without_what_its_name_promises_is_a_broken_document() -> None:
    with pytest.raises(UploadRefused) as refused:
        check_content(name="facture.ods", kind=kind_of(hostile_workbooks.packed({"a.txt": b"x"})))
    assert " est abîmé ou incomplet" in refused.value.sentence


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
