"""In the disposable child: a scan or a photo, its characters recognised and its fields read."""

from __future__ import annotations

from plainchant.capture.engines import available
from plainchant.capture.ocr import fields_of, scan_image, scan_pdf
from plainchant.reader.document_child import pages_told
from plainchant.reader.messages import ScanRead, encoded


def scan(data: bytes) -> bytes:
    """What `scans.read_scan` gives, as JSON. The engine is loaded here, and gone with the child."""
    engine = available()
    read = scan_pdf(data, engine=engine) if b"%PDF-" in data[:1024] else scan_image(data, engine=engine)
    return encoded(ScanRead(read.engine, read.reason, pages_told(read.displayed()), fields_of(read)))
