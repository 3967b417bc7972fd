"""The directory as XML: `<Annuaire><Structure>…<Services><Service>…`, one element a column of the CSV form."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree

from .opening import HEAD, UnreadableFile
from .records import BODY_COLUMNS, SERVICE_COLUMNS, LineReading, Remark, key, read

_ROOT = re.compile(rb"<[A-Za-z_]")


def read_xml(stream: io.BufferedReader) -> Iterator[LineReading]:
    """Each body then its services, checked; a document type is refused before anything is parsed.

    Ends with a refused line if the XML breaks off: what came before it was good.
    """
    head = stream.peek(HEAD)[:HEAD]
    root = _ROOT.search(head)
    if root is None or b"<!" in re.sub(rb"<!--.*?-->", b"", head[: root.start()], flags=re.DOTALL):
        raise UnreadableFile(
            "Ce XML commence par une déclaration de type (DOCTYPE), que nous n’ouvrons pas. "
            "Retirez-la, ou importez le fichier en CSV."
        )
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    services: list[dict[str, object]] = []
    last_line = 1
    try:
        for place, (event, element) in enumerate(events):
            if place == 0:
                _check_root(element)
            last_line = element.sourceline or last_line
            name = etree.QName(element).localname
            if event == "start":
                continue
            if name == "Service":
                services.append({"line": last_line, "raw": _children(element)})
                _forget(element)
            elif name == "Structure":
                raw = _children(element)
                yield read(line=last_line, raw=raw, columns=BODY_COLUMNS)
                for service in services:
                    given = {**service["raw"], "identifiant": raw.get("identifiant", "")}  # type: ignore[dict-item]
                    yield read(line=service["line"], raw=given, columns=SERVICE_COLUMNS)  # type: ignore[arg-type]
                services = []
                _forget(element)
    except etree.XMLSyntaxError as error:
        line = error.lineno or last_line
        yield LineReading(
            record=None,
            refused=[Remark(line, "le XML n’est plus bien formé à partir d’ici\u00a0: la suite n’a pas été lue.")],
        )


def _check_root(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("Ce XML porte une déclaration de type (DOCTYPE), que nous n’ouvrons pas.")
    if etree.QName(element).localname != "Annuaire":
        raise UnreadableFile(
            f"Ce XML commence par «\u00a0{etree.QName(element).localname[:40]}\u00a0». "
            "Un annuaire commence par «\u00a0Annuaire\u00a0»."
        )


def _children(element: etree._Element) -> dict[str, str]:
    return {
        key(etree.QName(child).localname): child.text or ""
        for child in element.iterchildren(tag=etree.Element)
        if len(child) == 0
    }


def _forget(element: etree._Element) -> None:
    """Give the memory back: of the element, and of those of its kind before it."""
    element.clear(keep_tail=False)
    parent, previous = element.getparent(), element.getprevious()
    while parent is not None and previous is not None and previous.tag == element.tag:
        parent.remove(previous)
        previous = element.getprevious()
