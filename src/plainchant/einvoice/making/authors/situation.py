"""What a situation of an artist-author is: one row of the table, with all that a form, an invoice and a note need."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from plainchant.einvoice.codes.france import ATTACHMENT_KINDS
from plainchant.einvoice.law.dated import Dated, Fact

from .questions import Question


class AuthorDocument(StrEnum):
    """What the artist makes out."""

    INVOICE = "facture"
    NOTHING = "aucun document"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTemplate:
    """One line of the invoice, filled from the answers.

    ``name`` and ``parts`` hold the names of questions in braces; a part whose question has no answer is left out.
    ``supply`` is a code of `french_vat.SUPPLIES`, or the name of the question that gives it. ``wording``: what writes
    the description instead of ``parts``. A line without a price is not made when it ``is_optional``.
    """

    supply: str
    name: str
    price: str
    parts: tuple[str, ...] = ()
    wording: Literal["", "assignment", "exhibition"] = ""
    quantity: str = ""  # name of the question; one when there is none
    unit: str = "C62"  # UN/ECE Recommendation 20
    unit_from: str = ""  # name of the question whose answer chooses the unit
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document to join, ``kind`` being what BT-123 calls it."""

    code: str
    label: str
    why: str
    kind: str
    is_always: bool = True  # or only if the payer may be a diffuser

    def __post_init__(self) -> None:
        assert self.kind in ATTACHMENT_KINDS  # noqa: S101 - a row of the table, not what somebody sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation(Dated):
    """``label`` is the question a potter would answer yes to; ``why`` says why this document and no other."""

    code: str
    label: str
    explanation: str
    document: AuthorDocument
    why: str
    questions: tuple[Question, ...] = ()
    lines: tuple[LineTemplate, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    note_points: tuple[str, ...] = ()  # codes of `note_point_table.POINTS`, in the order of the page
    leads_to: tuple[str, ...] = ()  # where this one is answered: the situations that give the lines
    facts: tuple[Fact, ...] = field(default=())
