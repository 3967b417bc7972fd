"""What an artist-author who works for public bodies needs: which document, its lines and VAT, a note for the payer.

For a form: `situations_for` gives the choices, `Situation.questions` what to ask, `check_answers` what to say beside
each question, `lines_for` the lines. Plain tables and functions: the day is given, nothing is stored.
"""

from .lines import (
    AnswersWanted,
    LineProposal,
    NothingToInvoice,
    check_answers,
    lines_for,
    nature_of,
    situations_for,
)
from .questions import Choice, Question
from .situation import Attachment, Document, Situation
from .situation_table import SITUATION_OF, SITUATIONS

__all__ = [
    "SITUATIONS",
    "SITUATION_OF",
    "AnswersWanted",
    "Attachment",
    "Choice",
    "Document",
    "LineProposal",
    "NothingToInvoice",
    "Question",
    "Situation",
    "check_answers",
    "lines_for",
    "nature_of",
    "situations_for",
]
