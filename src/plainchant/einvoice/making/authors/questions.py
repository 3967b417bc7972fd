"""What is asked of an artist, and reading the answers: a form shows these questions, whatever its technique.

An answer may come as the text that was typed or as what a form has already made of it; both are understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.wording import day

Kind = Literal["text", "long", "choice", "choices", "date", "amount", "number"]
Value = str | Decimal | date | tuple[str, ...]
Answers = Mapping[str, object]
LONGEST = {"text": 120, "long": 500}
MISSING, UNREADABLE = "AUTEUR-MANQUE", "AUTEUR-ILLISIBLE"


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """``label`` on the form; ``words`` on the invoice, when they are not the same."""

    value: str
    label: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``only_if``: another question and the answer that makes this one worth asking. ``default``: what to propose.

    ``amount`` and ``number`` are Decimal, ``choices`` is several values of ``options``, ``long`` is text over lines.
    """

    name: str
    label: str
    help: str = ""
    kind: Kind = "text"
    is_required: bool = True
    options: tuple[AnswerChoice, ...] = ()
    default: str = ""
    only_if: tuple[str, str] | None = None
    is_whole: bool = False  # a number without decimals

    def is_asked(self, answers: Answers) -> bool:
        if self.only_if is None:
            return True
        name, wanted = self.only_if
        return wanted in _several(answers.get(name))


def read(questions: Sequence[Question], answers: Answers) -> tuple[dict[str, Value], list[Finding]]:
    """The answers understood, and what is missing or cannot be, each finding with the question's name as its field."""
    understood: dict[str, Value] = {}
    findings: list[Finding] = []
    for question in questions:
        if not question.is_asked(answers):
            continue
        given = answers.get(question.name)
        if _is_blank(given):
            given = question.default
        if _is_blank(given):
            if question.is_required:
                findings.append(Finding(MISSING, f"Il manque une réponse : « {question.label} »", question.name))
            continue
        value = _understood(question, given)
        if isinstance(value, Finding):
            findings.append(value)
        else:
            understood[question.name] = value
    return understood, findings


def _is_blank(given: object) -> bool:
    return given is None or (isinstance(given, str) and not given.strip()) or given in ((), [])


def _several(given: object) -> tuple[str, ...]:
    """A choice as the values it is made of."""
    if given is None:
        return ()
    if isinstance(given, str) or not isinstance(given, Sequence):
        return (str(given),)
    return tuple(str(value) for value in given)


def _understood(question: Question, given: object) -> Value | Finding:
    if question.kind in ("amount", "number"):
        return _number(question, given)
    if question.kind == "date":
        return _day(question, given)
    if question.kind in ("choice", "choices"):
        return _choice(question, given)
    text = " ".join(str(given).split())
    longest = LONGEST["long" if question.kind == "long" else "text"]
    if len(text) > longest:
        return Finding(
            UNREADABLE,
            f"« {question.label} » : {len(text)} caractères, c’est trop long ({longest} au plus). Raccourcissez.",
            question.name,
        )
    return text


def _number(question: Question, given: object) -> Value | Finding:
    written = str(given).strip().removesuffix("€")
    for space in (" ", "\u00a0", "\u202f"):
        written = written.replace(space, "")
    try:
        value = Decimal(written.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= 10**12:
        what = "un montant en euros, par exemple 1 250,00" if question.kind == "amount" else "un nombre, par exemple 2"
        return Finding(UNREADABLE, f"« {question.label} » : écrivez {what}.", question.name)
    if value == 0 and (question.kind == "number" or question.is_required):
        return Finding(UNREADABLE, f"« {question.label} » : il faut plus que zéro.", question.name)
    if question.is_whole and value != value.to_integral_value():
        return Finding(UNREADABLE, f"« {question.label} » : écrivez un nombre entier.", question.name)
    decimals = 2 if question.kind == "amount" else 4
    if value != round(value, decimals):
        return Finding(
            UNREADABLE, f"« {question.label} » : {decimals} chiffres après la virgule au plus.", question.name
        )
    return value


def _day(question: Question, given: object) -> Value | Finding:
    if isinstance(given, date):
        return given
    written = str(given).strip()
    try:
        if "/" in written:
            number, month, year = (int(part) for part in written.split("/"))
            return date(year, month, number)
        return date.fromisoformat(written)
    except ValueError:
        return Finding(UNREADABLE, f"« {question.label} » : écrivez une date comme 24/11/2026.", question.name)


def _choice(question: Question, given: object) -> Value | Finding:
    values = _several(given)
    known = {option.value for option in question.options}
    if not values or not set(values) <= known or (question.kind == "choice" and len(values) > 1):
        return Finding(UNREADABLE, f"« {question.label} » : choisissez une des réponses possibles.", question.name)
    if question.kind == "choice":
        return values[0]
    return tuple(option.value for option in question.options if option.value in values)


def in_words(questions: Sequence[Question], understood: Mapping[str, Value]) -> dict[str, str]:
    """Each answer as a line of an invoice says it, choices in their words."""
    words = {option.value: option.words or option.label for question in questions for option in question.options}
    choices = {question.name for question in questions if question.kind in ("choice", "choices")}
    shown_answers = {}
    for name, value in understood.items():
        values = value if isinstance(value, tuple) else (value,)
        shown_answers[name] = (
            ", ".join(words[str(value_chosen)] for value_chosen in values) if name in choices else said(value)
        )
    return shown_answers


def said(value: Value) -> str:
    """A text, a day or a number as people write it."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return value if isinstance(value, str) else ", ".join(value)
