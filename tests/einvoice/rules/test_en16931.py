"""EN 16931: each of its 223 rules broken by the smallest change, on the model and in a file of each syntax."""

from __future__ import annotations

import re
from datetime import date

import pytest

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.rule import Context, Report, Vocabulary
from plainchant.einvoice.rules import en16931, own
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.rules import smallest_en as smallest

AT = date(2026, 11, 3)
SYNTAXES: tuple[Vocabulary, ...] = ("ubl", "cii")
WRITERS = {"ubl": write_ubl, "cii": write_cii}
OF_BOTH = [
    pytest.param(case, syntax, id=f"{case.rule}-{syntax}")
    for case in (*smallest.CASES, *smallest.CODES)
    for syntax in SYNTAXES
    if syntax in case.syntaxes
]
ON_THE_MODEL = [param for param in OF_BOTH if param.values[0] not in smallest.CODES]
HOLE = re.compile(r"[{}]|None|  |: \.|[=«] *,|est \.")  # where a value should be


def broken(invoice: Invoice, syntax: Vocabulary) -> set[str]:
    report = Report()
    en16931.run(invoice, Context(syntax=syntax, at=AT), report)
    return {failure.rule for failure in report.failures}


def findings(invoice: Invoice, syntax: Vocabulary) -> list[Finding]:
    """What the official rules say; the same layer has what only we tell (`test_choruspro`)."""
    layer = check(WRITERS[syntax](invoice), at=AT).layer("en16931")
    return [finding for finding in layer.findings if finding.rule not in own.RULES]


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("code", smallest.VALID)
def test_a_valid_invoice_of_each_category_has_no_finding(code, syntax):
    assert broken(smallest.VALID[code], syntax) == set()
    verdict = check(WRITERS[syntax](smallest.VALID[code]), at=AT)
    assert verdict.layer("schema").status == "valid"
    assert verdict.layer("en16931").findings == ()


@pytest.mark.parametrize(("case", "syntax"), ON_THE_MODEL)
def test_the_smallest_failing_invoice_breaks_its_rule_and_what_is_told(case, syntax):
    assert broken(case.invoice, syntax) == {case.rule, *case.also}


@pytest.mark.parametrize(("case", "syntax"), OF_BOTH)
def test_the_same_invoice_in_a_file_breaks_the_same_and_each_finding_says_what_and_where(case, syntax):
    found = findings(case.invoice, syntax)
    assert {one.rule for one in found} == {
        case.rule,
        *case.also,
        *smallest.ALSO_IN_A_FILE.get((case.rule, syntax), ()),
    }
    for one in found:
        assert one.message
        assert not HOLE.search(one.message), one.message
        assert one.path.startswith(("/ubl:Invoice", "/cn:CreditNote", "/rsm:CrossIndustryInvoice"))
        assert one.line


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_rule_has_its_smallest_failing_invoice(syntax):
    tested = {case.rule for case in (*smallest.CASES, *smallest.CODES) if syntax in case.syntaxes}
    never = {rule for rule, (syntaxes, _) in smallest.UNBREAKABLE.items() if syntax in syntaxes}
    assert tested | never == set(en16931.RULES)
    assert not tested & never


def test_there_are_as_many_rules_as_the_official_files_have():
    assert len(en16931.RULES) == 223


@pytest.mark.parametrize(("syntax", "severity"), [("ubl", "warning"), ("cii", "fatal")])
def test_a_card_s_whole_number_is_told_in_ubl_and_refused_in_cii(syntax, severity):
    (case,) = (case for case in smallest.CASES if case.rule == "BR-51")
    (finding,) = findings(case.invoice, syntax)
    assert finding.severity == severity


def test_a_sum_that_lacks_a_term_says_so():
    (case,) = (case for case in smallest.CASES if case.rule == "BR-13")
    told = {finding.rule: finding.message for finding in findings(case.invoice, "ubl")}
    assert "HT + TVA ne peut pas être vérifié" in told["BR-CO-15"]


def test_each_sentence_is_french_as_it_is_printed():
    for rule in en16931.RULES.values():
        for french in (rule.french, *rule.french_for.values()):
            assert french.endswith((".", "…")), rule.id
            assert not re.search("(?<!\u00a0)[;:?!»](?!\\w)", french), rule.id  # a URN has its own colons
            assert "'" not in french, rule.id
            assert "« " not in french, rule.id
            assert not re.search(r"veuillez|!", french, re.IGNORECASE), rule.id
        assert rule.english.endswith("."), rule.id
        assert rule.terms, rule.id
