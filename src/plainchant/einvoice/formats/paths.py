"""Where something stands in a file, as a person can follow it: an XPath with the usual prefixes, and a line."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from lxml import etree

PREFIXES = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "ubl",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "cn",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2": "cbc",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": "rsm",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100": "udt",
    "urn:un:unece:uncefact:data:standard:QualifiedDataType:100": "qdt",
}


def name_of(tag: str) -> str:
    """``{urn:…}ID`` → ``cbc:ID``."""
    uri, brace, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    if not brace:
        return tag
    return f"{PREFIXES[uri]}:{local}" if uri in PREFIXES else local


# Parent → child → its step, numbered: counted once for all the children of one parent.
Numbers: TypeAlias = dict[etree._Element, dict[etree._Element, str]]


def path_of(element: etree._Element, numbers: Numbers | None = None) -> str:
    """From the root down; a number only where several siblings have the name.

    Whoever asks often about one document keeps ``numbers`` between the calls: ten thousand lines are counted once.
    """
    if numbers is None:
        numbers = {}
    steps = []
    at: etree._Element | None = element
    while at is not None:
        above = at.getparent()
        if above is None:
            steps.append(name_of(str(at.tag)))
        else:
            known = numbers.get(above)
            if known is None:
                known = numbers[above] = _numbered(above)
            steps.append(known[at])
        at = above
    return "/" + "/".join(reversed(steps))


def _numbered(parent: etree._Element) -> dict[etree._Element, str]:
    children = list(parent)
    several = Counter(child.tag for child in children)
    seen: Counter[object] = Counter()
    steps = {}
    for child in children:
        name = name_of(str(child.tag))
        if several[child.tag] > 1:
            seen[child.tag] += 1
            name = f"{name}[{seen[child.tag]}]"
        steps[child] = name
    return steps
