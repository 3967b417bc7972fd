"""Which kind of file this is, told from what it holds, never from its name. One table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from plainchant.einvoice.profiles import profile_of
from plainchant.einvoice.rule import Syntax

from . import schema
from .binding import Element
from .paths import name_of
from .reading import Reading
from .xml import is_wide

Container = Literal["xml", "pdf", "zip", "gzip", "tar", "xls", "other"]


@dataclass(frozen=True, slots=True)
class Kind:
    """``refusal`` is what to say when it is no invoice that Chorus Pro takes; "" otherwise."""

    name: str
    container: Container = "xml"
    syntax: Syntax | None = None
    schema: str | None = None
    profile: str | None = None  # a name of schema.SCHEMAS: the stricter schema of a Factur-X
    read: Callable[[Element], Reading] | None = None
    interface: str = ""  # Chorus Pro's interface code
    flow_syntax: str = ""  # and its syntaxeFlux
    is_minimal_form: bool = False
    read_all: Callable[[Element], Iterator[Reading]] | None = None  # of an envelope that may hold several
    refusal: str = ""


def _ubl(root: Element) -> Reading:
    from .ubl.read import read

    return read(root)


def _cii(root: Element) -> Reading:
    from .cii.read import read

    return read(root)


def _ubl_minimal(root: Element) -> Reading:
    from .ubl_minimal.read import read

    return read(root)


def _mixed(root: Element) -> Reading:
    from .mixed.read import read

    return read(root)


def _all_mixed(root: Element) -> Iterator[Reading]:
    from .mixed.read import read_all

    return read_all(root)


_OTHER_INVOICE = "C’est {what}, que Chorus Pro ne prend pas. Envoyez la facture en UBL, en CII ou en Factur-X."
# Name of the root element → the kind.
ROOTS = {
    "ubl:Invoice": Kind("UBL Invoice", syntax="ubl", schema=schema.UBL_INVOICE, read=_ubl, interface="FSO1100A", flow_syntax="IN_DP_E1_UBL_INVOICE"),
    "cn:CreditNote": Kind("UBL CreditNote", syntax="ubl", schema=schema.UBL_CREDIT_NOTE, read=_ubl, interface="FSO1100A", flow_syntax="IN_DP_E1_UBL_INVOICE"),
    "rsm:CrossIndustryInvoice": Kind("CII", syntax="cii", schema=schema.CII, read=_cii, interface="FSO1106A", flow_syntax="IN_DP_E1_CII_16B"),
    "CPPFactureMixte": Kind("CPPFactureMixte", syntax="cpp", read=_mixed, read_all=_all_mixed, interface="FSO1113A", flow_syntax="IN_DP_E2_CPP_FACTURE_MIN", is_minimal_form=True),
    "CrossIndustryDocument": Kind("ZUGFeRD 1", refusal=_OTHER_INVOICE.format(what="une facture ZUGFeRD 1, l’ancien format")),
    "SCRDMCCBDACIOMessageStructure": Kind("Order-X", refusal="C’est une commande (Order-X), pas une facture. Envoyez la facture."),
    "CPPFacturePivot": Kind("CPPFacturePivot", refusal="C’est un fichier que Chorus Pro produit pour les destinataires (pivot), pas une facture à déposer."),
    "CPPFactures": Kind("CPPFactures", refusal="C’est un fichier que Chorus Pro produit pour les destinataires (pivot), pas une facture à déposer."),
    "CPPStatut": Kind("CPPStatut", refusal="C’est un flux de statuts, pas une facture."),
    "PES_Facture": Kind("PES Facture", refusal=_OTHER_INVOICE.format(what="une facture PES, format retiré en 2021")),
    "testSet": Kind("", refusal="Ce fichier contient des essais, pas une facture."),
}  # fmt: skip
# The reduced forms of UBL and CII: their roots are those of the whole ones.
UBL_MINIMAL = Kind(
    "UBL minimal",
    syntax="ubl",
    schema=schema.UBL_INVOICE,
    read=_ubl_minimal,
    interface="FSO1110A",
    flow_syntax="IN_DP_E2_UBL_INVOICE_MIN",
    is_minimal_form=True,
)
CII_MINIMAL = Kind(
    "CII minimal",
    syntax="cii",
    schema=schema.CII,
    read=_cii,
    interface="FSO1116A",
    flow_syntax="IN_DP_E2_CII_MIN_16B",
    is_minimal_form=True,
)
_UNKNOWN = "La racine du fichier est « {root} » : ce n’est pas une facture en UBL, en CII ou en Factur-X. Vérifiez que vous avez choisi le bon fichier."
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind("PDF", "pdf")),
    (b"PK\x03\x04", Kind("ZIP", "zip")),
    (b"\x1f\x8b", Kind("GZIP", "gzip")),
    (b"\xd0\xcf\x11\xe0", Kind("XLS", "xls")),
)


def recognize(data: bytes, root: Element | None = None) -> Kind:
    """The kind of a file; with its ``root``, the kind of an XML document."""
    if root is not None:
        return _of_root(root)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC:
        # A PDF may begin with other bytes: readers look into the first kilobyte.
        if head.startswith(magic) or (magic == b"%PDF-" and magic in head and not head.startswith(b"<")):
            return kind
    if data[257:262] == b"ustar":
        return Kind("TAR", "tar")
    return Kind("", "xml" if head.startswith(b"<") or is_wide(data) else "other")


def _of_root(root: Element) -> Kind:
    name = name_of(str(root.tag))
    kind = ROOTS.get(name) or ROOTS.get(name.rpartition(":")[2] if name.startswith("?") else name)
    if kind is None:
        local = str(root.tag).rpartition("}")[2]
        kind = ROOTS.get(local) or Kind("", refusal=_UNKNOWN.format(root=local[:60]))
    if kind.syntax == "cii":
        guideline = _guideline(root)
        found = profile_of(guideline)
        if found is not None:
            return replace(kind, name=f"CII, profil {found.name}", profile=found.schema)
        if guideline is None:
            from .cii_minimal.read import is_minimal as is_cii_minimal

            return CII_MINIMAL if is_cii_minimal(root) else kind
    elif kind.syntax == "ubl" and root.find("{*}CustomizationID") is None:
        from .ubl_minimal.read import is_minimal as is_ubl_minimal

        return UBL_MINIMAL if is_ubl_minimal(root) else kind
    return kind


def _guideline(root: Element) -> str | None:
    context = root.find("{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID")
    return (context.text or "").strip() if context is not None else None
