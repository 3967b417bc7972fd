"""The one safe XML parser: no DTD, no entities, no network, nothing bigger or deeper than an invoice can be.

A style sheet named by a file is never looked at. libxml2 needs up to 200 bytes of memory for a node that takes five in
the file, so what is capped is not only the size but the number of nodes, counted before parsing.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from plainchant.einvoice.codes.attachments import MEBIBYTE, megabytes

WHITE_SPACE = " \t\r\n"  # all that XML and XPath have: a no-break space is a letter to them
MAX_DEPTH = 64  # the deepest official sample has 13

_LIBXML_TEXT_LIMIT = 9_000_000  # above it libxml2 wants to be told that long texts (attachments) are meant


@dataclass(frozen=True, slots=True)
class Limits:
    """``max_nodes`` bounds elements and attributes together; 10,000 lines of a rich invoice need 300,000.

    Together with `MAX_GROUPS` of the reading they keep the memory of any file, however made, below 256 MiB.
    """

    max_bytes: int = 50 * MEBIBYTE
    max_nodes: int = 400_000


DEFAULT_LIMITS = Limits()
_DOCTYPE = (
    "Le fichier contient une déclaration DOCTYPE, interdite dans une facture : elle peut cacher du contenu. "
    "Retirez-la, ou produisez à nouveau le fichier avec votre logiciel."
)
TOO_LONG = "Le fichier est trop long pour être vérifié ici. Répartissez les lignes sur plusieurs factures."


class NotWellFormed(Exception):
    """The file is not XML that can be read. ``code`` names the reason, the message is French, ``line`` may be known."""

    def __init__(self, code: str, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


def parse(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """The root element of ``data``. Raises NotWellFormed on anything that is not plain, bounded XML."""
    if len(data) > limits.max_bytes:
        raise NotWellFormed(
            "XML-TAILLE",
            f"Le fichier pèse {megabytes(len(data))} ; {megabytes(limits.max_bytes)} au plus peuvent être "
            "vérifiés ici. Allégez les pièces jointes.",
        )
    if not data or data.isspace():
        raise NotWellFormed("XML-VIDE", "Le fichier est vide. Choisissez celui qui contient la facture.")
    data = _as_utf8(data, limits.max_bytes // 2)
    if _has_doctype(data):
        raise NotWellFormed("XML-DTD", _DOCTYPE)
    # An element takes four bytes, an attribute five: a short file cannot hold too many, and counting has its price.
    if len(data) > 2 * limits.max_nodes and _nodes(data) > limits.max_nodes:
        raise NotWellFormed("XML-TROP-LONG", TOO_LONG)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=len(data) > _LIBXML_TEXT_LIMIT,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,  # the blanks between elements are a third of what a tree weighs
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _explained(error, data) from None
    except (ValueError, LookupError):
        raise _unknown_encoding(data) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise NotWellFormed("XML-DTD", _DOCTYPE)
    return root


def _nodes(data: bytes) -> int:
    """At least the elements and, with their values, the attributes."""
    return data.count(b"<") - data.count(b"</") + 2 * (data.count(b'="') + data.count(b"='"))


_DECLARED = re.compile(rb"""^[\s\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# « & » that begins no reference to a character or to one of the five entities of XML.
_RAW_AMPERSAND = re.compile(rb"&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)[^\s<>&;]{0,20};?")
# Parts of a file in which « & » and « < » stand for themselves.
_LITERAL = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?", b"?>"))
_MAX_TRIED = 50  # signs looked at: the first that is wrong is nearly always the first that looks so
_RAW_LESS = re.compile(rb"<(?![A-Za-z_:/!?\x80-\xff])")


def _explained(error: etree.XMLSyntaxError, data: bytes) -> NotWellFormed:
    """The error of the parser as a sentence that names the cause, where the bytes show one."""
    if wrong := _wrong_bytes(data):
        return wrong
    text = data.removeprefix(codecs.BOM_UTF8)
    unpadded = text.lstrip(_BLANKS)
    if len(unpadded) < len(text) and unpadded.startswith(b"<?xml"):
        return NotWellFormed(
            "XML-MAL-FORME",
            "Une ligne vide ou un espace précède « <?xml » : cette déclaration doit être au tout début du fichier. "
            "Retirez ce qui est avant, ou demandez à votre éditeur de logiciel de le faire.",
            line=1,
        )
    if found := _raw(_RAW_AMPERSAND, data):
        line, shown, sign = found
        if sign.endswith(";"):
            return NotWellFormed(
                "XML-MAL-FORME",
                f"Ligne {line}, « {sign} » (dans « {shown} ») n’existe pas en XML : ce nom vient des pages web. "
                "Écrivez le caractère lui-même, ou demandez à votre éditeur de logiciel de le faire.",
                line=line,
            )
        return _written_raw(line, shown, "&", "&amp;")
    if found := _raw(_RAW_LESS, data):
        return _written_raw(found[0], found[1], "<", "&lt;")
    stopped: int | None = error.lineno or None
    return NotWellFormed("XML-MAL-FORME", _stopped(error, stopped), line=stopped)


def _raw(signs: re.Pattern[bytes], data: bytes) -> tuple[int, str, str] | None:
    """The first of these signs that does not stand in a comment or the like: its line, what is around it, itself."""
    for match in islice(signs.finditer(data), _MAX_TRIED):
        at = match.start()
        if any(data.rfind(begin, 0, at) > data.rfind(end, 0, at) for begin, end in _LITERAL):
            continue
        return data.count(b"\n", 0, at) + 1, _around(data, at), match[0].decode("utf-8", "replace")
    return None


def _written_raw(line: int, shown: str, sign: str, written: str) -> NotWellFormed:
    return NotWellFormed(
        "XML-MAL-FORME",
        f"Ligne {line}, le signe « {sign} » est écrit tel quel (« {shown} ») : dans un fichier XML il s’écrit "
        f"« {written} ». Corrigez-le, ou demandez à votre éditeur de logiciel de le faire.",
        line=line,
    )


def _wrong_bytes(data: bytes) -> NotWellFormed | None:
    """What is wrong with the encoding: a file that says UTF-8, or says nothing, and is not."""
    declared = _DECLARED.match(data[:400])
    name = declared[1].decode() if declared else "UTF-8"
    if name.upper().replace("_", "-") in ("UTF-16", "UTF-16LE", "UTF-16BE", "UCS-2", "UTF-32", "ISO-10646-UCS-2"):
        return NotWellFormed(
            "XML-CODAGE",
            f"Le fichier annonce le codage {name}, mais il est écrit autrement. "
            'Écrivez encoding="UTF-8" dans sa première ligne, ou enregistrez-le vraiment en UTF-8.',
            line=1,
        )
    if name.upper() not in ("UTF-8", "UTF8"):
        try:
            codecs.lookup(name)
        except LookupError:
            return _unknown_encoding(data)
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begin = max(data.rfind(b"\n", 0, error.start) + 1, data.rfind(b">", 0, error.start) + 1, error.start - 40)
        # Nearly always Windows-1252: shown as that, so that the word is recognised.
        shown = data[begin : error.start + 20].split(b"<")[0].split(b"\n")[0].decode("cp1252", "replace").strip()
        claim = "Le fichier dit être en UTF-8" if declared else "Un fichier XML qui ne dit rien d’autre est en UTF-8"
        return NotWellFormed(
            "XML-CODAGE",
            f"{claim}, mais ligne {line} les lettres accentuées sont codées autrement, sans doute en Windows-1252 "
            f"(« {shown} »). Enregistrez le fichier en UTF-8.",
            line=line,
        )
    return None


def _unknown_encoding(data: bytes) -> NotWellFormed:
    declared = _DECLARED.match(data[:400])
    what = f"Le fichier annonce le codage « {declared[1].decode()[:40]} », qui" if declared else "Le codage du fichier"
    return NotWellFormed("XML-CODAGE", f"{what} n’est pas lisible ici. Enregistrez-le en UTF-8.", line=1)


def _around(data: bytes, at: int) -> str:
    """The text around a place of the file, within its line and its element."""
    begin = max(data.rfind(b"\n", 0, at) + 1, data.rfind(b">", 0, at) + 1, at - 30)
    return data[begin : at + 30].split(b"\n")[0].split(b"</")[0].decode("utf-8", "replace").strip(" \t\r\ufffd")


def _stopped(error: etree.XMLSyntaxError, line: int | None) -> str:
    where = f" à la ligne {line}" if line else ""
    why = _TROUBLES.get(error.code or 0, "")
    return (
        f"Ce n’est pas un fichier XML correct : la lecture s’arrête{where}{f' ({why})' if why else ''}. "
        "Le fichier est peut-être coupé ou modifié : produisez-le à nouveau avec votre logiciel."
    )


# libxml2's code → what it means (xmlerror.h).
_TROUBLES = {
    4: "il n’y a rien à lire",
    5: "quelque chose suit la fin du document",
    9: "un caractère interdit",
    26: "une entité inconnue, comme « &nbsp; »",
    42: "un attribut écrit deux fois",
    68: "un nom d’élément manque",
    72: "une balise sans « < »",
    73: "une balise qui n’est pas fermée par « > »",
    74: "une fin de balise mal écrite",
    76: "une balise ouverte et une autre fermée",
    77: "la fin du fichier manque",
    201: "un préfixe qui n’est pas déclaré",
}


_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    # Without a mark at the beginning, as some systems write it.
    *((sign + b"\0", "utf-16-le") for sign in (b"<", b" ", b"\t", b"\r", b"\n")),
    *((b"\0" + sign, "utf-16-be") for sign in (b"<", b" ", b"\t", b"\r", b"\n")),
)
_BLANKS = b" \t\r\n"


def is_wide(data: bytes) -> bool:
    """Whether a file begins as text in UTF-16 or UTF-32 does."""
    return data.startswith(tuple(mark for mark, _ in _WIDE))


def head_of(data: bytes, *, size: int) -> bytes:
    """The first ``size`` bytes or so of an XML file, in UTF-8 whatever its encoding: to look for its root."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return data[: 4 * size].decode(encoding, "ignore").encode("utf-8", "ignore")[:size]
    return data[:size]


def _as_utf8(data: bytes, max_wide: int) -> bytes:
    """Wide encodings as UTF-8, so that one scan serves all; anything that is not a superset of ASCII is refused.

    ``max_wide``: bytes of a file in such an encoding, which is held three times on the way.
    """
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            if len(data) > max_wide:
                raise NotWellFormed(
                    "XML-TAILLE",
                    f"Le fichier pèse plus de {megabytes(max_wide)} en UTF-16 : c’est trop pour être vérifié ici. "
                    "Enregistrez-le en UTF-8.",
                )
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                raise NotWellFormed(
                    "XML-CODAGE",
                    "Le fichier est en UTF-16, mais des caractères y sont abîmés. Enregistrez-le en UTF-8.",
                ) from None
            text = text.lstrip("\ufeff")
            if text.startswith("<?xml"):  # its declaration names the encoding it no longer has
                text = text[text.find("?>") + 2 :]
            return text.encode("utf-8", "surrogatepass")
    if b"\0" in data[:200]:
        raise NotWellFormed(
            "XML-CODAGE", "Ce n’est pas un fichier texte. Choisissez la facture elle-même, en XML (UTF-8) ou en PDF."
        )
    head = data[:200].lower()
    if b"utf-7" in head or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NotWellFormed(
            "XML-MAL-FORME",
            "Ce n’est pas un fichier XML : il ne commence pas par « < ». "
            "Choisissez la facture elle-même, en XML ou en PDF.",
        )
    return data


def _has_doctype(data: bytes) -> bool:
    """Whether a DOCTYPE stands before the first element: comments, instructions and spaces are skipped."""
    at = 0
    while True:
        at = data.find(b"<", at)
        if at < 0:
            return False
        if data.startswith(b"<?", at):
            end = data.find(b"?>", at)
        elif data.startswith(b"<!--", at):
            end = data.find(b"-->", at)
        else:
            return data.startswith(b"<!", at)
        if end < 0:
            return False
        at = end + 1
