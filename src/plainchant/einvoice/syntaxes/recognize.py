"""Which kind of file this is, told from what it holds, never from its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plainchant.einvoice.profiles import profile_of

from .archive import is_tar
from .paths import name_of
from .reading import Element
from .table import OF_ROOT, Syntax
from .xml import is_wide

Container = Literal["xml", "pdf", "zip", "gzip", "tar", "xls", "other"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """``refusal`` is what to say when it is no invoice that Chorus Pro takes; "" otherwise."""

    name: str
    container: Container = "xml"
    syntax: Syntax | None = None
    schema: str | None = None
    profile: str | None = None  # a name of schema.SCHEMAS: the stricter schema of a Factur-X
    refusal: str = ""


_OTHER_INVOICE = "C’est {what}, que Chorus Pro ne prend pas. Envoyez la facture en UBL, en CII ou en Factur-X."
# Root elements of files that look like invoices, and are none that Chorus Pro takes.
FOREIGN_ROOTS = {
    "CrossIndustryDocument": FileKind("ZUGFeRD 1", refusal=_OTHER_INVOICE.format(what="une facture ZUGFeRD 1, l’ancien format")),
    "SCRDMCCBDACIOMessageStructure": FileKind("Order-X", refusal="C’est une commande (Order-X), pas une facture. Envoyez la facture."),
    "CPPFacturePivot": FileKind("CPPFacturePivot", refusal="C’est un fichier que Chorus Pro produit pour les destinataires (pivot), pas une facture à déposer."),
    "CPPFactures": FileKind("CPPFactures", refusal="C’est un fichier que Chorus Pro produit pour les destinataires (pivot), pas une facture à déposer."),
    "CPPStatut": FileKind("CPPStatut", refusal="C’est un flux de statuts, pas une facture."),
    "PES_Facture": FileKind("PES Facture", refusal=_OTHER_INVOICE.format(what="une facture PES, format retiré en 2021")),
    "testSet": FileKind("", refusal="Ce fichier contient des essais, pas une facture."),
}  # fmt: skip
_UNKNOWN = "La racine du fichier est « {root} » : ce n’est pas une facture en UBL, en CII ou en Factur-X. Vérifiez que vous avez choisi le bon fichier."
_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind("PDF", "pdf")),
    (b"PK\x03\x04", FileKind("ZIP", "zip")),
    (b"\x1f\x8b", FileKind("GZIP", "gzip")),
    (b"\xd0\xcf\x11\xe0", FileKind("XLS", "xls")),
)


def recognize(data: bytes, root: Element | None = None) -> FileKind:
    """The kind of a file; with its ``root``, the kind of an XML document."""
    if root is not None:
        return _of_root(root)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if is_tar(data):
        return FileKind("TAR", "tar")
    if head.startswith(b"<") or is_wide(data):
        return FileKind("", "xml")
    # A PDF may begin with other bytes: readers look into the first kilobyte. So may an archive that holds one as it is.
    return FileKind("PDF", "pdf") if b"%PDF-" in head else FileKind("", "other")


def _of_root(root: Element) -> FileKind:
    tag = str(root.tag)
    name = name_of(tag)
    if ":" in name or not tag.startswith("{"):  # else of a namespace that nobody knows
        for syntax in OF_ROOT.get(name, ()):
            if syntax.fits(root):
                return _of_syntax(syntax, name, root)
    local = tag.rpartition("}")[2]
    return FOREIGN_ROOTS.get(local) or FileKind("", refusal=_UNKNOWN.format(root=local[:60]))


def _of_syntax(syntax: Syntax, name: str, root: Element) -> FileKind:
    kind, profile = syntax.kind, None
    if len(syntax.schemas) > 1:
        kind = f"{kind} {name.rpartition(':')[2]}"
    if syntax.vocabulary == "cii" and not syntax.is_reduced:
        found = profile_of(_guideline(root))
        if found is not None:
            kind, profile = f"{kind}, profil {found.name}", found.schema
    return FileKind(kind, syntax=syntax, schema=syntax.schemas[name], profile=profile)


def _guideline(root: Element) -> str | None:
    context = root.find("{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID")
    return (context.text or "").strip() if context is not None else None
