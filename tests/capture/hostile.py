"""PDF files that are not what they should be, built byte by byte."""

from __future__ import annotations

import io
import zlib

from PIL import Image


def pdf_of(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """Objects numbered from 1 (the first is the catalogue) as a PDF file with its table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer << /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def one_page(
    content: bytes, *, media_box: bytes = b"[0 0 595 842]", is_packed: bool = False, fonts: bytes = b""
) -> bytes:
    """A page that draws `content`; with `is_packed`, `content` is already deflated. `fonts`: names and objects."""
    packed = b" /Filter /FlateDecode" if is_packed else b""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox "
            + media_box
            + b" /Contents 4 0 R /Resources << /Font << "
            + fonts
            + b" >> >> >>",
            b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), packed, content),
        ]
    )


def locked() -> bytes:
    """A file that needs a password (its keys match none)."""
    keys = b"/O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b">"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            b"<< /Filter /Standard /V 1 /R 2 " + keys + b" /P -4 >>",
        ],
        trailer=b"/Encrypt 4 0 R /ID [<" + b"43" * 16 + b"> <" + b"43" * 16 + b">]",
    )


def many_pages(count: int) -> bytes:
    """A file of `count` empty pages."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    pages = [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * count
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
            *pages,
        ]
    )


def picture() -> bytes:
    """A scan: one page that holds an image and no text."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF")
    return out.getvalue()


def endless_drawing() -> bytes:
    """Drawings that each draw the next one ten times, nine deep: small in memory, endless in time."""
    depth = 9
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>",
        b"<< /Length 5 >>\nstream\n/F Do\nendstream",
    ]
    for level in range(depth):
        body = b"/F Do " * 10 if level < depth - 1 else b"0 0 500 800 re f "
        resources = b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] %s /Length %d >>\nstream\n%s\nendstream"
            % (resources if level < depth - 1 else b"", len(body), body)
        )
    return pdf_of(objects)


def memory_bomb() -> bytes:
    """A few kilobytes that inflate, in two steps, to more than a process may hold."""
    inner = zlib.compressobj(9)
    header = inner.compress(b"") + inner.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a block depends on nothing before it: one block of zeros, repeated, is 2.5 GiB of them.
    block = inner.compress(bytes(1 << 24)) + inner.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(header + block * 160 + inner.flush(), 9)
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
            b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    )
