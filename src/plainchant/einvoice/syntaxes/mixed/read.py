"""The invoices of a CPPFactureMixte into the model, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.grammar import Grammar
from plainchant.einvoice.syntaxes.paths import Numbers
from plainchant.einvoice.syntaxes.reading import Reading

from .binding import BINDING, UNIT_BINDING

ROOT, INVOICES, INVOICE = "CPPFactureMixte", "CPPFactures", "CPPFactureMixteUnitaire"
GRAMMAR = Grammar(namespaces={}, root=ROOT, binding=BINDING)
_UNIT = Grammar(namespaces={}, root=INVOICE, binding=UNIT_BINDING)


def read(root: Element) -> Reading:
    """The first invoice of the envelope; one that says nothing when there is none. ValueError for another root."""
    return next(read_all(root), Reading(invoice=Invoice(source=root), grammar=GRAMMAR))


def read_all(root: Element) -> Iterator[Reading]:
    """Every invoice of the envelope, in its order. ValueError for another root."""
    if root.tag != ROOT:
        raise ValueError(f"{root.tag!r} is not a CPPFactureMixte")
    numbers: Numbers = {}  # shared: one envelope is counted once for all its invoices
    for unit in units(root):
        reading = _UNIT.read(unit)
        reading.grammar, reading.numbers = GRAMMAR, numbers
        yield reading


def units(root: Element) -> Iterator[Element]:
    """The elements that are an invoice each."""
    for group in root.iterchildren(INVOICES):
        yield from group.iterchildren(INVOICE)
