"""What a Factur-X says of itself in its metadata, and how a page of ours is made to say it."""

from __future__ import annotations

import hashlib
import re
from xml.sax.saxutils import escape

from plainchant.einvoice.profiles import Profile

FILE_NAME = "factur-x.xml"
DESCRIPTION = "Factur-X : les données de la facture"
_PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document"),
    ("Version", "The version of the standard of the embedded XML"),
    ("ConformanceLevel", "The conformance level of the embedded XML"),
)
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def with_level(packet: str, level: str) -> str:
    """An XMP packet with the four properties of Factur-X, and the extension schema that PDF/A wants of properties it
    does not know. A packet that is none is replaced.
    """
    values = {"DocumentFileName": FILE_NAME, "DocumentType": "INVOICE", "Version": "1.0", "ConformanceLevel": level}
    own = "".join(f"<fx:{name}>{escape(values[name])}</fx:{name}>" for name, _ in _PROPERTIES)
    rows = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description in _PROPERTIES
    )
    schema = (
        '<rdf:li rdf:parseType="Resource" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
        'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property>"
        "</rdf:li>"
    )
    block = f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">{own}</rdf:Description>'
    if "</rdf:RDF>" not in packet:
        packet = _EMPTY
    if _NAMESPACE in packet:  # a Factur-X made again: the level may have changed
        packet = re.sub(r"(fx:ConformanceLevel>)[^<]*(<)", rf"\g<1>{level}\2", packet)
    else:
        # A property may stand only once in a packet: where extension schemas are listed, ours joins the list.
        packet, joined = _SCHEMAS.subn(lambda match: match[0] + schema, packet, count=1)
        if not joined:
            block += (
                '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/">'
                f"<pdfaExtension:schemas><rdf:Bag>{schema}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
            )
        packet = packet.replace("</rdf:RDF>", f"{block}</rdf:RDF>", 1)
    return packet


_SCHEMAS = re.compile(r"<pdfaExtension:schemas\b[^>]*>\s*<rdf:Bag\b[^>/]*>")
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>'
    '</x:xmpmeta><?xpacket end="w"?>'
)


_NAMED = re.compile(rb"/Metadata (\d+) 0 R")
_PACKET = re.compile(rb"[^<>]*<<[^<>]*/Type\s*/Metadata\b[^<>]*>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*<<(.*?)/ID\[\((.*?)\)\(.*?\)\]\s*>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)


def described(pdf: bytes, *, profile: Profile) -> bytes:
    """A page drawn by typst, its data attached, that says it is a Factur-X of ``profile``.

    Only the metadata change, so they are added at the end as PDF foresees it: a hundredth of the time that rewriting
    the file takes. ValueError when the profile has no level, or the file was not written by typst.
    """
    if profile.level is None:
        raise ValueError(f"{profile.name} is no level of Factur-X")
    # The last ones: what people wrote stands before them, as text that could look like anything.
    named, trailer = _NAMED.findall(pdf), _TRAILER.search(pdf[-4096:])
    number = named[-1] if named else b"?"
    found = _PACKET.match(pdf, max(0, pdf.rfind(b"\n%s 0 obj" % number)))
    if found is None or trailer is None:
        raise ValueError("not a PDF as typst writes it")
    packet = with_level(found[1].decode(), profile.level).encode()
    entries, identifier, table = trailer.groups()
    changed = hashlib.md5(pdf + packet, usedforsecurity=False).hexdigest().encode()
    added = b"\n%s 0 obj\n<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    update = added % (number, len(packet), packet)
    return b"".join(
        (
            pdf,
            update,
            b"xref\n%s 1\n%010d 00000 n\r\n" % (number, len(pdf) + 1),
            b"trailer\n<<%s/ID[(%s)<%s>]/Prev %s>>\n" % (entries, identifier, changed, table),
            b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(update)),
        )
    )
