"""The XML out of a PDF, however it is named or stored; and a plain sentence when it is not there.

Producers put it in the name tree, in the catalog's associated files, in a page's, or in an annotation; they call it
factur-x.xml, zugferd-invoice.xml, xrechnung.xml or anything else. What it is, its root element says.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.syntaxes.xml import head_of

KNOWN_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml", "cii.xml")
MAX_FILES = 200
MAX_PAGES_LOOKED_AT = 50
# An order (Order-X) is taken out too: whoever reads it says what it is, where « a plain PDF » would be wrong.
_ROOT = re.compile(
    rb"<(?:[\w.-]+:)?"
    rb"(CrossIndustryInvoice|CrossIndustryDocument|Invoice|CreditNote|SCRDMCCBDACIOMessageStructure)[\s>/]"
)
_LEVEL = re.compile(r"(?:fx|zf):ConformanceLevel(?:>|\s*=\s*[\"'])\s*([A-Za-z0-9 _-]+?)\s*[<\"']")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF. ``where``: names, catalog, page or annotation."""

    name: str
    size: int
    where: str
    relationship: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """``xml`` is None when the PDF carries no invoice; ``findings`` say why, or what is odd."""

    xml: bytes | None = None
    name: str = ""
    where: str = ""
    relationship: str = ""
    level: str = ""  # the ConformanceLevel its metadata declare
    others: tuple[Attached, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Found:
    files: list[tuple[Attached, Any]] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)


def extract(pdf: bytes, *, max_bytes: int = 120 * 1024 * 1024) -> Extraction:
    """The invoice inside a PDF. Never raises on what the file holds."""
    from io import BytesIO

    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            return _extract(document, max_bytes)
    except pikepdf.PasswordError:
        return _none("PDF-MOT-DE-PASSE", "Le PDF est protégé par un mot de passe. Enregistrez-le sans protection.")
    except (
        pikepdf.PdfError,
        RecursionError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RuntimeError,
    ):
        return _none("PDF-ABIME", "Le PDF est abîmé et n’a pas pu être lu. Produisez-le à nouveau avec votre logiciel.")


def _none(rule: str, message: str, others: tuple[Attached, ...] = ()) -> Extraction:
    return Extraction(others=others, findings=(Finding(rule, message),))


def _extract(document: pikepdf.Pdf, max_bytes: int) -> Extraction:
    found = _Found()
    for where, specs in (
        ("names", _names(document)),
        ("catalog", _array(document.Root.get("/AF"))),
        ("page", _pages(document, "/AF")),
        ("annotation", _annotations(document)),
    ):
        for name, spec in specs:
            _take(found, name, spec, where)
            if len(found.files) >= MAX_FILES:
                break
    invoices = []
    for attached, stream in found.files:
        data = _read(stream, max_bytes, is_wanted=_looks_like_xml(attached.name, stream))
        if data is not None and _ROOT.search(head_of(data, size=20_000)):
            invoices.append((attached, data))
    others = tuple(attached for attached, _ in found.files)
    if not invoices:
        return _none(
            "FX-ABSENT",
            "Ce PDF ne contient pas de facture électronique : c’est un PDF simple. "
            "Il peut partir tel quel, si ses données sont saisies à côté.",
            others,
        )
    invoices.sort(key=lambda row: _rank(row[0].name))
    attached, data = invoices[0]
    findings = []
    if len(invoices) > 1:
        findings.append(
            Finding(
                "FX-PLUSIEURS",
                f"Ce PDF contient {len(invoices)} factures électroniques ; « {attached.name} » est celle qui est lue. "
                "Gardez-en une seule.",
                severity="warning",
            )
        )
    if attached.name not in KNOWN_NAMES[:4]:
        findings.append(
            Finding(
                "FX-NOM",
                f"Le fichier de données s’appelle « {attached.name[:80]} » au lieu de « factur-x.xml » : "
                "d’autres logiciels ne le trouveront pas. Nommez-le ainsi.",
                severity="warning",
            )
        )
    return Extraction(
        xml=data,
        name=attached.name,
        where=attached.where,
        relationship=attached.relationship,
        level=_level(document),
        others=tuple(other for other in others if other is not attached),
        findings=tuple(findings),
    )


def _rank(name: str) -> int:
    lowered = name.lower()
    return KNOWN_NAMES.index(lowered) if lowered in KNOWN_NAMES else len(KNOWN_NAMES)


def _names(document: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    names = document.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    todo, steps = [tree], 0
    while todo and steps < 10_000:
        node = todo.pop()
        steps += 1
        if not isinstance(node, pikepdf.Dictionary):
            continue
        rows = node.get("/Names")
        if isinstance(rows, pikepdf.Array):
            for at in range(0, len(rows) - 1, 2):
                yield _text(rows[at]), rows[at + 1]
        kids = node.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            todo.extend(list(kids)[:1000])


def _array(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, pikepdf.Array):
        for spec in value:
            yield "", spec
    elif isinstance(value, pikepdf.Dictionary):
        yield "", value


def _pages(document: pikepdf.Pdf, key: str) -> Iterator[tuple[str, Any]]:
    for page in list(document.pages)[:MAX_PAGES_LOOKED_AT]:
        yield from _array(page.obj.get(key))


def _annotations(document: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    for page in list(document.pages)[:MAX_PAGES_LOOKED_AT]:
        rows = page.obj.get("/Annots")
        for row in rows if isinstance(rows, pikepdf.Array) else ():
            if isinstance(row, pikepdf.Dictionary) and row.get("/Subtype") == "/FileAttachment":
                yield "", row.get("/FS")


def _take(found: _Found, name: str, spec: Any, where: str) -> None:
    if not isinstance(spec, pikepdf.Dictionary):
        return
    files = spec.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return
    stream = files.get("/UF") or files.get("/F")
    if not isinstance(stream, pikepdf.Stream) or stream.objgen in found.seen:
        return
    found.seen.add(stream.objgen)
    own = _text(spec.get("/UF")) or _text(spec.get("/F")) or name
    relationship = str(spec.get("/AFRelationship", "")).lstrip("/")
    params = stream.get("/Params")
    size = params.get("/Size", 0) if isinstance(params, pikepdf.Dictionary) else 0
    found.files.append((Attached(own[:200], int(size) if isinstance(size, int) else 0, where, relationship), stream))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.String | str) else ""


def _looks_like_xml(name: str, stream: Any) -> bool:
    kind = str(stream.get("/Subtype", "")).lower()
    return name.lower().endswith(".xml") or "xml" in kind or "." not in name


def _read(stream: Any, max_bytes: int, *, is_wanted: bool) -> bytes | None:
    """The bytes of an attached file, bounded also while they are unpacked; None when it is no XML or too big."""
    if not is_wanted:
        return None
    kind = stream.get("/Filter")
    if kind is None:
        raw = bytes(stream.read_raw_bytes())
        return raw if len(raw) <= max_bytes else None
    if kind == "/FlateDecode" and stream.get("/DecodeParms") is None:
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(bytes(stream.read_raw_bytes()), max_bytes + 1)
        except zlib.error:
            return None
        return data if len(data) <= max_bytes else None
    if (
        len(bytes(stream.read_raw_bytes())) > max_bytes // 50
    ):  # rare filters: what they give is bounded by what they take
        return None
    data = bytes(stream.read_bytes())
    return data if len(data) <= max_bytes else None


def _level(document: pikepdf.Pdf) -> str:
    metadata = document.Root.get("/Metadata")
    if not isinstance(metadata, pikepdf.Stream):
        return ""
    data = _read(metadata, 1_000_000, is_wanted=True) or b""
    match = _LEVEL.search(data.decode("utf-8", "replace"))
    return match[1].upper() if match else ""
