"""What an archive holds, one file at a time, bounded: never unpacked on disk, never wholly in memory."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from plainchant.einvoice.codes.attachments import MEBIBYTE, megabytes

from .xml import head_of

MAX_FILES = 1_000
MAX_FILE_BYTES = 120 * MEBIBYTE
MAX_BYTES = 1024 * MEBIBYTE
MAX_ENTRIES = 10 * MAX_FILES  # of a .tar, with folders and links
MAX_HEADER_BYTES = MEBIBYTE  # of the long names and remarks before a file of a .tar, which are read whole
_LOCAL_HEADER = 30  # bytes before the name of a file of a .zip


class BadArchive(Exception):
    """The archive cannot be read, or holds more than one flow may. The message is French; ``code`` is of the reform's
    list of files that cannot be taken: IRR_SYNTAX, IRR_TAILLE_F."""

    def __init__(self, message: str, code: str = "IRR_SYNTAX") -> None:
        super().__init__(message)
        self.code = code


def members(
    stream: BinaryIO, *, name: str, max_bytes: int | None = None, is_wanted: Callable[[str], bool] = lambda name: True
) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file of a .tar.gz, .tgz, .tar or .zip, each of ``max_bytes`` at most (120 MiB).

    ``is_wanted`` is asked once a file, in order; what is not wanted is not read. BadArchive on trouble, also half-way.
    """
    try:
        rows = _zip(stream) if name.lower().endswith(".zip") else _tar(stream)
        yield from _bounded(rows, max_bytes or MAX_FILE_BYTES, is_wanted)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        raise BadArchive(
            "Cette archive est abîmée ou protégée : elle n’a pas pu être lue en entier. Créez-la de nouveau."
        ) from None


# What file managers and office programs leave in a folder, and signatures beside what they sign.
_LITTER_NAMES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "folder.htt"})
_SIGNATURE_NAMES = (".sig", ".sig.xml", ".p7s", ".asc", ".xsig", ".xades", ".xades.xml", ".signature.xml", ".tsr")
_SIGNATURE_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:Signature|XAdESSignatures|ASiCManifest)[\s>/]")
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_][^>]*>")


def is_litter(name: str) -> bool:
    """Whether a file of an archive or a folder is no document by its name: left by a file manager, or a signature."""
    path = name.replace("\\", "/")
    last = path.rpartition("/")[2].lower()
    return (
        last.startswith((".", "~$"))
        or "__macosx/" in path.lower()
        or last in _LITTER_NAMES
        or last.endswith(_SIGNATURE_NAMES)
    )


def is_signature(data: bytes) -> bool:
    """Whether an XML file is a detached signature, whatever its name."""
    first = _FIRST_ELEMENT.search(head_of(data, size=4_000))
    return first is not None and _SIGNATURE_ROOT.match(first[0]) is not None


def is_archive(name: str) -> bool:
    return name.lower().endswith((".tar.gz", ".tgz", ".tar", ".zip"))


def is_tar(data: bytes) -> bool:
    """Whether these are the first bytes of a .tar, which begins with the name of its first file."""
    return data[257:262] == b"ustar"


def _bounded(
    rows: Iterator[tuple[str, BinaryIO]], max_bytes: int, is_wanted: Callable[[str], bool]
) -> Iterator[tuple[str, bytes]]:
    left = MAX_BYTES
    for number, (name, stream) in enumerate(rows):
        if number >= MAX_FILES:
            raise _too_many()
        if not is_wanted(name):
            continue
        # The size an archive declares may lie: what counts is what comes out.
        data = stream.read(min(max_bytes, left) + 1)
        if len(data) > max_bytes or len(data) > left:
            raise BadArchive(
                f"Le fichier {name[:80]} de l’archive est trop lourd : {megabytes(max_bytes)} au plus pour une "
                f"facture, 1 Go pour l’archive. Retirez-le, ou allégez-le.",
                "IRR_TAILLE_F",
            )
        left -= len(data)
        yield name, data
        del data  # a hundred megabytes: not while the next ones are read


def _too_many() -> BadArchive:
    return BadArchive(
        f"L’archive contient plus de {MAX_FILES} fichiers. Répartissez-les en plusieurs envois.", "IRR_TAILLE_F"
    )


def _too_big() -> BadArchive:
    return BadArchive(
        "Une fois ouverte, l’archive pèse plus de 1 Go. Répartissez ses factures en plusieurs envois.", "IRR_TAILLE_F"
    )


_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


class _Member(tarfile.TarInfo):
    """A member of a .tar, refused by its header where opening it costs far more than it weighs.

    The methods are those by which `tarfile` reads the member behind a header (the same since Python 3.2).
    """

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type == tarfile.GNUTYPE_SPARSE:
            self._refuse()
        if self.type in _HEADERS and self.size > MAX_HEADER_BYTES:
            raise tarfile.ReadError("a header of this size describes no file")
        member: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return member

    def _refuse(self, *_: object) -> None:
        raise BadArchive(
            "L’archive contient un fichier « creux » (sparse), que nous ne lisons pas. Créez-la de nouveau en .zip, "
            "ou avec tar sans l’option --sparse."
        )

    _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _refuse


def _tar(stream: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    left = MAX_BYTES
    with tarfile.open(fileobj=stream, mode="r|*", tarinfo=_Member) as archive:
        for number, member in enumerate(archive):
            if number >= MAX_ENTRIES:
                raise _too_many()
            left -= member.size  # also of what is passed over: it is inflated all the same
            if left < 0:
                raise _too_big()
            if member.isfile():
                yield member.name, archive.extractfile(member) or io.BytesIO()  # type: ignore[misc]


def _zip(stream: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    if not has_small_directory(stream):
        raise _too_many()
    with zipfile.ZipFile(stream) as archive:
        if overlaps(archive):
            raise BadArchive(
                "Les fichiers de l’archive se chevauchent : elle est abîmée, ou faite pour nuire. Créez-la de nouveau."
            )
        if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
            raise _too_big()
        for member in archive.infolist():
            if not member.is_dir():
                with archive.open(member) as content:
                    yield member.filename, content  # type: ignore[misc]


def overlaps(archive: zipfile.ZipFile) -> bool:
    """Whether two files of a ZIP share bytes, as those of a bomb do that weighs kilobytes and holds gigabytes."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        if member.header_offset < end:
            return True
        end = member.header_offset + _LOCAL_HEADER + len(member.orig_filename) + member.compress_size
    return end > archive.start_dir


def has_small_directory(stream: BinaryIO) -> bool:
    """Whether a ZIP's directory is of a size that `MAX_FILES` can have: zipfile reads it whole before it is asked."""
    stream.seek(0, io.SEEK_END)
    end = stream.tell()
    stream.seek(max(0, end - _END_OF_ZIP))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 16:
        return True  # zipfile says itself that it is none
    return int.from_bytes(tail[at + 12 : at + 16], "little") <= MAX_FILES * _LONGEST_ENTRY


_END_OF_ZIP = 22 + 65_535  # the last record and the comment that may follow
_LONGEST_ENTRY = 2_048
