"""The XML into a PDF/A-3: attached, declared as the invoice's data, named in the metadata as Factur-X wants.

A PDF that is not PDF/A-3 is not made one by saying so: `embed` keeps what the page claims and adds the data.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from plainchant.einvoice.profiles import Profile

FILE_NAME = "factur-x.xml"
DESCRIPTION = "Factur-X : les données de la facture"


def embed(pdf: bytes, xml: bytes, *, profile: Profile, at: datetime) -> bytes:
    """A Factur-X: ``pdf`` with ``xml`` inside. ``at`` is the date the metadata give.

    ValueError when ``pdf`` cannot be read, or the profile has no Factur-X level.
    """
    if profile.level is None:
        raise ValueError(f"{profile.name} is no level of Factur-X")
    try:
        document = pikepdf.open(BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise ValueError("the PDF cannot be read") from error
    with document:
        _attach(document, xml, profile, at)
        _describe(document, profile.level)
        out = BytesIO()
        # A fixed id makes the same invoice the same bytes.
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        return out.getvalue()


def _attach(document: Pdf, xml: bytes, profile: Profile, at: datetime) -> None:
    stream = Stream(document, xml)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/text/xml")
    stream.Params = Dictionary(
        ModDate=String(_pdf_date(at)),
        Size=len(xml),
        CheckSum=String(hashlib.md5(xml, usedforsecurity=False).digest()),
    )
    reference = document.make_indirect(stream)
    spec = document.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(FILE_NAME),
            UF=String(FILE_NAME),
            Desc=String(DESCRIPTION),
            AFRelationship=Name(f"/{profile.relationship}"),
            EF=Dictionary(F=reference, UF=reference),
        )
    )
    root = document.Root
    names = root.get("/Names")
    if not isinstance(names, Dictionary):
        names = root.Names = document.make_indirect(Dictionary())
    rows: list[object] = []
    tree = names.get("/EmbeddedFiles")
    if isinstance(tree, Dictionary) and isinstance(tree.get("/Names"), Array):
        old: list[Any] = list(tree.Names)
        rows = [part for at_ in range(0, len(old) - 1, 2) if str(old[at_]) != FILE_NAME for part in old[at_ : at_ + 2]]
    pairs = sorted([(str(rows[n]), rows[n + 1]) for n in range(0, len(rows), 2)] + [(FILE_NAME, spec)])
    names.EmbeddedFiles = Dictionary(Names=Array([part for name, value in pairs for part in (String(name), value)]))
    listed = root.get("/AF")
    known = list(listed) if isinstance(listed, Array) else []
    others = [one for one in known if str(one.get("/UF", "")) != FILE_NAME]
    root.AF = Array([*others, spec])


def _pdf_date(at: datetime) -> str:
    offset = at.strftime("%z") or "+0000"
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}'"


_PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document"),
    ("Version", "The version of the standard of the embedded XML"),
    ("ConformanceLevel", "The conformance level of the embedded XML"),
)
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def _describe(document: Pdf, level: str) -> None:
    """The four properties of Factur-X, and the extension schema that PDF/A wants of properties it does not know."""
    values = {"DocumentFileName": FILE_NAME, "DocumentType": "INVOICE", "Version": "1.0", "ConformanceLevel": level}
    own = "".join(f"<fx:{name}>{escape(values[name])}</fx:{name}>" for name, _ in _PROPERTIES)
    rows = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{told}</pdfaProperty:description></rdf:li>"
        for name, told in _PROPERTIES
    )
    block = (
        f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">{own}</rdf:Description>'
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
        'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
        'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property>"
        "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )
    metadata = document.Root.get("/Metadata")
    packet = bytes(metadata.read_bytes()).decode("utf-8", "replace") if isinstance(metadata, Stream) else _EMPTY
    if "</rdf:RDF>" not in packet:
        packet = _EMPTY
    if _NAMESPACE in packet:  # a Factur-X made again: the level may have changed
        packet = re.sub(r"(fx:ConformanceLevel>)[^<]*(<)", rf"\g<1>{level}\2", packet)
    else:
        packet = packet.replace("</rdf:RDF>", f"{block}</rdf:RDF>", 1)
    stream = Stream(document, packet.encode())
    stream.Type = Name.Metadata
    stream.Subtype = Name.XML
    document.Root.Metadata = document.make_indirect(stream)


_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>'
    '</x:xmpmeta><?xpacket end="w"?>'
)
