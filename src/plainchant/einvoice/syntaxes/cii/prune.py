"""Takes out of a CII what a Factur-X profile does not know, by the profile's own schema: no table of ours to keep.

The schemas are flat: each complex type is a sequence of named elements with their types. What a profile allows below an
element is therefore a look-up, and what it allows once only is kept once.
"""

from __future__ import annotations

from functools import cache

from lxml import etree

from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.binding import Element

XS = "{http://www.w3.org/2001/XMLSchema}"
# type → child's Clark name → (its type, how often at most, whether it must be there)
Types = dict[str, dict[str, tuple[str, int | None, bool]]]


@cache
def _types(name: str) -> tuple[Types, dict[str, frozenset[str]], str]:
    """(types, attributes of types, type of the root) of a profile's schema and the files it imports."""
    main = schema.folder() / schema.SCHEMAS[name]
    types: Types = {}
    attributes: dict[str, frozenset[str]] = {}
    root_type = ""
    for file in sorted(main.parent.glob("*.xsd")):
        root = etree.parse(file).getroot()
        namespace = root.get("targetNamespace", "")
        prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix is not None}

        def clark(name: str, prefixes: dict[str, str] = prefixes) -> str:
            prefix, _, local = name.rpartition(":")
            return f"{{{prefixes.get(prefix, '')}}}{local}"

        for kind in root.iter(f"{XS}complexType"):
            own = f"{{{namespace}}}{kind.get('name')}"
            types[own] = {}
            for child in kind.iter(f"{XS}element"):
                most = child.get("maxOccurs", "1")
                types[own][f"{{{namespace}}}{child.get('name')}"] = (
                    clark(child.get("type", "")),
                    None if most == "unbounded" else int(most),
                    child.get("minOccurs", "1") != "0",
                )
            attributes[own] = frozenset(a.get("name", "") for a in kind.iter(f"{XS}attribute"))
        for element in root.iterchildren(f"{XS}element"):
            if file == main:
                root_type = clark(element.get("type", ""))
    return types, attributes, root_type


def prune(root: Element, name: str) -> None:
    """Removes, in place, what the profile's schema has no place for."""
    types, attributes, root_type = _types(name)
    _prune(root, root_type, types, attributes)


def _prune(element: Element, kind: str, types: Types, attributes: dict[str, frozenset[str]]) -> None:
    allowed = types.get(kind)
    if allowed is None:
        return
    seen: dict[str, int] = {}
    for child in list(element):
        tag = str(child.tag)
        known = allowed.get(tag)
        seen[tag] = seen.get(tag, 0) + 1
        if known is None or (known[1] is not None and seen[tag] > known[1]):
            element.remove(child)
            continue
        was_empty = len(child) == 0
        _prune(child, known[0], types, attributes)
        # A group that held only what was taken out is not kept, unless the schema wants it.
        if not was_empty and len(child) == 0 and not known[2]:
            element.remove(child)
    for name in list(element.attrib):
        if str(name) not in attributes.get(kind, frozenset()):
            del element.attrib[name]
