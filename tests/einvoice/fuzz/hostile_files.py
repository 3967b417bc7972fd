"""Files made to hurt whoever reads them: too big, too deep, too many, or lying about what they are."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable

MEBIBYTE = 1024 * 1024
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_UN = "urn:un:unece:uncefact:data:standard:"
_OPEN = (
    f'<Invoice xmlns="{_UBL}Invoice-2" xmlns:cac="{_UBL}CommonAggregateComponents-2" '
    f'xmlns:cbc="{_UBL}CommonBasicComponents-2">'
).encode()
_CLOSE = b"</Invoice>"
_CII_OPEN = (
    f'<rsm:CrossIndustryInvoice xmlns:rsm="{_UN}CrossIndustryInvoice:100" '
    f'xmlns:ram="{_UN}ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{_UN}UnqualifiedDataType:100">'
).encode()
_CII_CLOSE = b"</rsm:CrossIndustryInvoice>"


def ubl(inside: bytes) -> bytes:
    return _OPEN + inside + _CLOSE


def cii(inside: bytes) -> bytes:
    return _CII_OPEN + inside + _CII_CLOSE


def _entities() -> bytes:
    bomb = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return b"<!DOCTYPE Invoice [" + bomb + b"]>" + ubl(b"<cbc:ID>&j;</cbc:ID>")


def _outside() -> bytes:
    return b'<!DOCTYPE Invoice [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + ubl(b"<cbc:ID>&f;</cbc:ID>")


def _pdf(stream: bytes) -> bytes:
    """A PDF whose attachment is ``stream``, deflated."""
    head = b"%PDF-1.7\n"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(factur-x.xml) 3 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Type /Filespec /F (factur-x.xml) /EF << /F 4 0 R >> >>",
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = head, []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(out),
    )


def _loop() -> bytes:
    """A tree of attachment names that is its own child."""
    return _pdf(b"").replace(b"/Names [(factur-x.xml) 3 0 R]", b"/Kids [ 1 0 R 1 0 R ]      ")


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("facture.xml", b"\0" * (300 * MEBIBYTE))
    return out.getvalue()


def _tar_bomb() -> bytes:
    """A member of ten gigabytes, of which only the beginning is there: gzip's own ratio would do the rest."""
    out = io.BytesIO()
    with gzip.open(out, "wb", compresslevel=1) as packed:
        member = tarfile.TarInfo("facture.xml")
        member.size = 10 * 1024 * MEBIBYTE
        packed.write(member.tobuf())
        for _ in range(300):
            packed.write(bytes(MEBIBYTE))
    return out.getvalue()


def _attachment() -> bytes:
    """As much as is let in, nearly all of it one attachment."""
    content = base64.b64encode(bytes(range(256)) * (37 * MEBIBYTE // 256))
    return ubl(
        b"<cbc:ID>1</cbc:ID><cac:AdditionalDocumentReference><cbc:ID>A</cbc:ID><cac:Attachment>"
        b'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">'
        + content
        + b"</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )


FILES: dict[str, Callable[[], bytes]] = {
    "empty.xml": lambda: b"",
    "zeros.xml": lambda: bytes(MEBIBYTE),
    "entity bomb.xml": _entities,
    "outside entity.xml": _outside,
    "deep.xml": lambda: ubl(b"<cac:Item>" * 200_000 + b"</cac:Item>" * 200_000),
    "deep unknown.xml": lambda: b"<a>" * 200_000 + b"</a>" * 200_000,
    "many unknown elements.xml": lambda: ubl(b"<a/>" * 390_000),
    "many different elements.xml": lambda: ubl(b"".join(b"<a%d/>" % n for n in range(390_000))),
    "many empty lines.xml": lambda: ubl(b"<cac:InvoiceLine/>" * 390_000),
    "many empty lines, open and closed.xml": lambda: ubl(b"<cac:InvoiceLine></cac:InvoiceLine>" * 390_000),
    "many empty lines, CII.xml": lambda: cii(
        b"<rsm:SupplyChainTradeTransaction>"
        + b"<ram:IncludedSupplyChainTradeLineItem/>" * 390_000
        + b"</rsm:SupplyChainTradeTransaction>"
    ),
    "many unused elements.xml": lambda: ubl(b"<cac:Signature/>" * 390_000),
    "many attributes.xml": lambda: ubl(b"<cbc:ID " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b">1</cbc:ID>"),
    "many namespaces.xml": lambda: ubl(b"".join(b'<cbc:Note xmlns:n%d="urn:%d"/>' % (n, n) for n in range(200_000))),
    "many allowances.xml": lambda: ubl(b"<cac:AllowanceCharge/>" * 390_000),
    "many taxes.xml": lambda: ubl(
        b"<cac:TaxTotal>"
        + b"<cac:TaxSubtotal><cac:TaxCategory><cbc:ID>S</cbc:ID></cac:TaxCategory></cac:TaxSubtotal>" * 90_000
        + b"</cac:TaxTotal>"
    ),
    "many parties.xml": lambda: ubl(
        b"<cac:AccountingSupplierParty><cac:Party>"
        + b'<cac:PartyIdentification><cbc:ID schemeID="0009">1</cbc:ID></cac:PartyIdentification>' * 130_000
        + b"</cac:Party></cac:AccountingSupplierParty>"
    ),
    "many notes.xml": lambda: ubl(b"<cbc:Note>#AAB#x</cbc:Note>" * 390_000),
    "one long text.xml": lambda: ubl(b"<cbc:ID>" + b"x" * (49 * MEBIBYTE) + b"</cbc:ID>"),
    "one long currency.xml": lambda: ubl(
        b"<cbc:DocumentCurrencyCode>" + b"x" * (24 * MEBIBYTE) + b"</cbc:DocumentCurrencyCode>"
        b"<cbc:InvoiceTypeCode>" + b"y" * (24 * MEBIBYTE) + b"</cbc:InvoiceTypeCode>"
    ),
    "one long number.xml": lambda: ubl(
        b"<cac:LegalMonetaryTotal><cbc:PayableAmount>" + b"9" * (24 * MEBIBYTE) + b"</cbc:PayableAmount>"
        b"</cac:LegalMonetaryTotal>"
    ),
    "long attachment.xml": _attachment,
    "long, in two bytes.xml": lambda: (
        '<?xml version="1.0" encoding="UTF-16"?>' + ubl(b"<cbc:ID>").decode()[:-10] + "é" * 13_000_000
    ).encode("utf-16"),
    "too long.xml": lambda: ubl(b"<cbc:ID>" + b"x" * (70 * MEBIBYTE) + b"</cbc:ID>"),
    "long comment.xml": lambda: b"<!--" + b"x" * (49 * MEBIBYTE) + b"-->" + ubl(b""),
    "many comments.xml": lambda: ubl(b"<!---->" * 390_000),
    "many instructions.xml": lambda: ubl(b"<?a?>" * 390_000),
    "cut.xml": lambda: ubl(b"<cbc:ID>1</cbc:ID>")[:-5],
    "two roots.xml": lambda: ubl(b"") + ubl(b""),
    "bad bytes.xml": lambda: ubl(b"<cbc:ID>\xff\xfe\x80</cbc:ID>"),
    "unknown encoding.xml": lambda: b'<?xml version="1.0" encoding="klingon"?>' + ubl(b""),
    "utf-7.xml": lambda: b'<?xml version="1.0" encoding="utf-7"?>+ADw-Invoice/+AD4-',
    "style sheet.xml": lambda: b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>' + ubl(b""),
    "empty.pdf": lambda: b"%PDF-1.7\n",
    "not what it says.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4000,
    "attachment bomb.pdf": lambda: _pdf(zlib.compress(bytes(300 * MEBIBYTE), 9)),
    "bomb of bombs.pdf": lambda: _pdf(zlib.compress(zlib.compress(bytes(300 * MEBIBYTE), 9), 9)),
    "attachment that is no stream.pdf": lambda: _pdf(b"no deflate at all"),
    "looping names.pdf": _loop,
    "many references.pdf": lambda: _pdf(b"").replace(b"/Kids []", b"/Kids [" + b"2 0 R " * 300_000 + b"]"),
    "deep arrays.pdf": lambda: _pdf(b"").replace(b"/Kids []", b"/Kids " + b"[" * 100_000 + b"]" * 100_000),
    "bomb.zip": _zip_bomb,
    "bomb.tar.gz": _tar_bomb,
    "cut.tar.gz": lambda: gzip.compress(bytes(4096))[:-20],
    "not what it says.zip": lambda: b"PK\x03\x04" + bytes(200),
    "not what it says.tar.gz": lambda: b"<Invoice/>",
}
