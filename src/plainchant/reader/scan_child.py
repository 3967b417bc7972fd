"""In the disposable child: a scan or a photo, its characters recognised and its fields read."""

from __future__ import annotations

import json

from plainchant.capture.engines import available
from plainchant.capture.ocr import fields_of, scan_image, scan_pdf
from plainchant.reader.document_child import pages_told


def scan(data: bytes) -> bytes:
    """What `scans.read_scan` gives, as JSON. The engine is loaded here, and gone with the child."""
    engine = available()
    read = scan_pdf(data, engine=engine) if b"%PDF-" in data[:1024] else scan_image(data, engine=engine)
    answer = {
        "engine": read.engine,
        "reason": read.reason.value if read.reason else "",
        "pages": pages_told(read.displayed()),
        "reading": fields_of(read).to_json(),
    }
    return json.dumps(answer).encode()
