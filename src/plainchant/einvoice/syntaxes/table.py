"""The syntaxes an invoice is written in: one row each, with its reader, its writer, its schemas and its names.

Adding one is a row, and a folder with `read.py` and `write.py`. Interfaces and flow syntaxes are those of Chorus Pro's
EDI annex of 2017 and of its API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal

from plainchant.einvoice.rule import Vocabulary

from . import schema
from .reading import Element, Reading
from .writing import Write

SyntaxName = Literal["ubl", "cii", "facturx", "ubl-minimal", "cii-minimal", "mixed", "pivot"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """One row. Readers and writers are named by their modules, and imported when first used."""

    name: SyntaxName
    label: str  # in everyday French
    kind: str  # in a verdict
    vocabulary: Vocabulary | None = None  # whose rules apply; None: nobody hands one in
    reader: str = ""  # a module with `read(root)`; `read_all(root)` where a file may hold several invoices
    writer: str = ""  # a module with `write`
    schemas: Mapping[str, str | None] = field(default_factory=dict)  # root element → its XSD, None where none is public
    interface: str = ""  # Chorus Pro's code, which begins a flow's official name
    flow_syntax: str = ""  # Chorus Pro's syntaxeFlux
    ending: str = ".xml"
    is_reduced: bool = False  # header data, and the invoice as a document inside: its reader has `is_minimal(root)`
    is_envelope: bool = False  # may hold several invoices

    @property
    def wants_page(self) -> bool:
        """Whether the PDF people read must be in it."""
        return self.is_reduced or self.name == "pivot"

    def read(self, root: Element) -> Reading:
        """The invoice of this root, the first one of an envelope. ValueError for another root; TooMany."""
        reading: Reading = _module(self.reader).read(root)
        return reading

    def read_all(self, root: Element) -> Iterator[Reading]:
        """Every invoice of this root."""
        if self.is_envelope:
            yield from _module(self.reader).read_all(root)
        else:
            yield self.read(root)

    def fits(self, root: Element) -> bool:
        """Whether a root of the right name is in this syntax: a reduced form has the root of the whole one."""
        return not self.is_reduced or self.is_envelope or bool(_module(self.reader).is_minimal(root))

    @property
    def write(self) -> Write:
        """See `Write`."""
        writer: Write = _module(self.writer).write
        return writer


@cache
def _module(name: str) -> Any:
    return import_module(f".{name}", __package__)


_ROWS = (
    Syntax(
        "ubl",
        "UBL",
        "UBL",
        "ubl",
        reader="ubl.read",
        writer="ubl.write",
        schemas={"ubl:Invoice": schema.UBL_INVOICE, "cn:CreditNote": schema.UBL_CREDIT_NOTE},
        interface="FSO1100A",
        flow_syntax="IN_DP_E1_UBL_INVOICE",
    ),
    Syntax(
        "cii",
        "CII",
        "CII",
        "cii",
        reader="cii.read",
        writer="cii.write",
        schemas={"rsm:CrossIndustryInvoice": schema.CII},
        interface="FSO1106A",
        flow_syntax="IN_DP_E1_CII_16B",
    ),
    Syntax(
        "facturx",
        "Factur-X",
        "Factur-X",
        "cii",
        reader="cii.read",  # of the XML inside, once `facturx.extract` has found it
        writer="facturx.write",
        interface="FSO1117A",
        flow_syntax="IN_DP_E2_CII_FACTURX",
        ending=".pdf",
    ),
    Syntax(
        "ubl-minimal",
        "UBL réduit",
        "UBL minimal",
        "ubl",
        reader="ubl_minimal.read",
        writer="ubl_minimal.write",
        schemas={"ubl:Invoice": schema.UBL_INVOICE},
        interface="FSO1110A",
        flow_syntax="IN_DP_E2_UBL_INVOICE_MIN",
        is_reduced=True,
    ),
    Syntax(
        "cii-minimal",
        "CII réduit",
        "CII minimal",
        "cii",
        reader="cii_minimal.read",
        writer="cii_minimal.write",
        schemas={"rsm:CrossIndustryInvoice": schema.CII},
        interface="FSO1116A",
        flow_syntax="IN_DP_E2_CII_MIN_16B",
        is_reduced=True,
    ),
    Syntax(
        "mixed",
        "CPPFactureMixte",
        "CPPFactureMixte",
        "cpp",
        reader="mixed.read",
        writer="mixed.write",
        schemas={"CPPFactureMixte": None},
        interface="FSO1113A",
        flow_syntax="IN_DP_E2_CPP_FACTURE_MIN",
        is_reduced=True,
        is_envelope=True,
    ),
    # What Chorus Pro hands to recipients: nobody deposits one.
    Syntax("pivot", "Pivot", "CPPFacturePivot", reader="pivot.read", writer="pivot.write", is_envelope=True),
)
SYNTAXES: dict[str, Syntax] = {row.name: row for row in _ROWS}
OF_ROOT: dict[str, tuple[Syntax, ...]] = {
    # A reduced form is asked first: it has the root of the whole one.
    root: tuple(sorted((row for row in _ROWS if root in row.schemas), key=lambda row: not row.is_reduced))
    for row in _ROWS
    for root in row.schemas
}
