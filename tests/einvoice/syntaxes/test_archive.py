"""Archives are read one file at a time, and never for ever."""

import copy
import gzip
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


def noted(notes: dict[str, str], *, kind: bytes = tarfile.REGTYPE, data: bytes = b"1\n0\n9999999999\n") -> io.BytesIO:
    """A .tar whose one member has such a pax header before it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as made:
        member = tarfile.TarInfo("facture.xml")
        member.type, member.size, member.pax_headers = kind, len(data), notes
        made.addfile(member, io.BytesIO(data))
    stream.seek(0)
    return stream


SPARSE = {
    "0.0": {"GNU.sparse.size": "9999999999", "GNU.sparse.numblocks": "1"},
    "0.1": {"GNU.sparse.map": "0,1", "GNU.sparse.size": "9999999999"},
    "1.0": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9999999999"},
}


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.CONTTYPE, tarfile.DIRTYPE, b"?"], ids=str)
@pytest.mark.parametrize("version", SPARSE)
def test_a_sparse_file_is_refused_before_it_is_opened_whatever_its_type(version, kind):
    with pytest.raises(BadArchive, match="creux") as refusal:
        list(members(noted(SPARSE[version], kind=kind), name="lot.tar"))
    assert refusal.value.code == "IRR_SYNTAX"


def test_a_sparse_file_of_the_old_kind_is_refused_too():
    with pytest.raises(BadArchive, match="creux"):
        list(members(noted({}, kind=tarfile.GNUTYPE_SPARSE), name="lot.tar"))


def test_a_header_that_is_read_whole_is_small(monkeypatch):
    monkeypatch.setattr(archive, "MAX_HEADER_BYTES", 5_000)
    assert [name for name, _ in members(noted({"comment": "x" * 4_000}), name="lot.tar")] == ["facture.xml"]
    with pytest.raises(BadArchive, match="abîmée"):
        list(members(noted({"comment": "x" * 6_000}), name="lot.tar"))


def test_what_is_passed_over_counts_too(monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 10_000)
    litter = tar({"Thumbs.db": bytes(20_000), "facture.xml": b"<a/>"})
    with pytest.raises(BadArchive, match="1 Go") as refusal:
        list(members(litter, name="lot.tar.gz", is_wanted=lambda name: not is_litter(name)))
    assert refusal.value.code == "IRR_TAILLE_F"


def test_folders_without_end_are_too_many_files(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 50)
    folder = tarfile.TarInfo("x")
    folder.type = tarfile.DIRTYPE
    with pytest.raises(BadArchive, match="plus de 1000"):
        list(members(io.BytesIO(gzip.compress(folder.tobuf() * 60)), name="lot.tar.gz"))


def test_files_that_share_their_bytes_are_refused():
    """The whole overlap: one file, named many times in the directory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("facture.xml", bytes(1_000_000))
        made.filelist += [copy.copy(made.filelist[0]) for _ in range(200)]
    with pytest.raises(BadArchive, match="se chevauchent") as refusal:
        list(members(stream, name="lot.zip"))
    assert refusal.value.code == "IRR_SYNTAX"


def test_a_file_that_contains_the_next_is_refused():
    """The quoted overlap: a stored file whose bytes are the next file, header and all."""
    inner = zipped({"b.xml": b"<b/>" * 500}).getvalue()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a.xml", inner)
        quoted = zipfile.ZipFile(io.BytesIO(inner)).filelist[0]
        quoted.header_offset = 30 + len("a.xml")
        made.filelist.append(quoted)
    with pytest.raises(BadArchive, match="se chevauchent"):
        list(members(stream, name="lot.zip"))


def test_what_all_files_declare_is_added_up_before_one_is_read(monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    with pytest.raises(BadArchive, match="1 Go"):
        list(members(zipped({str(n): bytes(400_000) for n in range(3)}), name="lot.zip", is_wanted=lambda name: False))


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
