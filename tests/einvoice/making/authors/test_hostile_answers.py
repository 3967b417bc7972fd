"""Whatever is typed: findings that stop it, each beside its question, or lines the portal takes. Never an error."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainchant.einvoice.finding import refusals
from plainchant.einvoice.law.french_vat import Regime
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.einvoice.making.authors import SITUATION_OF, AnswersWanted, check_answers, lines_for
from plainchant.einvoice.making.authors.assignment import LONGEST
from tests.einvoice.making.authors.invoices import ANSWERS, AT

VALUES = st.one_of(
    st.none(),
    st.text(max_size=600),
    st.sampled_from(
        ["{title}", "{0}", "%s", "\u00a0", "1e5", "1_000", "٣", "-0", "0", "∞", "31/12/9999", "2026-13-01", "1/2"]
    ),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.dates(),
    st.lists(st.text(max_size=20), max_size=3),
    st.integers(),
)


@pytest.mark.parametrize("code", ANSWERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_answer_is_told_or_makes_a_line(code, data):
    situation = SITUATION_OF[code]
    names = [question.name for question in situation.questions]
    changed = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=3))
    answers = ANSWERS[code] | changed
    findings = check_answers(situation=situation, answers=answers, at=AT)
    assert all(finding.field in names and finding.message for finding in findings)
    asked = {"regime": Regime.LIABLE, "territory": Territory.MAINLAND, "at": AT}
    if refusals(findings):
        with pytest.raises(AnswersWanted):
            lines_for(situation=situation, answers=answers, **asked)
        return
    for line in lines_for(situation=situation, answers=answers, **asked):
        assert line.name.strip()
        assert len(line.name) <= 250
        assert len(line.description) <= LONGEST
        assert line.price > 0
        assert line.quantity > 0


def test_a_brace_in_an_answer_is_only_a_brace():
    answers = ANSWERS["SALE"] | {"title": "{price}", "technique": "{0} %s"}
    (line,) = lines_for(
        situation=SITUATION_OF["SALE"], answers=answers, regime=Regime.FRANCHISE, territory=Territory.MAINLAND, at=AT
    )
    assert "{price}" in line.name
    assert line.description.startswith("{0} %s")


def test_a_number_is_read_as_people_write_it():
    for written in ("1000", "1 000,00", "1\u202f000,00\u00a0€", "1000.00", Decimal(1000), 1000):
        answers = ANSWERS["SALE"] | {"price": written}
        (line,) = lines_for(
            situation=SITUATION_OF["SALE"],
            answers=answers,
            regime=Regime.FRANCHISE,
            territory=Territory.MAINLAND,
            at=date(2026, 1, 1),
        )
        assert line.price == 1000
