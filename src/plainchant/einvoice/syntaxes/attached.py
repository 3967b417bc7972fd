"""Attachments as Chorus Pro's own forms carry them: base64 of a ZIP that holds exactly one file, opened with care.

What a ZIP says of itself may lie. Only its one file is read, only as far as the size allowed, and a directory that
would cost memory is refused before it is looked at.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
import zlib
from typing import Literal

from plainchant.einvoice.codes.attachments import MAX_FILE_BYTES

Trouble = Literal["base64", "zip", "size"]
_MAX_DIRECTORY = 4096  # bytes of a ZIP's directory; one file needs 46 and its name, a few folders as much each
_END, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
_END_LENGTH, _COMMENT = 22, 1 << 16


class BadAttachment(ValueError):
    """Not base64 ("base64"), no ZIP of one file that can be read ("zip"), or too big ("size")."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble: Trouble = trouble


def opened(content: str, *, max_bytes: int = MAX_FILE_BYTES) -> tuple[str, bytes]:
    """The name and the bytes of the one file in ``content``, base64 of a ZIP. BadAttachment when it is not one."""
    return unzipped(decoded(content, max_bytes=max_bytes), max_bytes=max_bytes)


def decoded(content: str, *, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of what is written in base64, spaces and line ends left out. BadAttachment: "base64" or "size"."""
    # A ZIP is hardly bigger than what it holds: what is longer is not even decoded. Base64 is 4 for 3, plus line ends.
    if len(content) > max_bytes * 3 // 2 + _COMMENT:
        raise BadAttachment("size")
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadAttachment("base64") from None


def unzipped(data: bytes, *, max_bytes: int = MAX_FILE_BYTES) -> tuple[str, bytes]:
    """The name, without folders, and the bytes of the one file of a ZIP. BadAttachment: "zip" or "size"."""
    if not _has_small_directory(data):
        raise BadAttachment("zip")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            # Other compressions ask for memory before they give a byte, and nobody uses them here.
            if len(members) != 1 or members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BadAttachment("zip")
            if members[0].file_size > max_bytes:
                raise BadAttachment("size")
            # zipfile gives no more than the size declared, and an error when the sum of the bytes is not theirs.
            return members[0].filename.rpartition("/")[2], archive.read(members[0])
    except BadAttachment:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise BadAttachment("zip") from None


def _has_small_directory(data: bytes) -> bool:
    """Whether the directory that `zipfile` will read, found as it finds it, is that of a few files."""
    end = len(data) - _END_LENGTH
    if end < 0:
        return False
    if not (data.startswith(_END, end) and data.endswith(b"\0\0")):
        start = max(end - _COMMENT, 0)
        end = data.rfind(_END, start)
        if end < 0 or end + _END_LENGTH > len(data):
            return False
    if data.startswith(_ZIP64, max(end - 20, 0)):
        return False
    return int.from_bytes(data[end + 12 : end + 16], "little") <= _MAX_DIRECTORY


def zipped(name: str, content: bytes) -> bytes:
    """A ZIP of one file, the same bytes for the same file: its date is fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def packed(name: str, content: bytes) -> str:
    """A file as the forms want it: zipped alone, in base64."""
    return base64.b64encode(zipped(name, content)).decode()
