"""The one safe XML parser: no DTD, no entities, no network, nothing bigger or deeper than an invoice can be.

A style sheet named by a file is never looked at. libxml2 needs up to 200 bytes of memory for a node that takes five in
the file, so what is capped is not only the size but the number of nodes, counted before parsing.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from lxml import etree

MEBIBYTE = 1024 * 1024
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
TOO_LONG = "Le fichier contient trop d’éléments pour être vérifié ici. Répartissez les lignes sur plusieurs factures."


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
            f"Le fichier pèse {len(data) // MEBIBYTE} Mo ; {limits.max_bytes // MEBIBYTE} Mo au plus peuvent être "
            "vérifiés ici. Allégez les pièces jointes.",
        )
    if not data or data.isspace():
        raise NotWellFormed("XML-VIDE", "Le fichier est vide. Choisissez celui qui contient la facture.")
    data = _as_utf8(data, limits.max_bytes // 2)
    if _has_doctype(data):
        raise NotWellFormed(
            "XML-DTD",
            "Le fichier contient une déclaration DOCTYPE, interdite dans une facture : elle peut cacher du contenu. "
            "Retirez-la, ou produisez à nouveau le fichier avec votre logiciel.",
        )
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
        line = error.lineno or None
        raise NotWellFormed("XML-MAL-FORME", _told(error, line), line=line) from None
    except (ValueError, LookupError):
        raise NotWellFormed(
            "XML-CODAGE", "Le codage des caractères du fichier n’est pas lisible. Enregistrez-le en UTF-8."
        ) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise NotWellFormed("XML-DTD", "Le fichier contient une déclaration DOCTYPE, interdite dans une facture.")
    return root


def _nodes(data: bytes) -> int:
    """At least the elements and, with their values, the attributes."""
    return data.count(b"<") - data.count(b"</") + 2 * (data.count(b'="') + data.count(b"='"))


def _told(error: etree.XMLSyntaxError, line: int | None) -> str:
    where = f" à la ligne {line}" if line else ""
    why = _TROUBLES.get(error.code or 0, "")
    return (
        f"Ce n’est pas un fichier XML correct : la lecture s’arrête{where}{f' ({why})' if why else ''}. "
        "Le fichier est peut-être coupé ou modifié : produisez-le à nouveau avec votre logiciel."
    )


# libxml2's code → what it means (xmlerror.h).
_TROUBLES = {
    4: "il n’y a rien à lire",
    5: "quelque chose suit la fin du document",
    9: "un caractère interdit",
    26: "une entité inconnue, comme « &nbsp; »",
    42: "un attribut écrit deux fois",
    68: "un nom d’élément manque",
    72: "une balise sans « < »",
    73: "une balise qui n’est pas fermée par « > »",
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
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)


def _as_utf8(data: bytes, max_wide: int) -> bytes:
    """Wide encodings as UTF-8, so that one scan serves all; anything that is not a superset of ASCII is refused.

    ``max_wide``: bytes of a file in such an encoding, which is held three times on the way.
    """
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            if len(data) > max_wide:
                raise NotWellFormed(
                    "XML-TAILLE",
                    f"Le fichier pèse plus de {max_wide // MEBIBYTE} Mo en UTF-16 : c’est trop pour être vérifié ici. "
                    "Enregistrez-le en UTF-8.",
                )
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                raise NotWellFormed(
                    "XML-CODAGE", "Le codage des caractères du fichier n’est pas lisible. Enregistrez-le en UTF-8."
                ) from None
            text = text.lstrip("\ufeff")
            if text.startswith("<?xml"):  # its declaration names the encoding it no longer has
                text = text[text.find("?>") + 2 :]
            return text.encode("utf-8", "surrogatepass")
    if b"\0" in data[:200]:
        raise NotWellFormed("XML-CODAGE", "Ce n’est pas un fichier texte. Une facture XML s’enregistre en UTF-8.")
    head = data[:200].lower()
    if b"utf-7" in head or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NotWellFormed("XML-MAL-FORME", "Ce n’est pas un fichier XML : il ne commence pas par « < ».")
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
