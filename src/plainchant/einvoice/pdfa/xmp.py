"""What the metadata packet of a PDF/A-3 must say and how: clause 6.6, and the four properties of Factur-X."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from plainchant.einvoice.syntaxes.xml import Limits, NotWellFormed, parse

from .look import Observations
from .xmp_types import NAMED, SCHEMAS, SIMPLE

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FACTURX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_ID = "http://www.aiim.org/pdfa/ns/id/"
_EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}schemas"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_TYPE = "http://www.aiim.org/pdfa/ns/type#"
_FIELD = "http://www.aiim.org/pdfa/ns/field#"
_CONTAINERS = {"Bag", "Seq", "Alt"}
_LIMITS = Limits(max_bytes=2 * 1024 * 1024, max_nodes=60_000)
_HEADER = re.compile(rb"<\?xpacket\s[^?]*?(?<=\s)(?:bytes|encoding)\s*=")


@dataclass(slots=True)
class Packet:
    """What was read: each top-level property once, and what the extension schemas describe."""

    properties: dict[str, etree._Element | str] = field(default_factory=dict)
    described: dict[str, dict[str, str]] = field(default_factory=dict)  # namespace → property → type
    defined: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # namespace → types it defines → fields

    def text(self, namespace: str, name: str) -> str | None:
        value = self.properties.get(f"{{{namespace}}}{name}")
        if value is None:
            return None
        return value if isinstance(value, str) else (value.text or "")


def look_at_packet(look: Observations, data: bytes, *, part: int) -> Packet | None:
    """Tells what is wrong with the packet; what was read of it, or None when it cannot be read."""
    if _HEADER.search(data[:1000]):
        look.tell("PDFA-XMP-PAQUET")
    try:
        root = parse(data.strip(b"\0 \t\r\n"), limits=_LIMITS)
    except NotWellFormed as error:
        look.tell("PDFA-XMP-ILLISIBLE", error.code)
        return None
    rdf = root if root.tag == f"{RDF}RDF" else next(root.iter(f"{RDF}RDF"), None)
    if rdf is None:
        look.tell("PDFA-XMP-ILLISIBLE", "rdf:RDF")
        return None
    packet = Packet()
    for name, value in _properties(rdf):
        if name == _EXTENSION:  # also a second one: what it describes is not unknown
            _extension(look, packet, value)
        if name in packet.properties:
            look.tell("PDFA-XMP-DOUBLE", _short(name, value))
        else:
            packet.properties[name] = value
    for name, value in packet.properties.items():
        _typed(look, packet, name, value)
    _claim(look, packet, part)
    if b"pdfaid:part" not in data and b"\0p\0d\0f\0a" not in data and packet.text(_ID, "part") is not None:
        look.tell("PDFA-PARTIE")
    return packet


def _properties(rdf: etree._Element) -> Iterator[tuple[str, etree._Element | str]]:
    for description in rdf:
        if description.tag != f"{RDF}Description":
            continue
        for name, value in description.attrib.items():
            if not name.startswith(("{http://www.w3.org/", RDF)) and name.startswith("{"):
                yield str(name), str(value)
        for child in description:
            yield str(child.tag), child


def _short(name: str, value: etree._Element | str) -> str:
    local = name.rpartition("}")[2]
    prefix = value.prefix if not isinstance(value, str) else None
    return f"{prefix}:{local}" if prefix else local


def _typed(look: Observations, packet: Packet, name: str, value: etree._Element | str) -> None:
    namespace, _, local = name[1:].rpartition("}")
    if namespace.startswith("http://www.aiim.org/pdfa/ns/") and namespace != _ID:
        return
    known = SCHEMAS.get(namespace, {}).get(local)
    described = packet.described.get(namespace, {}).get(local)
    if known is None and described is None:
        look.tell("PDFA-XMP-INCONNU", _short(name, value))
        return
    defined = packet.defined.get(namespace, {})
    if known is None and described in defined and not _has_fields(value, defined[described]):
        look.tell("PDFA-XMP-TYPE", _short(name, value))
        return
    wanted = known if known is not None else _named(described or "", defined)
    if not wanted.startswith("~") and not _is(value, wanted):
        look.tell("PDFA-XMP-TYPE", _short(name, value))


def _named(written: str, defined: dict[str, set[str]]) -> str:
    """A type as an extension schema names it: "bag Text", "closed Choice of Integer"…"""
    kind = " ".join(written.split())
    lowered = kind.lower()
    for container in ("bag", "seq", "alt"):
        if lowered.startswith(container + " "):
            return f"{container.capitalize()} {_named(kind[4:], defined)}"
    if "choice" in lowered:
        _, of, last = kind.rpartition(" of ")
        return _named(last, defined) if of else "Text"
    if kind in defined:
        return "~Any"
    return NAMED.get(lowered, "~Any")


def _is(value: etree._Element | str, wanted: str) -> bool:
    container, _, inner = wanted.partition(" ")
    if container in _CONTAINERS and inner:
        items = _items(value, container)
        return items is not None and all(inner.startswith("~") or _is(item, inner) for item in items)
    if wanted == "LangAlt":
        items = _items(value, "Alt")
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        return items is not None and all(item.get(lang) and not len(item) for item in items)
    if wanted in ("Struct", "Any"):
        return wanted == "Any" or _is_structure(value)
    if not isinstance(value, str):
        if len(value) or value.get(f"{RDF}parseType") is not None:
            inside = value[0] if len(value) == 1 and value[0].tag == f"{RDF}Description" else value
            is_resource = inside is not value or value.get(f"{RDF}parseType") == "Resource"
            return is_resource and _has_value(inside, wanted)
        resource = value.get(f"{RDF}resource")
        value = resource if resource is not None else value.text or ""
    shape = SIMPLE.get(wanted)
    return shape is None or shape.fullmatch(value.strip()) is not None


def _has_value(element: etree._Element, wanted: str) -> bool:
    """A value with qualifiers is a resource with an rdf:value."""
    value = element.find(f"{RDF}value")
    return value is not None and _is(value, wanted)


def _is_structure(value: etree._Element | str) -> bool:
    if isinstance(value, str):
        return False
    if value.get(f"{RDF}parseType") == "Resource":
        return True
    if len(value):
        return value[0].tag == f"{RDF}Description"
    # fields may be attributes, too
    return not (value.text or "").strip() and any(not str(name).startswith(RDF) for name in value.attrib)


def _has_fields(value: etree._Element | str, allowed: set[str]) -> bool:
    """Whether a value of a type the packet defines has only fields of that type."""
    if isinstance(value, str):
        return not allowed
    holder = value[0] if len(value) == 1 and value[0].tag == f"{RDF}Description" else value
    names = [str(child.tag) for child in holder] + [str(name) for name in holder.attrib]
    return all(name in allowed or name.startswith((RDF, "{http://www.w3.org/XML/")) for name in names)


def _items(value: etree._Element | str, container: str) -> list[etree._Element] | None:
    if isinstance(value, str) or len(value) != 1 or value[0].tag != RDF + container:
        return None
    return list(value[0]) if all(item.tag == f"{RDF}li" for item in value[0]) else None


# ---- extension schemas ----

_WANTED = {
    _SCHEMA: ({"schema", "namespaceURI", "prefix"}, {"property", "valueType"}),
    _PROPERTY: ({"name", "valueType", "category", "description"}, set[str]()),
    _TYPE: ({"type", "namespaceURI", "prefix", "description"}, {"field"}),
    _FIELD: ({"name", "valueType", "description"}, set[str]()),
}
_NEEDED_PREFIX = {
    _SCHEMA: "pdfaSchema",
    _PROPERTY: "pdfaProperty",
    _TYPE: "pdfaType",
    _FIELD: "pdfaField",
    "http://www.aiim.org/pdfa/ns/extension/": "pdfaExtension",
}


def _extension(look: Observations, packet: Packet, value: etree._Element | str) -> None:
    if not isinstance(value, str) and value.prefix != "pdfaExtension":
        look.tell("PDFA-XMP-EXTENSION", _short(_EXTENSION, value))
    schemas = _items(value, "Bag")
    if schemas is None:
        look.tell("PDFA-XMP-EXTENSION", "pdfaExtension:schemas")
        return
    for schema in schemas:
        fields = _fields(look, schema, _SCHEMA)
        namespace = _plain(fields.get("namespaceURI"))
        described = packet.described.setdefault(namespace, {})
        for row in _rows(look, fields.get("valueType"), "pdfaSchema:valueType"):
            own = _fields(look, row, _TYPE)
            inside = [_fields(look, inner, _FIELD) for inner in _rows(look, own.get("field"), "pdfaType:field")]
            prefix = f"{{{_plain(own.get('namespaceURI'))}}}"
            fields_of = packet.defined.setdefault(namespace, {}).setdefault(_plain(own.get("type")), set())
            fields_of.update(prefix + _plain(row.get("name")) for row in inside)
        for row in _rows(look, fields.get("property"), "pdfaSchema:property"):
            own = _fields(look, row, _PROPERTY)
            if _plain(own.get("category")) not in ("internal", "external"):
                look.tell("PDFA-XMP-EXTENSION", "pdfaProperty:category")
            described[_plain(own.get("name"))] = _plain(own.get("valueType"))


def _plain(value: etree._Element | str | None) -> str:
    if value is None:
        return ""
    return (value if isinstance(value, str) else value.text or "").strip()


def _rows(look: Observations, value: etree._Element | str | None, name: str) -> list[etree._Element]:
    if value is None:
        return []
    rows = _items(value, "Seq")
    if rows is None:
        look.tell("PDFA-XMP-EXTENSION", name)
    return rows or []


def _fields(look: Observations, row: etree._Element, namespace: str) -> dict[str, etree._Element | str]:
    """The fields of one structure, by their local name; tells what is missing or not foreseen."""
    found: dict[str, etree._Element | str] = {}
    prefix = _NEEDED_PREFIX[namespace]
    simple, containers = _WANTED[namespace]
    holder = row[0] if len(row) == 1 and row[0].tag == f"{RDF}Description" else row
    pairs: list[tuple[str, etree._Element | str]] = [(str(name), str(value)) for name, value in holder.attrib.items()]
    for name, value in [*pairs, *((str(child.tag), child) for child in holder)]:
        if name.startswith((RDF, "{http://www.w3.org/XML/")):
            continue
        local = name.rpartition("}")[2]
        given = prefix if isinstance(value, str) else value.prefix
        if (
            not name.startswith(f"{{{namespace}}}")
            or given != prefix
            or local not in simple | containers
            or (local in simple and not isinstance(value, str) and len(value))
        ):
            look.tell("PDFA-XMP-EXTENSION", _short(name, value))
        else:
            found[local] = value
    for name in sorted(simple - found.keys()):
        look.tell("PDFA-XMP-EXTENSION", f"{prefix}:{name}")
    return found


# ---- what the file says of itself ----


def _claim(look: Observations, packet: Packet, part: int) -> None:
    if packet.text(_ID, "part") != str(part):
        look.tell("PDFA-PARTIE", packet.text(_ID, "part") or "")
    if packet.text(_ID, "conformance") not in ("A", "B", "U"):
        look.tell("PDFA-NIVEAU", packet.text(_ID, "conformance") or "")
    for name in ("part", "conformance", "amd", "corr"):
        value = packet.properties.get(f"{{{_ID}}}{name}")
        if value is not None and not isinstance(value, str) and value.prefix != "pdfaid":
            look.tell("PDFA-PARTIE", _short(f"{{{_ID}}}{name}", value))


def level(packet: Packet | None) -> str:
    """A, B, U or ""."""
    return (packet.text(_ID, "conformance") or "") if packet is not None else ""


_LEVELS = {"MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED", "XRECHNUNG"}


def look_at_facturx(look: Observations, packet: Packet, names: set[str]) -> None:
    """The four properties of Factur-X against the files inside the PDF, for a PDF that has an invoice."""
    name = packet.text(FACTURX, "DocumentFileName")
    if name is None or packet.text(FACTURX, "Version") is None:
        look.tell("PDFA-FX-METADONNEES")
        return
    if name.strip() not in names:
        look.tell("PDFA-FX-NOM", name.strip())
    if (packet.text(FACTURX, "DocumentType") or "").strip() != "INVOICE":
        look.tell("PDFA-FX-TYPE", (packet.text(FACTURX, "DocumentType") or "").strip())
    if (packet.text(FACTURX, "ConformanceLevel") or "").strip() not in _LEVELS:
        look.tell("PDFA-FX-PROFIL", (packet.text(FACTURX, "ConformanceLevel") or "").strip())
