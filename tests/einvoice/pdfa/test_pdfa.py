"""The probe of PDF/A-3: silent on what we draw; each row of its table speaks of the smallest thing that breaks it."""

import random
import re
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from plainchant.einvoice.drawing import draw
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.pdfa.probe import probe
from plainchant.einvoice.pdfa.table import PROBES
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.write import write

AT = datetime(2026, 11, 24, tzinfo=UTC)
FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
SRGB = "/c0"  # how the drawing names its colour space

Change = Callable[[Pdf], None]


def rules(data: bytes) -> list[str]:
    return [finding.rule for finding in probe(data)]


@cache
def plain() -> bytes:
    """What we draw, without any invoice inside."""
    return draw(Invoice(), at=AT)


@cache
def facturx() -> bytes:
    """A small one, put together here so that it does not depend on what embeds."""
    with pikepdf.open(BytesIO(plain())) as document:
        attach(document)
        properties = "".join(
            f"<fx:{name}>{value}</fx:{name}>"
            for name, value in (
                ("DocumentFileName", "factur-x.xml"),
                ("DocumentType", "INVOICE"),
                ("Version", "1.0"),
                ("ConformanceLevel", "EN 16931"),
            )
        )
        add_metadata(document, f'<rdf:Description rdf:about="" xmlns:fx="{FX}">{properties}</rdf:Description>')
        describe(document, FX, "fx", ("DocumentFileName", "DocumentType", "Version", "ConformanceLevel"))
        return saved(document)


def saved(document: Pdf) -> bytes:
    out = BytesIO()
    # Written as it is: pikepdf would mend the metadata and unpack what is packed.
    document.save(
        out,
        deterministic_id=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    return out.getvalue()


def changed(change: Change, base: bytes | None = None) -> bytes:
    with pikepdf.open(BytesIO(base or plain())) as document:
        change(document)
        return saved(document)


# ---- the changes ----


def put(document: Pdf, holder: object, **values: object) -> None:
    for name, value in values.items():
        holder[f"/{name}"] = value


def root(**values: object) -> Change:
    return lambda document: put(document, document.Root, **values)


def draws(content: bytes, **resources: Dictionary) -> Change:
    """More content for the page, and what it needs."""

    def change(document: Pdf) -> None:
        page = document.pages[0]
        page.obj.Contents = Array([page.obj.Contents, document.make_stream(content)])
        for kind, rows in resources.items():
            mine = page.obj.Resources.get(f"/{kind}", Dictionary())
            for name, value in rows.items():
                mine[name] = value(document) if callable(value) else value
            page.obj.Resources[f"/{kind}"] = mine

    return change


def later(**resources: Callable[[Pdf], object]) -> dict[str, object]:
    return {f"/{name}": make for name, make in resources.items()}


def state(**values: object) -> Change:
    return draws(b"/G gs", ExtGState=Dictionary(G=Dictionary(**values)))


def image(data: bytes = b"\0\0\0", **values: object) -> Change:
    def make(document: Pdf) -> Stream:
        stream = Stream(document, data)
        put(document, stream, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
        stream.ColorSpace = document.pages[0].obj.Resources.ColorSpace[SRGB]
        put(document, stream, **values)
        return document.make_indirect(stream)

    return draws(b"/I Do", XObject=later(I=make))


def form(content: bytes = b"", **values: object) -> Change:
    def make(document: Pdf) -> Stream:
        stream = Stream(document, content)
        put(document, stream, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=Dictionary())
        put(document, stream, **values)
        return document.make_indirect(stream)

    return draws(b"/X Do", XObject=later(X=make))


def annotation(subtype: str = "Square", **values: object) -> Change:
    def change(document: Pdf) -> None:
        drawn = Stream(document, b"")
        put(document, drawn, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=Dictionary())
        made = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([0, 0, 9, 9]), F=4)
        made.AP = Dictionary(N=document.make_indirect(drawn))
        put(document, made, **values)
        made = document.make_indirect(made)
        document.pages[0].obj.Annots = Array([made])
        if subtype == "Widget":
            document.Root.AcroForm = Dictionary(Fields=Array([made]))

    return change


def truetype(glyphs: int = 3, advance: int = 500, character: int = 65) -> bytes:
    """A font program of nothing but the tables that are read: ``character`` is glyph 1."""
    maxp = struct.pack(">LH", 0x10000, glyphs)
    head = bytes(18) + struct.pack(">H", 1000) + bytes(34)
    hhea = bytes(34) + struct.pack(">H", glyphs)
    hmtx = struct.pack(">Hh", advance, 0) * glyphs
    delta = (1 - character) & 0xFFFF
    rows = (4, 32, 0, 4, 0, 0, 0, character, 0xFFFF, 0, character, 0xFFFF, delta, 1, 0, 0)
    segments = struct.pack(">16H", *rows)
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1, 12) + segments
    out, body = b"", b""
    tables = {b"cmap": cmap, b"head": head, b"hhea": hhea, b"hmtx": hmtx, b"maxp": maxp}
    for tag, data in tables.items():
        out += struct.pack(">4sLLL", tag, 0, 12 + 16 * len(tables) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return struct.pack(">LHHHH", 0x10000, len(tables), 0, 0, 0) + out + body


def descriptor(document: Pdf, flags: int, program: bytes | None) -> Dictionary:
    made = Dictionary(Type=Name.FontDescriptor, FontName=Name("/ABCDEF+Tiny"), Flags=flags)
    if program is not None:
        made.FontFile2 = document.make_indirect(Stream(document, program))
    return made


def simple(program: bytes | None, text: bytes = b"(A)", flags: int = 32, **values: object) -> Change:
    def make(document: Pdf) -> Dictionary:
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/ABCDEF+Tiny"))
        put(
            document,
            font,
            FirstChar=65,
            LastChar=65,
            Widths=Array([500]),
            FontDescriptor=descriptor(document, flags, program),
        )
        font.Encoding = Name.WinAnsiEncoding
        put(document, font, **values)
        for name in [name for name, value in values.items() if value is None]:
            del font[f"/{name}"]
        return font

    return draws(b"q " + SRGB.encode() + b" cs 0 0 0 scn BT /T 9 Tf " + text + b" Tj ET Q", Font=later(T=make))


def composite(text: bytes = b"<0001>", *, child: dict[str, object] | None = None, **values: object) -> Change:
    def make(document: Pdf) -> Dictionary:
        below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/ABCDEF+Tiny"), DW=500)
        below.CIDSystemInfo = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
        put(document, below, FontDescriptor=descriptor(document, 4, truetype()), CIDToGIDMap=Name.Identity)
        put(document, below, **{name: value for name, value in (child or {}).items() if value is not None})
        for name in [name for name, value in (child or {}).items() if value is None]:
            del below[f"/{name}"]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/ABCDEF+Tiny"))
        put(document, font, Encoding=Name("/Identity-H"), DescendantFonts=Array([below]))
        put(document, font, **values)
        return font

    return draws(b"q " + SRGB.encode() + b" cs 0 0 0 scn BT /T 9 Tf " + text + b" Tj ET Q", Font=later(T=make))


def attach(document: Pdf, name: str = "factur-x.xml", **values: object) -> None:
    stream = Stream(document, b"<a/>")
    put(document, stream, Type=Name.EmbeddedFile, Subtype=Name("/text/xml"), Params=Dictionary(ModDate="D:20261124"))
    kept = document.make_indirect(stream)
    spec = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), AFRelationship=Name.Data)
    spec.EF = Dictionary(F=kept, UF=kept)
    put(document, spec, **values)
    spec = document.make_indirect(spec)
    put(document, document.Root, AF=Array([spec]))
    put(document, document.Root, Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(name), spec]))))


def packet(document: Pdf) -> str:
    return document.Root.Metadata.read_bytes().decode()


def metadata(document: Pdf, text: str) -> None:
    stream = Stream(document, text.encode())
    put(document, stream, Type=Name.Metadata, Subtype=Name.XML)
    document.Root.Metadata = document.make_indirect(stream)


def add_metadata(document: Pdf, block: str) -> None:
    metadata(document, packet(document).replace("</rdf:RDF>", f"{block}</rdf:RDF>", 1))


def describe(document: Pdf, namespace: str, prefix: str, names: tuple[str, ...], *, category: str = "external") -> None:
    rows = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text'
        f"</pdfaProperty:valueType><pdfaProperty:category>{category}</pdfaProperty:category><pdfaProperty:description>-"
        "</pdfaProperty:description></rdf:li>"
        for name in names
    )
    schema = (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>-</pdfaSchema:schema><pdfaSchema:namespaceURI>'
        f"{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix><pdfaSchema:property>"
        f"<rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    text, joined = re.subn(r"<pdfaExtension:schemas>\s*<rdf:Bag>", lambda match: match[0] + schema, packet(document))
    assert joined == 1
    metadata(document, text)


def replaced(old: str, new: str) -> Change:
    def change(document: Pdf) -> None:
        assert old in packet(document)
        metadata(document, packet(document).replace(old, new))

    return change


def written(block: str) -> Change:
    return lambda document: add_metadata(document, block)


def attached(**values: object) -> Change:
    return lambda document: attach(document, "autre.xml", **values)


def without_mime(document: Pdf) -> None:
    attach(document, "autre.xml")
    del document.Root.AF[0].EF.F["/Subtype"]


def unassociated(document: Pdf) -> None:
    attach(document, "autre.xml")
    del document.Root["/AF"]


def without_uf(document: Pdf) -> None:
    attach(document, "autre.xml")
    del document.Root.AF[0]["/UF"]


def without_relationship(document: Pdf) -> None:
    attach(document, "autre.xml")
    del document.Root.AF[0]["/AFRelationship"]


def without_date(document: Pdf) -> None:
    del document.Root.AF[0].EF.F["/Params"]


def icc(document: Pdf, n: int) -> Array:
    profile = document.Root.OutputIntents[0].DestOutputProfile
    copy = Stream(document, profile.read_bytes())
    copy.N = n
    return Array([Name.ICCBased, document.make_indirect(copy)])


def cmyk_profile(document: Pdf) -> Array:
    header = bytes(8) + b"\2" + bytes(3) + b"prtrCMYKLab " + bytes(104)
    copy = Stream(document, header)
    copy.N = 4
    return Array([Name.ICCBased, document.make_indirect(copy)])


def wrong_intent(document: Pdf) -> None:
    intent = document.Root.OutputIntents[0]
    intent.DestOutputProfile = icc(document, 4)[1]


def without_intent(document: Pdf) -> None:
    del document.Root["/OutputIntents"]
    draws(b"/G gs", ExtGState=Dictionary(G=Dictionary(ca=0.5)))(document)


def level(letter: str) -> Change:
    return replaced("<pdfaid:conformance>B<", f"<pdfaid:conformance>{letter}<")


def level_a(document: Pdf, change: Change) -> None:
    level("A")(document)
    change(document)


def function(document: Pdf, last: float) -> Dictionary:
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0]), C1=Array([last, 0, 0]), N=1)


def spot(document: Pdf, last: float) -> Array:
    space = document.pages[0].obj.Resources.ColorSpace[SRGB]
    return Array([Name.Separation, Name.Spot, space, function(document, last)])


def layers(**values: object) -> Change:
    def change(document: Pdf) -> None:
        group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("plan")))
        configuration = Dictionary(Name=String("vue"), Order=Array([group]))
        put(document, configuration, **values)
        document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=configuration)

    return change


def jp2(channels: int) -> bytes:
    header = struct.pack(">L4sLLHBBBB", 22, b"ihdr", 1, 1, channels, 7, 7, 0, 0)
    colour = struct.pack(">L4sBBBL", 15, b"colr", 1, 0, 0, 16)
    return struct.pack(">L4s", 8 + len(header) + len(colour), b"jp2h") + header + colour


CHANGES: dict[str, Change] = {
    "PDFA-IMAGE-EN-LIGNE": draws(
        b"q " + SRGB.encode() + b" cs 0 0 0 scn BI /W 1 /H 1 /IM true /BPC 1 /F /LZW ID x EI Q"
    ),
    "PDFA-PERMISSIONS": root(Perms=Dictionary(Other=Dictionary())),
    "PDFA-LIMITES": lambda document: put(document, document.pages[0].obj, CropBox=Array([0, 0, 2, 2])),
    "PDFA-FILTRE": form(b"\x80\x40\x40", Filter=Name.LZWDecode),
    "PDFA-FLUX-EXTERNE": form(F=String("ailleurs.bin")),
    "PDFA-OPERATEUR": draws(b"BX 1 2 xyz EX"),
    "PDFA-RESSOURCES": draws(b"/Nowhere Do"),
    "PDFA-PROFIL-SORTIE": wrong_intent,
    "PDFA-ICC": draws(b"/C cs 0 0 0 0 scn 0 0 1 1 re f", ColorSpace=later(C=lambda document: icc(document, 4))),
    "PDFA-SURIMPRESSION": draws(
        b"/G gs /C cs 0 0 0 1 scn 0 0 1 1 re f",
        ColorSpace=later(C=cmyk_profile),
        ExtGState=Dictionary(G=Dictionary(OPM=1, op=True)),
    ),
    "PDFA-COULEUR": draws(b"0 0 0 1 k 0 0 1 1 re f"),
    "PDFA-COLORANT": draws(
        b"/C cs 1 scn 0 0 1 1 re f /D cs 1 scn 0 0 1 1 re f",
        ColorSpace=later(C=lambda document: spot(document, 0), D=lambda document: spot(document, 1)),
    ),
    "PDFA-ETAT-GRAPHIQUE": state(TR2=Name.Identity),
    "PDFA-RENDU": draws(b"/Custom ri"),
    "PDFA-IMAGE": image(Interpolate=True),
    "PDFA-JPEG2000": image(jp2(2), Filter=Name.JPXDecode),
    "PDFA-XOBJET": form(Ref=Dictionary()),
    "PDFA-FUSION": state(BM=Name.Mystery),
    "PDFA-TRANSPARENCE": without_intent,
    "PDFA-POLICE": simple(truetype(), LastChar=66),
    "PDFA-CID": composite(Encoding=Name("/UniJIS-UCS2-H")),
    "PDFA-CIDTOGID": composite(child={"CIDToGIDMap": None}),
    "PDFA-CMAP": composite(Encoding=Name("/Own-H")),
    "PDFA-POLICE-ABSENTE": simple(None),
    "PDFA-GLYPHE-ABSENT": composite(b"<0009>"),
    "PDFA-LARGEURS": simple(truetype(advance=510)),
    "PDFA-ENCODAGE": simple(truetype(), Encoding=Name.StandardEncoding),
    "PDFA-UNICODE": lambda document: (level("U")(document), composite()(document))[0],
    "PDFA-NOTDEF": composite(b"<0000>"),
    "PDFA-ANNOTATION": annotation("Movie"),
    "PDFA-DRAPEAUX": annotation(F=6),
    "PDFA-APPARENCE": annotation(AP=Dictionary()),
    "PDFA-CHAMP-ACTION": annotation("Widget", FT=Name.Tx, A=Dictionary(S=Name.GoTo, D=String("x"))),
    "PDFA-NEEDAPPEARANCES": root(AcroForm=Dictionary(Fields=Array([]), NeedAppearances=True)),
    "PDFA-XFA": root(AcroForm=Dictionary(Fields=Array([]), XFA=Array([]))),
    "PDFA-ACTION": root(OpenAction=Dictionary(S=Name.JavaScript, JS=String("1"))),
    "PDFA-DECLENCHEUR": lambda document: put(document, document.pages[0].obj, AA=Dictionary()),
    "PDFA-XMP-ABSENT": lambda document: document.Root.__delitem__("/Metadata"),
    "PDFA-XMP-FLUX": lambda document: document.Root.Metadata.__delitem__("/Subtype"),
    "PDFA-XMP-PAQUET": replaced("<?xpacket begin", '<?xpacket bytes="9" begin'),
    "PDFA-XMP-ILLISIBLE": replaced("</rdf:RDF>", ""),
    "PDFA-XMP-DOUBLE": written(
        '<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:PDFVersion>1.7</pdf:PDFVersion>'
        "</rdf:Description>"
    ),
    "PDFA-XMP-TYPE": written(
        '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="en haut"/>'
    ),
    "PDFA-XMP-INCONNU": written('<rdf:Description rdf:about="" xmlns:own="urn:own" own:colour="blue"/>'),
    "PDFA-XMP-EXTENSION": lambda document: describe(document, "urn:own", "own", ("colour",), category="both"),
    "PDFA-PARTIE": replaced("<pdfaid:part>3<", "<pdfaid:part>2<"),
    "PDFA-NIVEAU": level("C"),
    "PDFA-BALISES": lambda document: level_a(document, lambda it: it.Root.__delitem__("/MarkInfo")),
    "PDFA-STRUCTURE": lambda document: level_a(document, lambda it: it.Root.__delitem__("/StructTreeRoot")),
    "PDFA-ROLES": lambda document: level_a(
        document, lambda it: put(it, it.Root.StructTreeRoot, RoleMap=Dictionary(Own=Name.Unknown))
    ),
    "PDFA-LANGUE": lambda document: level_a(document, root(Lang=String("français"))),
    "PDFA-FICHIER-TYPE": without_mime,
    "PDFA-FICHIER-NOM": without_uf,
    "PDFA-FICHIER-LIEN": without_relationship,
    "PDFA-FICHIER-ASSOCIE": unassociated,
    "PDFA-CALQUES": layers(AS=Array([])),
    "PDFA-PRESENTATION": lambda document: put(document, document.pages[0].obj, PresSteps=Dictionary()),
    "PDFA-EXIGENCES": root(Requirements=Array([])),
}

FACTURX_CHANGES: dict[str, Change] = {
    "PDFA-FX-METADONNEES": replaced("fx:DocumentFileName", "fx:ConformanceLevel_"),
    "PDFA-FX-NOM": replaced(">factur-x.xml<", ">facture.xml<"),
    "PDFA-FX-TYPE": replaced(">INVOICE<", ">ORDER<"),
    "PDFA-FX-PROFIL": replaced(">EN 16931<", ">COMFORT<"),
    "PDFA-FX-PARAMS": without_date,
}


def encrypted() -> bytes:
    with pikepdf.open(BytesIO(plain())) as document:
        out = BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
        return out.getvalue()


def once(data: bytes, old: bytes, new: bytes) -> bytes:
    """A change of as many bytes, so that the offsets stay right."""
    assert old in data
    assert len(old) == len(new)
    return data.replace(old, new, 1)


def font_name(document: Pdf) -> None:
    composite()(document)
    # A mark that can be found again in the bytes: pikepdf writes no name that is not UTF-8.
    document.pages[0].obj.Resources.Font["/T"].BaseFont = Name("/ABCDEF+Zq")


BYTES: dict[str, Callable[[], bytes]] = {
    "PDFA-EN-TETE": lambda: once(plain(), b"%PDF-1.7", b"%PDF-1.9"),
    "PDFA-IDENTIFIANT": lambda: once(plain(), b"/ID[", b"/Id["),
    "PDFA-CHIFFRE": encrypted,
    "PDFA-FIN": lambda: plain() + b"\n\n",
    "PDFA-TABLE": lambda: changed(lambda document: None).replace(b"xref\n0 ", b"xref \n0 ", 1),
    "PDFA-HEXA": lambda: changed(root(Lang=String(b"\x80\x81"))).replace(b"<8081>", b"<808 >", 1),
    "PDFA-FLUX": lambda: re.sub(rb"/Length ([0-9]+)", rb"/Length 1\1", plain(), count=1),
    "PDFA-NOM": lambda: once(changed(font_name), b"+Zq", b"+Z\xff"),
    "PDFA-OBJET": lambda: once(plain(), b"1 0 obj\n", b"1 0 obj "),
    "PDFA-ILLISIBLE": lambda: b"%PDF-1.7\n%\x80\x80\x80\x80\n%%EOF\n",
    "PDFA-INCOMPLET": lambda: b"%PDF-1.7\n" + b"1 0 obj\nendobj\n" * 250_000 + b"%%EOF",
}


def test_every_row_of_the_table_is_broken_here():
    assert set(CHANGES) | set(FACTURX_CHANGES) | set(BYTES) == set(PROBES)


def test_a_facturx_of_ours_has_no_finding():
    profile = PROFILE_OF["EN 16931"]
    assert rules(draw(Invoice(), at=AT, xml=write(Invoice(), profile=profile), profile=profile)) == []


def test_what_the_tests_start_from_has_no_finding():
    assert rules(plain()) == []
    assert rules(changed(lambda document: None)) == []
    assert rules(facturx()) == []
    for harmless in (
        draws(b"0 0 0 rg 0 0 1 1 re f"),
        state(BM=Name.Multiply),
        image(),
        form(),
        annotation(),
        simple(truetype()),
        composite(),
        layers(),
        attached(),
        image(jp2(3), Filter=Name.JPXDecode),
        draws(b"/C cs 0 0 0 scn 0 0 1 1 re f", ColorSpace=later(C=lambda document: icc(document, 3))),
        lambda document: describe(document, "urn:own", "own", ("colour",)),
    ):
        assert rules(changed(harmless)) == []


@pytest.mark.parametrize("rule", CHANGES)
def test_the_smallest_change_that_breaks_a_row_is_told_by_that_row_alone(rule: str):
    assert rules(changed(CHANGES[rule])) == [rule]


@pytest.mark.parametrize("rule", FACTURX_CHANGES)
def test_a_facturx_that_contradicts_itself_is_told(rule: str):
    assert rule in rules(changed(FACTURX_CHANGES[rule], facturx()))


@pytest.mark.parametrize("rule", BYTES)
def test_what_is_wrong_in_the_bytes_is_told(rule: str):
    assert rule in rules(BYTES[rule]())


def test_the_documentation_lists_the_rows():
    printed = (Path(__file__).parents[3] / "docs" / "pdfa-probe.md").read_text()
    rows = [f"| {row.id} | {row.clause} | {row.looked_at} |" for row in PROBES.values()]
    assert [row for row in rows if row not in printed] == []
    assert printed.count("\n| PDFA-") == len(rows)


def test_a_finding_is_a_warning_that_shows_what_was_seen():
    (finding,) = probe(changed(simple(None)))
    assert finding.severity == "warning"
    assert finding.value == "Tiny"
    assert "(Tiny)" in finding.message


@pytest.mark.parametrize("row", PROBES.values(), ids=lambda row: row.id)
def test_sentences_are_french_and_complete(row):
    assert row.french.endswith(".")
    assert not re.search(r"[^\u00a0\u202f][:;?!»]|«[^\u00a0]|'|!|[Vv]euillez", row.french)
    assert row.french.count("{}") <= 1
    assert row.looked_at
    assert row.clause


def test_a_font_that_is_not_shown_need_not_be_embedded():
    hidden = simple(None, text=b"3 Tr (A)")
    assert rules(changed(hidden)) == []


def test_a_file_over_the_limit_is_not_opened():
    (finding,) = probe(plain(), max_bytes=1_000)
    assert finding.rule == "PDFA-INCOMPLET"


def test_no_broken_file_makes_it_stop():
    chance = random.Random(3)
    tried = 0
    for source in (plain(), facturx(), changed(composite()), changed(annotation())):
        for _ in range(60):
            data = bytearray(source)
            for _ in range(chance.randint(1, 8)):
                at = chance.randrange(len(data))
                data[at : at + chance.choice((0, 1, 1, 1, 9))] = chance.choice(
                    (b"\0", b"(", b"<<", b"null", b"/", b"1 0 R", b"99999999999", b"]", b"\xff")
                )
            tried += 1
            assert all(finding.rule in PROBES for finding in probe(bytes(data)))
    assert tried == 240
    assert all(rules(source) for source in (b"", b"%PDF-", b"<Invoice/>", b"(" * 100_000, b"<a" * 100_000))


def test_labelled_files_of_the_shared_folder_are_judged_as_labelled(shared: Path):
    """veraPDF's corpus is not kept with the samples; where someone puts it beside them, it is looked at."""
    folder = shared / "corpora" / "verapdf"
    if not folder.is_dir():
        pytest.skip("no corpora/verapdf in ../shared")
    from tools.pdfa_score import labelled, part_of

    passing = [path for path, is_good in labelled(folder) if is_good]
    wrong = {path.name: probe(path.read_bytes(), part=part_of(path)) for path in passing}
    assert passing
    assert {name: findings for name, findings in wrong.items() if findings} == {}
