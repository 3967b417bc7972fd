"""The wording of an assignment of rights: what article L131-3 of the code of intellectual property wants said.

Each right by its name, then how far (supports), for what purpose, where and for how long. A line that forgets one of
them assigns less than its author thinks, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.dated import Source

from .questions import AnswerChoice, Question, Value, said

LONGEST = 1024  # BT-154 for a public buyer, BR-FR-CPRO-31
L131_3 = Source("CPI, art. L131-3 (depuis le 3 juillet 1992)")
TOO_LONG = "AUTEUR-CESSION-LONGUE"


@dataclass(frozen=True, slots=True)
class AssignedRight:
    """A right that can be assigned: ``name`` follows « Cession du » or « de la »."""

    code: str
    label: str  # on the form
    name: str  # on the invoice
    source: Source


RIGHTS: tuple[AssignedRight, ...] = (
    AssignedRight(
        "reproduction",
        "Reproduire mon œuvre (affiche, livre, carte, site…)",
        "droit de reproduction",
        Source("CPI, art. L122-3"),
    ),
    AssignedRight(
        "representation",
        "La montrer ou la dire en public (projection, lecture, diffusion en ligne…)",
        "droit de représentation",
        Source("CPI, art. L122-2"),
    ),
    AssignedRight("exhibition", "L’exposer", "droit de présentation publique", Source("CPI, art. L122-2, 1°")),
    AssignedRight(
        "adaptation",
        "La transformer (adaptation, traduction, extrait…)",
        "droit d’adaptation",
        Source("CPI, art. L122-4"),
    ),
)
RIGHT_OF = {right.code: right for right in RIGHTS}

EXCLUSIVE = Question(
    name="exclusive",
    label="Votre client sera-t-il le seul à pouvoir le faire ?",
    help="« Non » vous laisse libre de céder les mêmes droits à d’autres. C’est le plus courant.",
    kind="choice",
    options=(AnswerChoice("no", "Non, je reste libre"), AnswerChoice("yes", "Oui, lui seul (à titre exclusif)")),
    default="no",
)
QUESTIONS: tuple[Question, ...] = (
    Question(
        name="rights",
        label="Que votre client aura-t-il le droit de faire ?",
        help="Choisissez tout ce que vous cédez. Ce que vous ne choisissez pas reste à vous.",
        kind="choices",
        options=tuple(AnswerChoice(right.code, right.label) for right in RIGHTS),
    ),
    Question(
        name="extent",
        label="Sur quels supports, et en combien d’exemplaires ?",
        help="Par exemple : une affiche tirée à 500 exemplaires et le site de la ville.",
        kind="long",
    ),
    Question(
        name="purpose",
        label="Pour quoi faire ?",
        help="Par exemple : annoncer le festival 2027, sans vente.",
        kind="long",
    ),
    Question(
        name="place",
        label="Dans quel pays ou quelle région ?",
        help="Par exemple : la France. Pour un site, le monde entier.",
    ),
    Question(
        name="duration",
        label="Pour combien de temps ?",
        help="Par exemple : 2 ans à partir du 1er janvier 2027.",
    ),
    EXCLUSIVE,
)

RULE = "CPI-L131-3"
# The question whose answer gives each thing the article asks for, in the two situations that assign rights.
FIELD_OF: dict[str, dict[str, str]] = {
    "assignment": {name: name for name in ("rights", "extent", "purpose", "place", "duration")},
    "exhibition": {"exhibition": "purpose", "venue": "place", "first_day": "duration", "last_day": "duration"},
}
# What the article asks, the answer that gives it, and what to say when it is not there.
_ASKED: tuple[tuple[str, str], ...] = (
    ("rights", "Dites quels droits vous cédez, un par un (reproduction, présentation publique…)"),
    ("extent", "Dites jusqu’où va la cession (les supports, le nombre d’exemplaires)"),
    ("purpose", "Dites à quoi serviront les droits cédés"),
    ("place", "Dites où ils seront exercés"),
    ("duration", "Dites pour combien de temps"),
)


def missing(answers: Mapping[str, Value]) -> list[Finding]:
    """What L131-3 wants and the answers do not give: one sentence each, beside its question."""
    return [
        Finding(
            RULE,
            f"{sentence} : la loi le demande, et sans cela la cession peut être annulée (CPI, art. L131-3).",
            name,
        )
        for name, sentence in _ASKED
        if not answers.get(name)
    ]


def wording(answers: Mapping[str, Value]) -> str:
    """The item description (BT-154) that assigns the rights of ``answers``, understood and complete.

    ``title``, ``rights`` (codes of RIGHTS), ``extent``, ``purpose``, ``place``, ``duration``, ``exclusive``. ValueError
    when L131-3 is not satisfied: ask `missing` first. What is too long is said by `too_long`, never cut here: a cut
    assignment is another assignment.
    """
    if missing(answers):
        raise ValueError("an assignment that L131-3 does not recognise")
    title = f" sur l’œuvre « {answers['title']} »" if answers.get("title") else ""
    codes = answers["rights"]
    assert isinstance(codes, tuple)  # noqa: S101 - read() gives choices as a tuple
    exclusive = "exclusif" if answers.get("exclusive") == "yes" else "non exclusif"
    parts = [
        f"Cession du {_listed([RIGHT_OF[code].name for code in codes])}{title}, à titre {exclusive}",
        f"Étendue : {said(answers['extent'])}",
        f"Destination : {said(answers['purpose'])}",
        f"Lieu : {said(answers['place'])}",
        f"Durée : {said(answers['duration'])}",
    ]
    return (
        ". ".join(part.rstrip(". ") for part in parts) + ". Tout droit non cité reste à l’artiste (CPI, art. L131-3)."
    )


def exhibition_answers(answers: Mapping[str, Value]) -> dict[str, Value]:
    """What an exhibition says in the terms of an assignment: the right is one, the place and the days are its own."""
    first, last = answers.get("first_day"), answers.get("last_day")
    days = f"du {said(first)} au {said(last)}" if isinstance(first, date) and isinstance(last, date) else ""
    name = answers.get("exhibition")
    return {
        "rights": ("exhibition",),
        "extent": answers.get("works") or "les œuvres présentées dans l’exposition",
        "purpose": f"exposition « {name} »" if name else "",
        "place": answers.get("venue", ""),
        "duration": days,
        "exclusive": answers.get("exclusive", "no"),
    }


def too_long(description: str, *, field: str = "extent") -> list[Finding]:
    """A finding when a public buyer's portal would refuse the description for its length."""
    if len(description) <= LONGEST:
        return []
    return [
        Finding(
            TOO_LONG,
            f"Le texte de la cession fait {len(description)} caractères et le portail en accepte {LONGEST}. "
            "Raccourcissez les supports ou le but, et joignez votre contrat.",
            field,
        )
    ]


def _listed(names: Sequence[str]) -> str:
    """« a, du b et du c »."""
    if len(names) == 1:
        return names[0]
    return ", du ".join(names[:-1]) + " et du " + names[-1]
