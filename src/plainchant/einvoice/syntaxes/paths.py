"""Where something stands in a file, as a person can follow it: an XPath with the usual prefixes, and a line."""

from __future__ import annotations

from itertools import count
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


# Parent → name → its children of that name, numbered: counted once for all of them, and only when one is asked for.
Numbers: TypeAlias = dict[etree._Element, dict[str, dict[etree._Element, int]]]


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
        tag = str(at.tag)
        name = name_of(tag)
        if above is not None:
            known = numbers.setdefault(above, {})
            if tag not in known:
                several = _has_sibling(at, tag)
                known[tag] = dict(zip(above.iterchildren(tag), count(1), strict=False)) if several else {}
            if known[tag]:
                name = f"{name}[{known[tag][at]}]"
        steps.append(name)
        at = above
    return "/" + "/".join(reversed(steps))


def _has_sibling(element: etree._Element, tag: str) -> bool:
    """Whether a sibling has its name; those beside it are looked at first, as a line's neighbours are lines."""
    for near in (element.getprevious(), element.getnext()):
        if near is not None and near.tag == tag:
            return True
    return (
        next(element.itersiblings(tag, preceding=True), None) is not None
        or next(element.itersiblings(tag), None) is not None
    )
