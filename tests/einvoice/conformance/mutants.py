"""Broken invoices by the thousand: small changes to valid ones, the same every time for one seed.

Each mutant is one change to one base: an element dropped, emptied, doubled or moved out of its list, an amount
shifted, a code changed, an attribute taken away, an element put in that the norm does not use.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from plainchant.einvoice.syntaxes.cii import restrictions as cii
from plainchant.einvoice.syntaxes.cii.read import NAMESPACES as CII
from plainchant.einvoice.syntaxes.ubl import restrictions as ubl
from plainchant.einvoice.syntaxes.ubl.read import NAMESPACES as UBL

Element = etree._Element
AMOUNT_ENDINGS = ("Amount", "Percent", "Quantity", "Numeric")
OTHER_CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B", "XX")
OTHER_CODES = ("ZZZ", "", "FR", "380", "381", "30", "58", "EUR", "SEK")


@dataclass(frozen=True)
class Mutant:
    base: str
    what: str
    syntax: str
    data: bytes


def mutants(bases: dict[str, bytes], *, seed: int, for_each_base: int) -> Iterator[Mutant]:
    """``for_each_base`` mutants of each base document, chosen by ``seed``."""
    for name in sorted(bases):
        chance = random.Random(f"{seed}:{name}")  # a name's own chance: adding a base changes no other
        root = etree.fromstring(bases[name])
        syntax = "cii" if root.tag.endswith("}CrossIndustryInvoice") else "ubl"
        made: set[bytes] = set()
        tries = 0
        while len(made) < for_each_base and tries < for_each_base * 4:
            tries += 1
            changed = copy.deepcopy(root)
            change = chance.choice(CHANGES)
            what = change(changed, chance, syntax)
            if what is None:
                continue
            data = etree.tostring(changed)
            if data not in made:
                made.add(data)
                yield Mutant(name, what, syntax, data)


def _elements(root: Element) -> list[Element]:
    return [element for element in root.iter() if element is not root and isinstance(element.tag, str)]


def _leaves(root: Element) -> list[Element]:
    return [element for element in _elements(root) if len(element) == 0]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _drop(root: Element, chance: random.Random, syntax: str) -> str | None:
    element = chance.choice(_elements(root))
    element.getparent().remove(element)
    return f"drop {_local(element)}"


def _empty(root: Element, chance: random.Random, syntax: str) -> str | None:
    leaves = [leaf for leaf in _leaves(root) if not _is_number(leaf) and "Date" not in _local(leaf)]
    if not leaves:
        return None
    element = chance.choice(leaves)
    element.text = ""
    return f"empty {_local(element)}"


def _double(root: Element, chance: random.Random, syntax: str) -> str | None:
    """Only where the schema lets an element stand twice: what it forbids, no rule is asked about."""
    names = _LISTS[syntax]
    candidates = [element for element in _elements(root) if _local(element) in names]
    if not candidates:
        return None
    element = chance.choice(candidates)
    element.addnext(copy.deepcopy(element))
    return f"double {_local(element)}"


_LISTS = {
    "ubl": frozenset(
        """ Note BillingReference AdditionalDocumentReference ContractDocumentReference DespatchDocumentReference
        ReceiptDocumentReference OriginatorDocumentReference ProjectReference PartyIdentification PartyName
        PartyLegalEntity Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal TaxSubtotal InvoiceLine
        CreditNoteLine InvoicePeriod AllowanceChargeReason TaxExemptionReason PaymentID AdditionalItemProperty
        CommodityClassification Description AddressLine OrderLineReference DocumentReference DocumentDescription
        """.split()
    ),
    "cii": frozenset(
        """
        IncludedNote IncludedSupplyChainTradeLineItem AdditionalReferencedDocument SpecifiedTaxRegistration
        SpecifiedTradeSettlementPaymentMeans ApplicableTradeTax SpecifiedTradeAllowanceCharge TaxTotalAmount
        InvoiceReferencedDocument ApplicableProductCharacteristic DesignatedProductClassification GlobalID
        DefinedTradeContact URIUniversalCommunication LineTotalAmount GrandTotalAmount DuePayableAmount
        TaxBasisTotalAmount PaymentReference ChargeTotalAmount AllowanceTotalAmount ActualAmount
        """.split()
    ),
}


def _is_number(element: Element) -> bool:
    return _local(element).endswith(AMOUNT_ENDINGS)


def _number(root: Element, chance: random.Random, syntax: str) -> str | None:
    leaves = [leaf for leaf in _leaves(root) if _is_number(leaf) and leaf.text]
    if not leaves:
        return None
    element = chance.choice(leaves)
    try:
        value = Decimal((element.text or "").strip())
    except InvalidOperation:
        return None
    how, changed = chance.choice(
        (
            ("+0.01", value + Decimal("0.01")),
            ("-0.01", value - Decimal("0.01")),
            ("+1", value + 1),
            ("-1", value - 1),
            ("+0.99", value + Decimal("0.99")),
            ("+5", value + 5),
            ("negated", -value),
            ("zero", Decimal(0)),
            ("three decimals", value + Decimal("0.001")),
            ("zeros", value.quantize(Decimal("0.0001")) if abs(value) < 10**12 else value),
        )
    )
    element.text = f"{changed:f}"
    return f"{_local(element)} {how}"


def _code(root: Element, chance: random.Random, syntax: str) -> str | None:
    leaves = [leaf for leaf in _leaves(root) if _local(leaf).endswith(("Code", "ID")) and not _is_number(leaf)]
    if not leaves:
        return None
    element = chance.choice(leaves)
    element.text = chance.choice(OTHER_CODES)
    return f"{_local(element)} = {element.text}"


def _category(root: Element, chance: random.Random, syntax: str) -> str | None:
    """One VAT category, or all of one code, become another: the rules of every category get their turn."""
    name = "CategoryCode" if syntax == "cii" else "ID"
    found = [
        leaf
        for leaf in _leaves(root)
        if _local(leaf) == name and (syntax == "cii" or _local(leaf.getparent()).endswith("TaxCategory"))
    ]
    if not found:
        return None
    code = chance.choice(OTHER_CATEGORIES)
    chosen = chance.choice(found)
    everywhere = chance.random() < 0.5
    before = chosen.text
    for leaf in found if everywhere else [chosen]:
        if leaf.text == before:
            leaf.text = code
    if everywhere and chance.random() < 0.7:
        _rates(root, code, syntax)
    return f"category {before} → {code}{' everywhere' if everywhere else ''}"


def _rates(root: Element, code: str, syntax: str) -> None:
    """Rates and taxes that suit the category, so that its other rules are reached."""
    name = "RateApplicablePercent" if syntax == "cii" else "Percent"
    for leaf in list(root.iter(f"{{*}}{name}")):
        if code == "O":
            leaf.getparent().remove(leaf)
        elif code not in ("S", "L", "M"):
            leaf.text = "0"


def _attribute(root: Element, chance: random.Random, syntax: str) -> str | None:
    found = [element for element in _elements(root) if element.attrib]
    if not found:
        return None
    element = chance.choice(found)
    name = chance.choice(sorted(str(key) for key in element.attrib))
    if chance.random() < 0.5:
        del element.attrib[name]
        return f"{_local(element)} without {name}"
    element.set(name, chance.choice(("ZZZ", "0002", "0088", "EUR", "C62", "102", "")))
    return f"{_local(element)} {name} = {element.get(name)}"


def _added_attribute(root: Element, chance: random.Random, syntax: str) -> str | None:
    element = chance.choice(_elements(root))
    name = chance.choice(
        ("schemeID", "listID", "schemeName", "name", "languageID", "currencyID", "unitCode", "listAgencyID")
    )
    if element.get(name) is not None:
        return None
    element.set(name, "X")
    return f"{_local(element)} with {name}"


_PATHS = {
    syntax: [
        (scope.context, restriction.path)
        for scope in module.SCOPES
        for restriction in scope.restrictions
        if "*" not in scope.context.removeprefix("/*") and "@" not in restriction.path
    ]
    for syntax, module in (("ubl", ubl), ("cii", cii))
}


def _unused(root: Element, chance: random.Random, syntax: str) -> str | None:
    """An element of the restriction tables, below an element of its context."""
    context, path = chance.choice(_PATHS[syntax])
    namespaces = CII if syntax == "cii" else UBL
    if context.startswith("/"):
        steps = context.strip("/").split("/")[1:]
        holders = [root]
        for step in steps:
            holders = [child for holder in holders for child in holder.iterchildren(_clark(step, namespaces))]
    else:
        holders = [
            element
            for element in _elements(root)
            if element.tag == _clark(context.rpartition("/")[2], namespaces)
            and ("/" not in context or element.getparent().tag == _clark(context.split("/")[-2], namespaces))
        ]
    if not holders:
        return None
    at = chance.choice(holders)
    for step in path.split("/")[:-1]:
        child = next(at.iterchildren(_clark(step, namespaces)), None)
        at = etree.SubElement(at, _clark(step, namespaces)) if child is None else child
    made = etree.SubElement(at, _clark(path.split("/")[-1], namespaces))
    made.text = "1"
    return f"added {context}/{path}"


def _clark(name: str, namespaces: dict[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{namespaces[prefix]}}}{local}"


def _swapped(root: Element, chance: random.Random, syntax: str) -> str | None:
    """The two dates of a period change places."""
    name = "BillingSpecifiedPeriod" if syntax == "cii" else "InvoicePeriod"
    periods = [period for period in root.iter(f"{{*}}{name}") if len(period) > 1]
    if not periods:
        return None
    period = chance.choice(periods)
    first, second = [leaf for leaf in period.iter() if len(leaf) == 0 and leaf is not period][:2]
    first.text, second.text = second.text, first.text
    return f"swapped {name}"


CHANGES: tuple[Callable[[Element, random.Random, str], str | None], ...] = (
    _drop,
    _drop,
    _drop,
    _empty,
    _double,
    _number,
    _number,
    _number,
    _code,
    _category,
    _category,
    _attribute,
    _added_attribute,
    _unused,
    _swapped,
)
