"""The XML into a PDF/A-3: attached, declared as the invoice's data, named in the metadata as Factur-X wants.

A PDF that is not PDF/A-3 is not made one by saying so: `embed` keeps what the page claims and adds the data.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from plainchant.einvoice.drawing.facturx import DESCRIPTION, FILE_NAME, with_level
from plainchant.einvoice.profiles import Profile


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
        document.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            fix_metadata_version=False,  # what was written above is what is meant
        )
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
    others = [attached for attached in known if str(attached.get("/UF", "")) != FILE_NAME]
    root.AF = Array([*others, spec])


def _pdf_date(at: datetime) -> str:
    offset = at.strftime("%z") or "+0000"
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}'"


def _describe(document: Pdf, level: str) -> None:
    metadata = document.Root.get("/Metadata")
    packet = bytes(metadata.read_bytes()).decode("utf-8", "replace") if isinstance(metadata, Stream) else ""
    stream = Stream(document, with_level(packet, level).encode())
    stream.Type = Name.Metadata
    stream.Subtype = Name.XML
    document.Root.Metadata = document.make_indirect(stream)
