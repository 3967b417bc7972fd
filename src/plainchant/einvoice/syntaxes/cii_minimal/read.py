"""The CII 16B minimal form: read as any CII, and told from one where that can be told."""

from __future__ import annotations

from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.cii.read import GRAMMAR, read

__all__ = ["is_minimal", "read"]


def _path(*names: str) -> str:
    return "/".join(GRAMMAR.clark(name) for name in names)


_GUIDELINE = _path("rsm:ExchangedDocumentContext", "ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID")
_CONTENT = _path(
    "rsm:SupplyChainTradeTransaction",
    "ram:ApplicableHeaderTradeAgreement",
    "ram:AdditionalReferencedDocument",
    "ram:AttachmentBinaryObject",
)
_LINE = GRAMMAR.clark("ram:IncludedSupplyChainTradeLineItem")
_SAID = (GRAMMAR.clark("ram:BilledQuantity"), GRAMMAR.clark("ram:LineTotalAmount"))


def is_minimal(root: Element) -> bool:
    """Whether it must be this form: no profile, a document inside, and no line that says a quantity or an amount.

    With lines it cannot be told from a structured CII (E1): the content is the same, only the sender knows.
    """
    if root.tag != GRAMMAR.root_tag or root.find(_GUIDELINE) is not None or root.find(_CONTENT) is None:
        return False
    return not any(
        (element.text or "").strip(" \t\r\n0.+-")
        for line in root.iter(_LINE)
        for name in _SAID
        for element in line.iter(name)
    )
