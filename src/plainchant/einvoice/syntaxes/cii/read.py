"""UN/CEFACT CII into the model, in one pass."""

from __future__ import annotations

from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.grammar import Grammar
from plainchant.einvoice.syntaxes.reading import Reading

from . import codes, looks, restrictions
from .binding import BINDING

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
GRAMMAR = Grammar(
    namespaces=NAMESPACES,
    root="rsm:CrossIndustryInvoice",
    binding=BINDING,
    scopes=(*restrictions.SCOPES, *looks.SCOPES, *codes.SCOPES),
    implied=(  # a discount on a price, by its place
        "ram:AppliedTradeAllowanceCharge/ram:ChargeIndicator",
        "ram:AppliedTradeAllowanceCharge/ram:ChargeIndicator/udt:Indicator",
    ),
)


def read(root: Element) -> Reading:
    """The invoice of this root. ValueError for another root."""
    if root.tag != GRAMMAR.root_tag:
        raise ValueError(f"{root.tag!r} is not a CII invoice")
    return GRAMMAR.read(root)
