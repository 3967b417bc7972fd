"""Read the body of a request: a small JSON document, and beside it the files that came in its strings.

Files are base64 in a string. A string longer than LONG is decoded as it arrives and put aside, in memory up to
IN_MEMORY, then on disk; the document has a token in its place. So a file of 100 MB is never in memory.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .values import Base64File

LONG = 64 << 10
IN_MEMORY = 1 << 20
MOST_DOCUMENT = 4 << 20  # without its long strings: a search of ten thousand suppliers
MOST_FILES = 32
_PIECE = 256 << 10

# The inside of a string, up to the quote that ends it or a backslash of which the rest has not arrived.
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:u00([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {b"n": b"", b"r": b"", b"t": b"", b"/": b"/"}


class BodyTooLarge(Exception):
    """The body, or its document, is larger than what the operation takes."""


class Body:
    """A body that was read: ``document`` is JSON, in which each token of ``files`` stands for a file."""

    def __init__(self) -> None:
        self.document = b""
        self.files: dict[str, Base64File] = {}
        self.fingerprint = ""  # SHA-256 of all that arrived, where it was asked for
        self.token = secrets.token_hex(16)

    def is_token(self, text: str) -> bool:
        return text.startswith(self.token)

    def file_of(self, text: str) -> Base64File:
        """The file that a string of the document is, or stands for."""
        if self.is_token(text):
            return self.files[text]
        decoding = _Decoding()
        decoding.write(text.encode())
        return self.files.setdefault(f"short {len(self.files)}", decoding.finish())


@contextmanager
def read_body(stream: IO[bytes], *, most: int, is_fingerprinted: bool = False) -> Iterator[Body]:
    """The body of a request; its files are gone when the block ends. Raises BodyTooLarge."""
    body = Body()
    seen = hashlib.sha256() if is_fingerprinted else None
    try:
        _read(stream, body, most, seen)
        body.fingerprint = seen.hexdigest() if seen else ""
        yield body
    finally:
        for file in body.files.values():
            file.content.close()


def _read(stream: IO[bytes], body: Body, most: int, seen: Any) -> None:
    document = bytearray()
    aside: _Decoding | None = None
    is_inside = False
    start = total = 0
    rest = b""
    while piece := stream.read(_PIECE):
        total += len(piece)
        if seen is not None:
            seen.update(piece)
        if total > most:
            raise BodyTooLarge
        data, at = rest + piece, 0
        rest = b""
        while at < len(data):
            if not is_inside:
                end = data.find(b'"', at) + 1 or len(data)
                document += data[at:end]
                is_inside, start = data[end - 1] == _QUOTE, len(document)
                at = end
                continue
            end = _INSIDE.match(data, at).end()  # type: ignore[union-attr]
            if aside is not None:
                aside.write(data[at:end])
            else:
                document += data[at:end]
            if aside is None and len(document) - start > LONG:
                if len(body.files) >= MOST_FILES:
                    raise BodyTooLarge
                aside = _Decoding()
                aside.write(bytes(document[start:]))
                del document[start:]
            at = end
            if at == len(data):
                break
            if data[at] != _QUOTE:
                rest = data[at:]
                break
            if aside is not None:
                name = f"{body.token}{len(body.files)}"
                body.files[name] = aside.finish()
                document += name.encode()
                aside = None
            document += b'"'
            is_inside = False
            at += 1
        if len(document) > MOST_DOCUMENT:
            raise BodyTooLarge
    body.document = bytes(document + rest)
    if aside is not None:
        aside.finish().content.close()


_QUOTE = ord('"')


class _Decoding:
    """Base64 that arrives in pieces of a JSON string, decoded into a file. Line breaks in it are passed over."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the body
        self._escape = b""  # the beginning of an escape that was cut
        self._left = b""  # up to three characters that are no whole group yet
        self._size = 0
        self._is_broken = False
        self._has_ended = False

    def write(self, piece: bytes) -> None:
        text = self._escape + piece
        self._escape = b""
        if b"\\" in text:
            last = text.rfind(b"\\", max(0, len(text) - 5))
            if last >= 0 and text[last + 1 : last + 2] in (b"u", b""):
                text, self._escape = text[:last], text[last:]
            text = _ESCAPE.sub(_unescaped, text)
        self._decode(self._left + text.translate(None, b" \r\n\t"))

    def _decode(self, text: bytes) -> None:
        if not text or self._is_broken:
            return
        whole = len(text) - len(text) % 4
        group, self._left = text[:whole], text[whole:]
        if not group:
            return
        self._is_broken = self._has_ended  # something stands behind the padding
        self._has_ended = group.endswith(b"=")
        try:
            data = a2b_base64(group, strict_mode=True)
        except NotBase64:
            self._is_broken = True
            return
        self._file.write(data)
        self._size += len(data)

    def finish(self) -> Base64File:
        self._file.seek(0)
        has_trouble = self._is_broken or bool(self._left) or bool(self._escape)
        if has_trouble:
            self._file.close()
            return Base64File(BytesIO(), 0, has_trouble=True)
        return Base64File(self._file, self._size)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return bytes([int(match[1], 16)])
    return _ESCAPED.get(match[2], match[0])  # what stays is no base64
