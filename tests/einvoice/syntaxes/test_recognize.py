"""What a file is by its first bytes: an archive that holds a PDF as it is, is an archive."""

import gzip
import zipfile

import pytest

from plainchant.einvoice.syntaxes.recognize import recognize
from tests.portal.flows.archives import archive, zipped

PDF = b"%PDF-1.7\n%%EOF"


@pytest.mark.parametrize(
    ("data", "container"),
    [
        (PDF, "pdf"),
        (b"\n\n" + PDF, "pdf"),
        (b"HTTP/1.1 200 OK\n\n" + PDF, "pdf"),
        (b"\0" * 1020 + PDF, "other"),
        (b"<a>" + PDF + b"</a>", "xml"),
        ("<a/>".encode("utf-16"), "xml"),
        (zipped({"a.pdf": PDF}), "zip"),
        (zipped({"a.pdf": PDF}, method=zipfile.ZIP_STORED), "zip"),
        (archive({"a.pdf": PDF}), "gzip"),
        (gzip.compress(PDF, compresslevel=0, mtime=0), "gzip"),
        (archive({"a.pdf": PDF}, mode="w"), "tar"),
        (b"", "other"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # the bytes of an archive differ with the clock
)
def test_a_file_is_known_by_its_first_bytes(data, container):
    assert recognize(data).container == container
