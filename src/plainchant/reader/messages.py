"""What a child answers to each task, one type a task: the child makes it, the server takes nothing else from it.

A child has met a hostile file and may be in its hands. An answer of another shape, or longer than the limits in these
types, counts as a crash; an honest child cuts its texts to them.
What the server hands over to be drawn stands here too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from plainchant.capture.commitment_table import MAX_COMMITMENTS, CommitmentRow
from plainchant.capture.ocr import ScanFailure
from plainchant.capture.payment_table import MAX_PAYMENTS, PaymentRow
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.making.composing import Sheet
from plainchant.einvoice.model import Header
from plainchant.reader.text import storable_json
from plainchant.shapes import from_json

T = TypeVar("T")
MAX_SENTENCES = 500  # of what a conversion adds, of what it leaves out
MAX_MESSAGE, MAX_FILE_NAME, MAX_DOCUMENT_NAME, MAX_PATH, MAX_VALUE = 2_000, 255, 200, 500, 200
Sentence = Annotated[str, Meta(max_length=MAX_MESSAGE)]
Path = Annotated[str, Meta(max_length=MAX_PATH)]
Value = Annotated[str, Meta(max_length=MAX_VALUE)]
Code = Annotated[str, Meta(max_length=60)]
ShortCode = Annotated[str, Meta(max_length=40)]
ChannelName = Annotated[str, Meta(max_length=20)]
WorkbookKind = Literal["xlsx", "xls", "ods"]
DocumentCode = Annotated[str, Meta(max_length=8)]  # of a row of `capture.kinds`
WordBox = tuple[str, float, float, float, float]  # text, then the edges as fractions of the page

# What decoding may raise for an answer that has not the agreed shape; deep nesting ends in a RecursionError.
SENSELESS = (ValueError, TypeError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class PaymentsRead:
    """None: the file is no table of payments."""

    rows: Annotated[list[PaymentRow], Meta(max_length=MAX_PAYMENTS + 1)] | None


@dataclass(frozen=True, slots=True)
class CommitmentsRead:
    """None: the file is no table of commitments."""

    rows: Annotated[list[CommitmentRow], Meta(max_length=MAX_COMMITMENTS + 1)] | None


def encoded(message: object) -> bytes:
    return json.dumps(msgspec.to_builtins(message)).encode()


def decoded(kind: type[T], body: bytes) -> T:
    """The answer of a child, in texts that every database can hold. Raises one of SENSELESS on any other shape."""
    return from_json(kind, storable_json(json.loads(body)))


@dataclass(frozen=True, slots=True)
class PageWords:
    number: int
    width_pt: float
    height_pt: float
    words: list[WordBox]


@dataclass(frozen=True, slots=True)
class PdfRead:
    page_count: int
    has_text: bool
    is_damaged: bool
    pages: list[PageWords]
    reading: FieldReading


@dataclass(frozen=True, slots=True)
class PageSizes:
    count: int
    sizes: list[tuple[float, float]]  # in points


@dataclass(frozen=True, slots=True)
class WorkbookRead:
    kind: WorkbookKind
    reading: FieldReading


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """Of a workbook or a picture, beside the PDF that shows it."""

    kind: DocumentCode
    reading: FieldReading
    pages: list[PageWords]


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """Of a mail, beside the bytes of the file."""

    name: Annotated[str, Meta(max_length=MAX_DOCUMENT_NAME)]


@dataclass(frozen=True, slots=True)
class ScanRead:
    engine: ShortCode
    reason: ScanFailure | None  # why nothing was read
    pages: list[PageWords]
    reading: FieldReading


@dataclass(frozen=True, slots=True)
class InvoiceToDraw:
    """What the server hands over: the invoice as it was typed, and the look its sender chose."""

    sheet: Sheet
    template: str
    colour: str
    logo: str  # a PNG in base64


@dataclass(frozen=True, slots=True)
class NoteToDraw:
    sheet: Sheet
    situations: list[str]
    dispense_year: int | None


@dataclass(frozen=True, slots=True)
class PageToDraw:
    """A template of typst, and the JSON it asks for."""

    template: str
    sheet: str


# What an XML invoice states, by the names of `capture.proposal`, and `vat_breakdown`; None for another XML.
STATED: Any = dict[str, str | list[dict[str, str]]] | None


@dataclass(frozen=True, slots=True)
class CheckedFinding:
    rule: Code
    severity: Literal["fatal", "warning"]
    terms: list[str]
    path: Path
    line: int | None
    value: str
    message: Sentence


@dataclass(frozen=True, slots=True)
class CheckedLayer:
    name: ShortCode
    status: ShortCode
    findings: list[CheckedFinding]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    rule: Code
    message: Sentence


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """What one channel says of an invoice, and why it would refuse it."""

    verdict: Literal["accepted", "refused"]
    why: list[Obstacle]


@dataclass(frozen=True, slots=True)
class AddressedMessage:
    """Whom an invoice is for, as the directory asks it."""

    buyer: Value = ""
    buyer_service: Value = ""
    commitment: Value = ""


@dataclass(frozen=True, slots=True)
class CheckedInvoice:
    """``facts``: pairs of a label and a value to recognise the invoice by."""

    kind: str
    verdict: Literal["accepted", "refused"]
    channel: ChannelName
    channels: dict[ChannelName, ChannelAnswer]
    facts: list[tuple[str, str]]
    addressed: AddressedMessage
    layers: list[CheckedLayer]


@dataclass(frozen=True, slots=True)
class ConvertedInvoice:
    """Beside the bytes of the file. ``refused``: why there are none."""

    refused: Sentence
    added: Annotated[list[Sentence], Meta(max_length=MAX_SENTENCES)]
    lost: Annotated[list[Sentence], Meta(max_length=MAX_SENTENCES)]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """``page`` is 0 where the value of the data is nowhere to be seen."""

    field: ShortCode
    on_page: Value
    in_data: Value
    page: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What a Factur-X is, whether it would be accepted, and where its page differs from its data."""

    kind: Annotated[str, Meta(max_length=100)]
    accepted: bool
    findings: list[Sentence]
    is_compared: bool
    differences: list[FieldDifference]


@dataclass(frozen=True, slots=True)
class FlowKind:
    """``files``: invoices that came as files, or rows of a table of invoices. ``code`` goes with ``trouble``."""

    interface: Annotated[str, Meta(max_length=8)] = ""  # "" when nothing in it is an invoice
    syntax: ShortCode = ""
    trouble: Annotated[str, Meta(max_length=1_000)] = ""
    code: ShortCode = ""
    packaging: Literal["FILE", "ARCHIVE", "WORKBOOK"] = "FILE"
    files: int = 0


@dataclass(frozen=True, slots=True)
class FlowFinding:
    rule: Code
    message: Sentence
    field: Code
    severity: Literal["fatal", "warning"]
    line: int | None
    path: Path


@dataclass(frozen=True, slots=True)
class DocumentName:
    name: Annotated[str, Meta(max_length=MAX_DOCUMENT_NAME)]
    role: Literal["01", "02"]  # the invoice, an annex
    media_type: Annotated[str, Meta(max_length=100)]


@dataclass(frozen=True, slots=True)
class FlowInvoiceRead:
    """One invoice of a flow; the bytes of its documents follow the message, in their order."""

    position: int
    part: int
    name: Annotated[str, Meta(max_length=MAX_FILE_NAME)]
    kind: Code
    syntax: ShortCode
    sha256: Annotated[str, Meta(max_length=64)]
    findings: list[FlowFinding] = field(default_factory=list)  # of the layers that decide, the refusals first
    more: int = 0  # refusals that were left out
    header: Header | None = None
    documents: list[DocumentName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of an archive; its bytes follow, the one document of the message."""

    name: Annotated[str, Meta(max_length=MAX_FILE_NAME)]
    documents: tuple[Literal[""]] = ("",)


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """The flow has been read to its end. ``trouble``: what is wrong with it as a whole, in French, or ""."""

    trouble: Annotated[str, Meta(max_length=1_000)] = ""
    code: ShortCode = ""
    end: Literal[True] = True
