"""Every invoice of the corpora beside the project, by a name that says where it came from."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pikepdf
from lxml import etree

from tests.einvoice.conformance.oracle import Syntax, syntax_of

NAMESPACE = "{http://difi.no/xsd/vefa/validator/1.0}"
Outcome = Literal["success", "error", "warning"]


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    syntax: Syntax
    data: bytes


@dataclass(frozen=True, slots=True)
class Assertion:
    """One line of an official unit test: what a rule must say of a fragment of an invoice."""

    document: Document
    outcome: Outcome
    rule: str


def unit_test_files(shared: Path) -> list[Path]:
    return [
        file for file in sorted((shared / "corpora/en16931/test").glob("*/*.xml")) if file.parent.name != "testfiles"
    ]


def fragments(file: Path) -> Iterator[tuple[Document, list[tuple[Outcome, str]]]]:
    """Each fragment of an official unit test file, as a document, with what must be said of it."""
    root = etree.parse(file).getroot()
    for number, test in enumerate(root.iterchildren(f"{NAMESPACE}test"), start=1):
        expected: list[tuple[Outcome, str]] = []
        fragment = None
        for child in test.iterchildren(etree.Element):
            if child.tag == f"{NAMESPACE}assert":
                for outcome in ("success", "error", "warning"):
                    for one in child.iterchildren(f"{NAMESPACE}{outcome}"):
                        expected.append((outcome, (one.text or "").strip()))
            else:
                fragment = child
        if fragment is None:
            raise ValueError(f"{file.name}: test {number} holds no invoice")
        data = etree.tostring(fragment)
        syntax = syntax_of(data)
        if syntax is None:
            raise ValueError(f"{file.name}: test {number} holds {fragment.tag}")
        yield Document(f"{file.parent.name}/{file.stem}#{number}", syntax, data), expected


def assertions(file: Path) -> list[Assertion]:
    return [Assertion(document, outcome, rule) for document, expected in fragments(file) for outcome, rule in expected]


@cache
def documents(shared: Path) -> tuple[Document, ...]:
    """Whole invoices first, the unit tests' fragments last. A file that is no invoice is left out."""
    corpora = shared / "corpora"
    found = []
    for name, data in _files(corpora):
        try:
            syntax = syntax_of(data)
        except etree.XMLSyntaxError:
            continue
        if syntax is not None:
            found.append(Document(name, syntax, data))
    found.extend(document for file in unit_test_files(shared) for document, _ in fragments(file))
    return tuple(found)


def _files(corpora: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(corpora.rglob("*")):
        name = str(file.relative_to(corpora))
        if name.startswith("en16931/test/") and file.parent.name != "testfiles":
            continue
        if file.suffix.lower() == ".xml":
            yield name, file.read_bytes()
        elif file.name.endswith(".tar.gz"):
            with tarfile.open(file) as archive:
                for member in archive.getmembers():
                    inside = archive.extractfile(member) if member.isfile() else None
                    if inside is not None:
                        yield f"{name}/{member.name}", inside.read()
        elif file.suffix == ".pdf" and name.startswith("open-facturx"):
            with pikepdf.open(file) as document:
                for inner, attached in document.attachments.items():
                    if inner.lower().endswith(".xml"):
                        yield f"{name}/{inner}", attached.get_file().read_bytes()
