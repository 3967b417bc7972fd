"""What people read is plain French: short sentences, no blame, no words of machines. The measure is in `tools`."""

from __future__ import annotations

import ast
import re

import pytest
from tools.plain_language import LONGEST, Sentence, all_sentences, figures, in_python, sentences_of, shown_by, syllables

from tests.house.sources import sources

# Who reads them runs a portal, and types these names.
FOR_OPERATORS = (
    "portal/backups/",
    "portal/store/inventory",
    "portal/overview",
    "web/templates/operation.html",
    "einvoice/",
    "sandbox/",  # for who makes programs
)

NEVER = {
    "a success that the portal awards itself": r"\bsuccès\b",
    "« invalide », which does not say what to do": r"\b(?:invalides?|incorrecte?s?)\b",
    "an order": r"\b[Vv]euillez\b|\bmerci de \w+er\b",
    "blame": r"\bvous avez (?:fait une erreur|mal )|\bvotre (?:erreur|faute)\b",
    "« tu »": r"\b(?:tu|toi)\b",
    "words of a machine": r"\b(?:backend|token|payload|hash|parsing|timeout|UUID|null)\b",
}
# FACTURES_PUBLIQUES is the example of a code that a body gives to a service of its own.
CODE_OF_A_MACHINE = re.compile(r"\b(?!FACTURES_PUBLIQUES)[A-Z]{2,}_[A-Z_]{2,}\b")


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return all_sentences((module.name, module.tree) for module in sources())


def test_sentences_are_short(sentences: list[Sentence]) -> None:
    assert [f"{each.place} {each.text}" for each in sentences if len(each.words) > LONGEST] == []
    shown = figures(sentences)
    assert shown.sentences > 4000
    assert shown.long <= 0.025, "shares of sentences above 20 words"
    assert shown.words <= 10.5
    assert shown.score >= 85, "Kandel and Moles"


@pytest.mark.parametrize("what", NEVER)
def test_some_words_are_never_written(sentences: list[Sentence], what: str) -> None:
    assert [f"{each.place} {each.text}" for each in sentences if re.search(NEVER[what], each.text)] == []


def test_no_code_of_a_machine_stands_before_who_invoices(sentences: list[Sentence]) -> None:
    found = [
        f"{each.place} {each.text}"
        for each in sentences
        if CODE_OF_A_MACHINE.search(each.text) and not each.place.startswith(FOR_OPERATORS)
    ]
    assert found == []


def test_a_question_keeps_its_verb_and_its_pronoun_on_one_line(sentences: list[Sentence]) -> None:
    """« sera-t-elle » with hyphens that do not break; what the engine draws is laid out by its own rules."""
    torn = re.compile(r"\w-t-(?:il|elle|on)s?\b")
    assert [
        f"{each.place} {each.text}" for each in sentences if torn.search(each.text) and "making" not in each.place
    ] == []


def test_the_measure_reads_every_branch_and_joins_what_is_one_sentence() -> None:
    template = (
        '<p>Une <b>phrase</b>{% if x %} courte.{% else %} longue.{% endif %}</p><p title="Un titre ici">{{ y }}</p>'
    )
    found = {each.text for text in shown_by(template) for each in sentences_of("t", text)}
    assert found == {"Une phrase courte.", "Une phrase longue.", "Un titre ici"}
    tree = ast.parse(
        '"""A sentence of the code is not one of the product."""\n'
        'x = f"Vous avez {n} factures" " à la mairie de la ville."'
    )
    assert [text for _, text in in_python("m", tree)] == ["Vous avez Valeur factures à la mairie de la ville."]
    assert [syllables(word) for word in ("facture", "mairie", "numéro", "le", "âge")] == [2, 2, 3, 1, 1]
