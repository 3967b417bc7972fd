"""The smallest failing invoice of every EN 16931 rule, and the smallest document of every rule on the syntaxes, are
judged by Saxon as by us.
"""

from __future__ import annotations

from lxml import etree

from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from tests.einvoice.conformance.engine import ids, told, verdict
from tests.einvoice.conformance.oracle import Oracle
from tests.einvoice.rules import smallest_en as smallest
from tests.einvoice.rules import smallest_syntax

WRITERS = {"ubl": write_ubl, "cii": write_cii}


def test_every_smallest_failing_invoice_gets_the_same_ids(oracle: Oracle) -> None:
    wrong, judged = [], 0
    for case in (*smallest.CASES, *smallest.CODES):
        for syntax in case.syntaxes:
            data = WRITERS[syntax](case.invoice)
            judgement = oracle.judge(data, rules="en16931", syntax=syntax)
            assert not judgement.aborted, case.rule
            ours, theirs = ids(verdict(data), "en16931"), judgement.ids("fatal") | judgement.ids("warning")
            judged += 1
            if ours != theirs:
                wrong.append(f"{case.rule} in {syntax}: ours {told(ours - theirs)}, Saxon {told(theirs - ours)}")
    assert wrong == []
    assert judged > 400


def test_every_valid_invoice_is_valid_for_both(oracle: Oracle) -> None:
    for code, invoice in smallest.VALID.items():
        for syntax, write in WRITERS.items():
            judgement = oracle.judge(write(invoice), rules="en16931", syntax=syntax)
            assert (judgement.aborted, judgement.asserts) == ("", ()), (code, syntax)


def test_every_smallest_document_of_a_restriction_breaks_it_for_both(oracle: Oracle) -> None:
    wrong, judged = [], 0
    for root, scopes in smallest_syntax.ROOTS.items():
        for scope in scopes:
            for restriction in scope.restrictions:
                is_reached = restriction.rule not in smallest_syntax.UNREACHABLE
                for times in smallest_syntax.breaking(restriction):
                    data = etree.tostring(smallest_syntax.drawn(scope, restriction, root, times))
                    judgement = oracle.judge(data, rules="en16931")
                    if judgement.aborted:  # too little of an invoice for the official file
                        continue
                    judged += 1
                    if (restriction.rule in judgement.ids("fatal") | judgement.ids("warning")) != is_reached:
                        wrong.append(f"{restriction.rule}: {times} × {restriction.path} in {root}")
    assert wrong == []
    assert judged > 2200


def test_every_pair_of_documents_is_judged_alike(oracle: Oracle) -> None:
    for pair in smallest_syntax.PAIRS:
        for content, is_broken in ((pair.broken, True), (pair.fine, False)):
            judgement = oracle.judge(etree.tostring(pair.document(content)), rules="en16931")
            assert not judgement.aborted, pair.rule
            assert (pair.rule in judgement.ids("fatal") | judgement.ids("warning")) == is_broken, pair.rule
