"""Factur-X EXTENDED place by place: one document that holds every element of its schema once, and each of them dropped,
doubled, given another code, bare of an attribute or with another. Where the official file tells it, so do we, and where
not, our own FX rules are silent.
"""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from plainchant.einvoice.profiles import PROFILE_OF
from tests.einvoice.conformance.engine import verdict
from tests.einvoice.conformance.oracle import Oracle, style_sheet
from tests.einvoice.conformance.test_profile_schematrons import rule_of

# One element of so many is edited, another one in each run by hand: PLAINCHANT_MUTANTS=80 edits all of them.
EVERY = max(1, 80 // int(os.environ.get("PLAINCHANT_MUTANTS", "1")))
_XS = "{http://www.w3.org/2001/XMLSchema}"
_ENDINGS = (
    ("Amount", "10.00"),
    ("Quantity", "1"),
    ("Measure", "1"),
    ("Percent", "20"),
    ("Numeric", "1"),
    ("Rate", "1"),
    ("Indicator", "true"),
    ("DateTimeString", "20261103"),
    ("DateString", "20261103"),
    ("CountryID", "FR"),
    ("CurrencyCode", "EUR"),
    ("CategoryCode", "S"),
    ("LanguageID", "fra"),
    ("DeliveryTypeCode", "DAP"),
    ("LineStatusReasonCode", "DETAIL"),
    ("ExemptionReasonCode", "VATEX-EU-O"),
    ("DueDateTypeCode", "5"),
    ("ReferenceTypeCode", "AAA"),
    ("ReasonCode", "FC"),
    ("SubjectCode", "AAI"),
    ("BinaryObject", "PGEvPg=="),
)
_IN_PARENT = {
    ("ExchangedDocument", "TypeCode"): "380",
    ("SpecifiedTradeSettlementPaymentMeans", "TypeCode"): "30",
    ("AdditionalReferencedDocument", "TypeCode"): "916",
    ("InvoiceReferencedDocument", "TypeCode"): "380",
    ("InvoiceSpecifiedReferencedDocument", "TypeCode"): "380",
    ("ApplicableProductCharacteristic", "TypeCode"): "AAF",
    ("GuidelineSpecifiedDocumentContextParameter", "ID"): PROFILE_OF["EXTENDED"].guideline,
    ("OriginTradeCountry", "ID"): "FR",
}
_ATTRIBUTES = {
    "schemeID": "0088",
    "currencyID": "EUR",
    "unitCode": "C62",
    "format": "102",
    "mimeCode": "application/pdf",
    "filename": "a.pdf",
    "listID": "HS",
    "listVersionID": "1",
}
_SCHEMES = {("SpecifiedTaxRegistration", "ID"): "VA", ("URIUniversalCommunication", "URIID"): "0225"}


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def text_of(parent: str, name: str) -> str:
    if (parent, name) in _IN_PARENT:
        return _IN_PARENT[parent, name]
    if name == "TypeCode" and parent.endswith("TradeTax"):
        return "VAT"
    return next((text for ending, text in _ENDINGS if name.endswith(ending)), "1")


class Schema:
    """The types of the profile's schema files."""

    def __init__(self, folder: Path) -> None:
        self.types: dict[tuple[str, str], tuple[etree._Element, str]] = {}
        self.root: tuple[etree._Element, str] | None = None
        for file in sorted(folder.glob("*.xsd")):
            root = etree.parse(file).getroot()
            namespace = root.get("targetNamespace") or ""
            for made in root.iter(f"{_XS}complexType", f"{_XS}simpleType"):
                if made.get("name"):
                    self.types[namespace, made.get("name") or ""] = (made, namespace)
            for element in root.iterchildren(f"{_XS}element"):
                if element.get("name") == "CrossIndustryInvoice":
                    self.root = (element, namespace)

    def document(self) -> etree._Element:
        assert self.root is not None
        element, namespace = self.root
        made = etree.Element(f"{{{namespace}}}CrossIndustryInvoice")
        self._fill(made, self._type(element), [])
        return made

    @staticmethod
    def _type(element: etree._Element) -> tuple[str, str]:
        prefix, _, name = (element.get("type") or "").rpartition(":")
        return element.nsmap.get(prefix or None) or "", name

    def _fill(self, made: etree._Element, kind: tuple[str, str], above: list[str]) -> None:
        """Every child once; one of a name that stands above it twice already, no more."""
        name, parent = local(made), above[-1] if above else ""
        declared, namespace = self.types[kind]
        for part in declared.iter(f"{_XS}element"):
            child_name = part.get("name") or ""
            kind_of_child = self._type(part)
            if above.count(name) > 1:
                continue
            child = etree.SubElement(made, f"{{{namespace}}}{child_name}")
            if kind_of_child in self.types:
                self._fill(child, kind_of_child, [*above, name])
            else:  # an inline type: a date and its format
                child.text = text_of(name, child_name)
                if child_name.endswith("String"):
                    child.set("format", "102")
        if not len(made):
            made.text = text_of(parent, name)
            for attribute in declared.iter(f"{_XS}attribute"):
                key = attribute.get("name") or ""
                if key in _ATTRIBUTES:
                    made.set(
                        key, _SCHEMES.get((parent, name), _ATTRIBUTES[key]) if key == "schemeID" else _ATTRIBUTES[key]
                    )


def edits(root: etree._Element) -> Iterator[tuple[str, bytes]]:
    """(what was done, the document so edited), for one element of `EVERY`."""
    for number, element in enumerate(list(root.iter("*"))):
        above = element.getparent()
        if number % EVERY != EVERY // 2 or above is None:
            continue
        place = f"{local(above)}/{local(element)}"
        at = above.index(element)
        above.remove(element)
        yield f"{place} dropped", etree.tostring(root)
        above.insert(at, element)
        double = copy.deepcopy(element)
        above.insert(at, double)
        yield f"{place} doubled", etree.tostring(root)
        above.remove(double)
        if len(element):
            continue
        if local(element).endswith(("Code", "ID", "String")):
            text, element.text = element.text, "ZZZ9"
            yield f"{place} = ZZZ9", etree.tostring(root)
            element.text = text
        for name, value in list(element.attrib.items()):
            del element.attrib[name]
            yield f"{place} without {name!s}", etree.tostring(root)
            element.set(name, "ZZZ9")
            yield f"{place} {name!s} = ZZZ9", etree.tostring(root)
            element.set(name, value)


def test_what_the_file_of_extended_says_of_a_place_is_told(oracle: Oracle) -> None:
    root = Schema(style_sheet("EXTENDED", "cii", Path()).parent).document()

    def theirs(data: bytes) -> Counter[str] | None:
        judgement = oracle.judge(data, rules="EXTENDED")
        if judgement.aborted:
            return None
        return Counter(one.text for one in judgement.asserts if one.rule.startswith("FX-SCH-") and not rule_of(one))

    def ours(data: bytes) -> Counter[str]:
        found = verdict(data)
        return Counter(one.rule for layer in ("schema", "en16931") for one in found.layer(layer).findings)

    whole = etree.tostring(root)
    told_of_whole, has = theirs(whole), ours(whole)
    assert told_of_whole == Counter()
    assert not [rule for rule in has if rule.startswith(("FX-", "XSD"))]
    untold, false, broken = [], [], 0
    for what, data in edits(root):
        told, new = theirs(data), ours(data) - has
        if told is None:
            continue
        broken += bool(told)
        if told and not new and not what.startswith("PayeeTradeParty/Name"):  # BR-17 is told of the whole already
            untold.append(f"{what}: {' '.join(next(iter(told)).split())}")
        if not told and any(rule.startswith("FX-") for rule in new):
            false.append(f"{what}: {sorted(new)}")
    assert untold == []
    assert false == []
    assert broken > 15
