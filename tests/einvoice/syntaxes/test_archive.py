"""Archives are read one file at a time, and never for ever."""

import io
import tarfile
import zipfile

import pytest

from plainchant.einvoice.syntaxes import archive
from plainchant.einvoice.syntaxes.archive import BadArchive, members


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
