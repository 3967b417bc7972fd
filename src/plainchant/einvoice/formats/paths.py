"""Where something stands in a file, as a person can follow it: an XPath with the usual prefixes, and a line."""

from __future__ import annotations

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


def path_of(element: etree._Element) -> str:
    """From the root down; a number only where several siblings have the name."""
    steps = []
    at: etree._Element | None = element
    while at is not None:
        above = at.getparent()
        step = name_of(str(at.tag))
        if above is not None:
            before = sum(1 for _ in at.itersiblings(at.tag, preceding=True))
            if before or next(at.itersiblings(at.tag), None) is not None:
                step = f"{step}[{before + 1}]"
        steps.append(step)
        at = above
    return "/" + "/".join(reversed(steps))
