"""Versions of a set of rules: the invoice's day chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plainchant.einvoice import verdict as verdicts
from plainchant.einvoice.books import SHELVES, Shelf, dates
from plainchant.einvoice.rule import Rule, in_force
from plainchant.einvoice.rules import choruspro
from plainchant.einvoice.syntaxes.ubl.write import write
from plainchant.einvoice.verdict import check
from tests.einvoice.rules import smallest_chorus as smallest

OLD = replace(choruspro.BOOK, version="old", published=date(2020, 1, 1), until=date(2026, 11, 30))
NEW = replace(choruspro.BOOK, version="new", published=date(2026, 6, 1), since=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("day", "version"),
    [(date(2026, 10, 31), "old"), (date(2026, 11, 1), "new"), (date(2026, 12, 1), "new")],
)
def test_the_youngest_version_in_force_is_chosen(day, version):
    chosen = in_force((OLD, NEW), day)
    assert chosen is not None
    assert chosen.version == version


def test_none_in_force_is_none():
    assert in_force((NEW,), date(2026, 10, 31)) is None


def layer(invoice, monkeypatch, book):
    monkeypatch.setitem(verdicts.BOOKS, "chorus", (book,))
    return check(write(invoice), at=date(2026, 11, 3)).layer("chorus")


def test_a_book_that_is_not_in_force_is_skipped_and_says_so(monkeypatch):
    found = layer(smallest.valid(issue_date=date(2026, 10, 1)), monkeypatch, NEW)
    assert found.status == "skipped"
    assert "ne s’appliquent pas à la date de cette facture" in found.why


@pytest.mark.parametrize(("since", "is_told"), [(date(2026, 11, 4), False), (date(2026, 11, 3), True)])
def test_a_rule_may_have_days_of_its_own(monkeypatch, since, is_told):
    rules = choruspro.BOOK.rules | {"CPRO-G1.05": replace(choruspro.BOOK.rules["CPRO-G1.05"], since=since)}
    invoice = smallest.valid(number="F*1", issue_date=date(2026, 11, 3))
    found = layer(invoice, monkeypatch, replace(choruspro.BOOK, rules=rules))
    assert [finding.rule for finding in found.findings] == ["CPRO-G1.05"] * is_told


def test_the_days_of_a_rule_are_told():
    rule = Rule("X-1", (), "", "")
    assert dates(Shelf("chorus", "X", "1", "", {}), rule) == "de toute date"
    assert dates(Shelf("chorus", "X", "1", "", {}, OLD), rule) == "jusqu’au 30/11/2026"
    assert dates(Shelf("chorus", "X", "1", "", {}, NEW), rule) == "depuis le 01/11/2026"
    own = replace(rule, since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert dates(Shelf("chorus", "X", "1", "", {}, NEW), own) == "du 01/01/2026 au 31/12/2026"


def test_every_row_has_its_words_in_both_languages():
    for shelf in SHELVES:
        for row in shelf.rules.values():
            assert row.english.endswith((".", "…", ")")), row.id
            assert row.french.endswith((".", "…")), row.id
