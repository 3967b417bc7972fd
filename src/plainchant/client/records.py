"""What calls give back: frozen records with names of our own. Amounts are Decimal, instants are aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

T = TypeVar("T")

INTEGRATED, PARTLY, REJECTED = "IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE"
ENDED = frozenset({INTEGRATED, PARTLY, REJECTED})


@dataclass(frozen=True)
class FoundPage(Generic[T]):
    """A page of ``pages``, of ``total`` rows in all; the first is 1."""

    rows: tuple[T, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Deposit:
    """A file was received; ``flow`` is its number, with which its report is asked for."""

    flow: str
    day: date
    syntax: str


@dataclass(frozen=True)
class InvoiceFinding:
    """One thing that is wrong with one invoice of a flow, whole. ``file``: which of an archive; ``line``: of it.

    Chorus Pro gives the number, the parties and the message alone.
    """

    number: str
    seller: str
    buyer: str
    message: str
    code: str = ""
    mend: str = ""
    field: str = ""
    file: str = ""
    line: int | None = None


@dataclass(frozen=True)
class WholeFlowFinding:
    """What is wrong with a flow as a whole. ``kind``: IRRECEVABILITE, INCIDENT, or AVERTISSEMENT (it stops nothing)."""

    code: str
    message: str
    kind: str


@dataclass(frozen=True)
class TakenInvoice:
    """An invoice of a flow that goes on. ``is_known``: the very same had been taken before."""

    number: str
    seller: str
    buyer: str
    file: str = ""
    is_known: bool = False


@dataclass(frozen=True)
class FlowReport:
    """What became of a flow. ``taken`` and ``remarks`` are a Plainchant's alone; nothing is cut in ``raw``."""

    flow: str
    state: str
    name: str
    received_at: datetime
    changed_at: datetime
    findings: tuple[InvoiceFinding, ...]
    of_the_flow: tuple[WholeFlowFinding, ...]
    taken: tuple[TakenInvoice, ...] = ()
    remarks: tuple[InvoiceFinding, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_accepted(self) -> bool:
        """Every invoice of it was taken."""
        return self.state == INTEGRATED


@dataclass(frozen=True)
class ReadDocument:
    """A PDF that was kept, and what was read on it, by the names of the wire. ``file`` is what `submit` wants."""

    file: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class SubmittedInvoice:
    invoice: int
    number: str
    status: str


@dataclass(frozen=True)
class FoundInvoice:
    """A row of a search, seen from either side. ``invoice`` is its key; what the server does not have is None."""

    invoice: int
    number: str
    status: str
    kind: str
    seller: str
    seller_name: str
    buyer: str | None
    buyer_name: str | None
    service: str | None
    issue_date: date | None
    deposit_date: date | None
    to_pay: Decimal | None
    currency: str
    flow: str = ""
    words: str = ""  # what was last said of it
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class StatusLine:
    """A step in the life of an invoice, to the minute; ``words``: the reason, what was said; ``by``: who."""

    status: str
    at: datetime
    words: str = ""
    by: str = ""


@dataclass(frozen=True)
class InvoiceHistory:
    """``lines``: from the first to the last."""

    invoice: int
    number: str
    status: str
    lines: tuple[StatusLine, ...]


@dataclass(frozen=True)
class ProcessedInvoice:
    invoice: int
    number: str
    status: str
    day: date


@dataclass(frozen=True)
class PublicBody:
    """``body`` is its key."""

    body: int
    siret: str
    name: str
    postcode: str
    city: str


@dataclass(frozen=True)
class BodyService:
    service: int
    code: str
    name: str
    is_open: bool


@dataclass(frozen=True)
class Demands:
    """What a public body wants on the invoices that it is sent."""

    siret: str
    name: str
    service: bool
    commitment: bool
    service_or_commitment: bool
    reports_no_payment: bool


@dataclass(frozen=True)
class DocumentFinding:
    """``layer``: the set of rules that says so; ``line``: of the XML. What is not fatal refuses nothing."""

    rule: str
    layer: str
    is_fatal: bool
    message: str
    mend: str = ""
    line: int | None = None


@dataclass(frozen=True)
class DocumentVerdict:
    """``is_accepted`` by ``channel``, the one that the document is written for; ``channels``: by each of them."""

    kind: str
    channel: str
    is_accepted: bool
    channels: Mapping[str, bool]
    findings: tuple[DocumentFinding, ...]
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ConvertedDocument:
    """``ending``: of a name for it; ``added`` and ``lost``: French sentences."""

    content: bytes
    ending: str
    added: tuple[str, ...]
    lost: tuple[str, ...]
