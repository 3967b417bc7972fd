"""The structural probe: what can be said of a PDF/A-3 without rendering it. It is no validation of PDF/A.

What it looks at is the table; what it does not, `docs/pdfa-probe.md` says, with how often it is right.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from plainchant.einvoice.finding import Finding

from .colour import Colours
from .content import Contents
from .file_structure import look_at_bytes
from .fonts import Fonts
from .look import Observations
from .objects import Objects, look_at_level_a
from .table import PROBES
from .xmp import FACTURX, Packet, level, look_at_facturx, look_at_packet

MAX_BYTES: Final = 40 * 1024 * 1024
_MAX_PACKET = 2 * 1024 * 1024
_MAX_PAGES = 5_000
_BROKEN: Final = (
    pikepdf.PdfError,
    RecursionError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    NotImplementedError,
    MemoryError,
)


def probe(data: bytes, *, max_bytes: int = MAX_BYTES, part: int = 3) -> tuple[Finding, ...]:
    """What keeps ``data`` from being a PDF/A-3, as warnings in the table's order; empty when nothing was seen.

    Never raises on what the file holds. ``part`` 2 is for labelled files of PDF/A-2, whose clauses are the same.
    """
    look = Observations()
    if len(data) > max_bytes:
        look.tell("PDFA-INCOMPLET")
        return _findings(look)
    if not look_at_bytes(look, data):
        look.tell("PDFA-INCOMPLET")
        return _findings(look)
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as document:
            _look_at(look, document, part)
    except pikepdf.PasswordError:
        look.tell("PDFA-CHIFFRE")
    except UnicodeError:  # pikepdf stops at a name that is not UTF-8
        look.tell("PDFA-NOM")
        look.tell("PDFA-INCOMPLET")
    except _BROKEN:
        look.tell("PDFA-ILLISIBLE")
    if look.unseen:
        look.tell("PDFA-INCOMPLET")
    return _findings(look)


def _findings(look: Observations) -> tuple[Finding, ...]:
    rows = []
    for row in PROBES.values():
        values = look.found.get(row.id)
        if values is not None:
            seen = ", ".join(value.encode("utf-8", "replace").decode() for value in values)
            shown = f" ({seen})" if seen else ""
            rows.append(Finding(row.id, row.french.replace("{}", shown), severity="warning", value=seen))
    return tuple(rows)


def _look_at(look: Observations, document: pikepdf.Pdf, part: int) -> None:
    root = document.Root
    _trailer(look, document)
    packet = _metadata(look, root, part)
    colours = Colours(look)
    colours.read_intents(root)
    fonts = Fonts(look)
    contents = Contents(look, colours, fonts)
    objects = Objects(look, document)
    objects.catalog()
    objects.walk()
    for number, page in enumerate(document.pages):
        if number >= _MAX_PAGES:
            look.unseen.add("pages")
            break
        _page(look, contents, page.obj)
    for appearance in objects.appearances:
        contents.form(appearance, Dictionary())
    fonts.finish(level=level(packet))
    if level(packet) == "A":
        look_at_level_a(look, root)
    _facturx(look, packet, objects)


def _trailer(look: Observations, document: pikepdf.Pdf) -> None:
    identifier = document.trailer.get("/ID")
    rows = list(identifier) if isinstance(identifier, Array) else []
    if len(rows) != 2 or not all(isinstance(row, String) and bytes(row) for row in rows):
        look.tell("PDFA-IDENTIFIANT")
    if document.is_encrypted:
        look.tell("PDFA-CHIFFRE")


def _metadata(look: Observations, root: Any, part: int) -> Packet | None:
    stream = root.get("/Metadata")
    if not isinstance(stream, Stream):
        look.tell("PDFA-XMP-ABSENT")
        return None
    data = look.read(stream, _MAX_PACKET)
    if data is not None and not data.strip():
        look.tell("PDFA-XMP-ABSENT")
        return None
    if stream.get("/Type") != "/Metadata" or stream.get("/Subtype") != "/XML":
        look.tell("PDFA-XMP-FLUX")
    return look_at_packet(look, data, part=part) if data is not None else None


def _page(look: Observations, contents: Contents, page: Any) -> None:
    own = page.get("/Resources")
    resources, node = own, page
    for _ in range(64):
        if isinstance(resources, Dictionary):
            break
        node = node.get("/Parent")
        if not isinstance(node, Dictionary):
            break
        resources = node.get("/Resources")
    contents.is_transparent = False
    group = page.get("/Group")
    has_space = False
    if isinstance(group, Dictionary):
        contents.group(group, resources)
        has_space = isinstance(group.get("/CS"), Name | Array)
    contents.page(page, resources, is_own=isinstance(own, Dictionary))
    rows = page.get("/Annots")
    for row in list(rows)[:2_000] if isinstance(rows, Array) else ():
        appearance = row.get("/AP") if isinstance(row, Dictionary) else None
        normal = appearance.get("/N") if isinstance(appearance, Dictionary) else None
        if isinstance(normal, Stream):
            contents.form(normal, resources)
    if contents.is_transparent and not contents.colours.intent and not has_space:
        look.tell("PDFA-TRANSPARENCE")


def _facturx(look: Observations, packet: Packet | None, objects: Objects) -> None:
    """Only for a PDF with something called as an invoice is called, or that says it is a Factur-X."""
    names = {name for name, _ in objects.files.values()}
    invoices = {name for name in names if name.lower() in ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")}
    if packet is not None and (invoices or packet.text(FACTURX, "DocumentFileName") is not None):
        look_at_facturx(look, packet, names)
    for name, files in objects.files.values():
        if name in invoices:
            stream = files.get("/UF") or files.get("/F")
            params = stream.get("/Params") if isinstance(stream, Stream) else None
            if not isinstance(params, Dictionary) or params.get("/ModDate") is None:
                look.tell("PDFA-FX-PARAMS")
