"""The words and the questions: each leads to what is there."""

from __future__ import annotations

from plainchant.help.glossary import BY_SLUG as TERM_OF
from plainchant.help.glossary import TERMS, of_field
from plainchant.help.guides import BY_SLUG
from plainchant.help.questions import QUESTIONS


def test_slugs_are_given_once() -> None:
    assert len(TERM_OF) == len(TERMS) > 35
    assert len({question.slug for question in QUESTIONS}) == len(QUESTIONS) >= 15


def test_a_field_has_one_word() -> None:
    fields = [field for term in TERMS for field in term.fields]
    assert len(set(fields)) == len(fields)
    assert of_field("commitment") == TERM_OF["numero-d-engagement"]
    assert of_field("comment") is None


def test_words_and_questions_lead_to_guides_and_words_that_there_are() -> None:
    guides = {term.guide for term in TERMS} | {question.guide for question in QUESTIONS}
    assert guides - {""} <= set(BY_SLUG)
    assert {question.term for question in QUESTIONS} - {""} <= set(TERM_OF)


def test_the_line_beside_a_field_is_short() -> None:
    assert [term.slug for term in TERMS if len(term.line) > 120] == []
