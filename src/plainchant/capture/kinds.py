"""What a file really is, told from its bytes and never from its name. One table.

Only signatures are looked at: nothing is opened here, so a server may call it. The reader that opens the file has the
last word on an archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from plainchant.einvoice.syntaxes.archive import is_tar

Family = Literal["pdf", "workbook", "letter", "picture", "mail", "other"]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`name` for people, with its article; `extensions` the first of which is the usual one.

    `family` is how an invoice of that kind is read. `mend`: what to do with a file that cannot be read as an invoice
    here, "" for one that can. `is_electronic`: it may hold invoices as data, which are not read from a page. `format` is
    what Pillow calls a picture.
    """

    code: str
    name: str
    extensions: tuple[str, ...]
    media_type: str = "application/octet-stream"
    family: Family = "other"
    mend: str = ""
    is_electronic: bool = False
    format: str = ""

    @property
    def of_it(self) -> str:
        """« d’un PDF », « d’une image JPEG »."""
        return f"d’{self.name}"

    @property
    def is_feminine(self) -> bool:
        return self.name.startswith("une ")

    @property
    def refusal(self) -> str:
        """What to tell of a file that cannot be read as an invoice: what it is, and what to do with it."""
        return f"C’est {self.name}. {self.mend}"


_AS_PDF = "Ouvrez-le, choisissez « Enregistrer au format PDF », puis déposez ce PDF."
_AS_XLSX = "Ouvrez-le dans votre tableur, enregistrez-le au format .xlsx, puis déposez ce classeur."
_AS_JPEG = "Enregistrez l’image au format JPEG ou PDF, puis déposez-la."
_AS_DATA = "Une facture électronique, ou un lot, s’envoie comme telle : il n’y a pas de page à lire."

# fmt: off
# ruff: noqa: E501
KINDS = {kind.code: kind for kind in (
    DocumentKind("pdf", "un PDF", ("pdf",), "application/pdf", "pdf"),
    DocumentKind("xlsx", "un classeur Excel (.xlsx)", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "workbook"),
    DocumentKind("xls", "un ancien classeur Excel (.xls)", ("xls",), "application/vnd.ms-excel", "workbook"),
    DocumentKind("ods", "un classeur OpenDocument (.ods)", ("ods",), "application/vnd.oasis.opendocument.spreadsheet", "workbook"),
    DocumentKind("docx", "un document Word (.docx)", ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "letter"),
    DocumentKind("odt", "un document OpenDocument (.odt)", ("odt",), "application/vnd.oasis.opendocument.text", "letter"),
    DocumentKind("jpeg", "une image JPEG", ("jpg", "jpeg"), "image/jpeg", "picture", format="JPEG"),
    DocumentKind("png", "une image PNG", ("png",), "image/png", "picture", format="PNG"),
    DocumentKind("heic", "une photo HEIC", ("heic", "heif"), "image/heic", "picture", format="HEIF"),
    DocumentKind("tiff", "une image TIFF", ("tif", "tiff"), "image/tiff", "picture", format="TIFF"),
    DocumentKind("webp", "une image WebP", ("webp",), "image/webp", "picture", format="WEBP"),
    DocumentKind("mail", "un courriel (.eml)", ("eml",), "message/rfc822", "mail"),
    DocumentKind("xlsb", "un classeur Excel binaire (.xlsb)", ("xlsb",), mend=_AS_XLSX),
    DocumentKind("xmlss", "un ancien classeur en XML", (), mend=_AS_XLSX),
    DocumentKind("doc", "un ancien document Word", ("doc",), mend=_AS_PDF),
    DocumentKind("pptx", "une présentation PowerPoint", ("pptx",), mend=_AS_PDF),
    DocumentKind("odf", "une présentation ou un dessin OpenDocument", ("odp", "odg"), mend=_AS_PDF),
    DocumentKind("rtf", "un document texte (RTF)", ("rtf",), mend=_AS_PDF),
    DocumentKind("html", "une page web", ("html", "htm"), mend=_AS_PDF),
    DocumentKind("avif", "une image AVIF", ("avif",), mend=_AS_JPEG),
    DocumentKind("gif", "une image GIF", ("gif",), mend=_AS_JPEG),
    DocumentKind("bmp", "une image BMP", ("bmp",), mend=_AS_JPEG),
    DocumentKind("xml", "un fichier XML", ("xml",), mend=_AS_DATA, is_electronic=True),
    DocumentKind("zip", "une archive ZIP", ("zip",), mend=_AS_DATA, is_electronic=True),
    DocumentKind("gzip", "une archive (.tar, .tar.gz)", ("tar.gz", "tgz", "gz", "tar"), mend=_AS_DATA, is_electronic=True),
    DocumentKind("msg", "un courriel d’Outlook (.msg)", ("msg",), mend="Enregistrez la facture qui y est jointe, puis déposez-la."),
    DocumentKind("program", "un programme", ("exe",), mend="Choisissez le fichier de votre facture."),
    DocumentKind("text", "un fichier de texte", ("txt", "csv"), mend=_AS_PDF),
    DocumentKind("other", "un fichier que nous ne reconnaissons pas", (), mend="Ouvrez-le dans le logiciel qui l’a créé, enregistrez-le au format PDF, puis déposez ce PDF."),
)}
# fmt: on
# Those that may be the invoice itself.
ACCEPTED = tuple(kind for kind in KINDS.values() if not kind.mend)
WORKBOOKS = frozenset(kind.code for kind in ACCEPTED if kind.family == "workbook")
LETTERS = frozenset(kind.code for kind in ACCEPTED if kind.family == "letter")
PICTURES = frozenset(kind.code for kind in ACCEPTED if kind.family == "picture")

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
# A mail begins with headers, in any order (RFC 5322); a text may begin with one line that looks like one.
_MAIL_BEGINS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2}")
_MAIL_HAS = re.compile(rb"^(?:mime-version|message-id|received|return-path|delivered-to):", re.I | re.M)
# In an archive: the name of a part, which stands in its directory as it is.
_PARTS: tuple[tuple[bytes, str], ...] = (
    (b"xl/workbook.bin", "xlsb"),
    (b"xl/workbook.xml", "xlsx"),
    (b"word/document.xml", "docx"),
    (b"ppt/presentation.xml", "pptx"),
    (b"opendocument.spreadsheet", "ods"),
    (b"opendocument.text", "odt"),
    (b"opendocument.", "odf"),
)
# What a picture of this family calls itself (ISO/IEC 23008-12); AVIF comes in the same wrapping.
_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif"))
_HEAD = 2048


def kind_of(data: bytes) -> DocumentKind:
    """The kind of a file that has not been opened."""
    return KINDS[_code(data)]


def accepted_for(extension: str) -> DocumentKind | None:
    """The kind that a name with this extension promises, if it can be an invoice."""
    return next((kind for kind in ACCEPTED if extension in kind.extensions), None)


def kinds_in_words(*, family: Family | None = None) -> str:
    """« .pdf, .xlsx ou .jpg »: the usual extension of each that may be an invoice, or of those of a family."""
    *others, last = (f".{kind.extensions[0]}" for kind in ACCEPTED if family in (None, kind.family))
    return f"{', '.join(others)} ou {last}" if others else last


def _code(data: bytes) -> str:
    head = data[:_HEAD]
    if is_tar(head):
        return "gzip"
    for beginning, code in _BEGINNINGS:
        if head.startswith(beginning):
            return code
    if head.startswith(b"PK"):
        found = next((code for part, code in _PARTS if part in data), None)
        # The type of an OpenDocument may be compressed: then its reader tells.
        return found or ("ods" if b"content.xml" in data and b"mimetype" in data else "zip")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _code_of_compound(data)
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return "avif" if b"avif" in head[8:64] else "heic"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return _code_of_text(head)


def _code_of_compound(data: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "xlsx"  # which of the office formats only the password would tell
    if has("WordDocument"):
        return "doc"
    return "msg" if has("__substg1.0_") else "xls"


def _code_of_text(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if b"%PDF-" in head[:1024] and not text.startswith(b"<"):
        return "pdf"
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "html"
    if text.startswith(b"<"):
        return "xmlss" if b"office:spreadsheet" in text else "html" if b"<html" in text else "xml"
    if _MAIL_BEGINS.match(head) and _MAIL_HAS.search(head):
        return "mail"
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return "text" if head and not control else "other"
