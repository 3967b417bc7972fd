"""Files that mean harm, and files that are merely broken: made by hand, or by seeded mutation of honest ones.

No Django. Nothing here is taken from anywhere: each case is written after the kind of attack it stands for.
"""

from __future__ import annotations

import bz2
import gzip
import io
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.portal.flows.archives import archive, zipped
from tests.web.verify.invoices import invoice

CANARY = "plainchant-canari"  # begins the name of every file that must never be written


@dataclass(frozen=True)
class Hostile:
    what: str
    name: str  # as the sender calls it
    content: bytes


def by_hand(*, secret_path: str, honest_pdf: bytes) -> Iterator[Hostile]:
    """``secret_path``: a file that an entity may ask for, and never get."""
    yield from _nothing_much()
    yield from _xml(secret_path)
    yield from _zips()
    yield from _tars()
    yield from _pdfs(honest_pdf)
    yield from _pictures()
    yield from _letters(secret_path)
    yield from _mails(honest_pdf)
    yield from _disguised(honest_pdf)


def _nothing_much() -> Iterator[Hostile]:
    yield Hostile("no byte", "facture.pdf", b"")
    yield Hostile("no byte", "facture.xml", b"")
    yield Hostile("one byte", "facture.pdf", b"%")
    yield Hostile("a line break", "facture.xml", b"\n")
    yield Hostile("noise", "facture.pdf", random.Random(1).randbytes(50_000))
    yield Hostile("noise", "facture.zip", random.Random(2).randbytes(50_000))


# -- XML ---------------------------------------------------------------------------------------------------------


def _xml(secret_path: str) -> Iterator[Hostile]:
    honest = invoice("H-1").decode()
    start, root = honest.split("?>", 1)

    def with_doctype(subset: str, number: str = "&x;") -> str:
        return f"{start}?><!DOCTYPE Invoice [{subset}]>{root.replace('H-1', number)}"

    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    cases = {
        "billion laughs": with_doctype(laughs, "&a11;"),
        "quadratic entity": with_doctype(f'<!ENTITY x "{"h" * 100_000}">', "&x;" * 1_000),
        "a file of the server": with_doctype(f'<!ENTITY x SYSTEM "file://{secret_path}">'),
        "a page of the network": with_doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'),
        "a parameter entity": with_doctype(f'<!ENTITY % p SYSTEM "file://{secret_path}"> %p;', "H-1"),
        "an entity of itself": with_doctype('<!ENTITY x "&y;"><!ENTITY y "&x;">'),
        "an empty doctype": with_doctype("", "H-1"),
        "XInclude": honest.replace(
            "H-1", f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret_path}" parse="text"/>'
        ),
        "a style sheet": f'{start}?><?xml-stylesheet href="file://{secret_path}" type="text/xsl"?>{root}',
        "200,000 levels": "<a>" * 200_000,
        "200,000 attributes": "<a " + " ".join(f'a{n}="1"' for n in range(200_000)) + "/>",
        "a number of a million digits": honest.replace("100.00", "9" * 1_000_000),
        "an exponent": honest.replace("100.00", "1e999999"),
        "not a number": honest.replace("100.00", "NaN"),
        "a date that is none": honest.replace("2026-11-02", "2026-13-99"),
        "a comment in a number": honest.replace("H-1", "H<!-- x -->-1"),
        "a NUL": honest.replace("Lecture", "Lec\0ture"),
        "text without end": honest.replace("Lecture", "x" * 5_000_000),
        "formula": honest.replace("Lecture", "=cmd|' /C calc'!A0"),
        "markup in the name": honest.replace("Lecture", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    }
    for what, text in cases.items():
        yield Hostile(what, "facture.xml", text.encode())
    for encoding in ("utf-16", "utf-32", "utf-7"):
        told = with_doctype(f'<!ENTITY x SYSTEM "file://{secret_path}">').replace("UTF-8", encoding.upper())
        yield Hostile(f"an entity in {encoding}", "facture.xml", told.encode(encoding))
    yield Hostile("an unknown encoding", "facture.xml", honest.replace("UTF-8", "KLINGON").encode())
    yield Hostile("bytes that are no text", "facture.xml", honest.encode().replace(b"Lecture", b"\xff\xfe\xfa"))


# -- Archives ----------------------------------------------------------------------------------------------------

_TRAVERSALS = (
    f"../../../../../../tmp/{CANARY}-1.xml",
    f"/tmp/{CANARY}-2.xml",  # noqa: S108
    f"..\\..\\{CANARY}-3.xml",
    f"C:\\{CANARY}-4.xml",
    f"a/../../{CANARY}-5.xml",
    f"{CANARY}-6.xml/../{CANARY}-7.xml",
)


def _zips() -> Iterator[Hostile]:
    yield Hostile("traversal names", "lot.zip", zipped({name: invoice("T-1") for name in _TRAVERSALS}))
    yield Hostile("a zip bomb", "lot.zip", zipped({"a.xml": b" " * (150 << 20)}))
    yield Hostile("many small bombs", "lot.zip", zipped({f"{n}.xml": b"<a>" + b" " * (4 << 20) for n in range(60)}))
    inner = zipped({"a.xml": invoice("N-1")})
    for _ in range(8):
        inner = zipped({"a.zip": inner})
    yield Hostile("an archive in an archive", "lot.zip", inner)
    yield Hostile("3,000 members", "lot.zip", zipped({f"{n}.xml": b"<a/>" for n in range(3_000)}))
    yield Hostile("members that share their bytes", "lot.zip", _overlapping())
    yield Hostile("a symbolic link", "lot.zip", _zip_with(mode=0o120777))
    yield Hostile("an encrypted member", "lot.zip", _flagged(zipped({"a.xml": invoice("E-1")}), 1))
    yield Hostile("a wrong sum", "lot.zip", _wrong_sum(zipped({"a.xml": invoice("S-1")})))
    yield Hostile("twice one name", "lot.zip", _twice())
    for method, what in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as made:
            made.writestr("a.xml", b" " * (130 << 20) if method == zipfile.ZIP_BZIP2 else invoice("L-1"))
        yield Hostile(f"compressed by {what}", "lot.zip", out.getvalue())
    yield Hostile("a directory only", "lot.zip", zipped({"a/": b""}))
    yield Hostile("no member", "lot.zip", zipped({}))
    yield Hostile("no end", "lot.zip", zipped({"a.xml": invoice("C-1")})[:-30])
    yield Hostile(
        "a workbook with macros",
        "facture.xlsx",
        zipped(
            {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
        ),
    )
    bomb = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    yield Hostile(
        "a workbook with entities",
        "facture.xlsx",
        zipped({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": bomb.encode()}),
    )


def _overlapping() -> bytes:
    """One body of 20 MB, named by 400 members: 8 GB that nobody has."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("0.xml", b" " * (20 << 20))
    data = out.getvalue()
    end = data.rindex(b"PK\5\6")
    first = data.index(b"PK\1\2")
    entry = data[first:end]
    entries = b"".join(entry.replace(b"0.xml", f"{n}.xml".encode()[-5:].rjust(5, b"x")) for n in range(400))
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 400, 400, len(entries), first, 0)
    return data[:first] + entries + tail


def _zip_with(*, mode: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        member = zipfile.ZipInfo("a.xml")
        member.external_attr = mode << 16
        made.writestr(member, "/etc/passwd")
    return out.getvalue()


def _flagged(data: bytes, flag: int) -> bytes:
    local, central = data.index(b"PK\3\4") + 6, data.index(b"PK\1\2") + 8
    changed = bytearray(data)
    changed[local] |= flag
    changed[central] |= flag
    return bytes(changed)


def _wrong_sum(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[data.index(b"PK\1\2") + 16] ^= 0xFF
    changed[data.index(b"PK\3\4") + 14] ^= 0xFF
    return bytes(changed)


def _twice() -> bytes:
    import warnings

    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as made:
        warnings.simplefilter("ignore")
        made.writestr("a.xml", invoice("D-1"))
        made.writestr("a.xml", invoice("D-2"))
    return out.getvalue()


def _tars() -> Iterator[Hostile]:
    yield Hostile("traversal names", "lot.tar.gz", archive({name: invoice("T-2") for name in _TRAVERSALS}))
    yield Hostile("a tar bomb", "lot.tar.gz", archive({"a.xml": b" " * (150 << 20)}))
    yield Hostile("3,000 members", "lot.tar.gz", archive({f"{n}.xml": b"<a/>" for n in range(3_000)}))
    yield Hostile("gzip in gzip", "lot.tar.gz", gzip.compress(gzip.compress(b" " * (50 << 20))))
    yield Hostile("bzip2", "lot.tar.gz", bz2.compress(invoice("B-1")))
    yield Hostile("an archive in an archive", "lot.tar.gz", archive({"a.tar.gz": archive({"a.xml": invoice("N-2")})}))
    kinds = {
        "a symbolic link": (tarfile.SYMTYPE, "/etc/passwd"),
        "a hard link": (tarfile.LNKTYPE, "/etc/passwd"),
        "a device": (tarfile.CHRTYPE, ""),
        "a pipe": (tarfile.FIFOTYPE, ""),
        "a folder": (tarfile.DIRTYPE, ""),
        "an unknown kind": (b"Z", ""),
    }
    for what, (kind, target) in kinds.items():
        member = tarfile.TarInfo(f"{CANARY}-8.xml")
        member.type, member.linkname, member.devmajor, member.devminor = kind, target, 1, 3
        member.mode = 0o6777
        yield Hostile(what, "lot.tar.gz", _tar_of(member))
        after = tarfile.TarInfo(f"{CANARY}-8.xml/{CANARY}-9.xml")
        after.size = 3
        yield Hostile(f"{what}, then a file behind it", "lot.tar.gz", _tar_of(member, after))
    lying = bytearray(gzip.decompress(archive({"a.xml": invoice("P-1")})))
    lying[124:136] = b"77777777777\0"  # a member of 8 GB
    yield Hostile("a member that says 8 GB", "lot.tar.gz", gzip.compress(bytes(lying)))
    yield Hostile("a cut gzip", "lot.tar.gz", archive({"a.xml": invoice("P-2")})[:-40])
    long_name = tarfile.TarInfo("a" * 60_000 + ".xml")
    yield Hostile("an endless name", "lot.tar.gz", _tar_of(long_name, form=tarfile.GNU_FORMAT))


def _tar_of(*members: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=form) as made:
        for member in members:
            made.addfile(member, io.BytesIO(b"<a>"))
    return out.getvalue()


# -- PDF ---------------------------------------------------------------------------------------------------------


def _pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer << %s /Size %d >>\n%%%%EOF\n" % (trailer, len(objects) + 1)


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


def _pdfs(honest: bytes) -> Iterator[Hostile]:
    catalog, pages = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>"
    )
    self_drawn = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I 5 0 R >> >>"
    on_opening = b"/OpenAction << /S /%s >> >>"
    bomb = b" " * (200 << 20)
    for _ in range(3):
        bomb = zlib.compress(bomb, 9)
    flate = b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"
    picture = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    cases = {
        "a content that swells": _pdf(catalog, pages, page, _stream(bomb, flate)),
        "a thousand million pages": _pdf(catalog, b"<< /Type /Pages /Kids [3 0 R] /Count 1073741824 >>", page),
        "pages that hold themselves": _pdf(catalog, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
        "600 pages": _pdf(catalog, b"<< /Type /Pages /Kids [%s] /Count 600 >>" % (b"3 0 R " * 600), page),
        "a picture of 60,000 by 60,000": _pdf(
            catalog, pages, page, _stream(b"q 500 0 0 500 0 0 cm /I Do Q"), _stream(bytes(9), picture)
        ),
        "a page of 20 km": _pdf(catalog, pages, page.replace(b"595 842", b"60000000 60000000")),
        "a page of no size": _pdf(catalog, pages, page.replace(b"0 0 595 842", b"0 0 0 0")),
        "a script": _pdf(catalog.replace(b">>", on_opening % b"JavaScript /JS (app.alert(1))"), pages, page),
        "a program": _pdf(catalog.replace(b">>", on_opening % b"Launch /F (calc.exe)"), pages, page),
        "five million operators": _pdf(
            catalog, pages, page, _stream(zlib.compress(b"q Q " * 5_000_000), b"/Filter /FlateDecode")
        ),
        "a form that draws itself": _pdf(
            catalog, pages, page, _stream(b"/I Do"),
            _stream(b"/I Do", self_drawn),
        ),
        "deep arrays": _pdf(b"[" * 100_000),
        "a password": _pdf(catalog, pages, page, trailer=b"/Root 1 0 R /Encrypt << /Filter /Standard /V 2 /R 3 >>"),
        "half of it": honest[: len(honest) // 2],
        "its tail": honest[len(honest) // 2 :],
        "a head only": b"%PDF-1.7\n",
        "behind a megabyte": b"\0" * (1 << 20) + honest,
    }  # fmt: skip
    for what, content in cases.items():
        yield Hostile(f"a PDF: {what}", "facture.pdf", content)


# -- What is not what it says -------------------------------------------------------------------------------------


def _pictures() -> Iterator[Hostile]:
    """Pages without end, boxes in boxes; headers that promise too much are in `tests/capture/test_pictures`."""
    tags = ((256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 8), (279, 4))
    page = struct.pack("<H", 9) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    chain = b"".join(page + struct.pack("<I", 8 + (len(page) + 4) * (rank + 1)) for rank in range(5_000))
    yield Hostile("a TIFF of 5,000 pages", "fax.tif", b"II*\0\x08\0\0\0" + chain)
    nested = b""
    for _ in range(200):
        nested = struct.pack(">I", len(nested) + 8) + b"meta" + nested
    yield Hostile("a HEIC of boxes in boxes", "photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + nested)


def _letters(secret_path: str) -> Iterator[Hostile]:
    start = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    end = "</w:body></w:document>"
    billion = '<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1_000 + '">]>'
    cases = {
        "billion laughs": laughs + start + "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>" + end,
        "a file of the server": f'<!DOCTYPE w [<!ENTITY a SYSTEM "file://{secret_path}">]>{start}<w:p>&a;</w:p>{end}',
        "100,000 paragraphs": start + "<w:p><w:r><w:t>Facture</w:t></w:r></w:p>" * 100_000 + end,
        "a column of a billion": start + f"<w:tbl><w:tr><w:tc>{billion}<w:p/></w:tc></w:tr></w:tbl>" + end,
        "code of the drawing": start + '<w:p><w:r><w:t>#panic() #read("/etc/passwd") F-1</w:t></w:r></w:p>' + end,
    }
    for what, body in cases.items():
        yield Hostile(f"a docx with {what}", "facture.docx", zipped({"word/document.xml": body.encode()}))


def _mails(honest: bytes) -> Iterator[Hostile]:
    head = b"From: a@b.fr\nMessage-ID: <1@b.fr>\nMIME-Version: 1.0\n"
    yield Hostile("a mail without anything", "courriel.eml", head + b"\n")
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    yield Hostile("a mail of 3,000 mails in mails", "courriel.eml", head + nested)
    file = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=../../x.pdf\n\n"
    mixed = head + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    yield Hostile("a mail whose file wants to climb", "courriel.eml", mixed + file + honest + b"\n--b--\n")
    yield Hostile("a mail of a broken PDF", "courriel.eml", mixed + file + b"%PDF-1.7 no more\n--b--\n")
    odd = b"Content-Type: application/pdf; name*=utf-7''+AAAA\nContent-Transfer-Encoding: base64\n\n====\n--b--\n"
    yield Hostile("a mail in an odd encoding", "courriel.eml", mixed + odd)


def _disguised(honest: bytes) -> Iterator[Hostile]:
    names = (
        "../../../../tmp/x.pdf", "facture.pdf.exe", "facture", ".pdf", "facture.PDF", "a" * 300 + ".pdf",
        "factu\u202erexe.pdf", "fac\nture.pdf", "facture.pdf\x00.exe", "con.pdf", "é\u0301.pdf", "<b>.pdf",
        "facture.svg",
    )  # fmt: skip
    for name in names:
        yield Hostile("an odd name", name, honest)
    contents = {
        "a program": b"MZ\x90\0" + bytes(5_000),
        "a Linux program": b"\x7fELF" + bytes(5_000),
        "a web page": b"<!doctype html><html><script>alert(1)</script></html>",
        "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "a script": b"#!/bin/sh\nrm -rf /\n",
        "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(10_000),
        "an invoice": invoice("X-1"),
        "a text": "Bonjour, voici ma facture.".encode("utf-16"),
    }
    for what, content in contents.items():
        for name in ("facture.pdf", "facture.xml", "facture.zip", "facture.xlsx", "facture.png"):
            yield Hostile(f"{what} called {name}", name, content)
    yield Hostile("a PDF called xml", "facture.xml", honest)


# -- Mutation ----------------------------------------------------------------------------------------------------


def mutated(seeds: dict[str, bytes], *, count: int, seed: int) -> Iterator[Hostile]:
    """``count`` broken copies of honest files (name → bytes), the same for the same ``seed``."""
    names = sorted(seeds)
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        name = names[number % len(names)]
        data = bytearray(seeds[name])
        done = []
        for _ in range(rng.choice((1, 1, 2, 4, 16))):
            mutation = rng.choice(MUTATIONS)
            mutation(data, rng, seeds)
            done.append(mutation.__name__.strip("_"))
        yield Hostile(f"{name} n° {number}: {', '.join(done)}", name, bytes(data))


def _flip(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    for _ in range(rng.choice((1, 3, 30))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    if data:
        start = rng.randrange(len(data))
        del data[start : start + rng.choice((1, 10, 1_000, len(data)))]


def _repeat(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    if data:
        start = rng.randrange(len(data))
        data[start:start] = data[start : start + rng.choice((4, 64, 2_000))] * rng.choice((1, 5, 50))


def _insert(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.choice(
        (b"\0", b"\xff" * 8, b"<", b"&x;", b"]]>", b"endobj", b"PK\3\4", b"%PDF-", rng.randbytes(40))
    )


def _number(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    """A run of digits becomes a number that nobody expects."""
    places = [n for n in range(len(data)) if 48 <= data[n] <= 57]
    if places:
        at = end = rng.choice(places)
        while end < len(data) and 48 <= data[end] <= 57:
            end += 1
        data[at:end] = rng.choice((b"0", b"-1", b"4294967295", b"9" * 30, b"1e400", b"2147483648", b"NaN"))


def _zero(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    if data:
        start = rng.randrange(len(data))
        end = min(len(data), start + rng.choice((4, 100, 4_000)))
        data[start:end] = bytes(end - start)


def _graft(data: bytearray, rng: random.Random, seeds: dict[str, bytes]) -> None:
    other = seeds[rng.choice(sorted(seeds))]
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other))
    data[at : at + rng.choice((0, 500))] = other[start : start + rng.choice((50, 5_000))]


MUTATIONS: tuple[Callable[[bytearray, random.Random, dict[str, bytes]], None], ...] = (
    _flip, _cut, _repeat, _insert, _number, _zero, _graft,
)  # fmt: skip
