"""The rules on the syntaxes: each broken by the smallest document, and kept by the nearest that is as it should be."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from lxml import etree

from plainchant.einvoice.rules import en16931
from plainchant.einvoice.syntaxes import rule_table
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.places import place
from plainchant.einvoice.syntaxes.reading import Reading
from plainchant.einvoice.syntaxes.ubl.read import read as read_ubl
from tests.einvoice.rules import smallest_syntax as smallest

KNOWN = en16931.RULES | rule_table.RULES
SCOPES = [
    pytest.param(root, scope, id=f"{root}-{scope.pattern}-{scope.context}")
    for root, scopes in smallest.ROOTS.items()
    for scope in scopes
    if scope.restrictions
]


def read(root: etree._Element) -> Reading:
    return read_cii(root) if root.tag.endswith("}CrossIndustryInvoice") else read_ubl(root)


def broken(root: etree._Element) -> set[str]:
    """The ids. What is told of each has a place and is a sentence that this module has a row for."""
    reading = read(root)
    for rule, element in reading.failures:
        assert place(reading.grammar, element, "").path.startswith(("/ubl:", "/cn:", "/rsm:")), rule
        assert KNOWN[rule].french, rule
    return {rule for rule, _ in reading.failures}


@pytest.mark.parametrize(("root", "scope"), SCOPES)
def test_each_restriction_is_broken_once_it_is_passed_and_not_before(root, scope):
    wrong = []
    for restriction in scope.restrictions:
        if restriction.rule in smallest.UNREACHABLE:
            continue
        for times in smallest.breaking(restriction):
            if restriction.rule not in broken(smallest.drawn(scope, restriction, root, times)):
                wrong.append(f"{restriction.rule}: {times} × {restriction.path} breaks nothing")
        for times in smallest.keeping(restriction):
            if restriction.rule in broken(smallest.drawn(scope, restriction, root, times)):
                wrong.append(f"{restriction.rule}: {times} × {restriction.path} breaks it")
    assert wrong == []


@pytest.mark.parametrize("pair", smallest.PAIRS, ids=lambda pair: pair.rule)
def test_each_rule_with_a_condition_is_broken_and_kept(pair):
    assert pair.rule in broken(pair.document(pair.broken))
    assert pair.rule not in broken(pair.document(pair.fine))


def test_what_cannot_be_reached_is_broken_by_no_document():
    for root, scopes in smallest.ROOTS.items():
        for scope in scopes:
            for restriction in scope.restrictions:
                if restriction.rule in smallest.UNREACHABLE:
                    assert restriction.rule not in broken(smallest.drawn(scope, restriction, root, 1))


def test_every_rule_has_its_smallest_failing_document():
    of_restrictions = {
        restriction.rule for scopes in smallest.ROOTS.values() for scope in scopes for restriction in scope.restrictions
    }
    by_hand = {pair.rule for pair in smallest.PAIRS}
    assert of_restrictions | by_hand == set(rule_table.RULES)
    assert set(smallest.UNREACHABLE) < of_restrictions


def test_there_are_as_many_rules_as_the_official_files_have():
    counts = {syntax: sum(syntax in rule.syntaxes for rule in rule_table.RULES.values()) for syntax in ("ubl", "cii")}
    assert counts == {"ubl": 756, "cii": 583}


@pytest.mark.parametrize("rule", ["UBL-CR-002", "CII-SR-001"])
def test_a_restriction_of_one_syntax_is_no_rule_of_the_other(rule):
    assert len(rule_table.RULES[rule].syntaxes) == 1


def test_each_sentence_is_french_as_it_is_printed():
    for rule in rule_table.RULES.values():
        french = rule.french
        assert french.endswith("."), french
        assert not re.search("(?<!\u00a0)[;:?!»](?!\\w)", french), french
        assert "'" not in french, french
        assert not re.search(r"veuillez|!", french, re.IGNORECASE), french
        assert {name for _, name, _, _ in Formatter().parse(french) if name is not None} <= {"value", "path"}, french
        assert rule.english.endswith("."), rule.english


def test_each_sentence_names_the_element_it_is_about():
    in_words = {pair.rule for pair in smallest.PAIRS}
    for scopes in smallest.ROOTS.values():
        for scope in scopes:
            for restriction in scope.restrictions:
                last = restriction.path.rpartition("/")[2].removeprefix("@")
                assert restriction.rule in in_words or last in KNOWN[restriction.rule].french, restriction.rule
