"""Archives are read one file at a time, and never for ever."""

import io
import tarfile
import zipfile

import pytest

from plainchant.einvoice.syntaxes import archive
from plainchant.einvoice.syntaxes.archive import BadArchive, is_litter, is_signature, members


def tar(files: dict[str, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as made:
        for name, data in files.items():
            row = tarfile.TarInfo(name)
            row.size = len(data)
            made.addfile(row, io.BytesIO(data))
    stream.seek(0)
    return stream


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    stream.seek(0)
    return stream


@pytest.mark.parametrize(("make", "name"), [(tar, "lot.tar.gz"), (zipped, "lot.zip")])
def test_each_file_comes_with_its_name(make, name):
    files = {"a.xml": b"<a/>", "dossier/b.xml": b"<b/>"}
    assert dict(members(make(files), name=name)) == files


@pytest.mark.parametrize(("make", "name"), [(tar, "lot.tar.gz"), (zipped, "lot.zip")])
def test_a_cut_archive_is_refused_with_a_sentence(make, name):
    whole = make({"a.xml": b"<a/>" * 5000}).getvalue()
    with pytest.raises(BadArchive, match="abîmée"):
        list(members(io.BytesIO(whole[: len(whole) // 2]), name=name))


@pytest.mark.parametrize(("make", "name"), [(tar, "lot.tar.gz"), (zipped, "lot.zip")])
def test_what_comes_out_is_counted_not_what_was_declared(make, name, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1000)
    with pytest.raises(BadArchive, match="trop lourd"):
        list(members(make({"bombe.xml": b"\0" * 100_000}), name=name))


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    with pytest.raises(BadArchive, match="plus de 2"):
        list(members(zipped({str(n): b"" for n in range(3)}), name="lot.zip"))


@pytest.mark.parametrize(
    "name",
    [
        "Thumbs.db",
        "envoi/THUMBS.DB",
        "desktop.ini",
        ".DS_Store",
        "__MACOSX/f.xml",
        "a\\~$facture.xlsx",
        "f.xml.sig.xml",
    ],
)
def test_what_file_managers_leave_and_signatures_are_no_documents(name):
    assert is_litter(name)


@pytest.mark.parametrize("name", ["facture.xml", "sig.xml", "desktop.ini.xml", "thumbs.pdf", "facture-signee.pdf"])
def test_an_invoice_is_one_whatever_it_is_called(name):
    assert not is_litter(name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_detached_signature_is_known_by_its_root(encoding):
    signature = '<?xml version="1.0"?><!-- x --><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    assert is_signature(signature.encode(encoding))
    inside = '<Invoice xmlns="urn:x"><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></Invoice>'
    assert not is_signature(inside.encode(encoding))
