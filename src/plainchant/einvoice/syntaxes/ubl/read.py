"""UBL 2.1 into the model, in one pass."""

from __future__ import annotations

from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.grammar import Grammar
from plainchant.einvoice.syntaxes.reading import Reading

from . import codes, looks, restrictions
from .binding import BINDING

NAMESPACES = {
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
}
_SCOPES = (*restrictions.SCOPES, *looks.SCOPES, *codes.SCOPES)
# What they say is known by their place, or of no use to anyone but the reader.
_IMPLIED = ("cbc:UBLVersionID", "cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator")
INVOICE = Grammar(namespaces=NAMESPACES, root="ubl:Invoice", binding=BINDING, scopes=_SCOPES, implied=_IMPLIED)
CREDIT_NOTE = Grammar(namespaces=NAMESPACES, root="cn:CreditNote", binding=BINDING, scopes=_SCOPES, implied=_IMPLIED)


def read(root: Element) -> Reading:
    """The invoice or credit note of this root. ValueError for another root."""
    for grammar in (INVOICE, CREDIT_NOTE):
        if root.tag == grammar.root_tag:
            return grammar.read(root)
    raise ValueError(f"{root.tag!r} is not a UBL invoice")
